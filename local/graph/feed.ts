/** One change of an item in one folder, at its place in the mailbox's sequence of changes. */
export interface Change {
  readonly at: number;
  readonly key: number;
  /** The item's placement in that folder, which its usual id is made of. */
  readonly placement: number;
  /** When it happened, UTC ms. */
  readonly when: number;
}

/** What changed in one folder, oldest first, each item only at its newest change. Reading from a place costs what lies behind it. */
export class Feed {
  private changes: Change[];
  private readonly newest = new Map<number, number>();

  constructor(changes: readonly Change[] = []) {
    this.changes = [...changes];
    for (const change of changes) this.newest.set(change.key, change.at);
  }

  note(at: number, { key, placement }: Pick<Change, 'key' | 'placement'>, when: number): void {
    this.changes.push({ at, key, placement, when });
    this.newest.set(key, at);
    if (this.changes.length > 2 * this.newest.size + 64) this.changes = this.current();
  }

  /** The changes after `place`, oldest first. */
  *after(place: number): Generator<Change> {
    for (let index = this.firstAfter(place); index < this.changes.length; index += 1) {
      const change = this.changes[index];
      if (change !== undefined && this.isCurrent(change)) yield change;
    }
  }

  /** The changes up to `place`, newest first. */
  *upTo(place: number): Generator<Change> {
    for (let index = this.firstAfter(place) - 1; index >= 0; index -= 1) {
      const change = this.changes[index];
      if (change !== undefined && this.isCurrent(change)) yield change;
    }
  }

  /** Each item's newest change, oldest first: what a snapshot keeps. */
  current(): Change[] {
    return this.changes.filter((change) => this.isCurrent(change));
  }

  private isCurrent(change: Change): boolean {
    return this.newest.get(change.key) === change.at;
  }

  private firstAfter(place: number): number {
    let low = 0;
    let high = this.changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.changes[middle]?.at ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
