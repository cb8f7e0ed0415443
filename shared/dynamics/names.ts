import type { Entity } from '../model/values';
import { ianaZone } from '../model/zone';
import { type Connection, guid } from './connection';
import type { Caller, NamesPage } from './dynamics';
import { recurrenceColumnNames } from './recurrence';
import { seriesTimeColumns } from './series';
import { tableOf } from './tables';

/** The columns by which records of a table are told from each other, as far as the table has them. */
const naming: readonly string[] = [
  'subject',
  'scheduledstart',
  'scheduledend',
  'isalldayevent',
  'globalobjectid',
  'firstname',
  'lastname',
  'emailaddress1',
  'emailaddress2',
  'emailaddress3',
  ...seriesTimeColumns,
  ...recurrenceColumnNames,
];

/** A page of the open records whose home is this person, with the values by which each is told from others, as the caller. */
export async function listHomeNames(
  connection: Connection,
  entity: Entity,
  systemUserId: string,
  nextLink: string | null,
  caller: Caller,
  zone: string,
): Promise<NamesPage> {
  const table = tableOf(entity, connection);
  const columns = table.columns.filter((column) => naming.includes(column));
  const query = { $select: [table.key, 'modifiedon', ...columns].join(','), $filter: table.home(guid(systemUserId)) };
  const page = await connection.page({
    url: nextLink === null ? connection.url(table.set, query) : connection.link(nextLink),
    caller,
    prefer: ['odata.maxpagesize=500'],
  });
  const iana = ianaZone(zone);
  return { records: page.rows.map((row) => table.recordOf(row, iana)).map(({ id, values }) => ({ id, values })), nextLink: page.nextLink };
}
