import { z } from 'zod';
import { IntegrationId } from '../model/integration-id';
import { entities } from '../model/values';
import { recordTableNames } from '../workspace/tables';

/** The queues by name. `rejected` takes what no function can read. */
export const queueNames = { polls: 'polls', wakeUps: 'wakeups', assignments: 'assignments', rejected: 'rejected' } as const;

/** The most mailboxes that one probe message names. */
export const mostProbed = 60;

const MailboxId = z.string().min(1).max(64);
const Slot = z.int().nonnegative();
/** UTC ms. */
const Time = z.int().nonnegative();

/** Asks for one reading of one table's feed, for one probe of a group of mailboxes, one step of a load, or for a look after the timers; `slot` says for which period. */
export const PollMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('dynamicsFeed'), integration: IntegrationId, entity: z.enum(entities), slot: Slot }),
  z.strictObject({
    kind: z.literal('exchangeProbe'),
    integration: IntegrationId,
    mailboxes: z.array(MailboxId).min(1).max(mostProbed),
    /** Which folders are looked at; every one where absent. */
    only: z.literal('tasks').optional(),
    slot: Slot,
  }),
  /** The next step of a load of the record cache; one that was taken already is not taken again. */
  z.strictObject({ kind: z.literal('recordLoad'), integration: IntegrationId, run: z.uuid(), step: Slot }),
  z.strictObject({ kind: z.literal('watch'), slot: Slot }),
]);
export type PollMessage = z.output<typeof PollMessage>;

/** Asks for a cycle of one mailbox. Only a look may be skipped; `sentAt` tells whether a cycle since then has seen what it is about. */
export const WakeUp = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('look'), integration: IntegrationId, mailbox: MailboxId, sentAt: Time }),
  z.strictObject({
    kind: z.literal('work'),
    integration: IntegrationId,
    mailbox: MailboxId,
    reason: z.enum([
      'retry',
      'more',
      'load',
      'sweep',
      'heartbeat',
      'syncNow',
      'recheck',
      'approval',
      'undo',
      'subscribe',
      'resubscribe',
      'test',
    ]),
    sentAt: Time,
  }),
]);
export type WakeUp = z.output<typeof WakeUp>;

const RowId = z.guid().toLowerCase();
const Version = z.string().regex(/^\d{1,20}$/);
const Owner = z.strictObject({ table: z.enum(['systemuser', 'team']), id: RowId }).nullable();

/** Tells that a record may have become somebody else's, or nobody's business: ids and versions, never content. `before` is null for a record that is new to the cache, `now` for one that left it. */
export const Assignment = z.strictObject({
  integration: IntegrationId,
  table: z.enum(recordTableNames),
  id: RowId,
  before: z.strictObject({ owner: Owner, version: Version }).nullable(),
  /** `actor` is the user who made a new record, or changed one last; `at` when, UTC ms. */
  now: z.strictObject({ owner: Owner, version: Version, actor: RowId.nullable(), at: z.int().nonnegative() }).nullable(),
  /** How often it was tried before. */
  attempt: z.int().min(0).max(1_000),
});
export type Assignment = z.output<typeof Assignment>;

/** The session of a poll: one feed is read by one function at a time. */
export function pollSession(message: PollMessage): string {
  switch (message.kind) {
    case 'dynamicsFeed':
      return `${message.integration}|${message.entity}`;
    case 'exchangeProbe':
      return `${message.integration}|${message.only ?? 'probe'}|${message.mailboxes[0] ?? ''}`;
    case 'recordLoad':
      return `${message.integration}|records`;
    case 'watch':
      return 'watch';
  }
}

/** The session of a wake-up: one mailbox is served by one function at a time. */
export function wakeUpSession({ integration, mailbox }: Pick<WakeUp, 'integration' | 'mailbox'>): string {
  return `${integration}|${mailbox}`;
}
