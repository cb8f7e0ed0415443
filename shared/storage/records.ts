import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { atOnce } from '../platform/at-once';
import { errorCodes, TandemError } from '../platform/errors';
import type { WorkspaceRecord } from '../workspace/record';
import { type RecordTableName, recordTableNames } from '../workspace/tables';
import { fromProperties, type Shape, toProperties } from './document';
import { afterKey, encodeKey, joinKey } from './key';
import { deleteRow, getRow, insertRow, partitionFilter, type ReadRow, replaceRow, rowPages } from './rows';
import type { Table } from './table';
import type { Tables } from './tables';

/** What a save found: what was there before, null for a record that is new; `saved` is false where what is there is as new or newer. */
export interface Saved {
  readonly before: WorkspaceRecord | null;
  readonly saved: boolean;
}

/** The record cache of an integration's environment. */
export interface Records {
  get(integration: string, table: RecordTableName, id: string): Promise<WorkspaceRecord | null>;
  /** Those that are there, in no useful order. */
  getMany(integration: string, table: RecordTableName, ids: readonly string[]): Promise<WorkspaceRecord[]>;
  /** The records of a table that belong to a user or a team, a page at a time, in the order of their ids. */
  owned(integration: string, owner: string, table: RecordTableName): AsyncIterable<readonly WorkspaceRecord[]>;
  /** Every record of a table in the order of their ids, up to 1,000 a page; from behind an id where one is given. */
  scan(integration: string, table: RecordTableName, after?: string): AsyncIterable<readonly WorkspaceRecord[]>;
  /**
   * Saves a record and puts it on its owner's list, unless a newer version is there. Doing it again is harmless, and ends what a failure left half done.
   * With `refresh` it is written over the same version too: names of what it points to change without it, and so does which columns are read.
   * Throws `stale` after ten lost races.
   */
  save(integration: string, record: WorkspaceRecord, refresh?: boolean): Promise<Saved>;
  /** Takes a record off its owner's list and out of the cache; returns what was there. */
  remove(integration: string, table: RecordTableName, id: string): Promise<WorkspaceRecord | null>;
}

/** A record as it is kept: with the owner from whose list it may still have to be taken. */
interface Kept {
  readonly record: WorkspaceRecord;
  readonly formerOwner: string | null;
}

const Reference = z.object({ table: z.string(), id: z.string(), name: z.string().nullable() });
const Kept = z.object({
  record: z.object({
    table: z.enum(recordTableNames),
    id: z.string(),
    version: z.string(),
    owner: Reference.nullable(),
    state: z.number(),
    createdAt: z.number(),
    modifiedAt: z.number(),
    createdBy: z.string().nullable(),
    modifiedBy: z.string().nullable(),
    values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), Reference])),
  }),
  formerOwner: z.string().nullable(),
});
const shape: Shape<Kept> = { version: 1, schema: Kept };

const readsAtOnce = 16;
const mostRaces = 10;

