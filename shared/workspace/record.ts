import type { RecordTableName } from './tables';

/** A row that a lookup points to. */
export interface Reference {
  /** The logical name of its table. */
  readonly table: string;
  /** Lower case. */
  readonly id: string;
  /** What people call it; null where the reader may not see it. */
  readonly name: string | null;
}

/** What a column can hold. Money and decimals are numbers; dates are `YYYY-MM-DD`; times are ISO 8601 with Z; empty is null. */
export type RecordValue = string | number | boolean | null | Reference;

/** A record as pages and cards show it: from the cache, or read live as a person. Secured columns are never among the values of a cached one. */
export interface WorkspaceRecord {
  readonly table: RecordTableName;
  /** Lower case. */
  readonly id: string;
  /** The row version: digits that are compared and never counted with. */
  readonly version: string;
  /** Null only for a row that belongs to nobody. */
  readonly owner: Reference | null;
  readonly state: number;
  /** UTC ms. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** Ids of users, lower case. */
  readonly createdBy: string | null;
  readonly modifiedBy: string | null;
  /** By logical column name; a column that was not read is absent. */
  readonly values: Readonly<Record<string, RecordValue>>;
}

/** The labels of choice columns: by `table.column`, then by value, then by language id (LCID), as text for people. */
export type OptionLabels = Readonly<Record<string, Readonly<Record<number, Readonly<Record<number, string>>>>>>;
