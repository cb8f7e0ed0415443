import { startAzurite } from '../../../local/azurite';
import { memoryTables } from '../../../local/simulation/memory-tables';
import { createTokenSource } from '../../../shared/auth/token-source';
import type { Table } from '../../../shared/storage/table';
import { openTables, type Tables } from '../../../shared/storage/tables';
import { testConfig } from '../test-config';

/** What keeps tables: the repositories may not be able to tell one from the other. */
export interface TableStore {
  readonly tables: Tables;
  close(): Promise<void>;
}

/** Every kind of store that the contract holds for, by name. */
export const tableStores = {
  Azurite: startTables,
  memory: async (): Promise<TableStore> => ({ tables: memoryTables(Date.now), close: async () => undefined }),
} as const;

export const storeNames = Object.keys(tableStores) as (keyof typeof tableStores)[];

/** Tables in an Azurite of their own. */
export async function startTables(): Promise<TableStore> {
  const azurite = await startAzurite();
  const config = testConfig({ Tables: azurite.connectionString });
  return { tables: openTables(config, createTokenSource(config)), close: () => azurite.close() };
}

/** Takes a whole table away and lays it out anew, which no repository does. */
export async function without(table: Table, meanwhile: () => Promise<void>): Promise<void> {
  const owned = table as Table & { deleteTable(): Promise<void>; createTable(): Promise<void> };
  await owned.deleteTable();
  await meanwhile();
  await owned.createTable();
}
