import type { Happening } from './happenings';
import type { Table } from './schema';
import { type Row, Shelf, type Undo } from './shelf';
import { allTables } from './tables';

/** Everything that is stored, as JSON can hold it. */
export interface StoredData {
  readonly version: number;
  readonly shelves: Readonly<Record<string, ReturnType<Shelf['snapshot']>>>;
  readonly parties: readonly (readonly [string, readonly Row[]])[];
}

/** All rows of the organization, in memory, with one version count over all tables. */
export class Store {
  private lastVersion = 1_000_000;
  private readonly shelves = new Map<string, Shelf>();
  private readonly partiesOf = new Map<string, readonly Row[]>();
  private undo: Undo[] | undefined;
  /** What happened in a transaction that is under way. */
  private untold: Happening[] = [];
  /** Hears of what people and programs did to rows, once it is sure to stay. */
  watcher: ((happening: Happening) => void) | undefined;
  /** Up to which version the count had come at a time; what was saved is old. */
  private readonly milestones: { readonly at: number; version: number }[] = [];

  /** `now`: ms since 1970. */
  constructor(private readonly now: () => number) {
    for (const table of allTables) this.shelves.set(table.logicalName, new Shelf(table));
  }

  /** The latest version that was given out. */
  get version(): number {
    return this.lastVersion;
  }

  /** The next version; never given twice, also when the write that took it is undone. */
  nextVersion(): number {
    this.lastVersion += 1;
    const at = this.now();
    const last = this.milestones.at(-1);
    if (last?.at === at) last.version = this.lastVersion;
    else this.milestones.push({ at, version: this.lastVersion });
    return this.lastVersion;
  }

  /** The latest version that was given out by a time; 0 where each one is younger. */
  versionAt(at: number): number {
    return this.milestones.findLast((each) => each.at <= at)?.version ?? 0;
  }

  shelf(table: Table): Shelf {
    const shelf = this.shelves.get(table.logicalName);
    if (shelf === undefined) throw new Error(`There is no table ${table.logicalName}.`);
    return shelf;
  }

  row(table: Table, id: string): Row | undefined {
    return this.shelf(table).rows.get(id);
  }

  put(table: Table, row: Row): void {
    this.remember(this.shelf(table).put(row));
    if (this.undo === undefined) this.shelf(table).tidy();
  }

  remove(table: Table, id: string): void {
    this.setParties(id, []);
    this.remember(this.shelf(table).remove(id, this.nextVersion()));
  }

  /** The activity parties of an activity. */
  parties(activityId: string): readonly Row[] {
    return this.partiesOf.get(activityId) ?? [];
  }

  allParties(): Row[] {
    return [...this.partiesOf.values()].flat();
  }

  setParties(activityId: string, rows: readonly Row[]): void {
    const before = this.partiesOf.get(activityId);
    if (before === undefined && rows.length === 0) return;
    if (rows.length === 0) this.partiesOf.delete(activityId);
    else this.partiesOf.set(activityId, rows);
    this.remember(() => {
      if (before === undefined) this.partiesOf.delete(activityId);
      else this.partiesOf.set(activityId, before);
    });
  }

  /** From here on every step can be undone, until `commit` or `rollback`. */
  begin(): void {
    this.undo = [];
  }

  commit(): void {
    this.undo = undefined;
    for (const happening of this.untold.splice(0)) this.watcher?.(happening);
  }

  happened(happening: Happening): void {
    if (this.undo === undefined) this.watcher?.(happening);
    else this.untold.push(happening);
  }

  rollback(): void {
    this.untold = [];
    for (const step of (this.undo ?? []).reverse()) step();
    this.undo = undefined;
  }

  snapshot(): StoredData {
    return {
      version: this.lastVersion,
      shelves: Object.fromEntries([...this.shelves].map(([name, shelf]) => [name, shelf.snapshot()])),
      parties: [...this.partiesOf],
    };
  }

  load(saved: StoredData): void {
    this.lastVersion = saved.version;
    this.milestones.splice(0, this.milestones.length, { at: 0, version: saved.version });
    for (const [name, shelf] of this.shelves) shelf.load(saved.shelves[name] ?? { rows: [], deletions: [] });
    for (const [activityId, rows] of saved.parties) this.partiesOf.set(activityId, rows);
  }

  private remember(step: Undo): void {
    this.undo?.push(step);
  }
}
