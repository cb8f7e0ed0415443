/** Runs a job as soon as one of a fixed number of places is free. */
export type Slots = <T>(job: () => Promise<T>) => Promise<T>;

/** At most `places` jobs at once; the others wait in the order in which they came. */
export function slots(places: number): Slots {
  let free = places;
  const waiting: (() => void)[] = [];

  return async (job) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await job();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