/** The record cache in the tables `records` (partition integration and table, row id) and `owned` (partition integration and owner, row table and id). */
export function tableRecords(tables: Tables): Records {
  const records = () => tables.table('records');
  const lists = () => tables.table('owned');

  async function read(integration: string, table: RecordTableName, id: string): Promise<{ kept: Kept; etag: string } | null> {
    const row = await getRow(await records(), joinKey(integration, table), encodeKey(id));
    return row === null ? null : { kept: fromProperties(shape, row), etag: row.etag };
  }

  /** Writes the record under the etag of what was there; false where somebody else was faster. */
  async function write(integration: string, kept: Kept, etag: string | null): Promise<boolean> {
    const { table, id } = kept.record;
    const row = { partitionKey: joinKey(integration, table), rowKey: encodeKey(id), ...toProperties(shape, kept) };
    try {
      if (etag === null) await insertRow(await records(), row);
      else await replaceRow(await records(), row, etag);
      return true;
    } catch (error) {
      if (isRace(error)) return false;
      throw error;
    }
  }

  /** Puts a record on its owner's list, unless a newer version of it is there. */
  async function putOn(integration: string, kept: Kept, refresh: boolean): Promise<void> {
    const { owner, table, id } = kept.record;
    if (owner === null) return;
    const [partitionKey, rowKey] = [joinKey(integration, owner.id), joinKey(table, id)];
    const row = { partitionKey, rowKey, ...toProperties(shape, kept) };
    for (let race = 1; race <= mostRaces; race += 1) {
      const there = await getRow(await lists(), partitionKey, rowKey);
      if (there !== null && isSettled(keptOf(there).record, kept.record, refresh)) return;
      try {
        await (there === null ? insertRow(await lists(), row) : replaceRow(await lists(), row, there.etag));
        return;
      } catch (error) {
        if (!isRace(error)) throw error;
      }
    }
    throw tooMany();
  }

  /** Takes what is known as of a version off a list; what somebody put there since then stays. */
  async function takeOff(integration: string, owner: string | null, { table, id, version }: WorkspaceRecord): Promise<void> {
    if (owner === null) return;
    const [partitionKey, rowKey] = [joinKey(integration, owner), joinKey(table, id)];
    const there = await getRow(await lists(), partitionKey, rowKey);
    if (there === null || compareVersions(keptOf(there).record.version, version) > 0) return;
    try {
      await deleteRow(await lists(), partitionKey, rowKey, there.etag);
    } catch (error) {
      if (!isRace(error)) throw error;
    }
  }

  /** The new owner's list first, then the record, then the old owner's list: a failure between leaves an entry too many, which the record knows of. */
  async function saveOnce(integration: string, record: WorkspaceRecord, refresh: boolean): Promise<Saved | null> {
    const there = await read(integration, record.table, record.id);
    const before = there?.kept.record ?? null;
    if (before !== null && isSettled(before, record, refresh)) {
      await takeOff(integration, there?.kept.formerOwner ?? null, record);
      // Whoever lost a race to a newer version had put the record on a list by then.
      if (record.owner?.id !== before.owner?.id) await takeOff(integration, record.owner?.id ?? null, record);
      return { before, saved: false };
    }
    const owner = record.owner?.id ?? null;
    const former = [there?.kept.formerOwner ?? null, before?.owner?.id ?? null].filter((id) => id !== null && id !== owner);
    const kept: Kept = { record, formerOwner: former.at(-1) ?? null };
    await putOn(integration, kept, refresh);
    if (!(await write(integration, kept, there?.etag ?? null))) return null;
    for (const id of former) await takeOff(integration, id, record);
    return { before, saved: true };
  }

  return {
    get: async (integration, table, id) => (await read(integration, table, id))?.kept.record ?? null,
    async getMany(integration, table, ids) {
      const found = await atOnce(readsAtOnce, [...new Set(ids)], (id) => read(integration, table, id));
      return found.flatMap((each) => (each === null ? [] : [each.kept.record]));
    },
    async *owned(integration, owner, table) {
      const partition = joinKey(integration, owner);
      const filter = `${partitionFilter(partition, `${table}|`)} and RowKey lt '${afterKey(table)}'`;
      yield* pagesOf(await lists(), filter, ({ record }) => record.owner?.id === owner);
    },
    async *scan(integration, table, after) {
      const from = after === undefined ? null : encodeKey(after);
      yield* pagesOf(await records(), partitionFilter(joinKey(integration, table), from), () => true);
    },
    async save(integration, record, refresh = false) {
      for (let race = 1; race <= mostRaces; race += 1) {
        const saved = await saveOnce(integration, record, refresh);
        if (saved !== null) return saved;
      }
      throw tooMany();
    },
    async remove(integration, table, id) {
      const there = await read(integration, table, id);
      if (there === null) return null;
      await takeOff(integration, there.kept.formerOwner, there.kept.record);
      await takeOff(integration, there.kept.record.owner?.id ?? null, there.kept.record);
      await deleteRow(await records(), joinKey(integration, table), encodeKey(id));
      return there.kept.record;
    },
  };
}

async function* pagesOf(table: Table, filter: string, isWanted: (kept: Kept) => boolean): AsyncGenerator<WorkspaceRecord[]> {
  for await (const rows of rowPages(table, filter))
    yield rows
      .map(keptOf)
      .filter(isWanted)
      .map(({ record }) => record);
}

function keptOf(row: ReadRow): Kept {
  return fromProperties(shape, row);
}

/** Whether what is there stays: it is newer, or the same. A refresh goes over the same version where it says something else. */
function isSettled(there: WorkspaceRecord, record: WorkspaceRecord, refresh: boolean): boolean {
  const order = compareVersions(there.version, record.version);
  return order > 0 || (order === 0 && !(refresh && !isDeepStrictEqual(there, record)));
}

/** Row versions are digits, of which the longer is the greater. */
export function compareVersions(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

function tooMany(): TandemError {
  return new TandemError(errorCodes.stale, { retry: 'now', fix: 'Wait: it is tried again.', detail: 'a record changes too often' });
}

function isRace(error: unknown): boolean {
  if (!(error instanceof TandemError)) return false;
  return error.code === errorCodes.duplicate || error.code === errorCodes.stale || error.code === errorCodes.gone;
}
