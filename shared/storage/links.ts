import type { CreateDeleteEntityAction } from '@azure/data-tables';
import { odata, type TableClient, type TransactionAction } from '@azure/data-tables';
import { atOnce } from '../platform/at-once';
import { errorCodes, TandemError } from '../platform/errors';
import type { Sealer } from '../platform/seal';
import type { Link } from '../sync/link';
import {
  type CursorRow,
  type CycleRow,
  cursorOf,
  cursorRow,
  type HeldRow,
  holdOf,
  holdRow,
  type InboxRow,
  type Intent,
  inboxOf,
  intentOf,
  intentRow,
  keys,
  linkOf,
  linkRow,
  type PairKey,
  type Parked,
  pairName,
  parkedOf,
  parkedRow,
  type Row,
} from './link-rows';

/** One thing to change in a mailbox's partition. */
export type LinkChange =
  | { readonly put: 'link'; readonly link: Link; readonly formerItemId: string | null }
  | { readonly put: 'parked'; readonly parked: Parked }
  | { readonly put: 'hold'; readonly hold: HeldRow }
  | { readonly put: 'cursor'; readonly cursor: CursorRow }
  /** Inserted, never upserted; `renew` replaces one that this worker found and searched. */
  | { readonly put: 'intent'; readonly intent: Intent; readonly renew: boolean }
  | { readonly drop: 'link'; readonly link: Link }
  | { readonly drop: 'intent' | 'hold'; readonly pair: PairKey }
  | { readonly drop: 'parked'; readonly parked: Parked }
  | { readonly drop: 'cursor'; readonly feed: CursorRow['feed'] };

/** What a cycle has to know of its partition before it begins. */
export interface PartitionState {
  readonly fence: Fence;
  readonly cursors: readonly CursorRow[];
  readonly intents: readonly Intent[];
  readonly parked: readonly Parked[];
  readonly holds: readonly HeldRow[];
}

/** The `cycle` row as it was last seen; replacing it under its etag proves that the mailbox is still ours. */
export interface Fence extends CycleRow {
  /** Null before the first cycle. */
  readonly etag: string | null;
}

/** All rows of one mailbox: links, inbox, intents, parked pairs, holds, cursors and the fence. */
export interface LinkPartition {
  state(): Promise<PartitionState>;
  /** Up to `limit` inbox rows. */
  inbox(limit: number): Promise<InboxRow[]>;
  /** Adds or renews inbox rows; a row that a cycle is just reading gets a new etag and stays, and one from a first load remains one. */
  addInbox(rows: readonly Omit<InboxRow, 'etag'>[]): Promise<void>;
  /** Deletes inbox rows that were read, each under its etag: one that has changed meanwhile stays. */
  clearInbox(rows: readonly InboxRow[]): Promise<void>;
  links(pairs: readonly PairKey[]): Promise<Map<string, Link>>;
  /** The pairs of items, by item id. */
  pairsOf(itemIds: readonly string[]): Promise<Map<string, PairKey>>;
  /** Every link, a page at a time. */
  allLinks(): AsyncIterable<readonly Link[]>;
  /**
   * Commits groups of changes in transactions of at most a hundred, each of which first replaces the fence under its etag; a group is never torn apart. The
   * last group goes last. Whoever has lost the mailbox fails here with `mailbox-lost`, and nothing of that transaction happens.
   */
  commit(fence: Fence, groups: readonly (readonly LinkChange[])[], next: CycleRow): Promise<Fence>;
}

const transactionLimit = 100;
/** A transaction takes 4 MiB; this leaves room for its envelope. */
const transactionCharacters = 2_500_000;
const lookupsAtOnce = 16;

