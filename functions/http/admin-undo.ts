import { z } from 'zod';
import { type UndoWish, undo } from '../../shared/mailboxes/undo';
import { IntegrationId } from '../../shared/model/integration-id';
import { entities } from '../../shared/model/values';
import { cycleServicesOf } from '../../shared/services';
import { body, type Handler, json, parameters, query, register } from './answer';

const Guid = z.guid().transform((id) => id.toLowerCase());
const One = z.object({ integration: IntegrationId, id: Guid });
const Time = z.iso.datetime().transform((text) => Date.parse(text));

/** One pair's last cycle, or one cycle of the whole mailbox by its time in the journal. */
const Wish = z
  .strictObject({ entity: z.enum(entities).optional(), record: Guid.optional(), cycle: Time.optional() })
  .transform(({ entity, record, cycle }, context): UndoWish => {
    if (cycle !== undefined && entity === undefined && record === undefined) return { of: 'cycle', cycle };
    if (cycle === undefined && entity !== undefined && record !== undefined) return { of: 'pair', entity, recordId: record };
    context.addIssue({ code: 'custom', message: 'give either entity and record, for one pair, or cycle, for all that one cycle did' });
    return z.NEVER;
  });
const Options = z.object({ preview: z.stringbool().default(false) });

/** Takes back what Tandem did, where nothing newer would be lost; answers with what it will do and what stands in the way of the rest. */
export const undoOne: Handler = async ({ request, services }) => {
  const ref = parameters(request, One);
  const { preview } = query(request, Options);
  const answer = await undo({ ...cycleServicesOf(services), ...services }, ref, await body(request, Wish), preview);
  return json(answer, preview ? 200 : 202);
};

register('undo', undoOne);
