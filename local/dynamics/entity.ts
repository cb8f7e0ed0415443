import { jsonBody, type Refusal, type WireReply, type WireRequest } from '../serving/wire';
import { badPayload, badQuery, missing, refusal, unsupported } from './errors';
import { readChanges } from './payload';
import { applied, preferencesOf } from './prefer';
import { type Query, readQuery } from './query';
import { alreadyExists, createRecord, deleteRecord, updateRecord } from './records';
import { contextUrl, etagOf, renderer } from './render';
import type { Table } from './schema';
import type { Row } from './shelf';
import { tables } from './tables';
import type { View } from './view';

/** `POST tasks`. */
export function postEntity(view: View, table: Table, request: WireRequest): WireReply {
  const query = shapeOnly(request, table);
  const row = createRecord(view, table, readChanges(view, table, bodyOf(request)));
  return written(view, table, request, query, row, 201);
}

/** `GET tasks(id)`. Answers 304 to an etag that still holds, but never with expansions or annotations. */
export function getEntity(view: View, table: Table, id: string, request: WireRequest): WireReply {
  const query = shapeOnly(request, table);
  view.demand(table, 'read');
  const row = view.store.row(table, id);
  if (row === undefined) throw missing(table, id);
  view.demandRow(table, row, 'read');
  const preferences = preferencesOf(request);
  const known = header(request, 'if-none-match');
  if (known === etagOf(row) && query.expand.length === 0 && !preferences.annotated) return { status: 304, headers: { ETag: etagOf(row) } };
  return represented(view, table, query, row, 200, request);
}

/**
 * `PATCH tasks(id)`: updates, or creates where the id is unknown. `If-Match` allows the update only, with an etag only of that version;
 * `If-None-Match: *` the create only (Web API, conditional operations).
 */
export function patchEntity(view: View, table: Table, id: string, request: WireRequest): WireReply {
  const query = shapeOnly(request, table);
  const row = view.store.row(table, id);
  const ifMatch = header(request, 'if-match');
  const ifNoneMatch = header(request, 'if-none-match');
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw unsupported(`'If-None-Match: ${ifNoneMatch}' on PATCH`);
  if (row === undefined) {
    if (ifMatch !== undefined) throw missing(table, id);
    const changes = readChanges(view, table, bodyOf(request));
    if (changes.id !== undefined && changes.id !== id) throw badPayload(`'${table.key}' does not match the key in the address.`);
    return written(view, table, request, query, createRecord(view, table, changes, id), 201);
  }
  if (ifNoneMatch === '*') throw alreadyExists();
  view.demandRow(table, row, 'read');
  demandVersion(row, ifMatch);
  const updated = updateRecord(view, table, row, readChanges(view, table, bodyOf(request)));
  return written(view, table, request, query, updated, 200);
}

/** `DELETE tasks(id)`. */
export function deleteEntity(view: View, table: Table, id: string, request: WireRequest): WireReply {
  const row = view.store.row(table, id);
  if (row === undefined) throw missing(table, id);
  view.demandRow(table, row, 'read');
  demandVersion(row, header(request, 'if-match'));
  deleteRecord(view, table, row);
  return { status: 204 };
}

/** `GET appointments(id)/appointment_activity_parties`. */
export function getParties(view: View, table: Table, id: string, request: WireRequest): WireReply {
  const query = readQuery(request.url.searchParams, tables.activityParty);
  if (query.filter !== undefined || query.orderBy.length > 0 || query.top !== undefined || query.count || query.expand.length > 0)
    throw unsupported(`query options other than $select on '${table.parties}'`);
  const row = view.store.row(table, id);
  if (row === undefined) throw missing(table, id);
  view.demandRow(table, row, 'read');
  const preferences = preferencesOf(request);
  const value = view.store.parties(id).map(renderer(view, tables.activityParty, query, preferences));
  const body = { '@odata.context': contextUrl(view, tables.activityParty, query), value };
  return { status: 200, headers: applied(preferences, 'odata.include-annotations'), body };
}

/** The options that make sense for one row. */
function shapeOnly(request: WireRequest, table: Table): Query {
  const query = readQuery(request.url.searchParams, table);
  if (query.filter !== undefined || query.orderBy.length > 0 || query.top !== undefined || query.count)
    throw badQuery('Only $select and $expand are allowed for a single row.');
  return query;
}

/** The answer to a write: nothing but the address, or the row where the client asked for it. */
function written(view: View, table: Table, request: WireRequest, query: Query, row: Row, status: 200 | 201): WireReply {
  if (preferencesOf(request).representation) {
    // An update ignores $expand in its answer (Web API, update with data returned).
    return represented(view, table, status === 201 ? query : { ...query, expand: [] }, row, status, request);
  }
  const address = `${view.base}${table.set}(${row.id})`;
  return { status: 204, headers: { 'OData-EntityId': address, ...(request.part && status === 201 ? { Location: address } : {}) } };
}

function represented(view: View, table: Table, query: Query, row: Row, status: number, request: WireRequest): WireReply {
  const preferences = preferencesOf(request);
  const body = { '@odata.context': contextUrl(view, table, query, '/$entity'), ...renderer(view, table, query, preferences)(row) };
  const headers = {
    ETag: etagOf(row),
    ...applied(preferences, ...(request.method === 'GET' ? [] : ['return']), 'odata.include-annotations'),
  };
  return { status, headers, body };
}

function demandVersion(row: Row, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch === '*' || ifMatch === etagOf(row)) return;
  throw refusal(412, '0x80060882', "The version of the existing record doesn't match the RowVersion property provided.");
}

/** A precondition header; the customary `If-None-Match: null` says nothing. */
function header(request: WireRequest, name: 'if-match' | 'if-none-match'): string | undefined {
  const value = request.headers[name];
  return value === undefined || value === '' || value === 'null' ? undefined : value;
}

export function bodyOf(request: WireRequest): unknown {
  const malformed: Refusal = badPayload('The request body is not valid JSON.');
  return jsonBody(request, malformed.reply);
}
