/** What a person may not do with the fields behind secured columns. */
export interface ColumnRights {
  /** Fields that she may not read: they read as empty and say nothing. */
  readonly hidden: readonly string[];
  /** Fields that she may read and not write. */
  readonly readOnly: readonly string[];
  /** Fields of which nobody could say what she may: they are not written, and an empty one proves nothing. */
  readonly unsure: readonly string[];
}

export const allRights: ColumnRights = { hidden: [], readOnly: [], unsure: [] };
