/** What was opened and has to be closed, the last first. */
export class Opened {
  private readonly closers: (() => Promise<void>)[] = [];
  private closing: Promise<void> | undefined;

  /** Waits for something to open, where it takes time, and remembers how to close it. */
  async add<T>(opening: T | Promise<T>, close: (it: T) => Promise<void>): Promise<T> {
    const it = await opening;
    this.closers.push(() => close(it));
    return it;
  }

  /** Closes everything, once; what cannot be closed stands in nobody's way, and the first failure is thrown at the end. */
  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  private async closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.closers.reverse()) await close().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }
}

/** All results, once everything has come to an end; a failure is thrown only then, so that nothing opens behind a closed door. */
export async function allEnded<T extends readonly Promise<unknown>[]>(
  works: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(works);
  return Promise.all(works);
}
