import type { ItemKind } from './entity';
import { type Entity, entities, type Values } from './values';

/** A Dynamics record as it was read. */
export interface SeenRecord {
  readonly entity: Entity;
  /** The row's id, a lower-case GUID. */
  readonly id: string;
  /** The row version, the digits of its etag. */
  readonly version: string;
  /** `modifiedon`, UTC ms (Dataverse keeps whole seconds). */
  readonly modifiedAt: number;
  /** The owning user's or team's id. */
  readonly owner: string | null;
  /** The `systemuserid` of the organizer, for appointments; null for others and where there is none. */
  readonly organizer: string | null;
  /** The `systemuserid`s of the users who work on a service activity; absent for others. */
  readonly resources?: readonly string[];
  /** The series of which the record is one date: it is no record of its own; absent for others. */
  readonly partOf?: string;
  /** `closed`: completed or canceled; `inactive`: a deactivated contact; `filtered`: open, but outside the filters of its home. */
  readonly standing: 'open' | 'closed' | 'inactive' | 'filtered';
  readonly values: Values;
  /** Why the record cannot sync as it stands, and what a person can do about it; absent for one that can. */
  readonly obstacle?: Obstacle;
}

export interface Obstacle {
  readonly detail: string;
  readonly fix: string;
}

/** An Exchange item as it was read. */
export interface SeenItem {
  readonly kind: ItemKind;
  /** Immutable id (event, contact) or the task's id, which changes when the task changes its list. */
  readonly id: string;
  /** The feed it was found in: see `feedOf`. */
  readonly feed: Feed;
  /** `@odata.etag` as it came. */
  readonly version: string;
  /** `lastModifiedDateTime`, UTC ms. */
  readonly modifiedAt: number;
  /** The id of the series of which the item is one date: it is no item of its own; absent for others. */
  readonly partOf?: string;
  /** The link marker that Tandem wrote on it, where this read could see it. */
  readonly marker: string | null;
  /** True for an event that says that files are attached to it; absent for others. */
  readonly hasAttachments?: true;
  readonly values: Values;
}

/** One synced folder of a mailbox: the calendar, the contacts folder, or one task list. */
export type Feed = 'calendar' | 'contacts' | `tasks:${string}`;

/** What a mark is about: a feed, or all mail of the mailbox together. */
export type Marked = Feed | 'mail';

/** What a folder looked like just before it was drained: its newest change and how many items it held. */
export interface Mark {
  /** `lastModifiedDateTime` of the newest item as text; null for an empty folder. */
  readonly newest: string | null;
  readonly count: number;
}

/** Which record an item belongs to, written on the item itself. */
export interface Marker {
  readonly integration: string;
  readonly entity: Entity;
  readonly recordId: string;
  /** Grows with each time the record is linked anew. */
  readonly incarnation: number;
}

/** What a marker says; null for a text that is none. */
export function markerOf(text: string | null): Marker | null {
  const [integration, entity, recordId, incarnation, ...rest] = text?.split('/') ?? [];
  const known = entities.find((each) => each === entity);
  if (integration === undefined || known === undefined || recordId === undefined || rest.length > 0) return null;
  return /^\d+$/.test(incarnation ?? '') ? { integration, entity: known, recordId, incarnation: Number(incarnation) } : null;
}

/** The marker as it is written on an item. */
export function markerText(marker: Marker): string {
  return [marker.integration, marker.entity, marker.recordId, String(marker.incarnation)].join('/');
}
