import type { WireReply, WireRequest } from '../serving/wire';
import { readSkipToken } from './cookie';
import { keysIn } from './keys';
import { nextLink } from './links';
import type { Scalar } from './odata/ast';
import { compileFilter } from './odata/compile';
import { applied, preferencesOf } from './prefer';
import { filtering, type Query, readQuery } from './query';
import { contextUrl, renderer } from './render';
import type { Table } from './schema';
import { firstAtLeast, type Row } from './shelf';
import { cellOf, scalarOf, tableScope } from './table-scope';
import { tables } from './tables';
import { isGuid } from './values';
import type { View } from './view';

const limit = 5_000;

/** `GET tasks?...`: a page of the rows that pass the filter and that the caller may read. */
export function listRows(view: View, table: Table, request: WireRequest): WireReply {
  view.demand(table, 'read');
  const query = readQuery(request.url.searchParams, table);
  const preferences = preferencesOf(request);
  const token = request.url.searchParams.get('$skiptoken');
  const place = token === null ? undefined : readSkipToken(token);
  // The page size wins over $top, which then does nothing (Web API, page results).
  const size = preferences.maxPageSize ?? Math.min(query.top ?? limit, limit);
  const isPaged = preferences.maxPageSize !== undefined || query.top === undefined;

  const { rows, total } = pageOf(view, table, query, place?.last as Mark | undefined, size + 1);
  const page = rows.slice(0, size);
  const last = page.at(-1);
  const hasMore = isPaged && rows.length > size && last !== undefined;
  const body: Record<string, unknown> = { '@odata.context': contextUrl(view, table, query) };
  if (preferences.wants('Microsoft.Dynamics.CRM.totalrecordcount'))
    body['@Microsoft.Dynamics.CRM.totalrecordcount'] = query.count ? total : -1;
  if (preferences.wants('Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded'))
    body['@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded'] = query.count && total >= limit;
  if (query.count) body['@odata.count'] = total;
  body.value = page.map(renderer(view, table, query, preferences));
  if (hasMore) {
    const mark = markOf(table, query, view.seen(table, last));
    body['@odata.nextLink'] = nextLink(view, table, request, { page: (place?.page ?? 1) + 1, isTracking: false, last: mark });
  }
  return { status: 200, headers: applied(preferences, 'odata.include-annotations', 'odata.maxpagesize'), body };
}

/** `GET tasks/$count`: how many rows a list would have, at most 5,000, as text. */
export function countRows(view: View, table: Table, request: WireRequest): WireReply {
  view.demand(table, 'read');
  const query = readQuery(request.url.searchParams, table);
  const { total } = pageOf(view, table, { ...query, count: true }, undefined, 0);
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: String(total) };
}

/** Where a page ended: the key of its last row and what it was sorted by. */
interface Mark {
  readonly id: string;
  readonly sorted: readonly Scalar[];
}

function markOf(table: Table, query: Query, row: Row): Mark {
  return { id: row.id, sorted: query.orderBy.map(({ column }) => scalarOf(column, cellOf(table, row, column))) };
}

/** Up to `wanted` rows after the mark, and, where the query counts, how many there are in all (5,000 at most). */
function pageOf(view: View, table: Table, query: Query, after: Mark | undefined, wanted: number): { rows: Row[]; total: number } {
  const { filter } = query;
  const passes = filter === undefined ? () => true : filtering(() => compileFilter(filter, tableScope(view, table)));
  const isSorted = query.orderBy.length > 0;
  const everything = isSorted || query.count;
  const found: Row[] = [];
  for (const row of candidates(view, table, query, everything ? undefined : after?.id)) {
    if (!view.mayRead(table, row) || !passes(row)) continue;
    found.push(row);
    if (!everything && found.length === wanted) break;
  }
  const total = Math.min(found.length, limit);
  if (!everything) return { rows: found, total };
  const compare = comparer(query);
  const marked = found.map((row) => ({ row, mark: markOf(table, query, view.seen(table, row)) }));
  if (isSorted) marked.sort((a, b) => compare(a.mark, b.mark));
  const rest = after === undefined ? marked : marked.filter(({ mark }) => compare(mark, after) > 0);
  return { rows: rest.slice(0, wanted).map(({ row }) => row), total };
}

/** Rows in the order of their keys, from behind `afterId`; only those that the filter names by key, where it does. */
function* candidates(view: View, table: Table, query: Query, afterId: string | undefined): Generator<Row> {
  if (table === tables.activityParty) {
    const parties = view.store.allParties().sort((a, b) => (a.id < b.id ? -1 : 1));
    yield* parties.filter((row) => afterId === undefined || row.id > afterId);
    return;
  }
  const shelf = view.store.shelf(table);
  const named = keysIn(query.filter, table.key);
  const ids = named === undefined ? shelf.ids : [...named].filter(isGuid).sort();
  const start = afterId === undefined ? 0 : firstAtLeast(ids, afterId);
  for (let at = start; at < ids.length; at += 1) {
    const id = ids[at];
    const row = id === undefined || id === afterId ? undefined : shelf.rows.get(id);
    if (row !== undefined) yield row;
  }
}

/** Orders by what the query says, nulls first, then by key. */
function comparer(query: Query): (a: Mark, b: Mark) => number {
  return (a, b) => {
    for (const [index, { descending }] of query.orderBy.entries()) {
      const order = compareScalars(a.sorted[index] ?? null, b.sorted[index] ?? null);
      if (order !== 0) return descending ? -order : order;
    }
    return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  };
}

function compareScalars(a: Scalar, b: Scalar): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  const [left, right] = typeof a === 'string' && typeof b === 'string' ? [a.toLowerCase(), b.toLowerCase()] : [a, b];
  return left < right ? -1 : left > right ? 1 : 0;
}
