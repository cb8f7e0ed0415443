import { z } from 'zod';
import { columnKinds } from '../dynamics/record-columns';
import { errorCodes, TandemError } from '../platform/errors';
import { type LoadState, loadKinds, neverLoaded } from '../workspace/load-state';
import type { OptionLabels } from '../workspace/record';
import { recordTableNames } from '../workspace/tables';
import { fromProperties, type Shape, toProperties } from './document';
import { joinKey } from './key';
import { getRow, insertRow, putRow, type Row, replaceRow } from './rows';
import type { Tables } from './tables';

const wordParts = [...recordTableNames, 'locale'] as const;
/** What of an environment's words is read at once: the labels of a table, or its language and currencies. */
export type WordPart = (typeof wordParts)[number];

/** What the environment says that its records do not. */
export interface RecordWords {
  readonly labels: OptionLabels;
  /** The language id of the environment itself; null where nobody knows. */
  readonly baseLanguage: number | null;
  /** ISO 4217 codes by the id of the currency's row. */
  readonly currencies: Readonly<Record<string, string>>;
  /** When each part was last asked for, UTC ms; nothing for one that never was. */
  readonly readAt: Readonly<Partial<Record<WordPart, number>>>;
}

/** Who a person was in an environment at a time (UTC ms). */
export interface Membership {
  readonly at: number;
  /** Null for somebody who was no user there. */
  readonly systemUserId: string | null;
  /** The ids of her teams, lower case. */
  readonly teams: readonly string[];
}

/** How the loads of the record cache stand, and what they found out beside records. */
export interface RecordLoads {
  read(integration: string): Promise<{ readonly state: LoadState; readonly etag: string | null }>;
  /** Saves over what was read with this etag, null where there was nothing, and returns the new etag. Throws `stale` where somebody was faster. */
  save(integration: string, state: LoadState, etag: string | null): Promise<string>;
  words(integration: string): Promise<RecordWords>;
  /** Adds to the words what was read: labels of columns and times of parts beside those of others. Throws `stale` where others are faster five times in a row. */
  addWords(integration: string, words: Partial<RecordWords>): Promise<void>;
  /** Who a person was when it was last asked, by her Entra object id; null for never. */
  membership(integration: string, objectId: string): Promise<Membership | null>;
  saveMembership(integration: string, objectId: string, found: Membership): Promise<void>;
}

const kind = z.enum(loadKinds);
const table = z.enum(recordTableNames);
const column = z.object({ name: z.string(), kind: z.enum(columnKinds) });
const link = z.string().nullable();
const time = z.number().nullable();
const failure = z.object({ code: z.string(), fix: z.string(), detail: z.string().nullable() }).nullable();
const place = z.discriminatedUnion('at', [
  z.object({ at: z.literal('begin') }),
  z.object({ at: z.literal('mark'), link }),
  z.object({ at: z.literal('read'), link }),
  z.object({ at: z.literal('changes'), link: z.string() }),
  z.object({ at: z.literal('compare'), after: z.string().nullable() }),
]);
const counts = { startedAt: z.number(), rows: z.number(), pages: z.number() };
const tableState = z.object({
  loadedAt: time,
  columns: z.array(column),
  deltaLink: link,
  since: time,
  comparedAt: time,
  last: z.object({ kind, ...counts, endedAt: z.number(), failure }).nullable(),
});
const run = z.object({
  id: z.string(),
  kind,
  startedAt: z.number(),
  tables: z.array(table),
  current: z.object({ kind, ...counts, place, columns: z.array(column), deltaLink: link, expected: z.number().nullable() }),
  step: z.number(),
  failures: z.number(),
  failure,
  until: z.number(),
});
const stateShape: Shape<LoadState> = {
  version: 1,
  schema: z.object({
    run: run.nullable(),
    began: z.object({ full: time, incremental: time }),
    tables: z.partialRecord(table, tableState),
  }),
};

const wordsShape: Shape<RecordWords> = {
  version: 1,
  schema: z.object({
    labels: z.record(z.string(), z.record(z.coerce.number(), z.record(z.coerce.number(), z.string()))),
    baseLanguage: z.number().nullable(),
    currencies: z.record(z.string(), z.string()),
    readAt: z.partialRecord(z.enum(wordParts), z.number()).default({}),
  }),
};
const membershipShape: Shape<Membership> = {
  version: 1,
  schema: z.object({ at: z.number(), systemUserId: z.string().nullable(), teams: z.array(z.string()) }),
};

const partition = 'integration';
const noWords: RecordWords = { labels: {}, baseLanguage: null, currencies: {}, readAt: {} };
const mostTries = 5;

/** Rows of the table `integrations`, each with the integration's id as the second part of its key, so that they go when the integration goes. */
export function tableRecordLoads(tables: Tables): RecordLoads {
  const client = () => tables.table('integrations');

  async function put(row: Row, etag: string | null): Promise<string> {
    try {
      return await (etag === null ? insertRow(await client(), row) : replaceRow(await client(), row, etag));
    } catch (error) {
      if (error instanceof TandemError && (error.code === errorCodes.duplicate || error.code === errorCodes.gone)) throw stale(error);
      throw error;
    }
  }

  async function addWords(integration: string, words: Partial<RecordWords>, tries = 1): Promise<void> {
    const rowKey = joinKey('words', integration);
    const there = await getRow(await client(), partition, rowKey);
    const old = there === null ? noWords : fromProperties(wordsShape, there);
    const next = withWords(old, words);
    try {
      await put({ partitionKey: partition, rowKey, ...toProperties(wordsShape, next) }, there?.etag ?? null);
    } catch (error) {
      if (!(error instanceof TandemError) || error.code !== errorCodes.stale || tries >= mostTries) throw error;
      await addWords(integration, words, tries + 1);
    }
  }

  return {
    async read(integration) {
      const row = await getRow(await client(), partition, joinKey('loads', integration));
      return row === null ? { state: neverLoaded, etag: null } : { state: fromProperties(stateShape, row), etag: row.etag };
    },
    async save(integration, state, etag) {
      return put({ partitionKey: partition, rowKey: joinKey('loads', integration), ...toProperties(stateShape, state) }, etag);
    },
    async words(integration) {
      const row = await getRow(await client(), partition, joinKey('words', integration));
      return row === null ? noWords : fromProperties(wordsShape, row);
    },
    addWords: (integration, words) => addWords(integration, words),
    async membership(integration, objectId) {
      const row = await getRow(await client(), partition, joinKey('member', integration, objectId));
      return row === null ? null : fromProperties(membershipShape, row);
    },
    async saveMembership(integration, objectId, found) {
      const rowKey = joinKey('member', integration, objectId);
      await putRow(await client(), { partitionKey: partition, rowKey, ...toProperties(membershipShape, found) });
    },
  };
}

/** Words with what was read beside them: labels of columns and times of parts are added, everything else is replaced. */
export function withWords(old: RecordWords, more: Partial<RecordWords>): RecordWords {
  return { ...old, ...more, labels: { ...old.labels, ...more.labels }, readAt: { ...old.readAt, ...more.readAt } };
}

function stale(cause: unknown): TandemError {
  return new TandemError(errorCodes.stale, {
    retry: 'now',
    fix: 'Read it again: somebody else has saved it.',
    detail: 'what was read has changed meanwhile',
    cause,
  });
}
