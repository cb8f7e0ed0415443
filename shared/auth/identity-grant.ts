import type { TokenCredential } from '@azure/identity';
import type { Config } from '../platform/config';
import { errorCodes, TandemError } from '../platform/errors';
import type { Grant } from './token-source';

/**
 * Tokens without a secret: as the user-assigned managed identity that the settings name, otherwise as whoever Azure's default chain finds.
 * The library is loaded at the first token, because an app with a secret never needs its weight.
 */
export function identityGrant(config: Config): Grant {
  let credential: Promise<TokenCredential> | undefined;
  return async (scope) => {
    credential ??= loadCredential(config);
    const token = await (await credential).getToken(scope).catch((cause: unknown) => {
      throw identityError(cause);
    });
    if (token === null) throw identityError(undefined);
    return { token: token.token, expiresAt: token.expiresOnTimestamp };
  };
}

async function loadCredential(config: Config): Promise<TokenCredential> {
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
  const { managedIdentityClientId, tenantId, authorityUrl } = config;
  if (managedIdentityClientId !== null) return new ManagedIdentityCredential({ clientId: managedIdentityClientId });
  return new DefaultAzureCredential({ tenantId, authorityHost: authorityUrl });
}

/** Whether an identity is missing or only slow to answer cannot be told apart for sure, so it is tried again. */
function identityError(cause: unknown): TandemError {
  return new TandemError(errorCodes.unavailable, {
    retry: 'later',
    fix: 'See whether the app has a managed identity and MANAGED_IDENTITY_CLIENT_ID is its client id; without one, set CLIENT_SECRET.',
    detail: `no token from the managed identity${cause instanceof Error ? ` (${cause.name})` : ''}`,
    cause,
  });
}
