import { decodeJwt, type JWTPayload } from 'jose';
import * as oauth from 'openid-client';
import { z } from 'zod';
import type { CodeSignIn } from '../model/integration-connection';
import type { Clock } from '../platform/clock';
import type { Config } from '../platform/config';
import { errorCodes, TandemError } from '../platform/errors';
import { askedFor } from './asked-for';
import { type Binding, nonceOf, verifierOf } from './binding';
import { endpointsOf } from './endpoints';
import { grantError, reasonToSignInAgain } from './grant-error';

/** What a sign-in or a refresh gave. `expiresAt` is that of the access token, UTC ms. */
export interface IssuedTokens {
  readonly accessToken: string;
  /** Null where the service gave none: the sign-in ends with the access token. */
  readonly refreshToken: string | null;
  readonly expiresAt: number;
}

/** A code that was redeemed, and whose account it was: her Entra object id, lower case; null where the service does not say. */
export interface Redeemed {
  readonly tokens: IssuedTokens;
  readonly account: string | null;
}

export type Refreshed =
  | { readonly kind: 'issued'; readonly tokens: IssuedTokens }
  /** Only a new sign-in helps; `why` is the service's own reason. */
  | { readonly kind: 'over'; readonly why: string };

/** One authorization-code configuration of one integration. All throw TandemError. */
export interface SignInClient {
  /** Names client, service and environment: tokens of one are never shown to another. */
  readonly name: string;
  authorizationUrl(binding: Binding, redirectUri: string, prompt: string | null): Promise<URL>;
  /** Redeems the code of a callback, whose address is as the browser called it. Throws TandemError `refused` for tokens that are not to be trusted. */
  redeem(callback: URL, binding: Binding): Promise<Redeemed>;
  refresh(refreshToken: string): Promise<Refreshed>;
  /** Revokes a refresh token; false where the service has no endpoint for that, as Entra ID and AD FS have none. */
  revoke(refreshToken: string): Promise<boolean>;
}

export interface SignInClientOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  /** The environment that the tokens are for. */
  readonly baseUrl: string;
  readonly signIn: CodeSignIn;
  /** The client's own secret; null for a public client. */
  readonly secret: string | null;
}

/** For a service that does not say how long its token lives. */
const assumedSeconds = 300;
const clockToleranceSeconds = 60;

const refused = 'Check clientId, secret and addresses of the sign-in: a secret may have run out. Look the AADSTS number up for the reason.';

/** What tells a client and its service from others: tokens of one are of no use to another. Throws TandemError `settings` for addresses of no sign-in service. */
export function clientName({
  config,
  baseUrl,
  signIn,
}: Pick<SignInClientOptions, 'baseUrl' | 'signIn'> & { readonly config: Pick<Config, 'authorityUrl' | 'tenantId'> }): string {
  return `${signIn.clientId} ${endpointsOf(config, signIn).tokenUrl} ${baseUrl}`;
}

export function createSignInClient(options: SignInClientOptions): SignInClient {
  const { config, clock, baseUrl, signIn } = options;
  const endpoints = endpointsOf(config, signIn);
  const asked = askedFor(endpoints.generation, baseUrl, signIn);

  async function redeemed(callback: URL, binding: Binding): Promise<Redeemed> {
    const client = libraryClient(options, {});
    oauth.enableNonRepudiationChecks(client);
    const askedAt = clock.now();
    const checks = { expectedState: binding.state, expectedNonce: nonceOf(binding), pkceCodeVerifier: verifierOf(binding) };
    const reply = await oauth.authorizationCodeGrant(client, callback, checks, asked.redemption);
    const account = accountOf(reply.claims(), endpoints.generation === 'adfs' ? null : config.tenantId);
    checkAgrees(reply.access_token, account, config.tenantId);
    return { tokens: tokensOf(reply, askedAt), account };
  }

  return {
    name: clientName(options),
    async authorizationUrl(binding, redirectUri, prompt) {
      const address = new URL(endpoints.authorizationUrl);
      // What an admin has written into the address counts least, and nothing may stand there twice.
      return oauth.buildAuthorizationUrl(libraryClient(options, { authorization_endpoint: `${address.origin}${address.pathname}` }), {
        ...Object.fromEntries(address.searchParams),
        ...asked.authorization,
        redirect_uri: redirectUri,
        state: binding.state,
        nonce: nonceOf(binding),
        code_challenge: await oauth.calculatePKCECodeChallenge(verifierOf(binding)),
        code_challenge_method: 'S256',
        ...(prompt === null ? {} : { prompt }),
      });
    },
    async redeem(callback, binding) {
      try {
        return await redeemed(callback, binding);
      } catch (error) {
        if (error instanceof TandemError) throw error;
        const why = reasonToSignInAgain(error);
        if (why !== null) throw untrusted(why);
        const failure = grantError(error, refused);
        throw failure.code === errorCodes.unexpectedReply ? untrusted(failure.detail ?? '') : failure;
      }
    },
    async refresh(refreshToken) {
      const askedAt = clock.now();
      try {
        const client = libraryClient({ ...options, fetch: async (url, request) => withoutIdToken(await options.fetch(url, request)) }, {});
        const reply = await oauth.refreshTokenGrant(client, refreshToken, asked.refresh);
        return { kind: 'issued', tokens: tokensOf(reply, askedAt) };
      } catch (error) {
        const why = reasonToSignInAgain(error);
        if (why !== null) return { kind: 'over', why };
        throw grantError(error, refused);
      }
    },
    async revoke(refreshToken) {
      try {
        const endpoint = await revocationEndpoint(options, endpoints);
        if (endpoint === null) return false;
        await oauth.tokenRevocation(libraryClient(options, { revocation_endpoint: endpoint }), refreshToken, {
          token_type_hint: 'refresh_token',
        });
        return true;
      } catch (error) {
        throw grantError(error, refused);
      }
    },
  };
}

