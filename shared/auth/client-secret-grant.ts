import * as oauth from 'openid-client';
import type { Clock } from '../platform/clock';
import type { Config } from '../platform/config';
import { errorCodes, TandemError } from '../platform/errors';
import type { Grant } from './token-source';

/** What Entra answers where its own state is at fault and a later try can help. */
const passing = new Set(['temporarily_unavailable', 'server_error']);

/**
 * Tokens by client credentials. The endpoints are written out by hand: they are fixed for a tenant, and so no discovery request can fail.
 * Source: Microsoft identity platform, "OAuth 2.0 client credentials flow".
 */
export function clientSecretGrant(config: Config, clientSecret: string, fetch: typeof globalThis.fetch, clock: Clock): Grant {
  const { authorityUrl, tenantId, clientId, requestTimeoutMs } = config;
  const server = {
    issuer: `${authorityUrl}/${tenantId}/v2.0`,
    token_endpoint: `${authorityUrl}/${tenantId}/oauth2/v2.0/token`,
  };
  const client = new oauth.Configuration(server, clientId, {}, oauth.ClientSecretPost(clientSecret));
  client[oauth.customFetch] = (url, options) => fetch(url, options as RequestInit);
  client.timeout = Math.ceil(requestTimeoutMs / 1_000);
  if (authorityUrl.startsWith('http:')) oauth.allowInsecureRequests(client);

  return async (scope) => {
    const askedAt = clock.now();
    try {
      const { access_token, expiresIn } = await oauth.clientCredentialsGrant(client, { scope });
      return { token: access_token, expiresAt: askedAt + (expiresIn() ?? 0) * 1_000 };
    } catch (error) {
      throw grantError(error);
    }
  };
}

/** The failed request in Tandem's words: `error` and the AADSTS numbers decide, never the description, which is for people. */
function grantError(error: unknown): TandemError {
  if (error instanceof oauth.ResponseBodyError) {
    const detail = [error.error, ...aadstsNumbers(error.cause)].join(' ');
    if (error.status === 429) return throttled(error.response, detail, error);
    if (passing.has(error.error) || error.status >= 500) return unavailable(error.status, detail, error);
    return new TandemError(errorCodes.settings, {
      retry: 'never',
      fix: 'Check TENANT_ID, CLIENT_ID and CLIENT_SECRET: a secret may have run out. Look the AADSTS number up for the reason.',
      status: error.status,
      detail,
      cause: error,
    });
  }
  if (error instanceof oauth.ClientError) {
    if (error.cause instanceof Response) {
      const { status } = error.cause;
      return status === 429 ? throttled(error.cause, `HTTP ${status}`, error) : unavailable(status, `HTTP ${status}`, error);
    }
    if (error.code === 'OAUTH_TIMEOUT') {
      return new TandemError(errorCodes.timeout, {
        retry: 'later',
        fix: 'Wait: it is tried again.',
        detail: 'the sign-in service',
        cause: error,
      });
    }
  }
  return unavailable(undefined, 'no answer', error);
}

/** Entra's own numbers for what went wrong, such as AADSTS7000222 for a secret that ran out. */
function aadstsNumbers(body: unknown): string[] {
  const codes = typeof body === 'object' && body !== null && 'error_codes' in body ? body.error_codes : undefined;
  return Array.isArray(codes) ? codes.filter((code) => Number.isInteger(code)).map((code) => `AADSTS${code}`) : [];
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
