import type { WireRequest } from '../serving/wire';
import { type Place, skipToken } from './cookie';
import type { Table } from './schema';
import type { View } from './view';

/** The address of the next page: the request's own query with another `$skiptoken`. */
export function nextLink(view: View, table: Table, request: WireRequest, place: Place): string {
  return link(view, table, request, `$skiptoken=${encodeURIComponent(skipToken(place))}`);
}

/** The address of all changes after `version`: the request's own query with a `$deltatoken` of version and time. */
export function deltaLink(view: View, table: Table, request: WireRequest, version: number): string {
  const token = encodeURIComponent(`${version}!${usTime(view.now)}`).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  return link(view, table, request, `$deltatoken=${token.replace('!', '%21')}`);
}

/** Reads a `$deltatoken` back: the version, and the time it was given in ms. */
export function readDeltaToken(token: string): { readonly version: number; readonly at: number } | undefined {
  const match = /^(\d+)!(\d{2})\/(\d{2})\/(\d{4}) (\d{2}:\d{2}:\d{2})$/.exec(token);
  if (match === null) return undefined;
  const [, version, month, day, year, time] = match;
  return { version: Number(version), at: Date.parse(`${year}-${month}-${day}T${time}Z`) };
}

function link(view: View, table: Table, request: WireRequest, parameter: string): string {
  const own = request.url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !/^(\$|%24)(skiptoken|deltatoken)=/i.test(pair));
  return `${view.base}${table.set}?${[...own, parameter].join('&')}`;
}

/** `MM/dd/yyyy HH:mm:ss`, in UTC. */
function usTime(ms: number): string {
  const [date = '', time = ''] = new Date(ms).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${month}/${day}/${year} ${time.slice(0, 8)}`;
}
