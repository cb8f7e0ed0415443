import { odata, type TransactionAction } from '@azure/data-tables';
import type { FolderRule, TrackedMail } from '../model/mail';
import { atOnce } from '../platform/at-once';
import { errorCodes, TandemError } from '../platform/errors';
import { inGroups } from '../platform/groups';
import type { Sealer } from '../platform/seal';
import type { Departures } from '../sync/brake';
import type { Link } from '../sync/link';
import { type DecisionRow, decisionOf, decisionRow, type HeldRow, holdOf, type UndoRow, undoOf, undoRow } from './hold-rows';
import { actionsOf, type LinkChange, packed, reconciled } from './link-changes';
import { LinkMemory } from './link-memory';
import {
  type CursorRow,
  type CycleRow,
  cursorOf,
  departuresOf,
  type InboxRow,
  type Intent,
  inboxOf,
  intentOf,
  keys,
  linkOf,
  type PairKey,
  type Parked,
  pairName,
  parkedOf,
} from './link-rows';
import { folderRulesRow, type MailState, mailKeys, mailKinds, mailStateOf, trackedMailOf } from './mail-rows';
import { deleteRow, getRow, putRow, type ReadRow, type Row, rowPages, takeRows, transact, transactionRows } from './rows';
import { isoTime } from './sealed-row';
import { storageError } from './storage-error';
import type { Table } from './table';

/** What a cycle has to know of its partition before it begins. */
export interface PartitionState {
  readonly fence: Fence;
  readonly cursors: readonly CursorRow[];
  readonly intents: readonly Intent[];
  readonly parked: readonly Parked[];
  readonly undos: readonly UndoRow[];
  readonly holds: readonly HeldRow[];
  readonly decisions: readonly DecisionRow[];
  readonly departures: Departures;
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
  /** Adds or renews inbox rows; a row that a cycle is just reading gets a new etag and stays, and one from a first load, or about a part, remains one. */
  addInbox(rows: readonly Omit<InboxRow, 'etag'>[]): Promise<void>;
  /** Asks for things to be taken back: those cycles that follow see them. */
  addUndos(undos: readonly UndoRow[]): Promise<void>;
  /** Deletes inbox rows that were read, each under its etag: one that has changed meanwhile stays. */
  clearInbox(rows: readonly InboxRow[]): Promise<void>;
  links(pairs: readonly PairKey[]): Promise<Map<string, Link>>;
  /** The pairs of items, by item id. */
  pairsOf(itemIds: readonly string[]): Promise<Map<string, PairKey>>;
  /** Every link, a page at a time. */
  allLinks(): AsyncIterable<readonly Link[]>;
  /** How many links are not released. */
  countLinks(): Promise<number>;
  /** What is known about the mailbox's mail. */
  mail(): Promise<MailState>;
  /** Those mails that were taken over already, by the ids of their rows. */
  trackedMail(ids: readonly string[]): Promise<ReadonlyMap<string, TrackedMail>>;
  /** Replaces the folder rules; the next cycle goes by them. */
  putFolderRules(rules: readonly FolderRule[]): Promise<void>;
  /** Writes what an admin decided, for the next cycle to find; a later decision about a pair replaces an earlier one. */
  decide(decisions: readonly DecisionRow[]): Promise<void>;
  /**
   * Commits groups of changes in transactions of at most a hundred, each of which first replaces the fence under its etag; a group is never torn apart. The
   * last group goes last. Whoever has lost the mailbox fails here with `mailbox-lost`, and nothing of that transaction happens.
   */
  commit(fence: Fence, groups: readonly (readonly LinkChange[])[], next: CycleRow): Promise<Fence>;
}

const lookupsAtOnce = 16;
const linksAPage = 500;

