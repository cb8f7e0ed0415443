import type { Clock } from '../../shared/platform/clock';

/** When every simulation begins: Monday, 5 October 2026, 06:00 UTC. Years of real time do not change what a seed does. */
export const beginning = Date.parse('2026-10-05T06:00:00Z');

/** A clock that somebody else moves. */
export interface MovableClock extends Clock {
  /** Moves it, in ms. */
  advance(ms: number): void;
}

/** A time-out: whose it is, how long it lasts and when it began, in ms. */
interface Limit {
  readonly ends: AbortController;
  readonly ms: number;
  readonly from: number;
}

/** Time that stands still until it is moved. Nothing waits: who asks for a pause has moved the clock by it. */
export class VirtualClock implements MovableClock {
  private at: number;
  private readonly limits = new WeakMap<AbortSignal, Limit>();
  /** The limit that was set last: those that begin at one moment and last as long end together. */
  private latest: Limit | undefined;

  constructor(start = beginning) {
    this.at = start;
  }

  readonly now = (): number => this.at;

  advance(ms: number): void {
    this.at += ms;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.advance(ms);
  }

  timeout(ms: number): AbortSignal {
    const { latest } = this;
    if (latest?.ms === ms && latest.from === this.at && !latest.ends.signal.aborted) return latest.ends.signal;
    const ends = new AbortController();
    this.latest = { ends, ms, from: this.at };
    this.limits.set(ends.signal, this.latest);
    return ends.signal;
  }

  /** Lets the time of a signal of this clock run out, and says why whatever hung on it ended. */
  exhaust(signal: AbortSignal | null | undefined): unknown {
    const limit = signal === null || signal === undefined ? undefined : this.limits.get(signal);
    if (limit === undefined) throw new Error('Nothing would ever have ended this request: it has no time-out of the virtual clock.');
    this.advance(limit.ms);
    limit.ends.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    return limit.ends.signal.reason;
  }
}
