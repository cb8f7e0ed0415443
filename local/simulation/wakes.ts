import type { PollMessage, WakeUp } from '../../shared/messaging/messages';
import type { Messenger, WakeOptions } from '../../shared/messaging/senders';

export interface Waiting {
  readonly wakeUp: WakeUp;
  readonly at: number;
}

/** The queues in memory: wake-ups are delivered in the order of their times, and an id that was seen before is dropped. */
export class Wakes implements Messenger {
  readonly waiting: Waiting[] = [];
  readonly polls: PollMessage[] = [];
  private readonly ids = new Set<string>();

  constructor(private readonly now: () => number) {}

  wake(wakeUp: WakeUp, options: WakeOptions = {}): Promise<void> {
    if (options.id !== undefined && this.ids.has(options.id)) return Promise.resolve();
    if (options.id !== undefined) this.ids.add(options.id);
    this.waiting.push({ wakeUp, at: Math.max(options.at ?? 0, this.now()) });
    return Promise.resolve();
  }

  async wakeMany(wakeUps: readonly { readonly wakeUp: WakeUp; readonly options?: WakeOptions }[]): Promise<void> {
    for (const { wakeUp, options } of wakeUps) await this.wake(wakeUp, options);
  }

  sendPoll(poll: PollMessage, { id }: { readonly id: string; readonly ttlMs: number }): Promise<void> {
    if (!this.ids.has(id)) this.polls.push(poll);
    this.ids.add(id);
    return Promise.resolve();
  }

  reject(): Promise<void> {
    return Promise.reject(new Error('nothing is rejected here'));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  next(): Waiting | undefined {
    const first = this.waiting.reduce<Waiting | undefined>(
      (best, each) => (best === undefined || each.at < best.at ? each : best),
      undefined,
    );
    if (first !== undefined) this.waiting.splice(this.waiting.indexOf(first), 1);
    return first;
  }
}
