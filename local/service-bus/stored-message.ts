import type { Session } from './sessions';
import type { Timer } from './timers';
import type { WireMessage } from './wire';

/** The right to settle one message until a moment; in a session it lives and dies with the session's lock. */
export interface MessageLock {
  /** 16 random bytes, as `$management` speaks of them. */
  readonly token: Buffer;
  readonly session: Session | undefined;
  /** UTC, ms. */
  until: number;
  timer: Timer | undefined;
}

/** A message in a queue. */
export interface StoredMessage {
  /** Its place in the queue; a scheduled message gets a new one when it becomes active. */
  sequenceNumber: number;
  /** The number it got when it was first sent. */
  readonly originalSequenceNumber: number;
  wire: WireMessage;
  state: 'active' | 'deferred' | 'scheduled';
  /** Failed deliveries so far. */
  deliveryCount: number;
  /** UTC, ms; of a scheduled message the time it was accepted, until it becomes active. */
  enqueuedAt: number;
  /** UTC, ms; `Infinity` where it never expires. */
  expiresAt: number;
  lock: MessageLock | undefined;
  /** Runs out when a scheduled message is due, and after that when it expires. */
  timer: Timer | undefined;
}
