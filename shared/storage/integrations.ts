import { z } from 'zod';
import type { FeedCursor } from '../dynamics/dynamics';
import { IntegrationConnection } from '../model/integration-connection';
import { IntegrationSettings } from '../model/integration-settings';
import type { Entity } from '../model/values';
import { errorCodes, TandemError } from '../platform/errors';
import type { Departures } from '../sync/brake';
import { fromProperties, rememberingReader, type Shape, toProperties } from './document';
import { afterKey, joinKey } from './key';
import { getRow, insertRow, partitionFilter, putRow, type ReadRow, type Row, replaceRow, takeRows } from './rows';
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

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page starts; null at the end. */
  readonly next: string | null;
}

export interface Integrations {
  get(id: string): Promise<Integration | null>;
  /** A page in the order of their ids. */
  list(page: { readonly limit: number; readonly cursor: string | null }): Promise<Page<Integration>>;
  /** All of them. */
  all(): Promise<readonly Integration[]>;
  /** Writes an integration over what is there. Its feeds' cursors stay. */
  put(integration: Integration): Promise<void>;
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

  return {
    async get(id) {
      const row = await getRow(await table(), partition, joinKey(settingsPrefix, id));
      return row === null ? null : integrationOf(row);
    },
    async list({ limit, cursor }) {
      const rows = await take(cursor === null ? `${settingsPrefix}|` : joinKey(settingsPrefix, cursor), limit + 1);
      const items = rows.slice(0, limit).map(integrationOf);
      return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
    all: async () => (await take(`${settingsPrefix}|`, mostIntegrations)).map(integrationOf),
    async put(integration) {
      await putRow(await table(), {
        partitionKey: partition,
        rowKey: joinKey(settingsPrefix, integration.id),
        ...toProperties(integrationShape, integration),
      });
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