/** Opens the partition of a mailbox in the `links` table. */
export function linkPartition(table: TableClient, partitionKey: string, sealer: Sealer): LinkPartition {
  const rows = (from: string, to: string) =>
    table.listEntities<Record<string, unknown>>({
      queryOptions: { filter: odata`PartitionKey eq ${partitionKey} and RowKey ge ${from} and RowKey lt ${to}` },
    });

  async function all(prefix: string): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    for await (const row of rows(`${prefix}|`, `${prefix}}`)) found.push(row);
    return found;
  }

  async function lookUp(rowKey: string): Promise<Record<string, unknown> | null> {
    try {
      return await table.getEntity<Record<string, unknown>>(partitionKey, rowKey);
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  }

  return {
    async state() {
      const [head, intents, parked] = await Promise.all([headRows(), all('intent'), all('parked')]);
      return { ...head, intents: intents.map((row) => intentOf(row, sealer)), parked: parked.map(parkedOf) };
    },

    async inbox(limit) {
      const pages = rows('inbox|', 'inbox}').byPage({ maxPageSize: limit });
      for await (const page of pages) return page.map(inboxOf);
      return [];
    },

    async addInbox(additions) {
      const entities = additions.map(
        (row): TransactionAction => [
          'upsert',
          {
            partitionKey,
            rowKey: keys.inbox(row),
            v: 1,
            entity: row.entity,
            recordId: row.recordId,
            version: row.version,
            firstLoad: row.firstLoad,
          },
          'Replace',
        ],
      );
      for (let at = 0; at < entities.length; at += transactionLimit)
        await table.submitTransaction(entities.slice(at, at + transactionLimit));
    },

    async clearInbox(read) {
      await atOnce(lookupsAtOnce, read, async (row) => {
        try {
          await table.deleteEntity(partitionKey, keys.inbox(row), { etag: row.etag });
        } catch (error) {
          if (![404, 412].includes(statusOf(error) ?? 0)) throw error;
        }
      });
    },

    async links(pairs) {
      const found = new Map<string, Link>();
      await atOnce(lookupsAtOnce, pairs, async (pair) => {
        const row = await lookUp(keys.link(pair));
        if (row !== null) found.set(pairName(pair), linkOf(row, sealer));
      });
      return found;
    },

    async pairsOf(itemIds) {
      const found = new Map<string, PairKey>();
      await atOnce(lookupsAtOnce, itemIds, async (itemId) => {
        const row = await lookUp(keys.item(itemId));
        if (row !== null) found.set(itemId, { entity: row.entity as PairKey['entity'], recordId: String(row.recordId) });
      });
      return found;
    },

    async *allLinks() {
      for await (const page of rows('link|', 'link}').byPage({ maxPageSize: 500 })) yield page.map((row) => linkOf(row, sealer));
    },

    async commit(fence, groups, next) {
      let current = fence;
      for (const actions of packed(groups.map((group) => group.flatMap((change) => actionsOf(change, partitionKey, sealer))))) {
        current = await submit(current, actions, next);
      }
      return current;
    },
  };

  async function headRows(): Promise<Pick<PartitionState, 'fence' | 'cursors' | 'holds'>> {
    const cursors: CursorRow[] = [];
    const holds: HeldRow[] = [];
    let fence: Fence = { etag: null, drainedAt: 0 };
    for await (const row of rows('cursor|', 'inbox|')) {
      const rowKey = String(row.rowKey);
      if (rowKey.startsWith('cursor|')) cursors.push(cursorOf(row));
      else if (rowKey.startsWith('hold|')) holds.push(holdOf(row, sealer));
      else if (rowKey === keys.cycle) {
        fence = {
          etag: String(row.etag),
          drainedAt: Date.parse(String(row.drainedAt)),
        };
      }
    }
    return { fence, cursors, holds };
  }

  async function submit(fence: Fence, actions: readonly TransactionAction[], next: CycleRow): Promise<Fence> {
    const row: Row = { partitionKey, rowKey: keys.cycle, v: 1, drainedAt: new Date(next.drainedAt) };
    const first: TransactionAction =
      fence.etag === null ? (['create', row] as CreateDeleteEntityAction) : ['update', row, 'Replace', { etag: fence.etag }];
    try {
      const { getResponseForEntity } = await table.submitTransaction([first, ...actions]);
      return { ...next, etag: getResponseForEntity(keys.cycle)?.etag ?? null };
    } catch (error) {
      if (![404, 409, 412].includes(statusOf(error) ?? 0)) throw error;
      throw new TandemError(errorCodes.mailboxLost, {
        retry: 'later',
        fix: 'Nothing to do: another worker took this mailbox over and goes on with it.',
        status: statusOf(error) ?? 0,
        cause: error,
      });
    }
  }
}

function actionsOf(change: LinkChange, partitionKey: string, sealer: Sealer): TransactionAction[] {
  const gone = (rowKey: string): TransactionAction => ['delete', { partitionKey, rowKey }];
  if ('put' in change) {
    switch (change.put) {
      case 'link': {
        const { link, formerItemId } = change;
        const item: Row = { partitionKey, rowKey: keys.item(link.itemId), v: 1, entity: link.entity, recordId: link.recordId };
        const former = formerItemId === null || formerItemId === link.itemId ? [] : [gone(keys.item(formerItemId))];
        return [['upsert', linkRow(partitionKey, link, sealer), 'Replace'], ['upsert', item, 'Replace'], ...former];
      }
      case 'parked':
        return [['upsert', parkedRow(partitionKey, change.parked), 'Replace']];
      case 'hold':
        return [['upsert', holdRow(partitionKey, change.hold, sealer), 'Replace']];
      case 'cursor':
        return [['upsert', cursorRow(partitionKey, change.cursor), 'Replace']];
      case 'intent':
        return change.renew
          ? [['update', intentRow(partitionKey, change.intent, sealer), 'Replace']]
          : [['create', intentRow(partitionKey, change.intent, sealer)]];
    }
  }
  switch (change.drop) {
    case 'link':
      return [gone(keys.link(change.link)), gone(keys.item(change.link.itemId))];
    case 'intent':
      return [gone(keys.intent(change.pair))];
    case 'hold':
      return [gone(keys.hold(change.pair))];
    case 'parked':
      return [gone(keys.parked(change.parked))];
    case 'cursor':
      return [gone(keys.cursor(change.feed))];
  }
}

/** Groups packed into transactions with room for the fence; a group stays whole. */
function packed(groups: readonly TransactionAction[][]): TransactionAction[][] {
  const transactions: TransactionAction[][] = [];
  let current: TransactionAction[] = [];
  let currentSize = 0;
  for (const group of groups) {
    const size = JSON.stringify(group).length;
    if (current.length > 0 && (current.length + group.length > transactionLimit - 1 || currentSize + size > transactionCharacters)) {
      transactions.push(current);
      current = [];
      currentSize = 0;
    }
    current.push(...group);
    currentSize += size;
  }
  return [...transactions, current];
}

function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown }).statusCode;
  return typeof status === 'number' ? status : undefined;
}
