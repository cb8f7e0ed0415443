import type { Random } from './random';

/**
 * Takes turns among workers that run at once: whoever is about to do something to the world waits here, and chance says who goes next. All that a worker does between
 * two turns runs on microtasks, so a turn of the event loop later everybody waits again, and the order follows from chance alone.
 */
export class Turns {
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly random: Random) {}

  /** Resolves when it is this caller's turn. */
  turn(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Runs all workers to their ends, one turn after the other. */
  async run<Result>(workers: readonly (() => Promise<Result>)[]): Promise<Result[]> {
    let left = workers.length;
    const results = Promise.all(
      workers.map((work) =>
        work().finally(() => {
          left -= 1;
        }),
      ),
    );
    // Whatever fails is told by `results`, which is awaited below.
    results.catch(() => undefined);
    while (left > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      const at = this.random.between(0, this.waiting.length - 1);
      this.waiting.splice(at, 1)[0]?.();
    }
    return results;
  }
}
