import { errorCodes, TandemError } from './errors';

/** Remembers that a service asked to be left alone, so that nothing is sent to it before its time (`Retry-After`, RFC 9110, 10.2.3). */
export interface Rest {
  /** When it may be asked again, UTC ms; null where it may be asked now. */
  until(): number | null;
  /** The error that a request would meet now, with what is left of the wait; null where it may be sent. */
  refusal(): TandemError | null;
  /** Takes note of a `throttled` error that says how long to wait; every other one changes nothing. */
  note(error: unknown): void;
}

export function createRest(now: () => number): Rest {
  let last: { readonly error: TandemError; readonly until: number } | null = null;
  const until = (): number | null => (last !== null && last.until > now() ? last.until : null);
  return {
    until,
    refusal() {
      const end = until();
      if (end === null || last === null) return null;
      const { fix, detail, status } = last.error;
      return new TandemError(errorCodes.throttled, {
        retry: 'later',
        fix,
        retryAfterMs: end - now(),
        ...(detail === undefined ? {} : { detail }),
        ...(status === undefined ? {} : { status }),
      });
    },
    note(error) {
      if (!(error instanceof TandemError) || error.code !== errorCodes.throttled || error.retryAfterMs === undefined) return;
      const end = now() + error.retryAfterMs;
      if (last === null || end > last.until) last = { error, until: end };
    },
  };
}
