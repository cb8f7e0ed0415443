import { errorCodes, TandemError } from '../platform/errors';
import type { RecordTableName } from '../workspace/tables';
import { joinKey, splitKey } from './key';
import { deleteRow, insertRow, partitionFilter, putRow, rowPages } from './rows';
import type { Tables } from './tables';

/** A record of an integration. */
export interface RecordRef {
  readonly integration: string;
  readonly table: RecordTableName;
  readonly id: string;
}

/** That a person was told of a record; `isSure` once her card is known to have been there. */
export interface ToldPerson {
  readonly objectId: string;
  readonly card: string;
  readonly isSure: boolean;
}

/** What is remembered of a record for its cards. */
export interface RecordMemory {
  /** Who had it when it left the cache; null where it never did. */
  readonly lastOwner: { readonly owner: string | null } | null;
  readonly told: readonly ToldPerson[];
}

/** Who has cards about which record, and who had those records that left the cache: in the table `feed`, a partition a record. */
export interface Told {
  of(record: RecordRef): Promise<RecordMemory>;
  /** Notes that a card is about to be sent, so that it is found again whatever happens then. */
  begin(record: RecordRef, objectId: string, card: string): Promise<void>;
  /** Notes that it was sent: it is never sent again, not even after its end. */
  end(record: RecordRef, objectId: string, card: string): Promise<void>;
  /** Forgets that a person was told: were the record given to her again, it would be news. */
  forget(record: RecordRef, objectId: string): Promise<void>;
  rememberOwner(record: RecordRef, owner: string | null): Promise<void>;
}

const version = 1;
const ownerKey = 'owner';
const prefix = 'told';

export function tableTold(tables: Tables): Told {
  const table = () => tables.table('feed');
  const rowOf = (record: RecordRef, objectId: string, card: string, isSure: boolean) => ({
    partitionKey: partitionOf(record),
    rowKey: joinKey(prefix, objectId),
    v: version,
    card,
    isSure,
  });
  return {
    async of(record) {
      const told: ToldPerson[] = [];
      let lastOwner: RecordMemory['lastOwner'] = null;
      for await (const rows of rowPages(await table(), partitionFilter(partitionOf(record)))) {
        for (const row of rows) {
          const [kind, objectId = ''] = splitKey(row.rowKey);
          if (kind === prefix) told.push({ objectId, card: String(row.card), isSure: row.isSure === true });
          else if (kind === ownerKey) lastOwner = { owner: row.owner === '' ? null : String(row.owner) };
        }
      }
      return { lastOwner, told };
    },
    async begin(record, objectId, card) {
      try {
        await insertRow(await table(), rowOf(record, objectId, card, false));
      } catch (error) {
        if (!(error instanceof TandemError) || error.code !== errorCodes.duplicate) throw error;
      }
    },
    async end(record, objectId, card) {
      await putRow(await table(), rowOf(record, objectId, card, true));
    },
    forget: async (record, objectId) => deleteRow(await table(), partitionOf(record), joinKey(prefix, objectId)),
    async rememberOwner(record, owner) {
      await putRow(await table(), { partitionKey: partitionOf(record), rowKey: ownerKey, v: version, owner: owner ?? '' });
    },
  };
}

function partitionOf({ integration, table, id }: RecordRef): string {
  return joinKey(integration, table, id);
}
