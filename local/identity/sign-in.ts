import { decodeJwt } from 'jose';
import { person, tandemApplication } from '../company/people';
import { walkthroughClientId } from './clients';

/** The part of a running provider that a caller needs to know. */
export interface SignInAddress {
  readonly url: string;
  readonly tenantId: string;
}

/** An access token with which a script or a test acts as a person; `personKey` is a key such as `anna`. */
export function tokenForPerson(identity: SignInAddress, personKey: string, resource: string): Promise<string> {
  return remembered(identity, `${personKey} ${resource}`, {
    grant_type: 'password',
    client_id: walkthroughClientId,
    username: person(personKey).email,
    password: 'any',
    scope: `${resource}/.default`,
  });
}

/** An access token with which Tandem acts as itself. */
export function tokenForApplication(identity: SignInAddress, resource: string): Promise<string> {
  return remembered(identity, resource, {
    grant_type: 'client_credentials',
    client_id: tandemApplication.clientId,
    client_secret: tandemApplication.clientSecret,
    scope: `${resource}/.default`,
  });
}

/** A token is used again until this long before it expires. */
const marginMs = 60_000;

/** By provider, not by address: a provider that was started anew on the same port signs with another key. */
const caches = new WeakMap<SignInAddress, Map<string, { token: string; usableUntil: number }>>();

async function remembered(identity: SignInAddress, key: string, form: Readonly<Record<string, string>>): Promise<string> {
  const cache = caches.get(identity) ?? new Map<string, { token: string; usableUntil: number }>();
  caches.set(identity, cache);
  const known = cache.get(key);
  if (known !== undefined && known.usableUntil > Date.now()) return known.token;
  const token = await request(identity, form);
  cache.set(key, { token, usableUntil: (decodeJwt(token).exp ?? 0) * 1000 - marginMs });
  return token;
}

async function request(identity: SignInAddress, form: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(`${identity.url}/${identity.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const answer = (await response.json()) as { access_token?: string; error_description?: string };
  if (answer.access_token === undefined) throw new Error(`No token (${response.status}): ${answer.error_description ?? 'no reason given'}`);
  return answer.access_token;
}
