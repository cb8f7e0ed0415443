import { AsyncLocalStorage } from 'node:async_hooks';

/** Lets one changeset run alone: everybody else waits outside until it has been committed or undone. */
export class Gate {
  private closed: Promise<void> | undefined;
  private readonly insiders = new AsyncLocalStorage<true>();

  /** Resolves when the caller may go on; at once for what runs inside a changeset. */
  async pass(): Promise<void> {
    if (this.insiders.getStore()) return;
    while (this.closed !== undefined) await this.closed;
  }

  /** Runs `work` with the gate closed. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    await this.pass();
    let open = () => {};
    this.closed = new Promise((resolve) => {
      open = resolve;
    });
    try {
      return await this.insiders.run(true, work);
    } finally {
      this.closed = undefined;
      open();
    }
  }
}
