import type { Entity } from '../model/values';
import { errorCodes, TandemError } from '../platform/errors';
import { occurrenceTypes } from './appointment';
import type { Connection } from './connection';
import type { FeedCursor, FeedPage, FeedRow } from './dynamics';
import { keyIn, lookupIn, type Row, textIn, versionIn } from './row';
import type { Table } from './table';
import { tableOf } from './tables';

/** A page of a table's change tracking. A tracked read takes no filter, order or expansion ("Use change tracking to synchronize data", Dataverse). */
export async function readFeed(connection: Connection, entity: Entity, cursor: FeedCursor | null, pageSize: number): Promise<FeedPage> {
  const table = tableOf(entity, connection);
  const full = cursor === null || (cursor.at === 'page' && cursor.full);
  const size = `odata.maxpagesize=${pageSize}`;
  const page = await connection.page({
    url: cursor === null ? connection.url(table.set, { $select: columnsOf(table).join(',') }) : connection.link(cursor.link),
    caller: 'service',
    prefer: full ? ['odata.track-changes', size] : [size],
    look: entity,
  });
  return { rows: page.rows.flatMap((row) => feedRow(row, table.key) ?? []), next: nextCursor(page, full, table.set), full };
}

function nextCursor(page: { nextLink: string | null; deltaLink: string | null }, full: boolean, set: string): FeedCursor {
  if (page.nextLink !== null) return { at: 'page', link: page.nextLink, full };
  if (page.deltaLink !== null) return { at: 'end', link: page.deltaLink };
  throw new TandemError(errorCodes.settings, {
    retry: 'never',
    fix: `Enable change tracking for ${set} in Dynamics.`,
    detail: 'the service gave no delta link',
  });
}

function columnsOf({ key, feedColumns = [] }: Table): string[] {
  return [key, '_ownerid_value', 'versionnumber', ...feedColumns];
}

/** A tombstone has a context of its own, and its id where a row has its key. Null for the date of a series that is not named: nothing could be done about it. */
function feedRow(row: Row, key: string): FeedRow | null {
  const context = row['@odata.context'];
  if (typeof context === 'string' && context.endsWith('/$deletedEntity')) return { kind: 'deleted', id: keyIn(row, 'id') };
  if (occurrenceTypes.includes(row.instancetypecode)) {
    const series = textIn(row, 'seriesid')?.toLowerCase();
    return series === undefined ? null : { kind: 'occurrence', id: keyIn(row, key), series };
  }
  return { kind: 'changed', id: keyIn(row, key), version: versionIn(row), owner: lookupIn(row, 'ownerid') };
}
