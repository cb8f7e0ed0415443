import type { Delivery, EventContext, Sender } from 'rhea';
import { asFault, noSessionInTime, notAllowed, sessionLockLost } from './faults';
import type { Consumer } from './lane';
import type { Queue, Settlement } from './queue';
import { answerAttach, answerEveryDrain, closeWith, drainWhenWritten, roomOf, SETTLED, withholdAttach } from './rhea-links';
import type { Session, Sessions } from './sessions';
import type { MessageLock, StoredMessage } from './stored-message';
import { accepted, encodeStored, type Outcome, plainMap, type RemoteOutcome, rejected, SESSION_FILTER, swapGuidOrder, ticks } from './wire';

const DEFAULT_WAIT_MS = 60_000;
/** The refusal must be on its way before the client stops waiting by its own clock. */
const ANSWER_EARLY_MS = 200;

/** A delivery the library would keep until the client confirms its settlement, which this client does not do. */
interface OwnDelivery extends Omit<Delivery, 'remote_settled'> {
  remote_settled: boolean;
}

/** One receiver of a client: our sending end of its link. */
export class Subscriber implements Consumer {
  readonly name: string;
  readonly mode: Consumer['mode'];
  #session: Session | undefined;
  #stopWaiting: (() => void) | undefined;

  constructor(
    readonly link: Sender,
    private readonly queue: Queue,
  ) {
    this.name = link.name;
    this.mode = link.snd_settle_mode === SETTLED ? 'receiveAndDelete' : 'peekLock';
    for (const outcome of ['accepted', 'released', 'rejected', 'modified'] as const) {
      link.on(outcome, ({ delivery }: EventContext) => delivery && this.#settle(outcome, delivery));
    }
    answerEveryDrain(link);
    link.on('sender_flow', () => this.queue.wake(this.#session));
  }

  /** Starts receiving. Throws when the queue is of the other sort or the session named in the filter is taken. */
  start(): void {
    const filter = (this.link.source.filter ?? {}) as Record<string, string | null>;
    const { sessions } = this.queue;
    answerAttach(this.link, { snd_settle_mode: this.link.snd_settle_mode, rcv_settle_mode: this.link.rcv_settle_mode });
    this.link.set_source({ address: this.link.source.address });
    this.link.set_target({ address: this.link.target.address });
    if (sessions === undefined) {
      if (SESSION_FILTER in filter) throw notAllowed(`'${this.queue.name}' has no sessions; a session receiver cannot be created on it.`);
      this.queue.join(this);
    } else this.#startOnSession(sessions, filter[SESSION_FILTER]);
  }

  /** The link is gone: a session is free at once, messages outside sessions stay locked until their locks expire. */
  stop(): void {
    this.#stopWaiting?.();
    if (this.#session === undefined) this.queue.leave(this);
    else this.queue.sessions?.leave(this.#session, this);
  }

  room(): number {
    return roomOf(this.link);
  }

  deliver(message: StoredMessage, lock: MessageLock | undefined): void {
    const lockedUntil = this.#session?.lockedUntil ?? lock?.until;
    this.link.send(encodeStored(message, lockedUntil), lock && swapGuidOrder(lock.token), 0);
  }

  settleDown(): void {
    drainWhenWritten(this.link);
  }

  sessionLost(): void {
    closeWith(this.link, sessionLockLost());
  }

  /** `wanted` null means the next session there is: the attach is answered once there is one, or refused after the wait. */
  #startOnSession(sessions: Sessions, wanted: string | null | undefined): void {
    if (wanted === undefined) throw notAllowed(`'${this.queue.name}' requires sessions; only a session receiver can be created on it.`);
    const session = wanted === null ? sessions.acceptNext(this) : sessions.accept(wanted, this);
    if (session !== undefined) {
      this.#begin(session);
      return;
    }
    const granted = (next: Session) => {
      this.#begin(next);
      this.link.open();
    };
    const timedOut = () => {
      this.link.open();
      closeWith(this.link, noSessionInTime());
    };
    withholdAttach(this.link);
    this.#stopWaiting = sessions.waitForNext(this, this.#waitMs(), granted, timedOut);
  }

  #begin(session: Session): void {
    this.#session = session;
    this.link.set_source({ address: this.link.source.address, filter: { [SESSION_FILTER]: session.id } });
    answerAttach(this.link, { properties: { 'com.microsoft:locked-until-utc': ticks(session.lockedUntil) } });
  }

  #waitMs(): number {
    const asked = Number(this.link.properties?.['com.microsoft:timeout'] ?? DEFAULT_WAIT_MS);
    return Math.max(ANSWER_EARLY_MS, Math.min(asked, DEFAULT_WAIT_MS) - ANSWER_EARLY_MS);
  }

  #settle(outcome: 'accepted' | 'released' | 'rejected' | 'modified', delivery: Delivery): void {
    const answer = this.#outcomeOf(delivery, settlementOf(outcome, (delivery.remote_state ?? {}) as RemoteOutcome));
    delivery.update(true, answer);
    (delivery as OwnDelivery).remote_settled = true;
    this.queue.wake(this.#session);
  }

  #outcomeOf(delivery: Delivery, settlement: Settlement): Outcome {
    try {
      this.queue.settle(swapGuidOrder(Buffer.from(delivery.tag)), settlement);
      return accepted();
    } catch (error) {
      return rejected(asFault(error));
    }
  }
}

function settlementOf(outcome: 'accepted' | 'released' | 'rejected' | 'modified', state: RemoteOutcome): Settlement {
  switch (outcome) {
    case 'accepted':
      return { kind: 'complete' };
    case 'released':
      return { kind: 'release' };
    case 'modified':
      return { kind: state.undeliverable_here === true ? 'defer' : 'abandon', properties: plainMap(state.message_annotations) };
    case 'rejected': {
      const { DeadLetterReason, DeadLetterErrorDescription, ...properties } = plainMap(state.error?.info);
      return { kind: 'deadLetter', reason: text(DeadLetterReason), description: text(DeadLetterErrorDescription), properties };
    }
  }
}

const text = (value: unknown): string | undefined => (value == null ? undefined : String(value));
