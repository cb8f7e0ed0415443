import type { SeenRecord } from '../model/seen';
import { type Entity, elementsOf, type Values } from '../model/values';
import { ianaZone } from '../model/zone';
import type { Clock } from '../platform/clock';
import { asTandemError, errorCodes } from '../platform/errors';
import type { Outcome } from '../platform/outcome';
import { resolveAddresses } from './addresses';
import { annotations, type Connection, guid } from './connection';
import type { Caller, RecordWrite } from './dynamics';
import { newAddresses, type Party, partiesAfter, partiesColumn, partyValues, sortedAddresses } from './parties';
import { readParties, readRecord } from './read';
import type { Row } from './row';
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
    const { entity, id, changes, current } = write;
    const table = tableOf(entity);
    const context = { zone: ianaZone(zone), now: clock.now() };
    const parties = needsParties(write) ? await readParties(connection, id, caller) : null;
    const attendees = parties !== null && changesAttendees(write) ? await attendeeColumns(connection, parties, changes, caller) : {};
    const columns = { ...table.columnsOf(changes, current, context), ...attendees };
    if (Object.keys(columns).length === 0) return readRecord(connection, entity, id, caller, zone);
    const row = await connection.row({
      method: 'PATCH',
      url: connection.url(`${table.set}(${guid(id)})`, { $select: table.columns.join(',') }),
      caller,
      prefer: ['return=representation', annotations],
      headers: { 'If-Match': etag(write.version) },
      body: columns,
    });
    return withParties(table.recordOf(row, context.zone), { ...current, ...(parties === null ? {} : partyValues(parties)), ...changes });
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
      url: connection.url(`${tableOf(entity).set}(${guid(id)})`),
      caller,
      headers: { 'If-Match': etag(version) },
    }),
  );
  return !outcome.ok && outcome.error.code === errorCodes.gone ? { ok: true, value: undefined } : outcome;
}

const partyFields = ['organizer', 'requiredAttendees', 'optionalAttendees'];

function changesAttendees({ entity, changes }: RecordWrite): boolean {
  return entity === 'appointment' && partyFields.some((field) => field !== 'organizer' && field in changes);
}

/** Whether the parties have to be read first: to write them again, or because the caller does not know them and the answer to a write holds none. */
function needsParties(write: RecordWrite): boolean {
  return changesAttendees(write) || (write.entity === 'appointment' && partyFields.some((field) => !(field in write.current)));
}

/** All parties of an appointment whose attendees change, because a write replaces the whole collection; its version guards the read before it. */
async function attendeeColumns(connection: Connection, parties: readonly Party[], changes: Values, caller: Caller): Promise<Row> {
  const resolved = await resolveAddresses(connection, newAddresses(parties, changes), caller);
  return partiesColumn(partiesAfter(parties, changes, resolved));
}

/** The answer to a write expands nothing, so its parties are those that were written or known before. */
function withParties(record: SeenRecord, known: Values): SeenRecord {
  if (record.entity !== 'appointment') return record;
  const organizer = typeof known.organizer === 'string' ? known.organizer : null;
  const requiredAttendees = sortedAddresses(elementsOf(known.requiredAttendees));
  const optionalAttendees = sortedAddresses(elementsOf(known.optionalAttendees));
  return { ...record, organizer, values: { ...record.values, organizer, requiredAttendees, optionalAttendees } };
}

function etag(version: string): string {
  return `W/"${version}"`;
}

async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: asTandemError(error) };
  }
}
