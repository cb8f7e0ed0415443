/** Time as a dependency, so that tests can own it. */
export interface Clock {
  /** Now, in UTC ms. */
  now(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A signal that aborts with a TimeoutError after `ms`; that of the platform where absent. */
  timeout?(ms: number): AbortSignal;
}

/** The signal that ends what takes longer than `ms` by this clock. */
export function timeoutOf(clock: Pick<Clock, 'timeout'>, ms: number): AbortSignal {
  return clock.timeout === undefined ? AbortSignal.timeout(ms) : clock.timeout(ms);
}

export const systemClock: Clock = {
  now: Date.now,
  sleep: (ms, signal) => sleep(ms, signal, (timer) => timer),
};

/** Sleeps for work in the background: a process that has nothing else to do ends. */
export const sleepInBackground: Clock['sleep'] = (ms, signal) => sleep(ms, signal, (timer) => timer.unref());

function sleep(ms: number, signal: AbortSignal | undefined, prepared: (timer: NodeJS.Timeout) => NodeJS.Timeout): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = prepared(setTimeout(resolve, ms));
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
