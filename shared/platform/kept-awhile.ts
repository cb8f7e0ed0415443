import type { Clock } from './clock';

/** Answers that are good for some time, so that they need not be asked for each time. */
export interface KeptAwhile<T> {
  /** The answer of before while it is fresh, otherwise a new one; who asks at the same time shares it. A failure is not kept. */
  get(key: string, ask: () => Promise<T>): Promise<T>;
}

/** Keeps answers in memory for `ms`, at most so many; the oldest goes first. */
export function keptAwhile<T>(clock: Pick<Clock, 'now'>, ms: number, most: number): KeptAwhile<T> {
  const kept = new Map<string, { readonly until: number; readonly answer: Promise<T> }>();
  return {
    get(key, ask) {
      const known = kept.get(key);
      if (known !== undefined && known.until > clock.now()) return known.answer;
      const answer = ask();
      kept.delete(key);
      kept.set(key, { until: clock.now() + ms, answer });
      answer.catch(() => {
        if (kept.get(key)?.answer === answer) kept.delete(key);
      });
      const oldest = kept.keys().next();
      if (kept.size > most && oldest.done !== true) kept.delete(oldest.value);
      return answer;
    },
  };
}
