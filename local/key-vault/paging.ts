import type { WireReply, WireRequest } from '../serving/wire';
import { badParameter } from './vault-error';

/** Key Vault returns at most 25 entries at once. */
const pageLimit = 25;

/**
 * One page of `all`, which is sorted by `keyOf`, and the link to the next. The link names the last key that was seen, so that what is
 * added or removed in between shifts nothing.
 */
export function page<T>(
  vaultUrl: string,
  request: WireRequest,
  all: readonly T[],
  keyOf: (entry: T) => string,
  shape: (entry: T) => object,
): WireReply {
  const query = request.url.searchParams;
  const size = Number(query.get('maxresults') ?? pageLimit);
  if (!Number.isInteger(size) || size < 1 || size > pageLimit) throw badParameter(`maxresults has to be between 1 and ${pageLimit}.`);
  const token = query.get('$skiptoken');
  const after = token === null ? undefined : Buffer.from(token, 'base64url').toString('utf8');
  const rest = after === undefined ? all : all.filter((entry) => keyOf(entry) > after);
  const shown = rest.slice(0, size);
  const last = shown.at(-1);
  return {
    status: 200,
    body: { value: shown.map(shape), nextLink: rest.length > size && last !== undefined ? nextLink(keyOf(last)) : null },
  };

  function nextLink(key: string): string {
    const next = new URL(request.url.pathname, vaultUrl);
    next.searchParams.set('api-version', query.get('api-version') ?? '');
    next.searchParams.set('$skiptoken', Buffer.from(key).toString('base64url'));
    next.searchParams.set('maxresults', String(size));
    return next.href;
  }
}
