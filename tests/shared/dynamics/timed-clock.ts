import { VirtualClock } from '../../../local/simulation/virtual-clock';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time in which things overlap: who sleeps is woken in the order of time, and it moves only once everybody else has come to rest. */
export class TimedClock extends VirtualClock {
  private readonly sleepers: Sleeper[] = [];

  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const sleeper = { at: this.now() + Math.max(0, ms), wake: resolve };
      const later = this.sleepers.findIndex(({ at }) => at > sleeper.at);
      this.sleepers.splice(later === -1 ? this.sleepers.length : later, 0, sleeper);
      signal?.addEventListener('abort', () => {
        const place = this.sleepers.indexOf(sleeper);
        if (place >= 0) this.sleepers.splice(place, 1);
        reject(signal.reason);
      });
    });
  }

  /** Lets time pass until the work is done. Throws where it never would be. */
  async until<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const end = work.finally(() => (ended = true));
    end.catch(() => undefined);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (ended) return end;
      const next = this.sleepers.shift();
      if (next === undefined) throw new Error('Everybody waits for somebody else.');
      if (next.at > this.now()) this.advance(next.at - this.now());
      next.wake();
    }
  }
}
