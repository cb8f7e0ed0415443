import type { TableEntity, TransactionAction } from '@azure/data-tables';
import type { Listing, Query, Table, Written } from '../../shared/storage/table';
import type { TableName, Tables } from '../../shared/storage/tables';
import { RowShelf } from './row-shelf';
import { propertiesOf, resultOf, type StoredRow } from './stored-row';
import { asTransactionError, tableError } from './table-errors';

/** The most operations in one transaction (Table service documentation, "Performing entity group transactions"). */
const transactionRows = 100;
const pageRows = 1_000;

/** A storage account's tables in memory. They answer and fail as the Table service does by way of its library; nothing is ever slow. */
export function memoryTables(now: () => number): Tables & { table(name: TableName): Promise<MemoryTable> } {
  const open = new Map<TableName, MemoryTable>();
  return {
    async table(name) {
      const table = open.get(name) ?? new MemoryTable(now);
      open.set(name, table);
      return table;
    },
  };
}

/** One table. An operation takes effect within one turn, so nothing comes between its check and its write. */
export class MemoryTable implements Table {
  private rows: RowShelf | null = new RowShelf();
  private writes = 0;

  constructor(private readonly now: () => number) {}

  async createEntity(row: TableEntity): Promise<Written> {
    return this.create(row);
  }

  async updateEntity(row: TableEntity, mode: 'Merge' | 'Replace' = 'Merge', { etag = '*' } = {}): Promise<Written> {
    return this.update(row, mode, etag);
  }

  async upsertEntity(row: TableEntity, mode: 'Merge' | 'Replace' = 'Merge'): Promise<Written> {
    return this.put(row, mode, this.shelf.get(row.partitionKey, row.rowKey));
  }

  async deleteEntity(partitionKey: string, rowKey: string, { etag = '*' }: { readonly etag?: string } = {}): Promise<Written> {
    return this.remove(partitionKey, rowKey, etag);
  }

  async getEntity(partitionKey: string, rowKey: string) {
    const row = this.shelf.get(partitionKey, rowKey);
    if (row === undefined) throw tableError(404, 'ResourceNotFound');
    return resultOf(row);
  }

  listEntities({ queryOptions = {} }: { readonly queryOptions?: Query } = {}): Listing {
    const page = (from: StoredRow | null, most: number) => this.shelf.after(from, most, queryOptions.filter);
    async function* byPage({ maxPageSize = pageRows }: { maxPageSize?: number } = {}) {
      if (maxPageSize < 1 || maxPageSize > pageRows) throw tableError(400, 'InvalidInput');
      for (let last: StoredRow | null = null; ; ) {
        const rows: StoredRow[] = page(last, maxPageSize);
        yield rows.map((row) => resultOf(row, queryOptions.select));
        last = rows.at(-1) ?? null;
        if (rows.length < maxPageSize) return;
      }
    }
    return {
      byPage,
      async *[Symbol.asyncIterator]() {
        for await (const rows of byPage()) yield* rows;
      },
    };
  }

  async submitTransaction(actions: TransactionAction[]): Promise<{ readonly subResponses: readonly Written[] }> {
    const partition = actions[0]?.[1].partitionKey;
    if (partition === undefined) throw new TypeError('A transaction needs an operation.');
    if (actions.some(([, row]) => row.partitionKey !== partition))
      throw new Error('All operations in a transaction must target the same partitionKey');
    if (actions.length > transactionRows) throw tableError(400, 'InvalidInput', 'transaction');
    const keys = new Set(actions.map(([, row]) => row.rowKey));
    if (keys.size < actions.length) throw tableError(400, 'InvalidDuplicateRow', 'transaction');
    const before = [...keys].map((key) => ({ key, row: this.shelf.get(partition, key) }));
    try {
      return { subResponses: actions.map((action) => this.carryOut(action)) };
    } catch (error) {
      for (const { key, row } of before) this.shelf.restore(partition, key, row);
      throw asTransactionError(error);
    }
  }

  /** Does what an administrator does to the table itself. */
  async createTable(): Promise<void> {
    this.rows ??= new RowShelf();
  }

  async deleteTable(): Promise<void> {
    this.rows = null;
  }

  private get shelf(): RowShelf {
    if (this.rows === null) throw tableError(404, 'TableNotFound');
    return this.rows;
  }

  private carryOut(action: TransactionAction): Written {
    const [verb, row] = action;
    switch (verb) {
      case 'create':
        return this.create(row);
      case 'delete':
        return this.remove(row.partitionKey, row.rowKey, '*');
      case 'update':
        return this.update(row, action[2] ?? 'Merge', action[3]?.etag ?? '*');
      case 'upsert':
        return this.put(row, action[2] ?? 'Merge', this.shelf.get(row.partitionKey, row.rowKey));
    }
  }

  private create(row: TableEntity): Written {
    const known = this.shelf.get(row.partitionKey, row.rowKey);
    if (known !== undefined) throw tableError(409, 'EntityAlreadyExists');
    return this.put(row, 'Replace', undefined);
  }

  private update(row: TableEntity, mode: 'Merge' | 'Replace', etag: string): Written {
    return this.put(row, mode, this.known(row.partitionKey, row.rowKey, etag));
  }

  private remove(partitionKey: string, rowKey: string, etag: string): Written {
    this.known(partitionKey, rowKey, etag);
    this.shelf.restore(partitionKey, rowKey, undefined);
    return {};
  }

  private known(partitionKey: string, rowKey: string, etag: string): StoredRow {
    const row = this.shelf.get(partitionKey, rowKey);
    if (row === undefined) throw tableError(404, 'ResourceNotFound');
    if (etag !== '*' && etag !== row.etag) throw tableError(412, 'UpdateConditionNotSatisfied');
    return row;
  }

  private put(row: TableEntity, mode: 'Merge' | 'Replace', known: StoredRow | undefined): Written {
    const { partitionKey, rowKey } = row;
    const written = propertiesOf(row);
    const properties = mode === 'Merge' && known !== undefined ? new Map([...known.properties, ...written]) : written;
    const writtenAt = this.now();
    this.writes += 1;
    const etag = `W/"datetime'${encodeURIComponent(new Date(writtenAt).toISOString())};${this.writes}'"`;
    this.shelf.restore(partitionKey, rowKey, { partitionKey, rowKey, properties, etag, writtenAt });
    return { etag };
  }
}
