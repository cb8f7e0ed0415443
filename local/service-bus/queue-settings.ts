/** How a queue behaves; the names of the Azure resource properties differ, the meanings do not. */
export interface QueueSettings {
  readonly sessions: boolean;
  readonly lockMs: number;
  readonly maxDeliveryCount: number;
  /** 0 for none. */
  readonly duplicateWindowMs: number;
  /** Upper limit for a message's own time to live; `Infinity` for none. */
  readonly timeToLiveMs: number;
  readonly deadLetterOnExpiry: boolean;
}

/** What Azure gives a queue for which nothing else is said (Microsoft.ServiceBus/namespaces/queues reference). */
export const DEFAULT_SETTINGS: QueueSettings = {
  sessions: false,
  lockMs: 60_000,
  maxDeliveryCount: 10,
  duplicateWindowMs: 0,
  timeToLiveMs: Number.POSITIVE_INFINITY,
  deadLetterOnExpiry: false,
};

/** A dead-letter queue keeps its messages until somebody settles them, and has no sessions (Service Bus docs, "Dead-letter queues"). */
export const deadLetterSettings = (lockMs: number): QueueSettings => ({
  ...DEFAULT_SETTINGS,
  lockMs,
  maxDeliveryCount: Number.POSITIVE_INFINITY,
});

/** Messages of a queue: `locked` ones in no other count, `deadLettered` all of the dead-letter queue. */
export interface QueueCounts {
  active: number;
  scheduled: number;
  locked: number;
  deferred: number;
  deadLettered: number;
}
