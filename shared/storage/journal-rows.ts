import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Entity, entities, type Side } from '../model/values';
import { type Shape, toProperties } from './document';
import { joinKey } from './key';
import { pieceLength, pieces } from './pieces';
import { type Row, transactionRows } from './rows';

/** One thing that a write made, replaced or removed, and why. */
export interface JournalEntry {
  /** When the losing version was made, UTC ms. */
  readonly at: number;
  readonly entity: Entity;
  readonly recordId: string | null;
  readonly itemId: string | null;
  /** The field whose value lost; null for a whole item or record. */
  readonly field: string | null;
  /** The side on which the value was lost. */
  readonly side: Side;
  /** The losing version: the row version or etag that was replaced. */
  readonly version: string;
  /** `created`, `replaced` or `deleted`. */
  readonly action: string;
  readonly reason: string;
  /** The losing value as JSON; null where none was lost. Encrypted at rest. */
  readonly value: string | null;
  readonly winner: Side | null;
  /** The Entra object id of the admin who decided it; absent for what the sync did by itself. */
  readonly by?: string | undefined;
  /** The cycle that did it, by when its drain began, UTC ms; 0 in entries of before that was noted. */
  readonly cycle: number;
}

/** What a row says in the clear: ids, names and reasons. */
export type OpenPart = Omit<JournalEntry, 'value'>;

const side = z.enum(['dynamics', 'exchange']);

export const openShape: Shape<OpenPart> = {
  version: 1,
  schema: z.object({
    at: z.number(),
    entity: z.enum(entities),
    recordId: z.string().nullable(),
    itemId: z.string().nullable(),
    field: z.string().nullable(),
    side,
    version: z.string(),
    action: z.string(),
    reason: z.string(),
    winner: side.nullable(),
    by: z.string().optional(),
    cycle: z.number().default(0),
  }),
};

/** An entity holds 1 MiB, in UTF-16: this many pieces of a value go into one row, and the rest into rows that follow it. */
const piecesInRow = 14;
/** A transaction holds 4 MiB. */
const charactersInTransaction = 3_000_000;
const latest = 9_999_999_999_999;

/** The key of an entry: newest first, and the same whenever the same loss is written again. */
export function entryKey({ at, entity, recordId, itemId, field, side, version }: OpenPart): string {
  const what = JSON.stringify([entity, recordId, itemId, field, side, version]);
  const hash = createHash('sha256').update(what).digest('hex').slice(0, 32);
  return joinKey(String(latest - Math.min(Math.max(Math.round(at), 0), latest)).padStart(13, '0'), hash);
}

/** The key of the entry that a row belongs to: `time|hash` of `time|hash` or `time|hash|number`. */
export function entryKeyOf(rowKey: string): string {
  return rowKey.split('|').slice(0, 2).join('|');
}

/** The rows of an entry, the first one last, so that whoever sees it sees all of them. */
export function entryRows(partitionKey: string, entry: JournalEntry, sealed: string | null, writtenAt: string): Row[] {
  const { value: _, ...open } = entry;
  const key = entryKey(open);
  const rowLength = piecesInRow * pieceLength;
  const [first = '', ...further] = slices(sealed ?? '', rowLength);
  return [
    ...further.map((text, index) => ({
      partitionKey,
      rowKey: `${key}|${String(index + 1).padStart(4, '0')}`,
      writtenAt,
      ...pieces('p', text),
    })),
    { partitionKey, rowKey: key, writtenAt, ...toProperties(openShape, open), ...(sealed === null ? {} : pieces('p', first)) },
  ];
}

/** Rows in groups that fit into one transaction each; of several with one key the last one. */
export function transactionsOf(rows: readonly Row[]): Row[][] {
  const groups: Row[][] = [];
  let room = 0;
  for (const row of new Map(rows.map((each) => [each.rowKey, each])).values()) {
    const size = JSON.stringify(row).length;
    const group = groups.at(-1);
    if (group === undefined || group.length === transactionRows || size > room) {
      groups.push([row]);
      room = charactersInTransaction - size;
    } else {
      group.push(row);
      room -= size;
    }
  }
  return groups;
}

function slices(text: string, length: number): string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, index) => text.slice(index * length, (index + 1) * length));
}
