import { z } from 'zod';
import type { FeedCursor } from '../dynamics/dynamics';
import { IntegrationConnection } from '../model/integration-connection';
import { IntegrationSettings } from '../model/integration-settings';
import type { Entity } from '../model/values';
import { errorCodes, TandemError } from '../platform/errors';
import type { Departures } from '../sync/brake';
import { fromProperties, rememberingReader, type Shape, toProperties } from './document';
import { afterKey, joinKey, splitKey } from './key';
import { deleteRow, getRow, insertRow, partitionFilter, putRow, type ReadRow, type Row, replaceRow, rowPages, takeRows } from './rows';
import type { Tables } from './tables';

/** One connected Dynamics environment. */
export interface Integration {
  /** Lower-case letters, digits and hyphens. */
  readonly id: string;
  readonly name: string;
  /** The environment's address, without a slash at its end. */
  readonly baseUrl: string;
  readonly settings: IntegrationSettings;
  readonly connection: IntegrationConnection;
}

/** Where one table's feed was read to, and by which round; `etag` is null where nothing was saved yet. */
export interface FeedState {
  readonly cursor: FeedCursor | null;
  /** The id of the full round that is under way. */
  readonly round: string | null;
  readonly etag: string | null;
}

/** An integration, and the etag of the row that holds it. */
export interface StoredIntegration {
  readonly integration: Integration;
  readonly etag: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page starts; null at the end. */
  readonly next: string | null;
}

export interface Integrations {
  get(id: string): Promise<Integration | null>;
  /** The same with its etag, for those who change it. */
  find(id: string): Promise<StoredIntegration | null>;
  /** A page in the order of their ids. */
  list(page: { readonly limit: number; readonly cursor: string | null }): Promise<Page<StoredIntegration>>;
  /** All of them. */
  all(): Promise<readonly Integration[]>;
  /**
   * Writes an integration over what is there, and returns its etag. Its feeds' cursors stay.
   * With an etag only over that version, with null only where there is none; throws `stale` otherwise.
   */
  put(integration: Integration, etag?: string | null): Promise<string>;
  /** Removes an integration that is as it was read. Throws `stale`. */
  remove(id: string, etag: string): Promise<void>;
  /** Removes what polls and cycles noted about an integration, such as cursors: everything under its id but its settings. */
  forget(id: string): Promise<void>;
  /** What the brake has counted for all mailboxes of an integration; `etag` is null where nothing was saved yet. */
  readDepartures(integration: string): Promise<{ readonly departures: Departures; readonly etag: string | null }>;
  /** Saves it. Throws `stale` where somebody else has saved since `etag` was read. */
  saveDepartures(integration: string, departures: Departures, etag: string | null): Promise<void>;
  readFeedState(integration: string, entity: Entity): Promise<FeedState>;
  /** Saves where a feed was read to, and returns the new etag. Throws `stale` where somebody else has saved since `etag` was read. */
  saveFeedState(integration: string, entity: Entity, state: Pick<FeedState, 'cursor' | 'round'>, etag: string | null): Promise<string>;
}

/** Settings and cursors have rows of their own, so that a poll never stands in the way of an admin. */
const partition = 'integration';
const settingsPrefix = 'settings';
const feedPrefix = 'feed';
const departuresPrefix = 'departures';
const mostIntegrations = 1_000;

const integrationShape: Shape<Integration> = {
  version: 1,
  schema: z.object({
    id: z.string(),
    name: z.string(),
    baseUrl: z.string(),
    settings: IntegrationSettings,
    connection: IntegrationConnection.prefault({}),
  }),
};

const Cursor = z.discriminatedUnion('at', [
  z.object({ at: z.literal('end'), link: z.string() }),
  z.object({ at: z.literal('page'), link: z.string(), full: z.boolean() }),
]);

const feedShape: Shape<Pick<FeedState, 'cursor' | 'round'>> = {
  version: 1,
  schema: z.object({ cursor: Cursor.nullable(), round: z.string().nullable() }),
};

const departuresShape: Shape<Departures> = { version: 1, schema: z.record(z.string(), z.number()) };

