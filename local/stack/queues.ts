import type { QueueOptions } from '../service-bus';

const ordered: QueueOptions = { sessions: true, lockMs: 60_000, maxDeliveryCount: 10, duplicateWindowMs: 600_000 };

/** The queues that Tandem needs, with the same properties as in Azure. */
export const queues = {
  /** A session is one feed of one integration, or one group of mailboxes. */
  polls: ordered,
  /** A session is one mailbox. */
  wakeups: ordered,
  assignments: { ...ordered, sessions: false },
  /** Messages that nobody can read. */
  rejected: {},
} satisfies Readonly<Record<string, QueueOptions>>;
