import type { Refusal, WireReply, WireRequest } from '../serving/wire';
import { deletedBundle, deletedItem, secretBundle, secretItem, type VaultFacts, versionItem } from './bundles';
import { page } from './paging';
import { current, newSecretIn, type Secret, type SecretVersion, secretUpdateIn } from './secret';
import type { Secrets } from './secrets';
import { badParameter } from './vault-error';

/** Serves one authorized request of the secrets API. */
export function serveOperation(vault: VaultFacts, secrets: Secrets, request: WireRequest): WireReply {
  if ((request.url.searchParams.get('api-version') ?? '') === '') throw badParameter('The query parameter api-version must be specified.');
  const [collection, name, rest] = request.url.pathname.split('/').filter((part) => part !== '');
  if (collection === 'secrets' && name === undefined && request.method === 'GET') {
    return page(vault.url, request, secrets.list('living'), nameOf, (secret) => secretItem(vault, secret));
  }
  if (collection === 'secrets' && name !== undefined) return serveSecret(vault, secrets, request, name, rest);
  if (collection === 'deletedsecrets' && name === undefined && request.method === 'GET') {
    return page(vault.url, request, secrets.list('deleted'), nameOf, (secret) => deletedItem(vault, secret));
  }
  if (collection === 'deletedsecrets' && name !== undefined) return serveDeletedSecret(vault, secrets, request, name, rest);
  throw unsupported(request);
}

/** The label under which a request is counted: names and versions are left out. */
export function operationLabel(request: WireRequest): string {
  const [collection, name, rest] = request.url.pathname.split('/').filter((part) => part !== '');
  if (collection !== 'secrets' && collection !== 'deletedsecrets') return `${request.method} {unknown}`;
  if (name === undefined) return `${request.method} /${collection}`;
  if (rest === undefined) return `${request.method} /${collection}/{name}`;
  return `${request.method} /${collection}/{name}/${rest === 'versions' || rest === 'recover' ? rest : '{version}'}`;
}

function serveSecret(vault: VaultFacts, secrets: Secrets, request: WireRequest, name: string, rest: string | undefined): WireReply {
  const withValue = ({ secret, version }: Found) => ok(secretBundle(vault, secret, version));
  const withoutValue = ({ secret, version }: Found) => ok(versionItem(vault, secret, version));
  if (rest === 'backup') throw unsupported(request);
  switch (request.method) {
    case 'PUT':
      return withValue(secrets.set(name, newSecretIn(request)));
    case 'PATCH':
      return withoutValue(secrets.update(name, rest, secretUpdateIn(request)));
    case 'DELETE':
      return ok(deletedBundle(vault, secrets.delete(name)));
    case 'GET':
      return rest === 'versions' ? versionsPage(vault, secrets, request, name) : withValue(secrets.readable(name, rest));
    default:
      throw unsupported(request);
  }
}

function versionsPage(vault: VaultFacts, secrets: Secrets, request: WireRequest, name: string): WireReply {
  const { secret } = secrets.version(name);
  const byId = [...secret.versions].sort((one, other) => (one.version < other.version ? -1 : 1));
  return page(
    vault.url,
    request,
    byId,
    ({ version }) => version,
    (version) => versionItem(vault, secret, version),
  );
}

function serveDeletedSecret(vault: VaultFacts, secrets: Secrets, request: WireRequest, name: string, rest: string | undefined): WireReply {
  if (request.method === 'POST' && rest === 'recover') {
    const secret = secrets.recover(name);
    return ok(versionItem(vault, secret, current(secret)));
  }
  if (request.method === 'GET' && rest === undefined) return ok(deletedBundle(vault, secrets.deleted(name)));
  if (request.method === 'DELETE' && rest === undefined) {
    secrets.purge(name);
    return { status: 204 };
  }
  throw unsupported(request);
}

interface Found {
  readonly secret: Secret;
  readonly version: SecretVersion;
}

function nameOf({ name }: Secret): string {
  return name.toLowerCase();
}

function ok(body: object): WireReply {
  return { status: 200, body };
}

function unsupported(request: WireRequest): Refusal {
  return badParameter(`This stand-in serves secrets only, without backup and restore; not ${request.method} ${request.url.pathname}.`);
}
