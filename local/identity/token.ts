import type { JWTPayload } from 'jose';
import type { WireReply, WireRequest } from '../serving/wire';
import { type Authority, checkTenant, findPerson, isShared } from './authority';
import { applicationClaims, delegatedClaims, identityClaims, scopeClaim } from './claims';
import { authenticate, type Registration } from './clients';
import type { Grant } from './grants';
import { Parameters } from './parameters';
import type { Route, Version } from './routes';
import { errorReply, StsError } from './sts-error';
import { applicationTargetOf, needTarget, type Target, targetOf } from './target';

/** The token endpoint of either generation. */
export async function tokenReply(authority: Authority, request: WireRequest, route: Route): Promise<WireReply> {
  try {
    if (request.method !== 'POST') {
      const text = `The endpoint only accepts POST and OPTIONS requests, and received a ${request.method} request.`;
      throw new StsError('invalid_request', 900561, text, { status: 405 });
    }
    checkTenant(route.tenant);
    const parameters = new Parameters(new URLSearchParams(request.body));
    const grantType = parameters.need('grant_type');
    authority.failures.check('token', grantType);
    const client = authenticate(authority.clients, parameters, request);
    const body = await granted(authority, parameters, grantType, client, route);
    authority.issued.addAnswer(body);
    return { status: 200, headers: { 'cache-control': 'no-store', pragma: 'no-cache' }, body };
  } catch (error) {
    if (error instanceof StsError) return errorReply(error, request, authority.now());
    throw error;
  }
}

async function granted(
  authority: Authority,
  parameters: Parameters,
  grantType: string,
  client: Registration,
  route: Route,
): Promise<object> {
  const { version } = route;
  switch (grantType) {
    case 'authorization_code': {
      const redirectUri = parameters.need('redirect_uri');
      const asked = targetOf(parameters, version);
      const grant = authority.grants.redeemCode(parameters.need('code'), client, redirectUri, parameters.get('code_verifier'));
      return forPerson(authority, grant, asked, version, grant.nonce);
    }
    case 'refresh_token': {
      const grant = authority.grants.useRefreshToken(parameters.need('refresh_token'), client);
      return forPerson(authority, grant, targetOf(parameters, version), version);
    }
    case 'client_credentials':
      return forApplication(authority, parameters, client, route);
    case 'password':
      return forPerson(authority, passwordGrant(parameters, client, route), targetOf(parameters, version), version);
    default:
      throw new StsError('unsupported_grant_type', 70003, `The grant type '${grantType}' is not supported here.`);
  }
}

/** Tokens for a person: the grant's own target where the request names none, and any other resource where it does. */
async function forPerson(authority: Authority, grant: Grant, asked: Target | undefined, version: Version, nonce?: string): Promise<object> {
  const target = needTarget(asked ?? grant.target, version);
  const openid = [...new Set([...(grant.target?.openid ?? []), ...target.openid])];
  const lasting: Grant = { ...grant, target: { ...target, openid } };
  const claims = delegatedClaims(authority, grant, target);
  const wantsRefresh = version === 1 || openid.includes('offline_access');
  const wantsIdentity = version === 1 || openid.includes('openid');
  return {
    ...common(authority, target, claims, version),
    scope: version === 1 ? scopeClaim(target) : grantedScope(target, openid),
    access_token: await authority.key.sign(claims),
    ...(wantsRefresh ? { refresh_token: authority.grants.issueRefreshToken(lasting, authority.lifetimes.refresh * 1000) } : {}),
    ...(wantsIdentity ? { id_token: await authority.key.sign(identityClaims(authority, lasting, version, nonce)) } : {}),
  };
}

/** An app-only token. There is no refresh token: the secret gets the next one. */
async function forApplication(authority: Authority, parameters: Parameters, client: Registration, route: Route): Promise<object> {
  if (isShared(route.tenant)) {
    throw new StsError('invalid_request', 50059, 'No tenant is named in the request or implied by the credentials.');
  }
  if (client.objectId === undefined) {
    throw new StsError('invalid_client', 7000216, "'client_assertion' or 'client_secret' is required for the client credentials grant.");
  }
  const target = applicationTargetOf(parameters, route.version);
  const claims = applicationClaims(authority, client, client.objectId, target);
  return { ...common(authority, target, claims, route.version), access_token: await authority.key.sign(claims) };
}

/** The resource owner password grant, for the public client only: who knows a person's address may act as that person. */
function passwordGrant(parameters: Parameters, client: Registration, route: Route): Grant {
  if (route.tenant === 'common') {
    throw new StsError('invalid_request', 9001023, 'This grant type is not supported over /common; name the tenant or use /organizations.');
  }
  if (client.secrets !== undefined) throw new StsError('unauthorized_client', 70001, `'${client.name}' may not take people's passwords.`);
  const username = parameters.need('username');
  parameters.need('password');
  const person = findPerson(username);
  if (person === undefined)
    throw new StsError('invalid_grant', 50034, `The account '${username}' does not exist in the directory Contoso.`);
  return { client, person, target: undefined };
}

/** What every token answer carries. The v1 endpoint writes its numbers as strings and names the resource; v2 does neither. */
function common({ lifetimes }: Authority, target: Target, claims: JWTPayload, version: Version): object {
  const seconds = lifetimes.access;
  if (version === 2) return { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds };
  return {
    token_type: 'Bearer',
    expires_in: String(seconds),
    ext_expires_in: String(seconds),
    expires_on: String(claims.exp),
    not_before: String(claims.nbf),
    resource: target.resource,
  };
}

/** The scopes with the resource's address, as v2 reports them; `offline_access` is granted but never listed. */
function grantedScope(target: Target, openid: readonly string[]): string {
  const permissions = [...new Set([...scopeClaim(target).split(' '), ...target.permissions])];
  return [
    ...permissions.map((permission) => `${target.resource}/${permission}`),
    ...openid.filter((scope) => scope !== 'offline_access'),
  ].join(' ');
}
