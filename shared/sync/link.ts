import type { Feed, SeenItem, SeenRecord } from '../model/seen';
import type { Entity, Values } from '../model/values';
import type { Rewrite } from './loop-breaker';
import type { Pending } from './pending';
import type { Reason } from './reasons';

/** What each side returned when they last agreed; a side has changed only against its own base. */
export interface Bases {
  readonly dynamics: Values;
  readonly exchange: Values;
}

/** The pairing of one record and one item. */
export interface Link {
  readonly entity: Entity;
  readonly recordId: string;
  readonly itemId: string;
  readonly feed: Feed;
  /**
   * `tracking`: its record is about to be made from the item. `held`: something waits for an admin, the rest goes on. `released`: ended on purpose, and
   * remembered.
   */
  readonly state: 'tracking' | 'linked' | 'held' | 'frozen' | 'released';
  readonly reason: Reason;
  /** Counts how often the record was linked, from 1; part of the marker on the item. */
  readonly incarnation: number;
  readonly recordVersion: string;
  readonly itemVersion: string;
  /** Null once released, except where the reason is `closed`: a record that is reopened takes up where it stopped. */
  readonly bases: Bases | null;
  /** True where the attendee list is kept from Exchange, so that nobody is written to. */
  readonly withheld: boolean;
  /** True where the record took a new time from its item, and the write of the reminder that goes by it failed; absent otherwise. */
  readonly reminderDue?: true;
  /** True where the item carried the tracking category when it was last seen; absent otherwise. */
  readonly tracked?: true;
  /** The name of that category, which the setting may have changed since; absent where it was not tracked. */
  readonly trackedAs?: string;
  /** When Tandem last did something about the pair, UTC ms. */
  readonly at: number;
  /** Writes that were about to happen and that no commit has confirmed; absent otherwise. */
  readonly pending?: Pending;
  /** What Tandem wrote last to each field within the last day; absent for nothing. */
  readonly rewrites?: readonly Rewrite[];
  /** When the brake counted a departure of this pair that has not come about yet, UTC ms; absent for never. */
  readonly countedAt?: number;
}

/** What is known of the record now. */
export type RecordSide =
  /** There is none yet: it is to be made from a tracked item, under the pair's id. */
  | { readonly kind: 'none' }
  /** As both sides last agreed; `record` where it was read (its version may have moved on). */
  | { readonly kind: 'same'; readonly record: SeenRecord | null }
  | { readonly kind: 'changed'; readonly record: SeenRecord }
  /** Open and at home, and not linked. */
  | { readonly kind: 'created'; readonly record: SeenRecord }
  /** Proved by a read by id (promise 3). */
  | { readonly kind: 'deleted' }
  | { readonly kind: 'filteredOut'; readonly record: SeenRecord }
  | { readonly kind: 'movedHome'; readonly record: SeenRecord }
  | { readonly kind: 'closed'; readonly record: SeenRecord }
  | { readonly kind: 'unreadable' };

/** What is known of the item now. */
export type ItemSide =
  /** There never was one. */
  | { readonly kind: 'none' }
  | { readonly kind: 'same'; readonly item: SeenItem | null }
  | { readonly kind: 'changed'; readonly item: SeenItem }
  /** Its user tracks it: it is to be linked, and its record made where there is none. */
  | { readonly kind: 'tracked'; readonly item: SeenItem }
  /** Proved by a look at where deleted things lie (promise 3). */
  | { readonly kind: 'deleted' };

/** A record and its item, with what links them. */
export interface Pair {
  readonly entity: Entity;
  readonly recordId: string;
  readonly link: Link | null;
  readonly record: RecordSide;
  readonly item: ItemSide;
}

/** True for a pair that was let go because of where its record stood, not because somebody removed it: a record that stands at home again is linked again. */
export function mayComeBack({ state, reason }: Link): boolean {
  return state === 'released' && ['closed', 'left-filter', 'left-filter-deleted', 'unreadable', 'moved-home', 'canceled'].includes(reason);
}
