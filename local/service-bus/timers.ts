/** Longest delay Node keeps; a longer one would fire at once (Node.js docs, `setTimeout`). */
const LONGEST_MS = 2 ** 31 - 1;

export interface Timer {
  cancel(): void;
}

/** One-shot timers that never keep the process alive and that can all be called off together. */
export class Timers {
  readonly #pending = new Set<OneShot>();

  /** Runs `action` once after `delayMs`, of any length; `Infinity` means never. */
  after(delayMs: number, action: () => void): Timer {
    return new OneShot(Math.max(0, delayMs), action, this.#pending);
  }

  clear(): void {
    for (const timer of [...this.#pending]) timer.cancel();
  }
}

class OneShot implements Timer {
  #handle: NodeJS.Timeout | undefined;

  constructor(
    private leftMs: number,
    private readonly action: () => void,
    private readonly pending: Set<OneShot>,
  ) {
    if (leftMs === Number.POSITIVE_INFINITY) return;
    pending.add(this);
    this.#arm();
  }

  cancel(): void {
    clearTimeout(this.#handle);
    this.pending.delete(this);
  }

  #arm(): void {
    const stepMs = Math.min(this.leftMs, LONGEST_MS);
    this.leftMs -= stepMs;
    this.#handle = setTimeout(() => this.#elapsed(), stepMs);
    this.#handle.unref();
  }

  #elapsed(): void {
    if (this.leftMs > 0) this.#arm();
    else {
      this.pending.delete(this);
      this.action();
    }
  }
}
