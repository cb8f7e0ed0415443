import { randomUUID } from 'node:crypto';
import { DuplicateWindow } from './duplicates';
import { messageLockLost, messageNotFound, notAllowed, sessionLockLost } from './faults';
import { type Consumer, Lane } from './lane';
import { MessageLocks } from './locks';
import { deadLetterSettings, type QueueCounts, type QueueSettings } from './queue-settings';
import { type Session, Sessions, sessionIdOf } from './sessions';
import type { StoredMessage } from './stored-message';
import type { Timers } from './timers';
import { DEAD_LETTER_SOURCE, scheduledFor, type WireMessage } from './wire';

/** What the holder of a lock decided. `properties` are added to the message's application properties. */
export type Settlement =
  | { kind: 'complete' }
  | { kind: 'release' }
  | { kind: 'abandon'; properties: Record<string, unknown> }
  | { kind: 'defer'; properties: Record<string, unknown> }
  | { kind: 'deadLetter'; reason: string | undefined; description: string | undefined; properties: Record<string, unknown> };

/** One queue and, unless it is one itself, its dead-letter queue. */
export class Queue {
  readonly deadLetters: Queue | undefined;
  readonly sessions: Sessions | undefined;
  readonly locks: MessageLocks;
  /** Every message by sequence number, in ascending order. */
  readonly #messages = new Map<number, StoredMessage>();
  readonly #lane: Lane;
  readonly #duplicates: DuplicateWindow;
  #lastSequenceNumber = 0;
  /** Gets each message that is sent here. */
  watcher: ((message: WireMessage) => void) | undefined;

