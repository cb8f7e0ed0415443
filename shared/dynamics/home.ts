import type { Filter } from '../model/filter';
import type { Entity } from '../model/values';
import { errorCodes, TandemError } from '../platform/errors';
import { type Connection, guid } from './connection';
import type { Caller, HomeQuery, ListPage } from './dynamics';
import { anyOf } from './filter-query';
import { keyIn, versionIn } from './row';
import { rowsWith } from './rows';
import { tableOf } from './tables';

const theFilters = 'the filters';

/** A page of the open records of a home, as the caller. */
export async function listHome(
  connection: Connection,
  { entity, systemUserId, filters }: HomeQuery,
  nextLink: string | null,
  caller: Caller,
): Promise<ListPage> {
  const table = tableOf(entity, connection);
  const home = table.home(guid(systemUserId));
  const $filter = filters.length === 0 ? home : `(${home}) and ${anyOf(filters)}`;
  const url = nextLink === null ? connection.url(table.set, { $select: `${table.key},versionnumber`, $filter }) : connection.link(nextLink);
  const page = await readBy(filters.length === 0 ? null : theFilters, () =>
    connection.page({ url, caller, prefer: ['odata.maxpagesize=500'] }),
  );
  return { records: page.rows.map((row) => ({ id: keyIn(row, table.key), version: versionIn(row) })), nextLink: page.nextLink };
}

/** Those of the records that pass any of the filters, as the caller. */
export async function passing(
  connection: Connection,
  entity: Entity,
  ids: readonly string[],
  filters: readonly Filter[],
  caller: Caller,
): Promise<ReadonlySet<string>> {
  const table = tableOf(entity, connection);
  const query = { $select: table.key, where: anyOf(filters) };
  const rows = await readBy(theFilters, () => rowsWith(connection, table.set, table.key, ids.map(guid), query, { caller }));
  return new Set(rows.map((row) => keyIn(row, table.key)));
}

/** Asks for one row with everything that an admin may have named wrongly, as the service. */
export async function check(connection: Connection, entity: Entity, filters: readonly Filter[]): Promise<void> {
  const table = tableOf(entity, connection);
  const $filter = filters.length === 0 ? undefined : anyOf(filters);
  const url = connection.url(table.set, { $select: table.columns.join(','), $filter, $top: '1' });
  await readBy(filters.length === 0 ? 'the columns that were added to the map' : theFilters, () =>
    connection.page({ url, caller: 'service' }),
  );
}

/** Reads by what an admin may have named wrongly; that Dynamics does not take it is a mistake in the settings. */
async function readBy<T>(mistake: string | null, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof TandemError) || error.code !== errorCodes.refused || mistake === null) throw error;
    throw new TandemError(errorCodes.settings, {
      retry: 'never',
      fix: `Correct ${mistake}: Dynamics does not take them.`,
      ...(error.detail === undefined ? {} : { detail: error.detail }),
      cause: error,
    });
  }
}
