const lookEveryMs = 100;

/** Looks again and again until `check` returns something else than undefined or false; throws with `what` when the time is up. A check that throws counts as not yet. */
export async function until<T>(what: string, check: () => Promise<T | undefined | false>, withinMs = 60_000): Promise<T> {
  const end = Date.now() + withinMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const found = await check();
      if (found !== undefined && found !== false) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  const reason = last instanceof Error ? ` (${last.message})` : '';
  throw new Error(`not within ${withinMs / 1000} s: ${what}${reason}`);
}
