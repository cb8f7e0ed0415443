import { type RowFilter, rowFilter } from './row-filter';
import type { StoredRow } from './stored-row';

/** The rows of one partition, and their keys in order while nothing has come or gone. */
interface Partition {
  readonly rows: Map<string, StoredRow>;
  order: string[] | null;
}

/** Rows by partition and row key; both compare by UTF-16 unit, as the Table service keeps them. */
export class RowShelf {
  private readonly partitions = new Map<string, Partition>();

  get(partitionKey: string, rowKey: string): StoredRow | undefined {
    return this.partitions.get(partitionKey)?.rows.get(rowKey);
  }

  /** Makes the row of this key what it is to be; undefined for none. */
  restore(partitionKey: string, rowKey: string, row: StoredRow | undefined): void {
    const partition: Partition = this.partitions.get(partitionKey) ?? { rows: new Map(), order: null };
    if (row === undefined) {
      if (partition.rows.delete(rowKey)) partition.order = null;
    } else {
      if (!partition.rows.has(rowKey)) partition.order = null;
      partition.rows.set(rowKey, row);
    }
    if (partition.rows.size === 0) this.partitions.delete(partitionKey);
    else this.partitions.set(partitionKey, partition);
  }

  /** The first rows that a filter lets through, after one where one is given, in the order of their keys. */
  after(last: StoredRow | null, most: number, filterText: string | undefined): StoredRow[] {
    const filter = rowFilter(filterText);
    const found: StoredRow[] = [];
    for (const key of this.partitionsFor(filter, last)) {
      const partition = this.partitions.get(key);
      if (partition === undefined) continue;
      for (const rowKey of ordered(partition)) {
        if (last !== null && key === last.partitionKey && rowKey <= last.rowKey) continue;
        const row = partition.rows.get(rowKey);
        if (row === undefined || !filter.passes(row)) continue;
        found.push(row);
        if (found.length === most) return found;
      }
    }
    return found;
  }

  private partitionsFor({ partition }: RowFilter, last: StoredRow | null): string[] {
    if (partition !== undefined) return [partition];
    return [...this.partitions.keys()].filter((key) => last === null || key >= last.partitionKey).sort(byUnits);
  }
}

function ordered(partition: Partition): readonly string[] {
  partition.order ??= [...partition.rows.keys()].sort(byUnits);
  return partition.order;
}

function byUnits(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
