import { createHash, randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { type Person, tandemApplication, tenantId } from '../company/people';
import type { Authority } from './authority';
import type { Registration } from './clients';
import type { Grant } from './grants';
import type { Version } from './routes';
import type { Target } from './target';

/** What Contoso's administrator has granted Tandem in Graph, as the `roles` of an app-only token. */
const applicationRoles = [
  'Calendars.ReadWrite',
  'Contacts.ReadWrite',
  'Mail.ReadWrite',
  'MailboxSettings.Read',
  'Tasks.ReadWrite.All',
  'User.Read.All',
] as const;

/** The issuer of tokens of one generation; it ends in a slash in v1 only, as Entra's does. */
export function issuerOf(url: string, version: Version, tenant: string = tenantId): string {
  return version === 1 ? `${url}/${tenant}/` : `${url}/${tenant}/v2.0`;
}

/** The resource's registration decides which generation its tokens have, not the endpoint: Graph and Dataverse get v1. */
export function tokenVersion(resource: string): Version {
  return resource === tandemApplication.audience ? 2 : 1;
}

/** The claims of an access token with which a client acts for a person. */
export function delegatedClaims(authority: Authority, { client, person }: Grant, target: Target): JWTPayload {
  const version = tokenVersion(target.resource);
  const ownApi = target.resource === tandemApplication.audience;
  return {
    ...accessClaims(authority, client, target, version),
    ...nameClaims(person, version),
    oid: person.objectId,
    sub: pairwise(client.clientId, person),
    scp: scopeClaim(target),
    ...(ownApi ? { roles: [...person.roles] } : {}),
  };
}

/** The claims of an access token with which a client acts for itself; `objectId` is its service principal's. */
export function applicationClaims(authority: Authority, client: Registration, objectId: string, target: Target): JWTPayload {
  const ownApi = target.resource === tandemApplication.audience;
  return {
    ...accessClaims(authority, client, target, tokenVersion(target.resource)),
    idtyp: 'app',
    oid: objectId,
    sub: objectId,
    ...(ownApi ? {} : { roles: [...applicationRoles] }),
  };
}

/** The claims of an id_token, which tells the client who signed in. */
export function identityClaims(authority: Authority, { client, person, target }: Grant, version: Version, nonce?: string): JWTPayload {
  return {
    ...times(authority),
    aud: client.clientId,
    iss: issuerOf(authority.url, version),
    ...nameClaims(person, version),
    ...(target?.openid.includes('email') ? { email: person.email } : {}),
    ...(nonce === undefined ? {} : { nonce }),
    oid: person.objectId,
    sub: pairwise(client.clientId, person),
    tid: tenantId,
    ver: `${version}.0`,
    uti: randomUUID(),
  };
}

/** The permissions of the target as one claim; `.default` stands for what the person consented to. */
export function scopeClaim(target: Target): string {
  const named = target.permissions.filter((permission) => permission !== '.default');
  return named.length > 0 ? named.join(' ') : 'user_impersonation';
}

function accessClaims(authority: Authority, client: Registration, target: Target, version: Version): JWTPayload {
  const proof = client.secrets === undefined ? '0' : '1';
  const id = randomUUID();
  return {
    ...times(authority),
    aud: target.resource,
    iss: issuerOf(authority.url, version),
    tid: tenantId,
    ver: `${version}.0`,
    uti: id,
    jti: id,
    ...(version === 1 ? { appid: client.clientId, appidacr: proof } : { azp: client.clientId, azpacr: proof }),
  };
}

function times({ now, lifetimes }: Authority): JWTPayload {
  const issuedAt = Math.floor(now() / 1000);
  return { iat: issuedAt, nbf: issuedAt, exp: issuedAt + lifetimes.access };
}

function nameClaims(person: Person, version: Version): JWTPayload {
  const name = `${person.firstName} ${person.lastName}`;
  if (version === 2) return { name, preferred_username: person.email };
  return { name, given_name: person.firstName, family_name: person.lastName, upn: person.email, unique_name: person.email };
}

/** A subject that differs from client to client, as Entra's does: only `oid` is the same everywhere. */
function pairwise(clientId: string, person: Person): string {
  return createHash('sha256').update(`${clientId}|${person.objectId}`).digest('base64url');
}
