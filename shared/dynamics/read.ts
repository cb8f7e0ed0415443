import type { SeenRecord } from '../model/seen';
import type { Entity } from '../model/values';
import { ianaZone } from '../model/zone';
import { errorCodes, TandemError } from '../platform/errors';
import { withAddresses } from './addresses';
import { annotations, type Call, type Connection, guid } from './connection';
import type { Caller, Existence, ListPage } from './dynamics';
import { organizerOf, type Party, partiesExpand, partiesIn } from './parties';
import { keyIn, type Row, versionIn } from './row';
import { rowsWith } from './rows';
import { tableOf } from './tables';

/** Keeps a service from answering an expansion from its cache ("Compose HTTP requests and handle errors", Dataverse). */
const fresh = { 'If-None-Match': 'null' };

/** Records by id as the caller; one that the caller does not see is absent. */
export async function readRecords(
  connection: Connection,
  entity: Entity,
  ids: readonly string[],
  caller: Caller,
  zone: string,
): Promise<SeenRecord[]> {
  const table = tableOf(entity);
  const query = { $select: table.columns.join(','), $expand: table.expand };
  const call = { caller, ...readPreferences(table.expand) };
  const rows = await rowsWith(connection, table.set, table.key, ids.map(guid), query, call);
  const complete = table.expand === undefined ? rows : await withAddresses(connection, rows, caller);
  const iana = ianaZone(zone);
  return complete.map((row) => table.recordOf(row, iana));
}

/** A record by id. Throws `gone` where there is none. */
export async function readRecord(connection: Connection, entity: Entity, id: string, caller: Caller, zone: string): Promise<SeenRecord> {
  const table = tableOf(entity);
  const row = await connection.row({
    url: connection.url(`${table.set}(${guid(id)})`, { $select: table.columns.join(','), $expand: table.expand }),
    caller,
    ...readPreferences(table.expand),
  });
  return table.recordOf(table.expand === undefined ? row : await completeRow(connection, row, caller), ianaZone(zone));
}

/** What has become of a record. Only an answer about this very row proves anything (promise 3). */
export async function existence(connection: Connection, entity: Entity, id: string, zone: string): Promise<Existence> {
  try {
    return { kind: 'exists', record: await readRecord(connection, entity, id, 'service', zone) };
  } catch (error) {
    if (error instanceof TandemError && error.code === errorCodes.gone) return { kind: 'deleted' };
    if (error instanceof TandemError && error.code === errorCodes.forbidden) return { kind: 'unreadable' };
    throw error;
  }
}

/** The organizers of appointments by id, as the service; null for one without. */
export async function organizers(connection: Connection, ids: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  const table = tableOf('appointment');
  const query = { $select: table.key, $expand: partiesExpand };
  const call = { caller: 'service', ...readPreferences(partiesExpand) } as const;
  const rows = await rowsWith(connection, table.set, table.key, ids.map(guid), query, call);
  return new Map(rows.map((row) => [keyIn(row, table.key), organizerOf(partiesIn(row))]));
}

/** A page of the open records whose home is this person, as the caller. */
export async function listHome(
  connection: Connection,
  entity: Entity,
  systemUserId: string,
  nextLink: string | null,
  caller: Caller,
): Promise<ListPage> {
  const table = tableOf(entity);
  const query = { $select: `${table.key},versionnumber`, $filter: table.home(guid(systemUserId)) };
  const page = await connection.page({
    url: nextLink === null ? connection.url(table.set, query) : connection.link(nextLink),
    caller,
    prefer: ['odata.maxpagesize=500'],
  });
  return { records: page.rows.map((row) => ({ id: keyIn(row, table.key), version: versionIn(row) })), nextLink: page.nextLink };
}

/** The current parties of an appointment, as the caller. Throws `gone` where there is no such row. */
export async function readParties(connection: Connection, id: string, caller: Caller): Promise<Party[]> {
  const table = tableOf('appointment');
  const url = connection.url(`${table.set}(${guid(id)})`, { $select: table.key, $expand: partiesExpand });
  const row = await connection.row({ url, caller, ...readPreferences(partiesExpand) });
  return partiesIn(await completeRow(connection, row, caller));
}

async function completeRow(connection: Connection, row: Row, caller: Caller): Promise<Row> {
  const [complete = row] = await withAddresses(connection, [row], caller);
  return complete;
}

function readPreferences(expand: string | undefined): Pick<Call, 'prefer' | 'headers'> {
  return { prefer: [annotations], ...(expand === undefined ? {} : { headers: fresh }) };
}
