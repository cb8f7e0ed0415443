import type { PollMessage, WakeUp } from '../shared/messaging/messages';
import type { Messenger, WakeOptions } from '../shared/messaging/senders';

/** A wake-up that is scheduled for later than this is nobody's business now, in ms. */
const soonMs = 60_000;

interface Waiting {
  readonly wakeUp: WakeUp;
  readonly at: number;
  readonly id: string | undefined;
}

/** Stands in for the queues where only what is sent counts: it keeps messages until they are taken. */
export class CountedPost implements Messenger {
  /** Messages that were sent so far. */
  sent = 0;
  private polls: PollMessage[] = [];
  private waiting: Waiting[] = [];

  async sendPoll(message: PollMessage): Promise<void> {
    this.sent += 1;
    this.polls.push(message);
  }

  /** Of those with one id that nobody has taken yet the first stays, as duplicate detection has it. */
  async wake(wakeUp: WakeUp, { at = 0, id }: WakeOptions = {}): Promise<void> {
    this.sent += 1;
    if (id === undefined || !this.waiting.some((each) => each.id === id)) this.waiting.push({ wakeUp, at, id });
  }

  async wakeMany(wakeUps: readonly { readonly wakeUp: WakeUp; readonly options?: WakeOptions }[]): Promise<void> {
    for (const { wakeUp, options } of wakeUps) await this.wake(wakeUp, options);
  }

  async notify(): Promise<void> {
    this.sent += 1;
  }

  async reject(queue: string): Promise<void> {
    throw new Error(`A message of the queue ${queue} does not parse.`);
  }

  async close(): Promise<void> {}

  takePolls(): PollMessage[] {
    return this.polls.splice(0);
  }

  /** Those that are due soon; the others are dropped. */
  takeWakeUps(now: number): WakeUp[] {
    return this.waiting.splice(0).flatMap(({ wakeUp, at }) => (at <= now + soonMs ? [wakeUp] : []));
  }
}
