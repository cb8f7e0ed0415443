import * as oauth from 'openid-client';
import type { ServiceSignIn } from '../model/integration-connection';
import type { Clock } from '../platform/clock';
import type { Config } from '../platform/config';
import { errorCodes, TandemError } from '../platform/errors';
import type { Integration } from '../storage/integrations';
import { readCertificate } from './certificate';
import type { ClientSecrets } from './client-secrets';
import { certificateTokenUrl, generationOf } from './endpoints';
import { grantError } from './grant-error';
import { cachedTokens, type Grant, type TokenSource } from './token-source';

type CertificateSignIn = Extract<ServiceSignIn, { by: 'certificate' }>;

export interface CertificateTokensParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly clientSecrets: Pick<ClientSecrets, 'read'>;
  readonly fetchOf: (integration: Integration) => typeof globalThis.fetch;
}

/** Access tokens that Tandem gets for an environment by proving itself with a certificate. */
export type CertificateTokens = (integration: Integration, signIn: CertificateSignIn) => Promise<string>;

/**
 * Tokens by client credentials with a signed assertion instead of a secret. Source: Microsoft identity platform, "Application authentication certificate
 * credentials": RS256 or PS256, the certificate's thumbprint in the header, the token endpoint as the audience.
 */
export function certificateTokens(parts: CertificateTokensParts): CertificateTokens {
  const sources = new Map<string, TokenSource>();
  return async (integration, signIn) => {
    const { id, baseUrl, connection } = integration;
    // With all that a token depends on: an integration may take the name of one that went, and authorities change.
    const name = JSON.stringify([id, baseUrl, connection.onPremises, signIn]);
    const source = sources.get(name) ?? cachedTokens(certificateGrant(parts, integration, signIn), parts.clock);
    sources.set(name, source);
    return source.token(signIn.scope ?? `${baseUrl}/.default`);
  };
}

/** The certificate is read anew for each token, so that one that was replaced is used within the hour. */
function certificateGrant(
  { config, clock, clientSecrets, fetchOf }: CertificateTokensParts,
  integration: Integration,
  signIn: CertificateSignIn,
): Grant {
  const tokenUrl = certificateTokenUrl(config, signIn);
  return async (scope) => {
    const pem = await clientSecrets.read(integration.id, 'certificate');
    if (pem === null) throw noCertificate(integration.id);
    const client = new oauth.Configuration(
      { issuer: tokenUrl, token_endpoint: tokenUrl },
      signIn.clientId,
      {},
      await proofOf(pem, tokenUrl),
    );
    client[oauth.customFetch] = (url, request) => fetchOf(integration)(url, request as RequestInit);
    client.timeout = Math.ceil(config.requestTimeoutMs / 1_000);
    if (tokenUrl.startsWith('http:')) oauth.allowInsecureRequests(client);
    const wanted = generationOf(tokenUrl) === 'v2' ? { scope } : { resource: integration.baseUrl };
    const askedAt = clock.now();
    try {
      const { access_token, expires_in = 0 } = await oauth.clientCredentialsGrant(client, wanted);
      return { token: access_token, expiresAt: askedAt + expires_in * 1_000 };
    } catch (error) {
      throw grantError(
        error,
        'Check clientId and the certificate of the service sign-in: it may have run out. Look the AADSTS number up for the reason.',
      );
    }
  };
}

async function proofOf(pem: string, tokenUrl: string): Promise<oauth.ClientAuth> {
  const { key, x5t, x5tS256 } = readCertificate(pem);
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const signing = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['sign']);
  return oauth.PrivateKeyJwt(signing, {
    [oauth.modifyAssertion]: (header, payload) => {
      Object.assign(header, { typ: 'JWT', x5t, 'x5t#S256': x5tS256 });
      payload.aud = tokenUrl;
    },
  });
}

function noCertificate(integration: string): TandemError {
  return new TandemError(errorCodes.settings, {
    retry: 'later',
    fix: 'Give the integration the certificate with its key.',
    detail: `${integration} signs in by certificate, and none was set`,
  });
}
