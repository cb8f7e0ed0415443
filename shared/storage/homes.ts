import { odata, type TransactionAction } from '@azure/data-tables';
import type { Entity } from '../model/values';
import { atOnce } from '../platform/at-once';
import { asTandemError, errorCodes, TandemError } from '../platform/errors';
import { groupedBy, inGroups } from '../platform/groups';
import { checkVersion } from './document';
import { afterKey, encodeKey, joinKey } from './key';
import { deleteRow, getRow, insertRow, type ReadRow, type Row, replaceRow, rowPages, transact, transactionRows } from './rows';
import type { Tables } from './tables';

/** Where a record lives, as it was last routed. */
export interface Home {
  /** The record's id, a lower-case GUID. */
  readonly id: string;
  /** The mailboxes that it belongs to: one, for a service activity one for each of its resources who takes part; none where nobody does. */
  readonly homes: readonly string[];
  readonly owner: string | null;
  readonly organizer: string | null;
  /** The row version that was routed. */
  readonly version: string;
  /** The full round that last saw it. */
  readonly round: string | null;
  /** The iCalUId of a meeting that was tracked from a mailbox that does not organize it: unless its organizer takes part, it lives there. Absent otherwise. */
  readonly meeting?: string;
}

export interface Homes {
  /** The homes of these records by record id; one that was never routed is absent. */
  getMany(integration: string, entity: Entity, ids: readonly string[]): Promise<ReadonlyMap<string, Home>>;
  /** Writes homes over what is there; of several for one record the last one. Not all or none: a failure may leave some written. */
  upsertMany(integration: string, entity: Entity, homes: readonly Home[]): Promise<void>;
  /** Writes a home where there is none. Throws `duplicate`. */
  insert(integration: string, entity: Entity, home: Home): Promise<void>;
  /** Gives a record from these mailboxes to others, unless somebody else did meanwhile: then, and where there is no such row, false. */
  handOver(integration: string, entity: Entity, id: string, from: readonly string[], to: readonly string[]): Promise<boolean>;
  deleteMany(integration: string, entity: Entity, ids: readonly string[]): Promise<void>;
  /** Every home of a table, in no useful order, up to 1,000 a page. */
  scan(integration: string, entity: Entity): AsyncIterable<readonly Home[]>;
}

const version = 1;
const readsAtOnce = 16;
const transactionsAtOnce = 16;

/** Homes in the table `homes`: partition integration, table and the record id's first two digits; row record id. */
export function tableHomes(tables: Tables): Homes {
  const table = () => tables.table('homes');
  return {
    async getMany(integration, entity, ids) {
      const client = await table();
      const rows = await atOnce(readsAtOnce, [...new Set(ids)], (id) =>
        getRow(client, partitionOf(integration, entity, id), encodeKey(id)),
      );
      return new Map(rows.filter((row) => row !== null).map((row) => [String(row.id), homeOf(row)]));
    },
    async upsertMany(integration, entity, homes) {
      const client = await table();
      const partitions = groupedBy(latestOf(homes), ({ id }) => partitionOf(integration, entity, id));
      const transactions = [...partitions].flatMap(([partition, group]) =>
        inGroups(group, transactionRows).map((rows) =>
          rows.map((home): TransactionAction => ['upsert', rowOf(partition, home), 'Replace']),
        ),
      );
      await atOnce(transactionsAtOnce, transactions, (actions) => transact(client, actions));
    },
    async insert(integration, entity, home) {
      await insertRow(await table(), rowOf(partitionOf(integration, entity, home.id), home));
    },
    async handOver(integration, entity, id, from, to) {
      const client = await table();
      const partition = partitionOf(integration, entity, id);
      const row = await getRow(client, partition, encodeKey(id));
      if (row === null) return false;
      const home = homeOf(row);
      if (home.homes.join() !== from.join()) return false;
      try {
        await replaceRow(client, rowOf(partition, { ...home, homes: to }), row.etag);
        return true;
      } catch (error) {
        if (error instanceof TandemError && (error.code === errorCodes.stale || error.code === errorCodes.gone)) return false;
        throw error;
      }
    },
    async deleteMany(integration, entity, ids) {
      const client = await table();
      await atOnce(readsAtOnce, [...new Set(ids)], (id) => deleteRow(client, partitionOf(integration, entity, id), encodeKey(id)));
    },
    async *scan(integration, entity) {
      const prefix = joinKey(integration, entity);
      const filter = odata`PartitionKey ge ${`${prefix}|`} and PartitionKey lt ${afterKey(prefix)}`;
      for await (const rows of rowPages(await table(), filter)) yield rows.map(homeOf);
    },
  };
}

/** Ids that Dataverse makes in a row share their first digits for about a second and then move on: an import bunches, and all together spread. */
function partitionOf(integration: string, entity: Entity, id: string): string {
  return joinKey(integration, entity, id.slice(0, 2));
}

function latestOf(homes: readonly Home[]): Home[] {
  return [...new Map(homes.map((home) => [home.id, home])).values()];
}

function rowOf(partitionKey: string, { id, homes, owner, organizer, version: recordVersion, round, meeting }: Home): Row {
  const given = Object.entries({
    home: homes.length === 0 ? null : homes.join(','),
    owner,
    organizer,
    round,
    meeting: meeting ?? null,
  }).filter((entry): entry is [string, string] => entry[1] !== null);
  return { partitionKey, rowKey: encodeKey(id), v: version, id, version: recordVersion, ...Object.fromEntries(given) };
}

function homeOf(row: ReadRow): Home {
  checkVersion(row, version);
  const text = (property: string): string | null => {
    const value = row[property];
    return typeof value === 'string' ? value : null;
  };
  return {
    id: text('id') ?? '',
    homes: text('home')?.split(',') ?? [],
    owner: text('owner'),
    organizer: text('organizer'),
    version: text('version') ?? '',
    round: text('round'),
    ...(text('meeting') === null ? {} : { meeting: text('meeting') ?? '' }),
  };
}

/** Takes a home that nobody has; one that somebody has stays. */
export async function claimFree(homes: Pick<Homes, 'insert' | 'handOver'>, integration: string, entity: Entity, home: Home): Promise<void> {
  try {
    await homes.insert(integration, entity, home);
  } catch (error) {
    if (asTandemError(error).code !== errorCodes.duplicate) throw error;
    await homes.handOver(integration, entity, home.id, [], home.homes);
  }
}
