import { randomBytes } from 'node:crypto';
import type { ServiceBusFault } from './faults';
import type { Session } from './sessions';
import type { MessageLock, StoredMessage } from './stored-message';
import type { Timers } from './timers';

/** The messages of one queue that somebody holds, by lock token. */
export class MessageLocks {
  readonly #byToken = new Map<string, StoredMessage>();

  constructor(
    private readonly lockMs: number,
    private readonly timers: Timers,
    private readonly lost: () => ServiceBusFault,
    private readonly expired: (message: StoredMessage) => void,
  ) {}

  grant(message: StoredMessage, session: Session | undefined): MessageLock {
    const lock: MessageLock = { token: randomBytes(16), session, until: session?.lockedUntil ?? 0, timer: undefined };
    message.lock = lock;
    this.#byToken.set(lock.token.toString('hex'), message);
    if (session === undefined) this.#start(message, lock);
    else session.locked.add(message);
    return lock;
  }

  /** Throws what `lost` makes when nobody holds that token. */
  holding(token: Buffer): StoredMessage {
    const message = this.#byToken.get(token.toString('hex'));
    if (message === undefined) throw this.lost();
    return message;
  }

  /** A full lock duration from now. Returns the new end (UTC, ms). */
  renew(token: Buffer): number {
    const message = this.holding(token);
    if (message.lock === undefined) throw this.lost();
    if (message.lock.session === undefined) this.#start(message, message.lock);
    return message.lock.session?.lockedUntil ?? message.lock.until;
  }

  release(message: StoredMessage): void {
    const { lock } = message;
    if (lock === undefined) return;
    lock.timer?.cancel();
    lock.session?.locked.delete(message);
    this.#byToken.delete(lock.token.toString('hex'));
    message.lock = undefined;
  }

  #start(message: StoredMessage, lock: MessageLock): void {
    lock.timer?.cancel();
    lock.until = Date.now() + this.lockMs;
    lock.timer = this.timers.after(this.lockMs, () => this.expired(message));
  }
}
