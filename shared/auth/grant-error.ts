import * as oauth from 'openid-client';
import { errorCodes, TandemError } from '../platform/errors';

/** What Entra answers where its own state is at fault and a later try can help. */
const passing = new Set(['temporarily_unavailable', 'server_error']);

/** What only a person at a sign-in page can put right. Source: Microsoft identity platform, "Authentication and authorization error codes". */
const over = new Set(['invalid_grant', 'interaction_required', 'consent_required', 'login_required', 'account_selection_required']);

/** Where the answer was not one that the library could read to its end; a later one may be. */
const broken = new Set(['OAUTH_PARSE_ERROR', 'OAUTH_RESPONSE_IS_NOT_JSON', 'OAUTH_RESPONSE_IS_NOT_CONFORM']);

/** The service's own reason for which a person has to sign in again; null for any other failure. */
export function reasonToSignInAgain(error: unknown): string | null {
  return error instanceof oauth.ResponseBodyError && error.status !== 429 && over.has(error.error) ? reasonOf(error) : null;
}

/**
 * A failed token request in Tandem's words: `error` and the AADSTS numbers decide, never the description, which is for people. What the library attaches to an
 * answer that it does not trust is left out, because it may hold tokens.
 * @param refused what to do where the service refuses the client itself
 */
export function grantError(error: unknown, refused: string): TandemError {
  if (error instanceof oauth.ResponseBodyError) {
    const detail = reasonOf(error);
    if (error.status === 429) return throttled(error.response, detail, error);
    if (passing.has(error.error) || error.status >= 500) return unavailable(error.status, detail, error);
    return new TandemError(errorCodes.settings, { retry: 'never', fix: refused, status: error.status, detail, cause: error });
  }
  if (!(error instanceof oauth.ClientError)) return unavailable(undefined, 'no answer', undefined);
  if (error.code === 'OAUTH_TIMEOUT') {
    return new TandemError(errorCodes.timeout, { retry: 'later', fix: 'Wait: it is tried again.', detail: 'the sign-in service' });
  }
  if (error.cause instanceof Response) {
    const { status } = error.cause;
    return status === 429
      ? throttled(error.cause, `HTTP ${status}`, undefined)
      : unavailable(status === 200 ? undefined : status, `HTTP ${status}`, undefined);
  }
  if (error.code === undefined || broken.has(error.code)) return unavailable(undefined, error.code ?? 'no answer', undefined);
  return new TandemError(errorCodes.unexpectedReply, {
    retry: 'later',
    fix: 'See whether the addresses of the sign-in are right. Nothing of the answer was used.',
    detail: `the sign-in service: ${error.code}`,
  });
}

/** The error and Entra's own numbers for what went wrong, such as AADSTS7000222 for a secret that ran out. */
function reasonOf({ error, cause }: oauth.ResponseBodyError): string {
  const codes = 'error_codes' in cause ? cause.error_codes : undefined;
  const numbers = Array.isArray(codes) ? codes.filter((code) => Number.isInteger(code)).map((code) => `AADSTS${code}`) : [];
  return [/^[\w.-]{1,60}$/.test(error) ? error : 'an error', ...numbers.slice(0, 5)].join(' ');
}

function unavailable(status: number | undefined, detail: string, cause: unknown): TandemError {
  return new TandemError(errorCodes.unavailable, {
    retry: 'later',
    fix: 'Wait: it is tried again. If it stays, see whether AUTHORITY_URL can be reached.',
    detail: `the sign-in service: ${detail}`,
    ...(status === undefined ? {} : { status }),
    cause,
  });
}

function throttled(response: Response, detail: string, cause: unknown): TandemError {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new TandemError(errorCodes.throttled, {
    retry: 'later',
    fix: 'Wait: it is tried again.',
    detail: `the sign-in service: ${detail}`,
    status: 429,
    ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1_000 } : {}),
    cause,
  });
}
