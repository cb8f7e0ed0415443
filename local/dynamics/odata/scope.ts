import type { DateTime } from 'luxon';
import type { Row } from '../shelf';
import type { EdmType, Scalar } from './ast';

/** Something a filter can compare: a column, or a column of a row that a lookup points to. */
export interface Operand {
  readonly type: EdmType;
  read(row: Row): Scalar;
}

/** What a filter may speak of. Unknown names throw. */
export interface Scope {
  operand(path: readonly string[]): Operand;
  /** A column by its logical name, as query functions name it. */
  column(logicalName: string): Operand;
  collection(path: readonly string[], variable: string | undefined): { readonly scope: Scope; items(row: Row): readonly Row[] };
  readonly context: FilterContext;
}

/** Who asks, and when. */
export interface FilterContext {
  /** In the caller's time zone. */
  readonly now: DateTime;
  readonly userId: string;
  readonly businessUnitId: string;
}
