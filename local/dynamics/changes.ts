import { expireCursorHeader } from '../serving/service';
import type { WireReply, WireRequest } from '../serving/wire';
import { readSkipToken } from './cookie';
import { badQuery, invalidArgument, refusal, unsupported } from './errors';
import { deltaLink, nextLink, readDeltaToken } from './links';
import { applied, preferencesOf } from './prefer';
import { readQuery } from './query';
import { contextUrl, renderer } from './render';
import type { Table } from './schema';
import type { Row } from './shelf';
import type { Tracking } from './tracking';
import { missingPrivilege, type View } from './view';

/** One read of a change feed, over its pages: changes later than `after`, up to `upTo`. */
interface Round {
  /** Null for a round without a token: all rows, and no deletion. */
  readonly after: number | null;
  readonly upTo: number;
  /** Version of the last change or deletion that was given, and which of the two it was. */
  readonly given: number;
  readonly inDeletions: boolean;
}

type Item = { readonly version: number } & ({ readonly row: Row } | { readonly deleted: string });

/** Whether a request reads a change feed: its first page, a page after it, or the changes since. */
export function readsChanges(request: WireRequest): boolean {
  const { searchParams } = request.url;
  if (searchParams.has('$deltatoken')) return true;
  const cookie = searchParams.get('$skiptoken');
  return cookie === null ? /odata\.track-changes/i.test(request.headers.prefer ?? '') : cookie.includes('istracking="True"');
}

/**
 * `Prefer: odata.track-changes`, its delta links and their pages (Dataverse change tracking): every row the first time, later what was created or
 * updated, in the order of the changes, then what was deleted. What changes while the pages are read belongs to the next round.
 */
export function listChanges(view: View, table: Table, request: WireRequest, tracking: Tracking): WireReply {
  demandTracking(view, table, tracking);
  const { searchParams } = request.url;
  for (const name of ['$filter', '$orderby', '$expand', '$top'])
    if (searchParams.has(name)) throw badQuery(`The ${name} query parameter isn't supported when Change Tracking is enabled.`);
  const query = readQuery(searchParams, table);
  if (query.count) throw unsupported('$count=true in a change tracking request');
  const preferences = preferencesOf(request);
  const cookie = searchParams.get('$skiptoken');
  const place = cookie === null ? undefined : readSkipToken(cookie);
  const round = (place?.last as Round | undefined) ?? newRound(view, table, request, tracking);

  const size = preferences.maxPageSize ?? 5_000;
  const items: Item[] = [];
  for (const item of itemsOf(view, table, round)) {
    items.push(item);
    if (items.length > size) break;
  }
  const page = items.slice(0, size);
  const last = page.at(-1);
  const { order } = tracking.ways;
  const told = [...replayed(view, table, round, tracking), ...(order === 'oldestFirst' ? page : page.toReversed())];
  const render = renderer(view, table, { select: query.select, expand: [] }, preferences);
  const links =
    items.length > size && last !== undefined
      ? { '@odata.nextLink': nextLink(view, table, request, { page: (place?.page ?? 1) + 1, isTracking: true, last: after(round, last) }) }
      : { '@odata.deltaLink': deltaLink(view, table, request, round.upTo) };
  return {
    status: 200,
    headers: applied(preferences, 'odata.track-changes', 'odata.include-annotations', 'odata.maxpagesize'),
    body: {
      '@odata.context': contextUrl(view, table, query, '/$delta'),
      ...links,
      value: told.map((item) => ('row' in item ? render(item.row) : tombstone(view, table, item.deleted))),
    },
  };
}

/** `GET tasks/$count?$deltatoken=...`: how many changes are waiting. */
export function countChanges(view: View, table: Table, request: WireRequest, tracking: Tracking): WireReply {
  demandTracking(view, table, tracking);
  const items = itemsOf(view, table, newRound(view, table, request, tracking));
  let count = 0;
  for (const _ of items) count += 1;
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: String(Math.min(count, 5_000)) };
}

function newRound(view: View, table: Table, request: WireRequest, tracking: Tracking): Round {
  const token = request.url.searchParams.get('$deltatoken');
  const upTo = toldUpTo(view, table, tracking);
  if (token === null) return { after: null, upTo, given: 0, inDeletions: false };
  const since = readDeltaToken(token);
  if (since === undefined) throw invalidArgument(`Invalid value '${token}' for $deltatoken query option found.`);
  const isFaulted = request.headers[expireCursorHeader] !== undefined;
  if (isFaulted || since.version > view.store.version || tracking.isExpired(table, since, view.now))
    throw refusal(
      tracking.expiredStatus,
      '0x80044352',
      'Version stamp associated with the client has expired. Please perform a full sync.',
    );
  return { after: since.version, upTo: Math.max(upTo, since.version), given: since.version, inDeletions: false };
}

/** Up to which version a round may tell: all of it, unless feeds tell late. */
function toldUpTo({ store, now }: View, table: Table, tracking: Tracking): number {
  const { lagMs } = tracking.ways;
  return lagMs === 0 ? store.version : Math.max(store.versionAt(now - lagMs), tracking.oldest(table));
}

/** Versions that are told again where feeds repeat themselves. */
const replayedVersions = 20;

/** What the round before has told last, at the beginning of a new one. */
function replayed({ store }: View, table: Table, { after, given, inDeletions }: Round, { ways }: Tracking): readonly Item[] {
  if (!ways.replays || after === null || given !== after || inDeletions) return [];
  const shelf = store.shelf(table);
  const from = after - replayedVersions;
  return [
    ...[...shelf.changedBetween(from, after)].map((row) => ({ version: row.version, row })),
    ...[...shelf.deletedBetween(from, after)].map(({ id, version }) => ({ version, deleted: id })),
  ];
}

function* itemsOf(view: View, table: Table, round: Round): Generator<Item> {
  const shelf = view.store.shelf(table);
  if (!round.inDeletions) for (const row of shelf.changedBetween(round.given, round.upTo)) yield { version: row.version, row };
  if (round.after === null) return;
  for (const { id, version } of shelf.deletedBetween(round.inDeletions ? round.given : round.after, round.upTo))
    yield { version, deleted: id };
}

function after(round: Round, last: Item): Round {
  return { ...round, given: last.version, inDeletions: 'deleted' in last };
}

function tombstone(view: View, table: Table, id: string): object {
  return { '@odata.context': `${view.base}$metadata#${table.set}/$deletedEntity`, id, reason: 'deleted' };
}

function demandTracking(view: View, table: Table, tracking: Tracking): void {
  if (!tracking.isEnabled(table)) throw refusal(400, '0x80044351', `Change tracking is not enabled for entity ${table.logicalName}.`);
  if (view.access.depth(view.caller, table, 'read') !== 'organization') throw missingPrivilege(view.caller.userId, 'read', table);
}
