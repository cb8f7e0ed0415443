import type { AccessToken, TokenCredential } from '@azure/identity';
import { type Clock, systemClock } from '../platform/clock';
import type { Config } from '../platform/config';
import { spanned } from '../platform/tracing';
import { clientSecretGrant } from './client-secret-grant';
import { identityGrant } from './identity-grant';

/** A fresh token and when it ends, UTC ms. */
export interface GrantedToken {
  readonly token: string;
  readonly expiresAt: number;
}

/** Asks Entra ID for a token for one scope, such as `https://graph.microsoft.com/.default`. Throws TandemError. */
export type Grant = (scope: string) => Promise<GrantedToken>;

/** Tokens of the application itself. */
export interface TokenSource {
  /** A token for this scope that is good for some minutes yet. Callers at the same time share one request. */
  token(scope: string): Promise<string>;
  /** The same tokens, in the shape that Azure's libraries take. */
  asTokenCredential(): TokenCredential;
}

/** A token is renewed this long before it ends; a short-lived one after half of its life. */
const renewBeforeMs = 5 * 60_000;

/**
 * Tokens of the application: with its client secret where the settings hold one, otherwise as the managed identity.
 * @throws TandemError `settings` where Entra refuses the application, `unavailable`, `throttled` or `timeout` where it does not answer
 */
export function createTokenSource(
  config: Config,
  fetch: typeof globalThis.fetch = globalThis.fetch,
  clock: Clock = systemClock,
): TokenSource {
  const { clientSecret } = config;
  return cachedTokens(clientSecret === null ? identityGrant(config) : clientSecretGrant(config, clientSecret, fetch, clock), clock);
}

interface Kept {
  readonly granted: Promise<GrantedToken>;
  /** UTC ms; null while it is being asked for. */
  renewAt: number | null;
}

/** Tokens of a grant, kept until shortly before they end. A failure is not kept. */
export function cachedTokens(grant: Grant, clock: Clock): TokenSource {
  const kept = new Map<string, Kept>();

  function granted(scope: string): Promise<GrantedToken> {
    const known = kept.get(scope);
    if (known !== undefined && (known.renewAt === null || clock.now() < known.renewAt)) return known.granted;
    const entry: Kept = { granted: spanned('token', 'step', { 'tandem.token': 'application' }, () => grant(scope)), renewAt: null };
    kept.set(scope, entry);
    entry.granted.then(
      ({ expiresAt }) => {
        entry.renewAt = expiresAt - Math.min(renewBeforeMs, (expiresAt - clock.now()) / 2);
      },
      () => {
        if (kept.get(scope) === entry) kept.delete(scope);
      },
    );
    return entry.granted;
  }

  const getToken = async (scopes: string | string[]): Promise<AccessToken> => {
    const { token, expiresAt } = await granted(typeof scopes === 'string' ? scopes : scopes.join(' '));
    return { token, expiresOnTimestamp: expiresAt };
  };
  return { token: async (scope) => (await granted(scope)).token, asTokenCredential: () => ({ getToken }) };
}
