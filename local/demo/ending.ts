const lookAtParentEveryMs = 500;
/** A terminal sends Ctrl-C to all its processes, and npm passes it on once more. */
const sameWishMs = 1_000;

/**
 * Calls `end` once, at the first Ctrl-C, SIGTERM or closed terminal, or when npm is gone: the shell in which npm runs a script does not pass on
 * signals, so a terminated npm would leave us behind. A later signal ends the process at once.
 */
export function whenAskedToEnd(end: () => void): void {
  let askedAt = 0;
  const ask = (): void => {
    if (askedAt > 0) return;
    askedAt = Date.now();
    end();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (askedAt > 0 && Date.now() - askedAt > sameWishMs) process.exit(1);
      ask();
    });
  }
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) ask();
  }, lookAtParentEveryMs).unref();
}