/** Integrations, their feeds' cursors and what their brakes count, in the table `integrations`. */
export function tableIntegrations(tables: Tables): Integrations {
  const table = () => tables.table('integrations');

  async function take(after: string, count: number): Promise<ReadRow[]> {
    return takeRows(await table(), `${partitionFilter(partition, after)} and RowKey lt '${afterKey(settingsPrefix)}'`, count);
  }

  /** Replaces a row that is as it was read, or makes one that was not there. */
  async function save(row: Row, etag: string | null, what: string): Promise<string> {
    try {
      return etag === null ? await insertRow(await table(), row) : await replaceRow(await table(), row, etag);
    } catch (error) {
      if (error instanceof TandemError && (error.code === errorCodes.duplicate || error.code === errorCodes.gone)) throw stale(what, error);
      throw error;
    }
  }

  // Every message asks for its integration, and settings hardly ever change.
  const integrationOf = rememberingReader(integrationShape);
  const stored = (row: ReadRow): StoredIntegration => ({ integration: integrationOf(row), etag: row.etag });

  return {
    async get(id) {
      const row = await getRow(await table(), partition, joinKey(settingsPrefix, id));
      return row === null ? null : integrationOf(row);
    },
    async find(id) {
      const row = await getRow(await table(), partition, joinKey(settingsPrefix, id));
      return row === null ? null : stored(row);
    },
    async list({ limit, cursor }) {
      const rows = await take(cursor === null ? `${settingsPrefix}|` : joinKey(settingsPrefix, cursor), limit + 1);
      const items = rows.slice(0, limit).map(stored);
      return { items, next: rows.length > limit ? (items.at(-1)?.integration.id ?? null) : null };
    },
    all: async () => (await take(`${settingsPrefix}|`, mostIntegrations)).map(integrationOf),
    async put(integration, etag) {
      const rowKey = joinKey(settingsPrefix, integration.id);
      const row = { partitionKey: partition, rowKey, ...toProperties(integrationShape, integration) };
      return etag === undefined ? putRow(await table(), row) : save(row, etag, 'the integration');
    },
    async remove(id, etag) {
      await deleteRow(await table(), partition, joinKey(settingsPrefix, id), etag);
    },
    async forget(id) {
      const client = await table();
      for await (const rows of rowPages(client, partitionFilter(partition), 1_000, ['PartitionKey', 'RowKey'])) {
        const its = rows.map(({ rowKey }) => rowKey).filter((rowKey) => isAbout(rowKey, id));
        for (const rowKey of its) await deleteRow(client, partition, rowKey);
      }
    },
    async readDepartures(integration) {
      const row = await getRow(await table(), partition, joinKey(departuresPrefix, integration));
      return row === null ? { departures: {}, etag: null } : { departures: fromProperties(departuresShape, row), etag: row.etag };
    },
    async saveDepartures(integration, departures, etag) {
      const row = { partitionKey: partition, rowKey: joinKey(departuresPrefix, integration), ...toProperties(departuresShape, departures) };
      await save(row, etag, 'what the brake counts');
    },
    async readFeedState(integration, entity) {
      const row = await getRow(await table(), partition, feedKey(integration, entity));
      if (row === null) return { cursor: null, round: null, etag: null };
      return { ...fromProperties(feedShape, row), etag: row.etag };
    },
    async saveFeedState(integration, entity, state, etag) {
      const row = { partitionKey: partition, rowKey: feedKey(integration, entity), ...toProperties(feedShape, state) };
      return save(row, etag, 'the feed state');
    },
  };
}

/** Whether a row was noted about an integration: its id is the second part of every key here. */
function isAbout(rowKey: string, id: string): boolean {
  const [prefix, about] = splitKey(rowKey);
  return about === id && prefix !== settingsPrefix;
}

function feedKey(integration: string, entity: Entity): string {
  return joinKey(feedPrefix, integration, entity);
}

function stale(what: string, cause: unknown): TandemError {
  return new TandemError(errorCodes.stale, {
    retry: 'now',
    fix: 'Read it again: somebody else has saved it.',
    detail: `${what} has changed`,
    cause,
  });
}
