import type { WireRequest } from '../serving/wire';

/** The endpoint generation: v1 names a `resource`, v2 names scopes. */
export type Version = 1 | 2;
export type EndpointKind = 'authorize' | 'signIn' | 'token' | 'keys' | 'discovery' | 'logout' | 'adminConsent';

export interface Route {
  /** As the caller wrote it: a GUID, a domain, `common` or `organizations`. */
  readonly tenant: string;
  readonly kind: EndpointKind;
  readonly version: Version;
}

const endpoints: Readonly<Record<string, Omit<Route, 'tenant'>>> = {
  'oauth2/authorize': { kind: 'authorize', version: 1 },
  'oauth2/v2.0/authorize': { kind: 'authorize', version: 2 },
  'oauth2/token': { kind: 'token', version: 1 },
  'oauth2/v2.0/token': { kind: 'token', version: 2 },
  'discovery/keys': { kind: 'keys', version: 1 },
  'discovery/v2.0/keys': { kind: 'keys', version: 2 },
  '.well-known/openid-configuration': { kind: 'discovery', version: 1 },
  'v2.0/.well-known/openid-configuration': { kind: 'discovery', version: 2 },
  'oauth2/logout': { kind: 'logout', version: 1 },
  'oauth2/v2.0/logout': { kind: 'logout', version: 2 },
  adminconsent: { kind: 'adminConsent', version: 1 },
  'v2.0/adminconsent': { kind: 'adminConsent', version: 2 },
  'sign-in': { kind: 'signIn', version: 2 },
};

/** Where a request goes; undefined for a path that the provider does not have. */
export function routeOf(request: WireRequest): Route | undefined {
  const [, tenant, rest] = /^\/([^/]+)\/(.+)$/.exec(request.url.pathname) ?? [];
  const endpoint = rest === undefined || !Object.hasOwn(endpoints, rest) ? undefined : endpoints[rest];
  if (tenant === undefined || endpoint === undefined) return undefined;
  return { tenant: decodeURIComponentOrSame(tenant).toLowerCase(), ...endpoint };
}

/** The label under which a request is counted, the same for every tenant name. */
export function endpointLabel(request: WireRequest): string {
  const route = routeOf(request);
  if (route === undefined) return `${request.method} {unknown}`;
  return `${request.method} /{tenant}/${request.url.pathname.split('/').slice(2).join('/')}`;
}

function decodeURIComponentOrSame(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
