import type { SeenRecord } from '../model/seen';
import { type Entity, elementsOf, sameValue, type Values } from '../model/values';
import { ianaZone } from '../model/zone';
import type { Clock } from '../platform/clock';
import { asTandemError, errorCodes, TandemError } from '../platform/errors';
import type { Outcome } from '../platform/outcome';
import { attendeeColumns, changesAttendees } from './attendee-columns';
import { annotations, type Connection, etag, guid } from './connection';
import type { Caller, RecordWrite } from './dynamics';
import { occurrenceSteps, writeOccurrences } from './occurrence-write';
import { partyValues, sortedAddresses } from './parties';
import { readParties, readRecord } from './read';
import type { Row } from './row';
import type { MappingContext, Table } from './table';
import { tableOf } from './tables';

/**
 * Writes the columns of the changes if the row still has its version, and returns the record as the platform then has it. Where the changes touch no column,
 * nothing is written and the record is read.
 */
export async function updateRecord(
  connection: Connection,
  clock: Clock,
  write: RecordWrite,
  caller: Caller,
  zone: string,
): Promise<Outcome<SeenRecord>> {
  return outcomeOf(async () => {
    const context = { zone: ianaZone(zone), now: clock.now() };
    return write.entity === 'series' ? updateSeries(connection, write, caller, context) : updateRow(connection, write, caller, context);
  });
}

async function updateRow(connection: Connection, write: RecordWrite, caller: Caller, context: MappingContext): Promise<SeenRecord> {
  const { entity, id, changes, current } = write;
  const table = tableOf(entity, connection);
  const parties = needsParties(write, table) ? await readParties(connection, entity, id, caller) : null;
  const attendees =
    parties !== null && table.parties !== undefined && changesAttendees(changes)
      ? await attendeeColumns(connection, parties, changes, caller, table.parties)
      : {};
  const columns = { ...table.columnsOf(changes, current, context), ...attendees };
  if (Object.keys(columns).length === 0) return readRecord(connection, entity, id, caller, context.zone);
  const row = await patch(connection, table, write, columns, caller);
  const record = table.recordOf(row, context.zone);
  return table.parties === undefined
    ? record
    : withAttendees(record, { ...current, ...(parties === null ? {} : partyValues(parties)), ...changes });
}

/** Writes a series: its own columns first, then each date that is to differ from it in another way; and reads it, because the platform carries much of it on to the dates. */
async function updateSeries(connection: Connection, write: RecordWrite, caller: Caller, context: MappingContext): Promise<SeenRecord> {
  const { id, changes, current } = write;
  const table = tableOf('series', connection);
  const own = table.columnsOf(changes, current, context);
  const attendees =
    table.parties !== undefined && changesAttendees(changes)
      ? await attendeeColumns(connection, await readParties(connection, 'series', id, caller), changes, caller, table.parties)
      : {};
  const columns = { ...own, ...attendees };
  const isWritten = Object.keys(columns).length > 0;
  if (isWritten) await patch(connection, table, write, columns, caller);
  const record = await readRecord(connection, 'series', id, caller, context.zone);
  const steps = occurrenceSteps(record, changes, current);
  if (steps.length === 0) return record;
  if (isStale(record, write, isWritten)) throw changedMeanwhile();
  await writeOccurrences(connection, record, steps, caller, context);
  return readRecord(connection, 'series', id, caller, context.zone);
}

/** A series that was just made, once its dates have what they differ in. */
export async function newSeries(
  connection: Connection,
  id: string,
  values: Values,
  caller: Caller,
  context: MappingContext,
): Promise<SeenRecord> {
  const record = await readRecord(connection, 'series', id, caller, context.zone);
  const steps = occurrenceSteps(record, values, {});
  if (steps.length === 0) return record;
  await writeOccurrences(connection, record, steps, caller, context);
  return readRecord(connection, 'series', id, caller, context.zone);
}

/** True where somebody changed the series or one of its dates since it was read; our own write of its columns may have dropped what was special about dates. */
function isStale(record: SeenRecord, { version, current }: RecordWrite, isWritten: boolean): boolean {
  return !isWritten && (record.version !== version || !sameValue(record.values.occurrences, current.occurrences));
}

function changedMeanwhile(): TandemError {
  return new TandemError(errorCodes.stale, {
    retry: 'now',
    fix: 'Nothing to do: the series is read again.',
    detail: 'a date of the series was changed meanwhile',
  });
}

function patch(connection: Connection, table: Table, { id, version }: RecordWrite, columns: Row, caller: Caller): Promise<Row> {
  return connection.row({
    method: 'PATCH',
    url: connection.url(`${table.set}(${guid(id)})`, { $select: table.columns.join(',') }),
    caller,
    prefer: ['return=representation', annotations],
    headers: { 'If-Match': etag(version) },
    body: columns,
  });
}

/** Deletes a row if it still has this version; one that does not exist any more is as good as deleted. */
export async function deleteRecord(
  connection: Connection,
  entity: Entity,
  id: string,
  version: string,
  caller: Caller,
): Promise<Outcome<void>> {
  const outcome = await outcomeOf(() =>
    connection.send({
      method: 'DELETE',
      url: connection.url(`${tableOf(entity, connection).set}(${guid(id)})`),
      caller,
      headers: { 'If-Match': etag(version) },
    }),
  );
  return !outcome.ok && outcome.error.code === errorCodes.gone ? { ok: true, value: undefined } : outcome;
}

const partyFields = ['organizer', 'requiredAttendees', 'optionalAttendees'];

/** Whether the parties have to be read first: to write them again, or because the caller does not know them and the answer to a write holds none. */
function needsParties({ changes, current }: RecordWrite, { parties }: Table): boolean {
  return parties !== undefined && (changesAttendees(changes) || partyFields.some((field) => !(field in current)));
}

/** The answer to a write expands nothing, so its parties are those that were written or known before. */
export function withAttendees(record: SeenRecord, known: Values): SeenRecord {
  const organizer = typeof known.organizer === 'string' ? known.organizer : null;
  const requiredAttendees = sortedAddresses(elementsOf(known.requiredAttendees));
  const optionalAttendees = sortedAddresses(elementsOf(known.optionalAttendees));
  return { ...record, organizer, values: { ...record.values, organizer, requiredAttendees, optionalAttendees } };
}

export async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: asTandemError(error) };
  }
}
