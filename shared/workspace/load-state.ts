import type { ReadColumn } from '../dynamics/record-columns';
import { type RecordTableName, recordTableNames } from './tables';

export const loadKinds = ['full', 'incremental'] as const;
/** Everything that is open, or what has changed since the load before. */
export type LoadKind = (typeof loadKinds)[number];

/** Where a load is within a table. Links are those that the service gave; they are followed as they are. */
export type LoadPlace =
  /** The environment is asked what the table is like. */
  | { readonly at: 'begin' }
  /** Change tracking is read to its end once, so that its link tells of everything that changes from here on. */
  | { readonly at: 'mark'; readonly link: string | null }
  /** Rows are read by a filter, a page at a time. */
  | { readonly at: 'read'; readonly link: string | null }
  /** Change tracking tells what has changed. */
  | { readonly at: 'changes'; readonly link: string }
  /** What the cache has is looked for in the environment, a page at a time in the order of the ids. */
  | { readonly at: 'compare'; readonly after: string | null };

/** Why a load did not come to its end. */
export interface LoadFailure {
  readonly code: string;
  readonly fix: string;
  readonly detail: string | null;
}

/** How the last load of a table went. Times in UTC ms. */
export interface TableLoad {
  readonly kind: LoadKind;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Rows that were read, and pages of them. */
  readonly rows: number;
  readonly pages: number;
  /** Null for one that came to its end. */
  readonly failure: LoadFailure | null;
}

/** What is known of a table between loads. Times in UTC ms. */
export interface TableState {
  /** When the last full load that came to its end began; null for a table that was never loaded. */
  readonly loadedAt: number | null;
  /** What is read of it, as its definition was then. */
  readonly columns: readonly ReadColumn[];
  /** From where change tracking goes on; null where the table does not track changes. */
  readonly deltaLink: string | null;
  /** When the last load that came to its end began: `modifiedon` is asked from shortly before. */
  readonly since: number | null;
  /** When what the cache has was last looked for. */
  readonly comparedAt: number | null;
  readonly last: TableLoad | null;
}

/** The one load that is under way. Times in UTC ms. */
export interface LoadRun {
  readonly id: string;
  readonly kind: LoadKind;
  readonly startedAt: number;
  /** The tables that are still to be loaded; the first is the one that is. */
  readonly tables: readonly RecordTableName[];
  /** Of the first of them. A table whose change tracking has forgotten is loaded in full even by an incremental load. */
  readonly current: {
    readonly kind: LoadKind;
    readonly startedAt: number;
    readonly place: LoadPlace;
    readonly columns: readonly ReadColumn[];
    /** What becomes the table's `deltaLink` at its end. */
    readonly deltaLink: string | null;
    readonly rows: number;
    readonly pages: number;
    /** How many rows there may be; null where nobody has counted. */
    readonly expected: number | null;
  };
  /** How many steps were saved: a message is about one step, and a step is done once. */
  readonly step: number;
  /** Failures of this step so far, and the last of them. */
  readonly failures: number;
  readonly failure: LoadFailure | null;
  /** Until when nobody else goes on with it; after that its message is taken for lost. */
  readonly until: number;
}

/** The loads of one integration. */
export interface LoadState {
  readonly run: LoadRun | null;
  /** When the last load of each kind began, however it ended, UTC ms. */
  readonly began: Readonly<Record<LoadKind, number | null>>;
  readonly tables: Readonly<Partial<Record<RecordTableName, TableState>>>;
}

export const neverLoaded: LoadState = { run: null, began: { full: null, incremental: null }, tables: {} };

export const unknownTable: TableState = { loadedAt: null, columns: [], deltaLink: null, since: null, comparedAt: null, last: null };

/** The tables that an incremental load can go on from. */
export function loadedTables({ tables }: LoadState): RecordTableName[] {
  return recordTableNames.filter((name) => (tables[name]?.loadedAt ?? null) !== null);
}
