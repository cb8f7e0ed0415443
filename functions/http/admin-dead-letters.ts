import { z } from 'zod';
import { targetsOf } from '../../shared/auth/act';
import { type DeadLetter, mortalQueues } from '../../shared/messaging/dead-letters';
import { json, register } from './answer';
import { jsonOf } from './contract';
import { IsoTime, Paging, pageOf } from './schemas';
import { isoTime } from './views';

const tag = 'Operations';
const Queue = z.enum(mortalQueues);
const MessageNumber = z.string().regex(/^\d{1,19}$/, 'is not the number of a message');

const DeadLetterView = z
  .object({
    number: MessageNumber.describe('Names it as long as it is there.'),
    sentAt: IsoTime.nullable(),
    deliveries: z.int(),
    reason: z.string().nullable().describe('Why it died, in the words of Service Bus.'),
    session: z.string().nullable().describe('The feed or the mailbox whose work it was.'),
    about: z.record(z.string(), z.string()).describe('The ids that it holds.'),
  })
  .meta({ id: 'DeadLetter' });

register(
  'listDeadLetters',
  {
    summary: 'List messages that were delivered too often',
    tag,
    query: Paging.extend({ queue: Queue }),
    replies: { 200: jsonOf(pageOf(DeadLetterView)) },
  },
  async ({ query: { queue, ...page }, services }) => {
    const { items, next } = await services.deadLetters.list(queue, page);
    return json({ items: items.map(view), next });
  },
);

register(
  'redriveDeadLetters',
  {
    summary: 'Send dead messages anew',
    tag,
    params: z.object({ queue: Queue }),
    body: z
      .strictObject({ messages: z.array(MessageNumber).min(1).max(100).optional().describe('Their numbers; all where it is left out.') })
      .optional(),
    replies: {
      200: jsonOf(
        z.object({ redriven: z.int(), complete: z.boolean().describe('False where some are left, or were not found.') }),
        'So many were sent.',
      ),
    },
  },
  async ({ params: { queue }, body, services }) => json(await services.deadLetters.redrive(queue, body?.messages ?? null)),
);

function view({ body, sentAt, ...letter }: DeadLetter): object {
  return { ...letter, sentAt: isoTime(sentAt), about: targetsOf(body) };
}
