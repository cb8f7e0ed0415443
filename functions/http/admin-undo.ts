import { z } from 'zod';
import { undo } from '../../shared/mailboxes/undo';
import { IntegrationId } from '../../shared/model/integration-id';
import { entities } from '../../shared/model/values';
import { cycleServicesOf } from '../../shared/services';
import { body, type Handler, json, parameters, query, register } from './answer';

const Guid = z.guid().transform((id) => id.toLowerCase());
const One = z.object({ integration: IntegrationId, id: Guid });
const Time = z.iso.datetime().transform((text) => Date.parse(text));

/** One pair's last cycle, or one cycle of the whole mailbox by its time in the journal. */
const Wish = z.union([
  z
    .strictObject({ entity: z.enum(entities), record: Guid })
    .transform(({ entity, record }) => ({ of: 'pair' as const, entity, recordId: record })),
  z.strictObject({ cycle: Time }).transform(({ cycle }) => ({ of: 'cycle' as const, cycle })),
]);
const Options = z.object({ preview: z.stringbool().default(false) });

/** Takes back what Tandem did, where nothing newer would be lost; answers with what it will do and what stands in the way of the rest. */
export const undoOne: Handler = async ({ request, services }) => {
  const ref = parameters(request, One);
  const { preview } = query(request, Options);
  const answer = await undo({ ...cycleServicesOf(services), ...services }, ref, await body(request, Wish), preview);
  return json(answer, preview ? 200 : 202);
};

register('undo', undoOne);
