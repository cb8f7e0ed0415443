import { z } from 'zod';

/** Where public evidence leaves Exchange's behaviour open, or it can be worse than usual: one switch each. */
export const switchesSchema = z.strictObject({
  /** What a stale `If-Match` on an event or a contact gives. */
  ifMatch: z.enum(['412', '409', 'ignore']),
  /** Whether tasks look at `If-Match` at all. */
  taskIfMatch: z.enum(['ignore', 'enforce']),
  /** Each delta round begins with an empty page that has a nextLink. */
  emptyPages: z.boolean(),
  /** Each delta answer but a chain's first repeats the newest item that was already reported. */
  replays: z.boolean(),
  /** How long after it was made a change is told by a delta, in ms. */
  deltaLagMs: z.int().min(0),
  /** The order of the changes on a page of a delta, which nobody promises. */
  deltaOrder: z.enum(['oldestFirst', 'newestFirst']),
  /** Whether an answer without changes is a new generation of its delta chain. */
  emptyAnswerAdvances: z.boolean(),
  /** How an expired delta link is refused. */
  expiry: z.enum(['syncStateNotFound', 'location']),
  /** A deleted item stops answering by its immutable id. */
  deletedAnswers404: z.boolean(),
  /** Whether lists honour `$orderby` and `$count`, or leave them out without a word. */
  orderbyAndCount: z.enum(['honour', 'ignore']),
  /** Whether tasks can be filtered by `linkedResources/any`, which no page documents. */
  linkedResourcesFilter: z.enum(['refuse', 'honour']),
  /** Whether tasks can be filtered by `title`, as several clients do and no page says. */
  titleFilter: z.enum(['honour', 'refuse']),
  /** What a transactionId gives whose event was deleted since. */
  transactionIdAfterDelete: z.enum(['create', 'duplicate']),
  /** Whether a change of nothing but extended properties mails the attendees. */
  extendedPropertiesMail: z.boolean(),
  /** Whether an attendee's copy of a meeting has the organizer's extended properties. */
  extendedPropertiesTravel: z.boolean(),
  /** Task dates come back as midnight UTC of the given date, or as the UTC time of midnight in the given zone. */
  taskDates: z.enum(['utcMidnight', 'zoneMidnight']),
  /** The order of a batch's answers. */
  batchOrder: z.enum(['asSent', 'reversed']),
  /** What becomes of notifications to subscribers: they are sent, get lost, or are sent twice. */
  notifications: z.enum(['send', 'lose', 'duplicate']),
  /** How long after a change its notification is sent, in ms. */
  notificationDelayMs: z.int().min(0),
  /** The longest life of a subscription, in minutes; one that asks for more is refused. */
  subscriptionMinutes: z.int().min(45),
  /** Requests per application and mailbox at once. */
  mailboxConcurrency: z.int().min(1),
  /** Requests per application and mailbox in ten minutes. */
  mailboxRequests: z.int().min(1),
});

export type Switches = z.output<typeof switchesSchema>;

export const usualSwitches: Switches = {
  ifMatch: '412',
  taskIfMatch: 'ignore',
  emptyPages: false,
  replays: false,
  deltaLagMs: 0,
  deltaOrder: 'oldestFirst',
  emptyAnswerAdvances: true,
  expiry: 'syncStateNotFound',
  deletedAnswers404: false,
  orderbyAndCount: 'honour',
  linkedResourcesFilter: 'refuse',
  titleFilter: 'honour',
  transactionIdAfterDelete: 'create',
  extendedPropertiesMail: false,
  extendedPropertiesTravel: false,
  taskDates: 'utcMidnight',
  batchOrder: 'asSent',
  notifications: 'send',
  notificationDelayMs: 0,
  subscriptionMinutes: 10_080,
  mailboxConcurrency: 4,
  mailboxRequests: 10_000,
};