/** The library's client, with endpoints written out by hand. Plain http passes the settings only where it stays on this machine. */
function libraryClient(
  { config, clock, fetch, signIn, secret }: SignInClientOptions,
  more: Partial<oauth.ServerMetadata>,
): oauth.Configuration {
  const { issuer, authorizationUrl, tokenUrl, jwksUrl } = endpointsOf(config, signIn);
  const server = { issuer, authorization_endpoint: authorizationUrl, token_endpoint: tokenUrl, jwks_uri: jwksUrl, ...more };
  const times = {
    [oauth.clockSkew]: Math.round((clock.now() - Date.now()) / 1_000),
    [oauth.clockTolerance]: clockToleranceSeconds,
    id_token_signed_response_alg: 'RS256',
  };
  const client = new oauth.Configuration(server, signIn.clientId, times, authenticationOf(signIn, secret));
  client[oauth.customFetch] = (url, request) => fetch(url, request as RequestInit);
  client.timeout = Math.ceil(config.requestTimeoutMs / 1_000);
  if (tokenUrl.startsWith('http:')) oauth.allowInsecureRequests(client);
  return client;
}

/**
 * The reply of a refresh without its ID token. Nobody reads it, for a refresh changes nothing about who signed in; but the library would refuse the whole reply for
 * one that the first generation has not signed, or where clocks differ.
 */
async function withoutIdToken(reply: Response): Promise<Response> {
  if (!reply.ok) return reply;
  const text = await reply.text();
  const told = z.looseObject({ id_token: z.unknown() }).safeParse(jsonOf(text));
  const { status, headers } = reply;
  if (!told.success) return new Response(text, { status, headers });
  const { id_token: _, ...rest } = told.data;
  return new Response(JSON.stringify(rest), { status, headers });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function authenticationOf({ clientAuthentication }: CodeSignIn, secret: string | null): oauth.ClientAuth {
  if (secret === null) return oauth.None();
  return clientAuthentication === 'header' ? oauth.ClientSecretBasic(secret) : oauth.ClientSecretPost(secret);
}

function tokensOf(reply: oauth.TokenEndpointResponse, askedAt: number): IssuedTokens {
  const expiresAt = askedAt + (reply.expires_in ?? assumedSeconds) * 1_000;
  return { accessToken: reply.access_token, refreshToken: reply.refresh_token ?? null, expiresAt };
}

const Identity = z.object({ oid: z.guid().toLowerCase().optional(), tid: z.string().toLowerCase().optional() });

/** Whose account it is. Entra ID always says so, with the tenant; AD FS only where its administrator has added the claim `oid`. */
function accountOf(claims: JWTPayload | undefined, tenantId: string | null): string | null {
  const told = Identity.safeParse(claims);
  if (!told.success) throw untrusted('the ID token does not say who signed in');
  const { oid, tid } = told.data;
  if (tenantId === null) return oid ?? null;
  if (tid !== tenantId) throw untrusted('the account is of another tenant');
  if (oid === undefined) throw untrusted('the ID token does not say who signed in');
  return oid;
}

/** An access token is the environment's to read; but where it can be read and speaks of somebody else, it was swapped. */
function checkAgrees(accessToken: string, account: string | null, tenantId: string): void {
  const told = Identity.safeParse(readable(accessToken));
  if (!told.success) return;
  const { oid, tid } = told.data;
  if (account !== null && oid !== undefined && oid !== account) throw untrusted('the access token is of another account');
  if (tid !== undefined && tid !== tenantId) throw untrusted('the access token is of another tenant');
}

function readable(token: string): JWTPayload | null {
  try {
    return decodeJwt(token);
  } catch {
    return null;
  }
}

/** What the service's own metadata name for revoking, as long as it is at the same place. */
async function revocationEndpoint(
  { config, fetch }: SignInClientOptions,
  { generation, jwksUrl, tokenUrl }: ReturnType<typeof endpointsOf>,
): Promise<string | null> {
  const base = jwksUrl.replace(/\/discovery\/.*$/, generation === 'v2' ? '/v2.0' : '');
  const signal = AbortSignal.timeout(config.requestTimeoutMs);
  const reply = await fetch(`${base}/.well-known/openid-configuration`, { redirect: 'manual', signal });
  const told = z.object({ revocation_endpoint: z.url() }).safeParse(await reply.json().catch(() => null));
  if (!told.success || new URL(told.data.revocation_endpoint).origin !== new URL(tokenUrl).origin) return null;
  return told.data.revocation_endpoint;
}

function untrusted(detail: string): TandemError {
  return new TandemError(errorCodes.refused, {
    retry: 'never',
    fix: 'Start the sign-in again. If it stays, check the addresses and the client of the sign-in.',
    detail,
  });
}
