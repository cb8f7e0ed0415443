import type { TableEntity, TableEntityResult, TransactionAction } from '@azure/data-tables';

type Result = TableEntityResult<Record<string, unknown>>;

/** What the repositories need of a table. The library's `TableClient` is one, and so is whatever answers and fails as it does. */
export interface Table {
  createEntity(row: TableEntity): Promise<Written>;
  updateEntity(row: TableEntity, mode: 'Merge' | 'Replace', options: { readonly etag: string }): Promise<Written>;
  upsertEntity(row: TableEntity, mode: 'Merge' | 'Replace'): Promise<Written>;
  deleteEntity(partitionKey: string, rowKey: string, options?: { readonly etag?: string }): Promise<unknown>;
  getEntity(partitionKey: string, rowKey: string): Promise<Result>;
  listEntities(options?: { readonly queryOptions?: Query }): Listing;
  submitTransaction(actions: TransactionAction[]): Promise<{ readonly subResponses: readonly Written[] }>;
}

export interface Written {
  readonly etag?: string;
}

export interface Query {
  filter?: string;
  select?: string[];
}

/** Rows in the order of their keys: one by one, or page by page of at most 1,000. */
export interface Listing extends AsyncIterable<Result> {
  byPage(settings?: { maxPageSize?: number }): AsyncIterable<Result[]>;
}
