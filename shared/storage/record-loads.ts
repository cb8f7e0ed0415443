import { z } from 'zod';
import { columnKinds } from '../dynamics/record-columns';
import { errorCodes, TandemError } from '../platform/errors';
import { type LoadState, loadKinds, neverLoaded } from '../workspace/load-state';
import type { OptionLabels } from '../workspace/record';
import { recordTableNames } from '../workspace/tables';
import { fromProperties, type Shape, toProperties } from './document';
import { joinKey } from './key';
import { getRow, insertRow, putRow, replaceRow } from './rows';
import type { Tables } from './tables';

/** What the environment says that its records do not: it changes seldom and is read with each full load. */
export interface RecordWords {
  readonly labels: OptionLabels;
  /** The language id of the environment itself; null where nobody knows. */
  readonly baseLanguage: number | null;
  /** ISO 4217 codes by the id of the currency's row. */
  readonly currencies: Readonly<Record<string, string>>;
}

/** The teams that a user was a member of at a time (UTC ms). */
export interface Memberships {
  readonly at: number;
  /** Lower case. */
  readonly ids: readonly string[];
}

/** How the loads of the record cache stand, and what they found out beside records. */
export interface RecordLoads {
  read(integration: string): Promise<{ readonly state: LoadState; readonly etag: string | null }>;
  /** Saves over what was read with this etag, null where there was nothing, and returns the new etag. Throws `stale` where somebody was faster. */
  save(integration: string, state: LoadState, etag: string | null): Promise<string>;
  words(integration: string): Promise<RecordWords>;
  saveWords(integration: string, words: RecordWords): Promise<void>;
  /** The teams of a user as they were last read; null for never. */
  teams(integration: string, systemUserId: string): Promise<Memberships | null>;
  saveTeams(integration: string, systemUserId: string, found: Memberships): Promise<void>;
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
  }),
};
const membershipsShape: Shape<Memberships> = { version: 1, schema: z.object({ at: z.number(), ids: z.array(z.string()) }) };

const partition = 'integration';
const noWords: RecordWords = { labels: {}, baseLanguage: null, currencies: {} };

/** Rows of the table `integrations`, each with the integration's id as the second part of its key, so that they go when the integration goes. */
export function tableRecordLoads(tables: Tables): RecordLoads {
  const client = () => tables.table('integrations');

  return {
    async read(integration) {
      const row = await getRow(await client(), partition, joinKey('loads', integration));
      return row === null ? { state: neverLoaded, etag: null } : { state: fromProperties(stateShape, row), etag: row.etag };
    },
    async save(integration, state, etag) {
      const row = { partitionKey: partition, rowKey: joinKey('loads', integration), ...toProperties(stateShape, state) };
      try {
        return await (etag === null ? insertRow(await client(), row) : replaceRow(await client(), row, etag));
      } catch (error) {
        if (error instanceof TandemError && (error.code === errorCodes.duplicate || error.code === errorCodes.gone)) throw stale(error);
        throw error;
      }
    },
    async words(integration) {
      const row = await getRow(await client(), partition, joinKey('words', integration));
      return row === null ? noWords : fromProperties(wordsShape, row);
    },
    async saveWords(integration, words) {
      await putRow(await client(), { partitionKey: partition, rowKey: joinKey('words', integration), ...toProperties(wordsShape, words) });
    },
    async teams(integration, systemUserId) {
      const row = await getRow(await client(), partition, joinKey('teams', integration, systemUserId));
      return row === null ? null : fromProperties(membershipsShape, row);
    },
    async saveTeams(integration, systemUserId, found) {
      const rowKey = joinKey('teams', integration, systemUserId);
      await putRow(await client(), { partitionKey: partition, rowKey, ...toProperties(membershipsShape, found) });
    },
  };
}

function stale(cause: unknown): TandemError {
  return new TandemError(errorCodes.stale, {
    retry: 'now',
    fix: 'Read it again: somebody else has saved it.',
    detail: 'the load has gone on elsewhere',
    cause,
  });
}
