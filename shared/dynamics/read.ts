import type { SeenRecord } from '../model/seen';
import type { Entity } from '../model/values';
import { ianaZone } from '../model/zone';
import { errorCodes, TandemError } from '../platform/errors';
import { withAddresses } from './addresses';
import { appointmentTable } from './appointment';
import { annotations, type Call, type Connection, guid } from './connection';
import type { Caller, Existence } from './dynamics';
import { withExceptions } from './exceptions';
import { organizerOf, type Party, partiesExpand, partiesIn, withParties } from './parties';
import { keyIn, type Row, textIn } from './row';
import { rowsWith } from './rows';
import type { Table } from './table';
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
  const table = tableOf(entity, connection);
  const rows = await rowsWith(connection, table.set, table.key, ids.map(guid), wholeRow(table), { caller, ...readPreferences(table) });
  return recordsOf(connection, entity, rows, caller, zone);
}

/** A record by id. Throws `gone` where there is none. */
export async function readRecord(connection: Connection, entity: Entity, id: string, caller: Caller, zone: string): Promise<SeenRecord> {
  const table = tableOf(entity, connection);
  const url = connection.url(`${table.set}(${guid(id)})`, { ...wholeRow(table) });
  const row = await connection.row({ url, caller, ...readPreferences(table) });
  const [record] = await recordsOf(connection, entity, [row], caller, zone);
  if (record === undefined) throw new RangeError('a row is one record');
  return record;
}

/** The records of rows, once everything that belongs to them is read too: for series their exceptions, many in one request; for meetings missing addresses. */
async function recordsOf(
  connection: Connection,
  entity: Entity,
  rows: readonly Row[],
  caller: Caller,
  zone: string,
): Promise<SeenRecord[]> {
  const table = tableOf(entity, connection);
  const iana = ianaZone(zone);
  if (table.parties === undefined) return rows.map((row) => table.recordOf(row, iana));
  const meetings = rows.map((row) => withParties(row, table.parties));
  const exceptions = entity === 'series' ? await readExceptions(connection, meetings, caller) : [];
  const complete = await withAddresses(connection, [...meetings, ...exceptions], caller);
  const dates = complete.slice(meetings.length);
  return complete.slice(0, meetings.length).map((row) => {
    if (entity !== 'series') return table.recordOf(row, iana);
    const own = dates.filter((date) => textIn(date, 'seriesid')?.toLowerCase() === keyIn(row, table.key));
    return table.recordOf(withExceptions(row, own), iana);
  });
}

/** What a read of a series' dates asks for. */
export const occurrenceQuery = {
  ...wholeRow(appointmentTable),
  $select: [...appointmentTable.columns, 'originalstartdate'].join(','),
};

/**
 * The dates of series that were changed by themselves: all but the open ones that are as the pattern has them. Dates that were closed with their series are no
 * exceptions, and stay closed when that is opened again.
 */
async function readExceptions(connection: Connection, masters: readonly Row[], caller: Caller): Promise<Row[]> {
  const ids = masters.map((master) => keyIn(master, 'activityid'));
  const query = { ...occurrenceQuery, where: '(instancetypecode ne 2 or statecode eq 1 or statecode eq 2)' };
  return rowsWith(connection, appointmentTable.set, 'seriesid', ids, query, { caller, ...readPreferences(appointmentTable) });
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

/** The organizers of appointments or series by id, as the service; null for one without. */
export async function organizers(
  connection: Connection,
  entity: Entity,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const table = tableOf(entity, connection);
  const query = { $select: table.key, ...expansion(table) };
  const rows = await rowsWith(connection, table.set, table.key, ids.map(guid), query, { caller: 'service', ...readPreferences(table) });
  return new Map(rows.map((row) => [keyIn(row, table.key), organizerOf(partiesIn(withParties(row, table.parties)))]));
}

/** The current parties of a meeting, as the caller. Throws `gone` where there is no such row. */
export async function readParties(connection: Connection, entity: Entity, id: string, caller: Caller): Promise<Party[]> {
  const table = tableOf(entity, connection);
  const url = connection.url(`${table.set}(${guid(id)})`, { $select: table.key, ...expansion(table) });
  const row = await connection.row({ url, caller, ...readPreferences(table) });
  const [complete = row] = await withAddresses(connection, [withParties(row, table.parties)], caller);
  return partiesIn(complete);
}

function wholeRow(table: Table): { readonly $select: string; readonly $expand?: string } {
  return { $select: table.columns.join(','), ...expansion(table) };
}

function expansion({ parties }: Table): { readonly $expand?: string } {
  return parties === undefined ? {} : { $expand: partiesExpand(parties) };
}

/** What a read of a table's rows has to say of itself. */
export function readPreferences({ parties }: Pick<Table, 'parties'>): Pick<Call, 'prefer' | 'headers'> {
  return { prefer: [annotations], ...(parties === undefined ? {} : { headers: fresh }) };
}
