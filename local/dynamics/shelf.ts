import type { Table, Value } from './schema';

/** One row as it is now; a change makes a new one. */
export interface Row {
  readonly id: string;
  /** The row's version, one count for the whole organization; its etag is `W/"version"`. */
  readonly version: number;
  readonly values: Readonly<Record<string, Value>>;
}

/** That something happened to a row at a version. Superseded entries stay until the log is tidied. */
interface Entry {
  readonly version: number;
  readonly id: string;
}

/** What undoes one step. */
export type Undo = () => void;

/** The rows of one table: by id, in the order of their ids, and in the order of their last change. */
export class Shelf {
  readonly rows = new Map<string, Row>();
  /** All ids, ascending: the order of a list that asks for none. */
  readonly ids: string[] = [];
  private changes: Entry[] = [];
  private deletions: Entry[] = [];
  private readonly deletedAt = new Map<string, number>();

  constructor(readonly table: Table) {}

  put(row: Row): Undo {
    const before = this.rows.get(row.id);
    const deleted = this.deletedAt.get(row.id);
    this.rows.set(row.id, row);
    this.deletedAt.delete(row.id);
    if (before === undefined) this.ids.splice(firstAtLeast(this.ids, row.id), 0, row.id);
    this.changes.push({ version: row.version, id: row.id });
    return () => {
      this.changes.pop();
      if (before !== undefined) this.rows.set(row.id, before);
      else this.forget(row.id);
      if (deleted !== undefined) this.deletedAt.set(row.id, deleted);
    };
  }

  remove(id: string, version: number): Undo {
    const before = this.rows.get(id);
    if (before === undefined) return () => {};
    this.forget(id);
    this.deletions.push({ version, id });
    this.deletedAt.set(id, version);
    return () => {
      this.deletions.pop();
      this.deletedAt.delete(id);
      this.rows.set(id, before);
      this.ids.splice(firstAtLeast(this.ids, id), 0, id);
    };
  }

  /** Rows whose last change is later than `after` and not later than `upTo`, oldest change first. */
  *changedBetween(after: number, upTo: number): Generator<Row> {
    for (let at = firstAfter(this.changes, after); at < this.changes.length; at += 1) {
      const entry = this.changes[at];
      if (entry === undefined || entry.version > upTo) return;
      const row = this.rows.get(entry.id);
      if (row?.version === entry.version) yield row;
    }
  }

  /** Ids that were deleted in that span and have not come back, in order. */
  *deletedBetween(after: number, upTo: number): Generator<{ readonly id: string; readonly version: number }> {
    for (let at = firstAfter(this.deletions, after); at < this.deletions.length; at += 1) {
      const entry = this.deletions[at];
      if (entry === undefined || entry.version > upTo) return;
      if (this.deletedAt.get(entry.id) === entry.version) yield entry;
    }
  }

  /** Drops superseded entries once they outnumber the rows. Must not run while something may still be undone. */
  tidy(): void {
    if (this.changes.length <= 2 * this.rows.size + 1_000) return;
    this.changes = this.changes.filter((entry) => this.rows.get(entry.id)?.version === entry.version);
  }

  snapshot(): { rows: Row[]; deletions: Entry[] } {
    const deletions = [...this.deletedAt].map(([id, version]) => ({ id, version }));
    return { rows: [...this.rows.values()], deletions };
  }

  load(saved: { readonly rows: readonly Row[]; readonly deletions: readonly Entry[] }): void {
    for (const row of [...saved.rows].sort((a, b) => a.version - b.version)) this.put(row);
    for (const entry of [...saved.deletions].sort((a, b) => a.version - b.version)) {
      this.deletions.push(entry);
      this.deletedAt.set(entry.id, entry.version);
    }
  }

  private forget(id: string): void {
    this.rows.delete(id);
    this.ids.splice(firstAtLeast(this.ids, id), 1);
  }
}

/** The index of the first id that is not before `id`. */
export function firstAtLeast(ids: readonly string[], id: string): number {
  return search(ids.length, (at) => (ids[at] ?? '') < id);
}

function firstAfter(entries: readonly Entry[], version: number): number {
  return search(entries.length, (at) => (entries[at]?.version ?? 0) <= version);
}

/** The first index for which `isBefore` does not hold. */
function search(length: number, isBefore: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
