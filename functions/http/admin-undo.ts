import { z } from 'zod';
import { type UndoWish, undo } from '../../shared/mailboxes/undo';
import { cycleServicesOf } from '../../shared/services';
import { obstacles } from '../../shared/sync/undo';
import { json, register } from './answer';
import { jsonOf } from './contract';
import { AnEntity, Guid, OneMailbox } from './schemas';
import { DryPairView } from './views';

const Time = z.iso.datetime().transform((text) => Date.parse(text));

/** One pair's last cycle, or one cycle of the whole mailbox by its time in the journal. */
const Wish = z
  .strictObject({ entity: AnEntity.optional(), record: Guid.optional(), cycle: Time.optional() })
  .transform(({ entity, record, cycle }, context): UndoWish => {
    if (cycle !== undefined && entity === undefined && record === undefined) return { of: 'cycle', cycle };
    if (cycle === undefined && entity !== undefined && record !== undefined) return { of: 'pair', entity, recordId: record };
    context.addIssue({ code: 'custom', message: 'give either entity and record, for one pair, or cycle, for all that one cycle did' });
    return z.NEVER;
  });

const UndoView = z.object({
  undoing: z.array(DryPairView),
  refused: z.array(z.object({ entity: AnEntity, recordId: z.string(), obstacle: z.enum(Object.keys(obstacles)), sentence: z.string() })),
});

/** Takes back what Tandem did, where nothing newer would be lost; answers with what it will do and what stands in the way of the rest. */
register(
  'undo',
  {
    summary: 'Take back what Tandem did',
    tag: 'Explaining',
    params: OneMailbox,
    query: z.object({ preview: z.stringbool().default(false) }),
    body: Wish,
    replies: {
      200: jsonOf(UndoView, 'What would be done; nothing was asked for.'),
      202: jsonOf(UndoView, 'What a cycle will do at once.'),
    },
  },
  async ({ params, query: { preview }, body, services }) => {
    const answer = await undo({ ...cycleServicesOf(services), ...services }, params, body, preview);
    return json(answer, preview ? 200 : 202);
  },
);
