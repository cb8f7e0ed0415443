import type { Table } from './schema';

const retentionMs = 7 * 24 * 60 * 60 * 1_000;

/** How change feeds misbehave: nothing documents that they do, and nothing that they never do. */
export interface FeedWays {
  /** Names what was told last once more at the beginning of each answer. */
  readonly replays: boolean;
  /** So long after a change no feed tells of it, ms: the transaction that made it may still be open elsewhere. */
  readonly lagMs: number;
  readonly order: 'oldestFirst' | 'newestFirst';
}

export interface TrackingData {
  readonly disabled: readonly string[];
  readonly absent?: readonly string[];
  readonly expiredUpTo: readonly (readonly [string, number])[];
  readonly expiredStatus: number;
}

/** Which tables the environment has, which of them keep a change feed, and which delta tokens are too old for it. */
export class Tracking {
  /** The HTTP status of an expired token; the documentation leaves it open. */
  expiredStatus = 400;
  ways: FeedWays = { replays: false, lagMs: 0, order: 'oldestFirst' };
  private readonly disabled = new Set<string>();
  private readonly absent = new Set<string>();
  private readonly expiredUpTo = new Map<string, number>();

  isEnabled(table: Table): boolean {
    return table.writable.length > 0 && !this.disabled.has(table.logicalName);
  }

  /** Not every environment has every table: service activities, for one, come with an app. */
  isThere(table: Table): boolean {
    return !this.absent.has(table.logicalName);
  }

  setThere(table: Table, there: boolean): void {
    if (there) this.absent.delete(table.logicalName);
    else this.absent.add(table.logicalName);
  }

  setEnabled(table: Table, enabled: boolean): void {
    if (enabled) this.disabled.delete(table.logicalName);
    else this.disabled.add(table.logicalName);
  }

  /** Makes every token of the table up to this version too old. */
  expire(table: Table, version: number): void {
    this.expiredUpTo.set(table.logicalName, version);
  }

  /** The oldest version of which a token is still taken. */
  oldest(table: Table): number {
    return (this.expiredUpTo.get(table.logicalName) ?? -1) + 1;
  }

  /** Tokens live seven days, the default of `ExpireChangeTrackingInDays`. */
  isExpired(table: Table, token: { readonly version: number; readonly at: number }, now: number): boolean {
    return now - token.at > retentionMs || token.version <= (this.expiredUpTo.get(table.logicalName) ?? -1);
  }

  snapshot(): TrackingData {
    return {
      disabled: [...this.disabled],
      absent: [...this.absent],
      expiredUpTo: [...this.expiredUpTo],
      expiredStatus: this.expiredStatus,
    };
  }

  load(saved: TrackingData): void {
    for (const name of saved.absent ?? []) this.absent.add(name);
    for (const name of saved.disabled) this.disabled.add(name);
    for (const [name, version] of saved.expiredUpTo) this.expiredUpTo.set(name, version);
    this.expiredStatus = saved.expiredStatus;
  }
}
