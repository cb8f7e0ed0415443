import { z } from 'zod';
import { dryRunMailbox } from '../../shared/mailboxes/dry-run';
import { json, register } from './answer';
import { jsonOf } from './contract';
import { AnEntity, IsoTime, OneMailbox } from './schemas';
import { DryPairView, isoTime } from './views';

const DryRunView = z
  .object({
    at: IsoTime,
    actions: z.array(
      DryPairView.pick({ entity: true, reason: true }).extend({ action: DryPairView.shape.actions.element, count: z.int() }),
    ),
    fields: z.partialRecord(AnEntity, z.record(z.string(), z.int())).describe('How often each field would be written.'),
    mails: z.array(z.string()).describe('The addresses that Exchange would write to.'),
    pairs: z.array(DryPairView).describe('The first pairs of which something would be done.'),
    complete: z.boolean().describe('False where there is more than was looked at.'),
  })
  .meta({ id: 'DryRun' });

register(
  'dryRun',
  {
    summary: 'Show what a cycle would do',
    tag: 'Explaining',
    params: OneMailbox,
    query: z.object({ values: z.stringbool().default(false) }),
    replies: { 200: jsonOf(DryRunView) },
  },
  async ({ params: { integration, id }, query: { values }, services }) => {
    const { at, ...plan } = await dryRunMailbox(services, integration, id, values);
    return json({ at: isoTime(at), ...plan });
  },
);
