import { type Assignment, type PollMessage, type WakeUp, wakeUpSession } from '../../shared/messaging/messages';
import { assignmentId, type Messenger, type PollOptions, type WakeOptions } from '../../shared/messaging/senders';
import { DuplicateWindow } from '../service-bus/duplicates';
import { sessionTaken } from '../service-bus/faults';
import { queues } from '../stack/queues';
import { SessionHold } from './session-hold';

export interface Waiting {
  readonly wakeUp: WakeUp;
  /** When it may be delivered, UTC ms. */
  readonly at: number;
  /** Failed deliveries so far. */
  readonly deliveries?: number;
}

/** A message that nobody could read, with why. */
export interface Rejected {
  readonly queue: string;
  readonly body: unknown;
  readonly reason: string;
  readonly sessionId: string | undefined;
}

/**
 * The queues in memory, with the properties of the real ones: sessions, scheduled messages, duplicate detection, messages that expire, delivery counts. What
 * lies in them can be looked at and meddled with.
 */
export class Wakes implements Messenger {
  readonly waiting: Waiting[] = [];
  readonly rejected: Rejected[] = [];
  /** What was told of records, each with when it may be delivered, UTC ms. */
  readonly assignments: { readonly assignment: Assignment; readonly at: number }[] = [];
  /** Wake-ups that failed too often. */
  readonly deadLetters: Waiting[] = [];
  /** Sessions that somebody holds. */
  private readonly held = new Map<string, SessionHold>();
  private readonly seenWakeUps = new DuplicateWindow(queues.wakeups.duplicateWindowMs ?? 0);
  private readonly seenPolls = new DuplicateWindow(queues.polls.duplicateWindowMs ?? 0);
  private readonly seenAssignments = new DuplicateWindow(queues.assignments.duplicateWindowMs ?? 0);
  private readonly sentPolls: PollMessage[] = [];
  private readonly latePolls: { readonly poll: PollMessage; readonly at: number }[] = [];
  private readonly expiries = new WeakMap<PollMessage, number>();

  constructor(private readonly now: () => number) {}

  /** The polls that somebody still needs, in the order in which they were asked for. */
  get polls(): PollMessage[] {
    for (const late of this.latePolls.filter(({ at }) => at <= this.now())) {
      this.latePolls.splice(this.latePolls.indexOf(late), 1);
      this.sentPolls.push(late.poll);
    }
    const living = this.sentPolls.filter((poll) => (this.expiries.get(poll) ?? Number.POSITIVE_INFINITY) > this.now());
    if (living.length < this.sentPolls.length) this.sentPolls.splice(0, this.sentPolls.length, ...living);
    return this.sentPolls;
  }

  async wake(wakeUp: WakeUp, { at = 0, id }: WakeOptions = {}): Promise<void> {
    if (id !== undefined && this.seenWakeUps.isRepeat(id, this.now())) return;
    this.waiting.push({ wakeUp: { ...wakeUp }, at: Math.max(at, this.now()) });
  }

  async wakeMany(wakeUps: readonly { readonly wakeUp: WakeUp; readonly options?: WakeOptions }[]): Promise<void> {
    for (const { wakeUp, options } of wakeUps) await this.wake(wakeUp, options);
  }

  async sendPoll(poll: PollMessage, { id, ttlMs, at = 0 }: PollOptions): Promise<void> {
    if (this.seenPolls.isRepeat(id, this.now())) return;
    const copy = { ...poll };
    if (at > this.now()) this.latePolls.push({ poll: copy, at });
    else this.sentPolls.push(copy);
    this.expiries.set(copy, Math.max(at, this.now()) + ttlMs);
  }

  async notify(assignment: Assignment, { at = 0 }: Pick<WakeOptions, 'at'> = {}): Promise<void> {
    if (this.seenAssignments.isRepeat(assignmentId(assignment), this.now())) return;
    this.assignments.push({ assignment: { ...assignment }, at: Math.max(at, this.now()) });
  }

  async reject(queue: string, body: unknown, reason: string, sessionId?: string): Promise<void> {
    this.rejected.push({ queue, body, reason, sessionId });
  }

  async close(): Promise<void> {}

  /** Takes out the wake-up that is due first, whoever holds its session: for one worker that serves everything. */
  next(): Waiting | undefined {
    const first = earliest(this.waiting);
    if (first !== undefined) this.waiting.splice(this.waiting.indexOf(first), 1);
    return first;
  }

  /**
   * Locks the session of a mailbox, or the one among those that nobody holds whose wake-up has been due longest; null where there is none. Throws where the
   * mailbox named is held by another.
   */
  accept(session?: string): SessionHold | null {
    const free = this.waiting.filter(({ wakeUp, at }) => at <= this.now() && !this.held.has(wakeUpSession(wakeUp)));
    const first = earliest(free);
    const id = session ?? (first === undefined ? undefined : wakeUpSession(first.wakeUp));
    if (id === undefined) return null;
    if (this.held.has(id)) throw sessionTaken(id);
    const hold = new SessionHold(
      {
        take: () => this.takeDue(id),
        giveBack: (message) => this.giveBack(message),
        left: () => this.held.delete(id),
      },
      id,
    );
    this.held.set(id, hold);
    return hold;
  }

  /** Ends the lock on a session before its time, as happens to a receiver whose connection is cut: its message goes to the next one. */
  loseLock(session: string): void {
    this.held.get(session)?.lose();
  }

  private takeDue(session: string): Waiting | undefined {
    const first = earliest(this.waiting.filter(({ wakeUp, at }) => at <= this.now() && wakeUpSession(wakeUp) === session));
    if (first !== undefined) this.waiting.splice(this.waiting.indexOf(first), 1);
    return first;
  }

  private giveBack(message: Waiting): void {
    if ((message.deliveries ?? 0) >= (queues.wakeups.maxDeliveryCount ?? 10)) this.deadLetters.push(message);
    else this.waiting.unshift(message);
  }
}

function earliest(messages: readonly Waiting[]): Waiting | undefined {
  return messages.reduce<Waiting | undefined>((best, each) => (best === undefined || each.at < best.at ? each : best), undefined);
}
