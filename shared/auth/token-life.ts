import { type ErrorCode, errorCodes, TandemError } from '../platform/errors';
import type { TokenState } from '../storage/token-states';

/** A token is renewed this long before it ends; a short-lived one after half of its life. */
const renewBeforeMs = 5 * 60_000;

/** From when on a token is renewed that was given now; UTC ms. */
export function renewalTime(now: number, expiresAt: number): number {
  return expiresAt - Math.min(renewBeforeMs, Math.max(0, expiresAt - now) / 2);
}

type Failure = NonNullable<TokenState['failure']>;

/** Passing trouble is tried again soon, a refusal of the client when somebody may have put it right. */
const passingPauseMs = 10_000;
const lastingPauseMs = 5 * 60_000;

/** What is remembered of a renewal that failed, so that not every caller asks the service again. */
export function failureOf({ code, detail, fix, retry, retryAfterMs }: TandemError, now: number): Failure {
  const pause = retryAfterMs ?? (retry === 'never' ? lastingPauseMs : passingPauseMs);
  return { code, detail: (detail ?? '').slice(0, 200), fix, at: now, retryAt: now + Math.min(pause, 15 * 60_000) };
}

const known = new Map<string, ErrorCode>(Object.values(errorCodes).map((code) => [code, code]));

/** The remembered failure, for who comes before the next try. */
export function errorOfFailure({ code, detail, fix, retryAt }: Failure, now: number): TandemError {
  return new TandemError(known.get(code) ?? errorCodes.unavailable, {
    retry: 'later',
    fix,
    detail,
    retryAfterMs: Math.max(0, retryAt - now),
  });
}