  constructor(
    readonly name: string,
    private readonly settings: QueueSettings,
    private readonly timers: Timers,
    role: 'queue' | 'deadLetterQueue' = 'queue',
  ) {
    const { lockMs } = settings;
    const lost = settings.sessions ? () => sessionLockLost() : messageLockLost;
    this.#duplicates = new DuplicateWindow(settings.duplicateWindowMs);
    this.#lane = new Lane((message, consumer) => this.#hand(message, consumer, undefined));
    this.locks = new MessageLocks(lockMs, timers, lost, (message) => this.#giveBack(message, true));
    if (settings.sessions) {
      this.sessions = new Sessions({
        lockMs,
        timers,
        hand: (message, consumer, session) => this.#hand(message, consumer, session),
        giveBack: (message, counted) => this.#giveBack(message, counted),
      });
    }
    if (role === 'queue') this.deadLetters = new Queue(`${name}/$deadletterqueue`, deadLetterSettings(lockMs), timers, 'deadLetterQueue');
  }

  /**
   * Takes all messages or none. A repeat within the duplicate window is accepted and dropped. Returns their sequence numbers.
   * Throws `not-allowed` for a message without a session id in a queue with sessions.
   */
  send(messages: readonly WireMessage[]): number[] {
    const sessionless = this.sessions !== undefined && messages.some((message) => message.group_id == null);
    if (sessionless) throw notAllowed(`'${this.name}' requires sessions, and a message without a session id was sent to it.`);
    for (const message of messages) this.watcher?.(message);
    return messages.map((message) => this.#accept(message));
  }

  /** Takes a scheduled message back. Throws `message-not-found` when there is none of that number any more. */
  cancelScheduled(sequenceNumber: number): void {
    const message = this.#messages.get(sequenceNumber);
    if (message?.state !== 'scheduled') throw messageNotFound(sequenceNumber);
    this.#forget(message);
  }

  /** Lets a consumer share the messages of a queue without sessions. */
  join(consumer: Consumer): void {
    this.#lane.join(consumer);
  }

  leave(consumer: Consumer): void {
    this.#lane.leave(consumer);
  }

  /** Hands out again, because the consumer has room or said that it wants no more. */
  wake(session: Session | undefined): void {
    (session?.lane ?? this.#lane).wake();
  }

  /** Throws `message-lock-lost` (in a queue with sessions `session-lock-lost`) when the token does not hold a message. */
  settle(token: Buffer, settlement: Settlement): void {
    const message = this.locks.holding(token);
    if (settlement.kind === 'deadLetter' && this.deadLetters === undefined) {
      throw notAllowed('A message in a dead-letter queue cannot be dead-lettered again.');
    }
    this.locks.release(message);
    if ('properties' in settlement) addProperties(message, settlement.properties);
    switch (settlement.kind) {
      case 'complete':
        this.#forget(message);
        break;
      case 'release':
        this.#giveBack(message, false);
        break;
      case 'abandon':
        this.#giveBack(message, true);
        break;
      case 'defer':
        message.state = 'deferred';
        this.#giveBack(message, false);
        break;
      case 'deadLetter':
        this.#deadLetter(message, settlement.reason, settlement.description);
    }
  }

  /** Locks deferred messages, or deletes them for `receiveAndDelete`: all or none. Throws `message-not-found`. */
  receiveDeferred(sequenceNumbers: readonly number[], mode: Consumer['mode'], session: Session | undefined): StoredMessage[] {
    const messages = sequenceNumbers.map((sequenceNumber) => {
      const message = this.#messages.get(sequenceNumber);
      const isTheirs = session === undefined || (message !== undefined && sessionIdOf(message) === session.id);
      if (message?.state !== 'deferred' || message.lock !== undefined || !isTheirs) throw messageNotFound(sequenceNumber);
      return message;
    });
    for (const message of messages) {
      if (mode === 'receiveAndDelete') this.#forget(message);
      else this.locks.grant(message, session);
    }
    return messages;
  }

  /** Messages in any state from a sequence number on, without locking them. */
  peek(fromSequenceNumber: number, limit: number, sessionId: string | undefined): StoredMessage[] {
    const found: StoredMessage[] = [];
    for (const message of this.#messages.values()) {
      if (found.length === limit) break;
      const isTheirs = sessionId === undefined || sessionIdOf(message) === sessionId;
      if (message.sequenceNumber >= fromSequenceNumber && isTheirs) found.push(message);
    }
    return found;
  }

  counts(): QueueCounts {
    const counts: QueueCounts = { active: 0, scheduled: 0, locked: 0, deferred: 0, deadLettered: this.deadLetters?.size ?? 0 };
    for (const message of this.#messages.values()) counts[message.lock === undefined ? message.state : 'locked'] += 1;
    return counts;
  }

  get size(): number {
    return this.#messages.size;
  }

  #accept(wire: WireMessage): number {
    const now = Date.now();
    wire.message_id ??= randomUUID();
    if (this.#duplicates.isRepeat(String(wire.message_id), now)) return this.#nextSequenceNumber();
    const due = scheduledFor(wire) ?? now;
    const message = this.#store(wire, now);
    if (due <= now) this.#activate(message);
    else {
      message.state = 'scheduled';
      message.timer = this.timers.after(due - now, () => this.#enqueue(message));
    }
    return message.sequenceNumber;
  }

  /** A scheduled message that is due goes to the end, under a new number (Service Bus docs, "Message sequencing and timestamps"). */
  #enqueue(message: StoredMessage): void {
    this.#messages.delete(message.sequenceNumber);
    message.sequenceNumber = this.#nextSequenceNumber();
    this.#messages.set(message.sequenceNumber, message);
    this.#activate(message);
  }

  #store(wire: WireMessage, enqueuedAt: number, origin?: StoredMessage): StoredMessage {
    const sequenceNumber = this.#nextSequenceNumber();
    const message: StoredMessage = {
      sequenceNumber,
      originalSequenceNumber: origin?.originalSequenceNumber ?? sequenceNumber,
      wire,
      state: 'active',
      deliveryCount: origin?.deliveryCount ?? 0,
      enqueuedAt,
      expiresAt: Number.POSITIVE_INFINITY,
      lock: undefined,
      timer: undefined,
    };
    this.#messages.set(sequenceNumber, message);
    return message;
  }

  /** Time to live counts from here (Service Bus docs, "Message expiration"); nothing expires in a dead-letter queue. */
  #activate(message: StoredMessage): void {
    const timeToLive = Math.min(message.wire.ttl ?? Number.POSITIVE_INFINITY, this.settings.timeToLiveMs);
    message.state = 'active';
    message.enqueuedAt = Date.now();
    if (this.deadLetters !== undefined && Number.isFinite(timeToLive)) {
      message.wire.ttl = timeToLive;
      message.expiresAt = message.enqueuedAt + timeToLive;
      message.timer = this.timers.after(timeToLive, () => this.#expire(message));
    }
    this.#makeReady(message);
  }

  #makeReady(message: StoredMessage): void {
    if (this.sessions !== undefined) this.sessions.addReady(message);
    else this.#lane.add(message);
  }

  #hand(message: StoredMessage, consumer: Consumer, session: Session | undefined): void {
    const lock = consumer.mode === 'peekLock' ? this.locks.grant(message, session) : undefined;
    if (lock === undefined) this.#forget(message);
    consumer.deliver(message, lock);
  }

  /** The end of a lock without a decision for good. A deferred message stays deferred. */
  #giveBack(message: StoredMessage, counted: boolean): void {
    this.locks.release(message);
    if (counted) message.deliveryCount += 1;
    if (message.expiresAt <= Date.now()) this.#expire(message);
    else if (message.deliveryCount >= this.settings.maxDeliveryCount) {
      this.#deadLetter(message, 'MaxDeliveryCountExceeded', `The message could not be consumed in ${message.deliveryCount} deliveries.`);
    } else if (message.state === 'active') this.#makeReady(message);
  }

  /** A locked message may still be completed; it expires when it is given back. */
  #expire(message: StoredMessage): void {
    if (message.lock !== undefined) return;
    if (this.settings.deadLetterOnExpiry) this.#deadLetter(message, 'TTLExpiredException', 'The message expired and was dead-lettered.');
    else this.#forget(message);
  }

  #deadLetter(message: StoredMessage, reason: string | undefined, description: string | undefined): void {
    this.#forget(message);
    addProperties(message, {
      ...(reason !== undefined && { DeadLetterReason: reason }),
      ...(description !== undefined && { DeadLetterErrorDescription: description }),
    });
    this.deadLetters?.bury(message, this.name);
  }

  /** Takes over a message from the queue it died in. */
  bury(dead: StoredMessage, source: string): void {
    const annotations = { ...dead.wire.message_annotations, [DEAD_LETTER_SOURCE]: source };
    this.#makeReady(this.#store({ ...dead.wire, message_annotations: annotations }, dead.enqueuedAt, dead));
  }

  #forget(message: StoredMessage): void {
    message.timer?.cancel();
    this.locks.release(message);
    this.#messages.delete(message.sequenceNumber);
    if (this.sessions !== undefined) this.sessions.removeReady(message);
    else this.#lane.ready.remove(message);
  }

  #nextSequenceNumber(): number {
    this.#lastSequenceNumber += 1;
    return this.#lastSequenceNumber;
  }
}

function addProperties(message: StoredMessage, properties: Record<string, unknown>): void {
  message.wire.application_properties = { ...message.wire.application_properties, ...properties };
}
