import type { TandemError } from '../platform/errors';

/**
 * How long the service asked to be left alone, ms; null where it did not say. A `Retry-After` of nothing, or of a date that has passed, says nothing: who goes by it
 * asks again and again without a pause for as long as the service refuses.
 */
export function askedFor({ retryAfterMs }: TandemError): number | null {
  return retryAfterMs === undefined || retryAfterMs <= 0 ? null : retryAfterMs;
}
