import * as oauth from 'openid-client';
import type { Clock } from '../platform/clock';
import type { Config } from '../platform/config';
import { grantError } from './grant-error';
import type { Grant } from './token-source';

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
      throw grantError(
        error,
        'Check TENANT_ID, CLIENT_ID and CLIENT_SECRET: a secret may have run out. Look the AADSTS number up for the reason.',
      );
    }
  };
}