/** Opens the partition of a mailbox in the table `links`. */
export function linkPartition(table: Table, partitionKey: string, sealer: Sealer): LinkPartition {
  const between = (from: string, to: string): string => odata`PartitionKey eq ${partitionKey} and RowKey ge ${from} and RowKey lt ${to}`;
  const kind = (name: string): string => between(`${name}|`, `${name}}`);

  async function all(filter: string): Promise<ReadRow[]> {
    const found: ReadRow[] = [];
    for await (const page of rowPages(table, filter)) found.push(...page);
    return found;
  }

  const memory = new LinkMemory();

  /** Looks rows up by key, many at once, unless they are known; those that are there, by what they were looked up for. */
  async function lookUp<T>(wanted: readonly T[], keyOf: (each: T) => string): Promise<(readonly [T, Readonly<Record<string, unknown>>])[]> {
    const rows = await atOnce(lookupsAtOnce, wanted, (each) => {
      const known = memory.row(keyOf(each));
      if (known === 'unknown') return getRow(table, partitionKey, keyOf(each));
      return Promise.resolve(known === 'absent' ? null : known);
    });
    return wanted.flatMap((each, index) => {
      const row = rows[index];
      return row === null || row === undefined ? [] : [[each, row] as const];
    });
  }

  async function headRows(): Promise<Omit<PartitionState, 'intents' | 'parked'>> {
    const rows = await all(between('asked|', 'inbox|'));
    const named = (prefix: string): ReadRow[] => rows.filter(({ rowKey }) => rowKey.startsWith(prefix));
    const cycle = rows.find(({ rowKey }) => rowKey === keys.cycle);
    const departures = rows.find(({ rowKey }) => rowKey === keys.departures);
    return {
      decisions: named('decision|').map((row) => decisionOf(row, sealer)),
      departures: departures === undefined ? {} : departuresOf(departures),
      cursors: named('cursor|').map(cursorOf),
      undos: named('asked|undo|').map((row) => undoOf(row, sealer)),
      holds: named('hold|').map((row) => holdOf(row, sealer)),
      fence: cycle === undefined ? { etag: null, drainedAt: 0 } : { etag: cycle.etag, drainedAt: Date.parse(String(cycle.drainedAt)) },
    };
  }

  async function submit(fence: Fence, actions: readonly TransactionAction[], next: CycleRow): Promise<Fence> {
    const row: Row = { partitionKey, rowKey: keys.cycle, v: 1, drainedAt: isoTime(next.drainedAt) };
    const first: TransactionAction = fence.etag === null ? ['create', row] : ['update', row, 'Replace', { etag: fence.etag }];
    try {
      const { subResponses } = await table.submitTransaction([first, ...actions]);
      // Replies come in the order of the actions; only those to inserts name their row.
      return { ...next, etag: subResponses[0]?.etag ?? null };
    } catch (thrown) {
      throw lostOr(storageError(thrown));
    }
  }

  return {
    async state() {
      // The fence is read first: whatever is committed while the rest is read makes it stale, and who goes by old rows is refused.
      const head = await headRows();
      memory.begin(head.fence.etag === null);
      const [intents, parked] = await Promise.all([all(kind('intent')), all(kind('parked'))]);
      return { ...head, intents: intents.map((row) => intentOf(row, sealer)), parked: parked.map(parkedOf) };
    },
    inbox: async (limit) => (await takeRows(table, kind('inbox'), limit)).map(inboxOf),
    async addInbox(additions) {
      const actions = additions.map(({ entity, recordId, version, partsChanged, firstLoad }): TransactionAction => {
        const row: Row = {
          partitionKey,
          rowKey: keys.inbox({ entity, recordId }),
          v: 1,
          entity,
          recordId,
          version,
          partsChanged: partsChanged || undefined,
          firstLoad: firstLoad || undefined,
        };
        return ['upsert', row, 'Merge'];
      });
      for (const group of inGroups(actions, transactionRows)) await transact(table, group);
    },
    async addUndos(undos) {
      const actions = undos.map((undo): TransactionAction => ['upsert', undoRow(partitionKey, undo, sealer), 'Replace']);
      for (const group of inGroups(actions, transactionRows)) await transact(table, group);
    },
    async clearInbox(read) {
      await atOnce(lookupsAtOnce, read, async (row) => {
        try {
          await deleteRow(table, partitionKey, keys.inbox(row), row.etag);
        } catch (error) {
          if (!(error instanceof TandemError) || error.code !== errorCodes.stale) throw error;
        }
      });
    },
    links: async (pairs) => new Map((await lookUp(pairs, keys.link)).map(([pair, row]) => [pairName(pair), linkOf(row, sealer)])),
    pairsOf: async (itemIds) => new Map((await lookUp(itemIds, keys.item)).map(([id, row]) => [id, pairOf(row)])),
    async *allLinks() {
      for await (const page of rowPages(table, kind('link'), linksAPage)) yield page.map((row) => linkOf(row, sealer));
    },
    async countLinks() {
      let count = 0;
      const live = `${kind('link')} and ${odata`state ne ${'released'}`}`;
      for await (const page of rowPages(table, live, 1_000, ['PartitionKey', 'RowKey'])) count += page.length;
      return count;
    },
    async decide(decisions) {
      const actions = decisions.map((each): TransactionAction => ['upsert', decisionRow(partitionKey, each, sealer), 'Replace']);
      for (const group of inGroups(actions, transactionRows)) await transact(table, group);
    },
    mail: async () => mailStateOf(await all(kind(mailKinds.state))),
    trackedMail: async (ids) => new Map((await lookUp(ids, mailKeys.tracked)).map(([id, row]) => [id, trackedMailOf(row)])),
    async putFolderRules(rules) {
      await putRow(table, folderRulesRow(partitionKey, rules));
    },
    async commit(fence, groups, next) {
      let current = fence;
      const actions = groups.map((group) => group.flatMap((change) => actionsOf(change, partitionKey, sealer)));
      const transactions = packed(reconciled(actions, (rowKey) => memory.row(rowKey) === 'absent'));
      try {
        for (const transaction of transactions) {
          current = await submit(current, transaction, next);
          memory.note(transaction);
        }
      } catch (error) {
        memory.forget();
        throw error;
      }
      return current;
    },
  };
}

function pairOf(row: Readonly<Record<string, unknown>>): PairKey {
  return { entity: row.entity as PairKey['entity'], recordId: String(row.recordId) };
}

/** A transaction that somebody else's commit made impossible means that the mailbox is no longer ours. */
function lostOr(error: TandemError): TandemError {
  if (error.code !== errorCodes.stale && error.code !== errorCodes.duplicate && error.code !== errorCodes.gone) return error;
  return new TandemError(errorCodes.mailboxLost, {
    retry: 'later',
    fix: 'Nothing to do: another worker took this mailbox over and goes on with it.',
    cause: error,
  });
}
