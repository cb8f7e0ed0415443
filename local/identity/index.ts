import { randomBytes } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { tandemApplication, tenantId } from '../company/people';
import type { Fault } from '../serving/faults';
import { type Service, type Surroundings, startService } from '../serving/service';
import type { WireReply, WireRequest } from '../serving/wire';
import { adminConsentReply } from './admin-consent';
import { type Authority, checkTenant } from './authority';
import { SignIns } from './authorize';
import { issuerOf } from './claims';
import { registrations } from './clients';
import { identityControls } from './controls';
import { openidConfiguration } from './discovery';
import { Failures } from './failures';
import { Grants } from './grants';
import { Issued, type IssuedSecret } from './issued';
import { messagePage } from './pages';
import { endpointLabel, type Route, routeOf } from './routes';
import { Sessions } from './sessions';
import { signOutReply } from './sign-out';
import { createSigningKey } from './signing';
import { errorReply, StsError } from './sts-error';
import { tokenReply } from './token';

/** A running identity provider, shaped like Entra ID with the one tenant Contoso. */
export interface IdentityProvider {
  readonly service: Service;
  readonly url: string;
  readonly tenantId: string;
  readonly keysUrl: string;
  /** The issuers of its access tokens: v1 for Graph, Dynamics and Key Vault, v2 for Tandem's own API. */
  readonly issuers: readonly string[];
  readonly controls: Readonly<Record<string, (body: unknown) => unknown>>;
  /** A token with any claims, signed like every other: the keys of Entra ID are the same for all tenants and resources. */
  readonly sign: (claims: JWTPayload) => Promise<string>;
  /** Gives Tandem's registration one more client secret, as an administrator does in Entra, and returns it. */
  addClientSecret(): string;
  /** Every secret that it has given away since it was started. */
  issued(): readonly IssuedSecret[];
}

/**
 * Starts the identity provider on loopback. `redirectUris` are the exact redirect URIs registered for Tandem; where absent, any loopback
 * URL that ends in one of its two callback paths is. `now` is in ms.
 */
export async function startIdentityProvider(options: {
  readonly surroundings: Surroundings;
  readonly port?: number;
  readonly now?: () => number;
  readonly redirectUris?: readonly string[];
}): Promise<IdentityProvider> {
  const now = options.now ?? Date.now;
  const key = await createSigningKey();
  const secrets: string[] = [tandemApplication.clientSecret];
  const issued = new Issued();
  const authority: Authority = {
    get url() {
      return service.url;
    },
    now,
    key,
    clients: registrations(secrets, options.redirectUris),
    grants: new Grants(now),
    issued,
    sessions: new Sessions(),
    failures: new Failures(),
    lifetimes: { access: 3599, refresh: 90 * 24 * 3600 },
  };
  const signIns = new SignIns(authority);
  const service: Service = await startService({
    name: 'identity',
    surroundings: options.surroundings,
    ...(options.port === undefined ? {} : { port: options.port }),
    handle: (request) => answer(authority, signIns, request),
    endpointOf: endpointLabel,
    faultReply: (fault, request) => faultReply(fault, request, now()),
  });
  return {
    service,
    url: service.url,
    tenantId,
    keysUrl: `${service.url}/${tenantId}/discovery/v2.0/keys`,
    issuers: [issuerOf(service.url, 1), issuerOf(service.url, 2)],
    controls: identityControls(authority),
    sign: (claims) => key.sign(claims),
    addClientSecret() {
      const secret = `${randomBytes(3).toString('hex')}8Q~${randomBytes(24).toString('base64url')}`;
      secrets.push(secret);
      issued.add('client secret', secret);
      return secret;
    },
    issued: () => issued.all(),
  };
}

async function answer(authority: Authority, signIns: SignIns, request: WireRequest): Promise<WireReply> {
  const route = routeOf(request);
  if (route === undefined) return elsewhere(request);
  const isForPrograms = route.kind === 'token' || route.kind === 'keys' || route.kind === 'discovery';
  if (!isForPrograms) return page(authority, signIns, request, route);
  const reply = request.method === 'OPTIONS' ? { status: 204 } : await programReply(authority, request, route);
  return { ...reply, headers: { ...crossOrigin, ...reply.headers } };
}

function page(authority: Authority, signIns: SignIns, request: WireRequest, route: Route): WireReply {
  switch (route.kind) {
    case 'authorize':
      return signIns.authorize(request, route);
    case 'signIn':
      return signIns.answer(request);
    case 'logout':
      return signOutReply(authority, request);
    default:
      return adminConsentReply(authority, request, route);
  }
}

async function programReply(authority: Authority, request: WireRequest, route: Route): Promise<WireReply> {
  if (route.kind === 'token') return tokenReply(authority, request, route);
  try {
    checkTenant(route.tenant);
  } catch (error) {
    if (!(error instanceof StsError)) throw error;
    return errorReply(new StsError('invalid_tenant', error.code, error.text), request, authority.now());
  }
  return {
    status: 200,
    body: route.kind === 'keys' ? authority.key.keySet : openidConfiguration(authority.url, route.tenant, route.version),
  };
}

/** Browsers may read metadata from anywhere, and a public client may redeem its codes there. */
const crossOrigin = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'content-type, client-request-id',
} as const;

/** The page that `error_uri` leads to, and nothing else. */
function elsewhere(request: WireRequest): WireReply {
  const code = request.url.pathname === '/error' ? /^\d+$/.exec(request.url.searchParams.get('code') ?? '')?.[0] : undefined;
  return code === undefined ? { status: 404, body: 'Not found.' } : messagePage(`AADSTS${code}: see Entra ID's list of error codes.`);
}

function faultReply(fault: Fault, request: WireRequest, now: number): WireReply {
  const throttled = fault.kind === 'throttle';
  const status = throttled ? 429 : fault.status;
  const error = throttled
    ? new StsError('temporarily_unavailable', 90055, 'There are too many incoming requests.', { status })
    : new StsError('temporarily_unavailable', 90033, 'A transient error has occurred. Please try again.', { status });
  const reply = errorReply(error, request, now);
  const wait = fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
  return { ...reply, headers: { ...reply.headers, ...wait } };
}
