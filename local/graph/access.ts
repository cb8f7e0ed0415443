import type { JWTPayload } from 'jose';
import type { TokenVerifier } from '../serving/tokens';
import type { WireRequest } from '../serving/wire';
import { GraphFailure, notImplemented } from './errors';
import type { Exchange } from './exchange';
import type { Mailbox } from './mailbox';
import type { ParsedPath } from './router';

/** Who calls: an application by itself, or a person through one. */
export interface Caller {
  readonly application: string;
  /** The person's object id; undefined for an application by itself. */
  readonly person: string | undefined;
}

/** The caller that the bearer token proves, or 401. */
export async function authenticate(verifier: TokenVerifier, request: WireRequest): Promise<Caller> {
  const authorization = request.headers.authorization;
  const claims = await verifier.verify(authorization);
  if (claims === undefined) {
    const message =
      authorization === undefined
        ? 'Access token is empty.'
        : 'Access token validation failure. Invalid signature, issuer, audience or lifetime.';
    throw new GraphFailure(401, 'InvalidAuthenticationToken', message, {
      headers: { 'www-authenticate': 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"' },
    });
  }
  const application = text(claims, 'appid') ?? text(claims, 'azp') ?? 'unknown';
  const isApplication = claims.idtyp === 'app' || claims.scp === undefined;
  return { application, person: isApplication ? undefined : (text(claims, 'oid') ?? '') };
}

/** The mailbox that a path names, if the caller may reach it: an application every one, a person only their own. */
export function reachMailbox(exchange: Exchange, caller: Caller, path: ParsedPath, user: string): Mailbox {
  if (path.isMe && caller.person === undefined)
    throw new GraphFailure(400, 'BadRequest', '/me request is only valid with delegated authentication flow.');
  const mailbox = exchange.find(path.isMe ? (caller.person ?? '') : user);
  if (mailbox === undefined) {
    if (path.segments.length === 2) throw new GraphFailure(404, 'Request_ResourceNotFound', `Resource '${user}' does not exist.`);
    throw new GraphFailure(404, 'ErrorInvalidUser', `The requested user '${user}' is invalid.`);
  }
  if (caller.person !== undefined && caller.person.toLowerCase() !== mailbox.person.objectId.toLowerCase())
    throw new GraphFailure(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
  return mailbox;
}

/** The refusal for a path that no route answers. */
export function unsupported(request: WireRequest): GraphFailure {
  return notImplemented(`${request.method} ${request.url.pathname}`);
}

function text(claims: JWTPayload, name: string): string | undefined {
  const value = claims[name];
  return typeof value === 'string' ? value : undefined;
}
