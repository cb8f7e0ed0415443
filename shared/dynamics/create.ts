import { isMeeting } from '../model/entity';
import type { SeenRecord } from '../model/seen';
import { elementsOf, type Values } from '../model/values';
import { ianaZone } from '../model/zone';
import type { Clock } from '../platform/clock';
import { errorCodes, TandemError } from '../platform/errors';
import type { Outcome } from '../platform/outcome';
import { resolveAddresses } from './addresses';
import { annotations, type Connection, guid } from './connection';
import type { Caller, RecordCreate } from './dynamics';
import { soleRowNamed } from './named-row';
import { masks, newAddresses, type Party, type PartyRow, partiesAfter, partiesColumn, partyValues } from './parties';
import type { Row } from './row';
import { tableOf } from './tables';
import { newSeries, outcomeOf, withAttendees } from './write';

/**
 * Makes a row under the id that was chosen for it, as the caller, and only where there is none (`If-None-Match: *`, "Perform conditional operations using the Web API").
 * One that is there already is `stale`: whoever made it, it has to be read before anything is written.
 */
export async function createRecord(
  connection: Connection,
  clock: Clock,
  create: RecordCreate,
  caller: Caller,
  zone: string,
): Promise<Outcome<SeenRecord>> {
  return outcomeOf(async () => {
    const table = tableOf(create.entity, connection);
    const context = { zone: ianaZone(zone), now: clock.now() };
    const { parties, owner } = await participants(connection, create, caller);
    const row = await made(connection, `${table.set}(${guid(create.id)})`, table.columns, caller, {
      ...table.columnsOf(create.values, {}, context),
      ...table.newColumns?.(context),
      ...(await namedRows(connection, create, caller)),
      ...(parties === null || table.parties === undefined ? {} : partiesColumn(parties, table.parties)),
      'ownerid@odata.bind': `/systemusers(${guid(owner)})`,
    });
    const record = table.recordOf(row, context.zone);
    if (create.entity === 'series') return newSeries(connection, create.id, create.values, caller, context);
    return parties === null ? record : withAttendees(record, partyValues(parties));
  });
}

async function made(connection: Connection, path: string, columns: readonly string[], caller: Caller, body: Row): Promise<Row> {
  try {
    return await connection.row({
      method: 'PATCH',
      url: connection.url(path, { $select: columns.join(',') }),
      caller,
      prefer: ['return=representation', annotations],
      headers: { 'If-None-Match': '*' },
      body,
    });
  } catch (error) {
    throw error instanceof TandemError && isThere(error) ? thereAlready(error) : error;
  }
}

/** The service refuses the precondition as such, or by the code of a key that is taken. Duplicate detection, which has a code of its own, is another matter. */
export function isThere({ code, detail, status }: TandemError): boolean {
  return status === 412 && (code === errorCodes.stale || (code === errorCodes.duplicate && detail?.startsWith('0x80040333') !== true));
}

function thereAlready(cause: TandemError): TandemError {
  return new TandemError(errorCodes.stale, {
    retry: 'now',
    fix: 'Nothing: the record is read and planned anew.',
    detail: 'the record is there already',
    cause,
  });
}

interface Participants {
  /** Null for what is no meeting. */
  readonly parties: readonly Party[] | null;
  readonly owner: string;
}

/** Who takes part in a meeting, as the rows that their addresses belong to. It belongs to its organizer where that is a user of Dynamics. */
async function participants(
  connection: Connection,
  { entity, values, owner, organizer }: RecordCreate,
  caller: Caller,
): Promise<Participants> {
  if (!isMeeting(entity)) return { parties: null, owner };
  const named = organizer === undefined ? [] : [organizer];
  const resolved = await resolveAddresses(connection, [...new Set([...newAddresses([], values), ...named])], caller);
  const row: PartyRow | null = organizer === undefined ? { table: 'systemuser', id: owner } : (resolved.get(organizer) ?? null);
  const first: Party = { mask: masks.organizer, row, address: organizer ?? null };
  const lists: Values = {
    requiredAttendees: elementsOf(values.requiredAttendees),
    optionalAttendees: elementsOf(values.optionalAttendees),
  };
  return { parties: partiesAfter([first], lists, resolved), owner: row?.table === 'systemuser' ? row.id : owner };
}

/** What a new record belongs to, where exactly one row has the name that the item shows. */
async function namedRows(connection: Connection, { entity, values }: RecordCreate, caller: Caller): Promise<Row> {
  const { logicalName = entity } = tableOf(entity, connection);
  const columns: Record<string, string> = {};
  if (typeof values.company === 'string') {
    const account = await soleRowNamed(connection, ['account'], values.company, caller);
    if (account !== null) columns['parentcustomerid_account@odata.bind'] = account.path;
  }
  if (typeof values.regarding === 'string') {
    const row = await soleRowNamed(connection, ['account', 'contact'], values.regarding, caller);
    if (row !== null) columns[`regardingobjectid_${row.table}_${logicalName}@odata.bind`] = row.path;
  }
  return columns;
}
