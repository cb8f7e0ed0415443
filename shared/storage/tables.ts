import { TableClient } from '@azure/data-tables';
import type { TokenSource } from '../auth/token-source';
import type { Config } from '../platform/config';
import { boundedWaits } from './bounded-waits';
import { storageError } from './storage-error';
import type { Table } from './table';

export const tableNames = [
  'integrations',
  'mailboxes',
  'homes',
  'links',
  'journal',
  'keys',
  'tokens',
  'records',
  'owned',
  'feed',
  'grants',
  'audit',
  'requests',
  'replies',
] as const;
export type TableName = (typeof tableNames)[number];

/** The storage account's tables. */
export interface Tables {
  /** A table, which is made where it is not there. Throws TandemError. */
  table(name: TableName): Promise<Table>;
}

/** A connection string that leads to plain http on this machine; to any other place the library refuses http. */
const onThisMachine = /(^|;)\s*(UseDevelopmentStorage=true|TableEndpoint=http:\/\/(127\.0\.0\.1|localhost)[:/])/i;

/** Opens the tables that the settings name. Each is made at most once a process; a failure to make it is not remembered. */
export function openTables(config: Config, tokens: TokenSource): Tables {
  const open = new Map<TableName, Promise<Table>>();
  return {
    table(name) {
      const known = open.get(name) ?? openTable(config, tokens, name);
      open.set(name, known);
      known.catch(() => {
        if (open.get(name) === known) open.delete(name);
      });
      return known;
    },
  };
}

async function openTable(config: Config, tokens: TokenSource, name: TableName): Promise<TableClient> {
  const client = clientFor(config, tokens, name);
  try {
    await client.createTable();
    return client;
  } catch (error) {
    throw storageError(error);
  }
}

function clientFor({ tables, requestTimeoutMs }: Config, tokens: TokenSource, name: TableName): TableClient {
  const options = boundedWaits(requestTimeoutMs);
  switch (tables.by) {
    case 'identity':
      return new TableClient(tables.serviceUri, name, tokens.asTokenCredential(), options);
    case 'connectionString': {
      const { connectionString } = tables;
      return TableClient.fromConnectionString(connectionString, name, {
        ...options,
        allowInsecureConnection: onThisMachine.test(connectionString),
      });
    }
  }
}
