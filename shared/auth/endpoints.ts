import type { CodeSignIn, ServiceSignIn } from '../model/integration-connection';
import type { Config } from '../platform/config';
import { errorCodes, TandemError } from '../platform/errors';
import { SafeUrl } from '../platform/safe-url';

/** The generations of sign-in services that Dynamics knows. They differ in how a request says what it wants a token for. */
export type Generation = 'v1' | 'v2' | 'adfs';

/** Where one sign-in goes, and who is believed. */
export interface Endpoints {
  readonly generation: Generation;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  /** Who signs ID tokens. */
  readonly issuer: string;
  readonly jwksUrl: string;
}

type EntraSettings = Pick<Config, 'authorityUrl' | 'tenantId'>;

/** Names under which Entra ID answers and that its tokens do not use. Source: Microsoft identity platform, "National clouds"; OpenID configurations. */
const aliases: Readonly<Record<string, string>> = {
  'https://login.windows.net': 'https://login.microsoftonline.com',
  'https://login.microsoft.com': 'https://login.microsoftonline.com',
  'https://sts.windows.net': 'https://login.microsoftonline.com',
};

/** Who signs the ID tokens of the first generation, by where one signs in; anywhere else the place itself does. */
const firstIssuers: Readonly<Record<string, string>> = {
  'https://login.microsoftonline.com': 'https://sts.windows.net',
  'https://login.microsoftonline.us': 'https://sts.windows.net',
  'https://login.partner.microsoftonline.cn': 'https://sts.chinacloudapi.cn',
};

interface Shape {
  readonly generation: Generation;
  /** Where the service itself lives, such as `https://login.microsoftonline.com/contoso.com`. */
  readonly base: string;
}

const paths: Readonly<Record<'authorize' | 'token', readonly (readonly [Generation, RegExp])[]>> = {
  authorize: [
    ['adfs', /\/oauth2\/authorize\/?$/],
    ['v2', /\/oauth2\/v2\.0\/authorize$/],
    ['v1', /\/oauth2\/authorize$/],
  ],
  token: [
    ['adfs', /\/oauth2\/token\/?$/],
    ['v2', /\/oauth2\/v2\.0\/token$/],
    ['v1', /\/oauth2\/token$/],
  ],
};

/**
 * The endpoints of a sign-in by code: those of Entra ID for the tenant where the admin named none. Both addresses must be of one service and one generation,
 * because whose tokens are believed follows from them. The library cannot find them out by itself: the metadata of v1 and of AD FS name other issuers than
 * the place where they are.
 * @throws TandemError `settings` for addresses that are neither Entra ID's nor AD FS's
 */
export function endpointsOf(
  config: EntraSettings,
  { authorizationUrl, tokenUrl }: Pick<CodeSignIn, 'authorizationUrl' | 'tokenUrl'>,
): Endpoints {
  const entra = `${config.authorityUrl}/${config.tenantId}`;
  const chosen = {
    authorizationUrl: authorizationUrl ?? `${entra}/oauth2/v2.0/authorize`,
    tokenUrl: tokenUrl ?? `${entra}/oauth2/v2.0/token`,
  };
  const authorize = shapeOf('authorize', chosen.authorizationUrl);
  const token = shapeOf('token', chosen.tokenUrl);
  if (authorize === null || token === null) throw wrongAddress('an address is neither one of Entra ID nor one of AD FS');
  if (authorize.generation !== token.generation) throw wrongAddress('the two addresses are of different generations');
  if (canonical(authorize.base) !== canonical(token.base)) throw wrongAddress('the two addresses are of different services');
  return { ...chosen, ...trustOf(config, token) };
}

/** Where a certificate's tokens come from. @throws TandemError `settings` */
export function certificateTokenUrl(
  config: EntraSettings,
  { tokenUrl }: Pick<Extract<ServiceSignIn, { by: 'certificate' }>, 'tokenUrl'>,
): string {
  const chosen = tokenUrl ?? `${config.authorityUrl}/${config.tenantId}/oauth2/v2.0/token`;
  if (shapeOf('token', chosen) === null) throw wrongAddress('the token address is neither one of Entra ID nor one of AD FS');
  return chosen;
}

export function generationOf(tokenUrl: string): Generation {
  return shapeOf('token', tokenUrl)?.generation ?? 'v2';
}

function shapeOf(kind: 'authorize' | 'token', address: string): Shape | null {
  if (!SafeUrl.safeParse(address).success) return null;
  const { origin, pathname } = new URL(address);
  for (const [generation, ending] of paths[kind]) {
    const place = pathname.replace(ending, '');
    const isAdfs = /^\/adfs$/i.test(place);
    if (place === pathname || isAdfs !== (generation === 'adfs')) continue;
    if (isAdfs || /^\/[^/]+$/.test(place)) return { generation, base: `${origin}${place}` };
  }
  return null;
}

function trustOf({ tenantId }: EntraSettings, { generation, base }: Shape): Pick<Endpoints, 'generation' | 'issuer' | 'jwksUrl'> {
  const origin = aliasless(new URL(base).origin);
  switch (generation) {
    case 'v2':
      return { generation, issuer: `${origin}/${tenantId}/v2.0`, jwksUrl: `${base}/discovery/v2.0/keys` };
    case 'v1':
      return { generation, issuer: `${firstIssuers[origin] ?? origin}/${tenantId}/`, jwksUrl: `${base}/discovery/keys` };
    case 'adfs':
      return { generation, issuer: base, jwksUrl: `${base}/discovery/keys` };
  }
}

function canonical(base: string): string {
  const { origin, pathname } = new URL(base);
  return `${aliasless(origin)}${pathname.toLowerCase()}`;
}

function aliasless(origin: string): string {
  return aliases[origin] ?? origin;
}

function wrongAddress(detail: string): TandemError {
  return new TandemError(errorCodes.settings, {
    retry: 'never',
    fix: 'Correct authorizationUrl and tokenUrl of the sign-in, or leave both out for Entra ID.',
    detail,
  });
}
