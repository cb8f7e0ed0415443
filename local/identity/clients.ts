import { tandemApplication } from '../company/people';
import type { WireRequest } from '../serving/wire';
import type { Parameters } from './parameters';
import { missing, StsError } from './sts-error';

/** A public client that signs in as any person with any password, so that scripts can act as people. */
export const walkthroughClientId = '7a9de300-0000-4000-8000-0000000000cc';

/** The paths that Tandem's web redirect URIs end in. */
export const callbackPaths = ['/admin/api/gwsc/auth/serverContext', '/app/api/auth/serviceAction/callback'] as const;

/** One application registration. */
export interface Registration {
  readonly clientId: string;
  readonly name: string;
  /** Each is as good as the others; absent for a public client, which can keep none. */
  readonly secrets?: readonly string[];
  /** The object id of its service principal; absent where it cannot act for itself. */
  readonly objectId?: string;
  allowsRedirect(uri: string): boolean;
}

/**
 * Entra's redirect URIs match character by character; `redirectUris` replaces the rule "a callback path on loopback".
 * @param secrets those of Tandem's registration, to which more may be added later
 */
export function registrations(secrets: readonly string[], redirectUris?: readonly string[]): readonly Registration[] {
  return [
    {
      clientId: tandemApplication.clientId,
      name: 'Tandem',
      secrets,
      objectId: tandemApplication.objectId,
      allowsRedirect: (uri) => redirectUris?.includes(uri) ?? (isLoopback(uri) && callbackPaths.some((path) => uri.endsWith(path))),
    },
    { clientId: walkthroughClientId, name: 'Tandem walkthrough', allowsRedirect: isLoopback },
  ];
}

/** Whether a URL stays on this machine and carries nothing that an authorization reply would have to displace. */
export function isLoopback(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname, username, password, hash } = new URL(uri);
  const local = hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]';
  return (
    local && (protocol === 'http:' || protocol === 'https:') && username === '' && password === '' && hash === '' && !uri.includes('#')
  );
}

/** The registration with this id, or AADSTS700016. */
export function registered(clients: readonly Registration[], clientId: string): Registration {
  const found = clients.find((client) => client.clientId === clientId.toLowerCase());
  if (found !== undefined) return found;
  throw new StsError('unauthorized_client', 700016, `The application '${clientId}' was not found in the directory 'Contoso'.`);
}

/** Who calls the token endpoint, proven by a secret in the body or in a Basic header; a public client proves nothing. */
export function authenticate(clients: readonly Registration[], parameters: Parameters, request: WireRequest): Registration {
  const basic = basicCredentials(request.headers.authorization);
  const bodySecret = parameters.get('client_secret');
  const clientId = basic?.clientId ?? parameters.get('client_id');
  if (clientId === undefined) throw missing('client_id');
  if (basic !== undefined && (bodySecret !== undefined || (parameters.get('client_id') ?? clientId) !== clientId)) {
    throw new StsError('invalid_request', 9002313, 'The request authenticates the client in more than one way.');
  }
  const client = registered(clients, clientId);
  if (parameters.get('client_assertion') !== undefined) {
    throw new StsError('invalid_client', 700027, 'This stand-in verifies no client assertions; use the client secret.');
  }
  const secret = basic?.secret ?? bodySecret;
  if (client.secrets === undefined) {
    if (secret === undefined) return client;
    throw new StsError('invalid_client', 700025, `The client '${client.name}' is public and must not present a secret.`);
  }
  if (secret === undefined)
    throw new StsError('invalid_client', 7000218, "The request has to contain 'client_assertion' or 'client_secret'.");
  if (!client.secrets.includes(secret)) {
    throw new StsError('invalid_client', 7000215, 'Invalid client secret provided. Send the value of the secret, not its id.');
  }
  if (request.headers.origin !== undefined) {
    throw new StsError('invalid_request', 9002326, 'Only a single-page application may redeem tokens across origins.');
  }
  return client;
}

/** Both halves are form-encoded before they are joined (RFC 6749, section 2.3.1). */
function basicCredentials(authorization: string | undefined): { clientId: string; secret: string } | undefined {
  const encoded = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  try {
    if (id !== undefined && secret !== undefined) return { clientId: formDecoded(id), secret: formDecoded(secret) };
  } catch {
    // Not form-encoded: as wrong as a header without a colon.
  }
  throw new StsError('invalid_client', 7000215, 'The Basic header does not hold a client id and a secret.');
}

function formDecoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
