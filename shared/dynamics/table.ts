import type { SeenRecord } from '../model/seen';
import type { Values } from '../model/values';
import type { Row } from './row';

/** What a mapping needs beside values. */
export interface MappingContext {
  /** The IANA zone of the person whose record it is. */
  readonly zone: string;
  /** UTC ms. */
  readonly now: number;
}

/** How one table reads as records, and how changed values become its columns. Both mappings are pure. */
export interface Table {
  /** Entity set name: the table in URLs. */
  readonly set: string;
  /** The table's logical name, where it is not the entity's. */
  readonly logicalName?: string;
  /** Name of the primary key column. */
  readonly key: string;
  /** Every column that the mapping reads. */
  readonly columns: readonly string[];
  /** The columns behind each field that can be read empty because it is secured. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
  /** The collection of its activity parties, which a read expands. */
  readonly parties?: string;
  /** Columns that its feed selects beside those that every feed does. */
  readonly feedColumns?: readonly string[];
  /** The filter for the open records whose home is this person. */
  home(systemUserId: string): string;
  /** The record that a row is. Dates are local to `zone`. */
  recordOf(row: Row, zone: string): SeenRecord;
  /** Columns that only a new row gets; none where absent. */
  newColumns?(context: MappingContext): Row;
  /** The columns to write for `changes` to a record that is `current`; fields that Dynamics does not take from outside are left out. */
  columnsOf(changes: Values, current: Values, context: MappingContext): Row;
}

export const activityColumns = [
  'subject',
  'description',
  'scheduledstart',
  'scheduledend',
  'prioritycode',
  'statecode',
  'statuscode',
  '_regardingobjectid_value',
  '_ownerid_value',
  'modifiedon',
] as const;
