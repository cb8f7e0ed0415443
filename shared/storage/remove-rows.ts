import { atOnce } from '../platform/at-once';
import { errorCodes, TandemError } from '../platform/errors';
import { groupedBy, inGroups } from '../platform/groups';
import { deleteRow, type ReadRow, rowPages, transact, transactionRows } from './rows';
import type { Table } from './table';

const deletesAtOnce = 8;

/** Removes all rows that a filter lets through, a page at a time, and returns how many those were. Rows that somebody else removes meanwhile are no matter. */
export async function removeRows(table: Table, filter: string): Promise<number> {
  let removed = 0;
  for await (const rows of rowPages(table, filter, 1_000, ['PartitionKey', 'RowKey'])) {
    const groups = [...groupedBy(rows, ({ partitionKey }) => partitionKey).values()].flatMap((group) => inGroups(group, transactionRows));
    await atOnce(deletesAtOnce, groups, (group) => removeAll(table, group));
    removed += rows.length;
  }
  return removed;
}

async function removeAll(table: Table, rows: readonly ReadRow[]): Promise<void> {
  try {
    await transact(
      table,
      rows.map(({ partitionKey, rowKey }) => ['delete', { partitionKey, rowKey }]),
    );
  } catch (error) {
    if (!(error instanceof TandemError) || error.code !== errorCodes.gone) throw error;
    for (const { partitionKey, rowKey } of rows) await deleteRow(table, partitionKey, rowKey);
  }
}
