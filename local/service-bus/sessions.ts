import { sessionLockLost, sessionTaken } from './faults';
import { type Consumer, Lane } from './lane';
import type { StoredMessage } from './stored-message';
import type { Timer, Timers } from './timers';

/** The messages that share a session id, what was stored with them, and who has them. */
export interface Session {
  readonly id: string;
  readonly lane: Lane;
  readonly locked: Set<StoredMessage>;
  holder: Consumer | undefined;
  /** UTC, ms. */
  lockedUntil: number;
  lockTimer: Timer | undefined;
  state: Buffer | undefined;
}

/** A consumer that waits for any session to have messages and no holder. */
interface Waiter {
  readonly consumer: Consumer;
  readonly granted: (session: Session) => void;
  readonly timer: Timer;
}

interface Surroundings {
  readonly lockMs: number;
  readonly timers: Timers;
  hand(message: StoredMessage, consumer: Consumer, session: Session): void;
  /** A message whose lock ended with its session's; `counted` when that is a failed delivery. */
  giveBack(message: StoredMessage, counted: boolean): void;
}

/** The sessions of one queue and the locks on them: at most one holder each. */
export class Sessions {
  readonly #byId = new Map<string, Session>();
  /** Sessions with ready messages and no holder, in the order they became so. */
  readonly #vacant = new Set<Session>();
  readonly #waiters = new Set<Waiter>();

  constructor(private readonly around: Surroundings) {}

  /** Puts a message in its session's row, and gives the session to who has waited longest, if anybody has. */
  addReady(message: StoredMessage): void {
    const session = this.#session(sessionIdOf(message));
    session.lane.add(message);
    this.#offer(session);
  }

  removeReady(message: StoredMessage): void {
    const session = this.#byId.get(sessionIdOf(message));
    if (session === undefined) return;
    session.lane.ready.remove(message);
    this.#tidy(session);
  }

  /** Locks the named session, which need not have messages. Throws `session-cannot-be-locked` when another has it. */
  accept(id: string, consumer: Consumer): Session {
    const session = this.#session(id);
    if (session.holder !== undefined) throw sessionTaken(id);
    this.#grant(session, consumer);
    return session;
  }

  /** Locks the session that has waited longest with messages, if there is one. */
  acceptNext(consumer: Consumer): Session | undefined {
    const [session] = this.#vacant;
    if (session !== undefined) this.#grant(session, consumer);
    return session;
  }

  /** Waits for a session to become available: exactly one of the two callbacks is called, unless the returned function is. */
  waitForNext(consumer: Consumer, waitMs: number, granted: (session: Session) => void, timedOut: () => void): () => void {
    const timer = this.around.timers.after(waitMs, () => {
      this.#waiters.delete(waiter);
      timedOut();
    });
    const waiter: Waiter = { consumer, granted, timer };
    this.#waiters.add(waiter);
    return () => {
      timer.cancel();
      this.#waiters.delete(waiter);
    };
  }

  /** The session, held by the named link where one is named. Throws `session-lock-lost` otherwise. */
  held(id: string, linkName: string | undefined): Session {
    const session = this.#byId.get(id);
    if (session?.holder === undefined || (linkName !== undefined && session.holder.name !== linkName)) throw sessionLockLost();
    return session;
  }

  /** A full lock duration from now. Returns the new end (UTC, ms). */
  renew(session: Session): number {
    session.lockTimer?.cancel();
    session.lockedUntil = Date.now() + this.around.lockMs;
    session.lockTimer = this.around.timers.after(this.around.lockMs, () => this.#expire(session));
    return session.lockedUntil;
  }

  /** Gives up the lock when `consumer` has it. Messages it held count as not delivered (Service Bus docs, "Message delivery count"). */
  leave(session: Session, consumer: Consumer): void {
    if (session.holder === consumer) this.#vacate(session, false);
  }

  #session(id: string): Session {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const lane = new Lane((message, consumer) => this.around.hand(message, consumer, session));
    const session: Session = {
      id,
      lane,
      locked: new Set(),
      holder: undefined,
      lockedUntil: 0,
      lockTimer: undefined,
      state: undefined,
    };
    this.#byId.set(id, session);
    return session;
  }

  #grant(session: Session, consumer: Consumer): void {
    this.#vacant.delete(session);
    session.holder = consumer;
    this.renew(session);
    session.lane.join(consumer);
  }

  #offer(session: Session): void {
    if (session.holder !== undefined || session.lane.ready.size === 0) return;
    const [waiter] = this.#waiters;
    if (waiter === undefined) {
      this.#vacant.add(session);
      return;
    }
    waiter.timer.cancel();
    this.#waiters.delete(waiter);
    this.#grant(session, waiter.consumer);
    waiter.granted(session);
  }

  /** An expired lock is a failed delivery of every message its holder had not settled. */
  #expire(session: Session): void {
    const { holder } = session;
    this.#vacate(session, true);
    holder?.sessionLost();
  }

  #vacate(session: Session, counted: boolean): void {
    session.lockTimer?.cancel();
    if (session.holder !== undefined) session.lane.leave(session.holder);
    session.holder = undefined;
    for (const message of [...session.locked]) this.around.giveBack(message, counted);
    this.#offer(session);
    this.#tidy(session);
  }

  /** An empty session is no longer offered; one that nobody holds and that has no state is forgotten. */
  #tidy(session: Session): void {
    if (session.lane.ready.size > 0) return;
    this.#vacant.delete(session);
    if (session.holder === undefined && session.state === undefined) this.#byId.delete(session.id);
  }
}

export function sessionIdOf(message: StoredMessage): string {
  return message.wire.group_id ?? '';
}
