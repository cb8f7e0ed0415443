import { odata, type TableEntityResult, type TransactionAction } from '@azure/data-tables';
import { isRowMissing, storageError } from './storage-error';
import type { Table } from './table';

/** What a row may hold. Times are ISO 8601 text: they compare, and people can read them. */
export type Property = string | number | boolean;

/** A row to write. A property that is undefined is not written. */
export interface Row {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly [property: string]: Property | undefined;
}

/** A row as it was read. */
export type ReadRow = TableEntityResult<Record<string, unknown>> & { readonly partitionKey: string; readonly rowKey: string };

/** The most rows in one transaction. Source: Table service documentation, "Performing entity group transactions". */
export const transactionRows = 100;

/** The row, or null where it is not there. */
export async function getRow(table: Table, partitionKey: string, rowKey: string): Promise<ReadRow | null> {
  try {
    return (await table.getEntity(partitionKey, rowKey)) as ReadRow;
  } catch (error) {
    if (isRowMissing(error)) return null;
    throw storageError(error);
  }
}

/** Writes a row that must not be there yet, and returns its etag. Throws `duplicate`. */
export function insertRow(table: Table, row: Row): Promise<string> {
  return written(table.createEntity(row));
}

/** Replaces a row that must still have this etag, and returns the new one. Throws `stale`, or `gone`. */
export function replaceRow(table: Table, row: Row, etag: string): Promise<string> {
  return written(table.updateEntity(row, 'Replace', { etag }));
}

/** Writes a row whatever is there, and returns its etag. */
export function putRow(table: Table, row: Row): Promise<string> {
  return written(table.upsertEntity(row, 'Replace'));
}

/** Removes a row, if it still has the etag where one is given. A row that is not there is a success. Throws `stale`. */
export async function deleteRow(table: Table, partitionKey: string, rowKey: string, etag = '*'): Promise<void> {
  try {
    await table.deleteEntity(partitionKey, rowKey, { etag });
  } catch (error) {
    if (!isRowMissing(error)) throw storageError(error);
  }
}

/** Carries out at most 100 writes in one partition, all or none. */
export async function transact(table: Table, actions: readonly TransactionAction[]): Promise<void> {
  if (actions.length === 0) return;
  try {
    await table.submitTransaction([...actions]);
  } catch (error) {
    throw storageError(error);
  }
}

/** The rows that a filter lets through, a page at a time, in the order of their keys. */
export async function* rowPages(table: Table, filter: string, pageSize = 1_000, select?: string[]): AsyncGenerator<ReadRow[]> {
  const queryOptions = { filter, ...(select === undefined ? {} : { select }) };
  try {
    for await (const page of table.listEntities({ queryOptions }).byPage({ maxPageSize: Math.min(pageSize, 1_000) })) {
      if (page.length > 0) yield page as ReadRow[];
    }
  } catch (error) {
    throw storageError(error);
  }
}

/** The first rows that a filter lets through. */
export async function takeRows(table: Table, filter: string, count: number): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const page of rowPages(table, filter, count)) {
    rows.push(...page);
    if (rows.length >= count) break;
  }
  return rows.slice(0, count);
}

/** A filter for one partition, and for the rows after a key where one is given. */
export function partitionFilter(partitionKey: string, afterRowKey: string | null = null): string {
  const partition = odata`PartitionKey eq ${partitionKey}`;
  return afterRowKey === null ? partition : `${partition} and ${odata`RowKey gt ${afterRowKey}`}`;
}

async function written(write: Promise<{ readonly etag?: string }>): Promise<string> {
  try {
    return (await write).etag ?? '';
  } catch (error) {
    throw storageError(error);
  }
}
