import type { CustomFields } from '../model/custom-fields';
import type { Derived } from '../model/derived';
import type { ItemKind } from '../model/entity';
import type { Feed, Mark, Marked, Marker, SeenItem } from '../model/seen';
import type { Values } from '../model/values';
import type { Outcome } from '../platform/outcome';
import type { EventAttachments } from './attachments';
import type { MailboxCheck } from './check';
import type { MailReader } from './mail';
import type { Subscriptions } from './subscriptions';

/** Where a folder's delta was read to. `link` is null before the first round. */
export interface DeltaCursor {
  readonly feed: Feed;
  readonly link: string | null;
  /** `round`: links still lead through a round (next links); `end`: the link starts the next round. */
  readonly at: 'round' | 'end';
  /** The calendar's window, UTC ms; null for other folders. */
  readonly window: { readonly from: number; readonly to: number } | null;
}

/** One page of one folder's delta. */
export type Drained =
  | {
      readonly kind: 'page';
      readonly feed: Feed;
      /** What the folder looked like just before; null where the probe was not asked for or failed. */
      readonly mark: Mark | null;
      readonly changed: readonly SeenItem[];
      /** Ids that the delta called removed: gone, moved away, or outside the window. Never a proof. */
      readonly removed: readonly string[];
      readonly next: DeltaCursor;
    }
  | { readonly kind: 'expired'; readonly feed: Feed }
  | { readonly kind: 'folderGone'; readonly feed: Feed };

/** An item by id, with what tells it from others when the id no longer answers. */
export interface ItemRef {
  readonly kind: ItemKind;
  readonly id: string;
  readonly feed: Feed;
}

/** An item that is expected to be where it was; `time` is an event's last known one. */
export interface ExpectedItem {
  readonly ref: ItemRef;
  readonly time: string | null;
}

/** What has become of an item that a delta called removed or that a list lacked (promise 3). */
export type ItemFate =
  | { readonly kind: 'exists'; readonly item: SeenItem }
  /** 404, or 200 from where deleted things lie. */
  | { readonly kind: 'deleted' }
  /** A task that answers nowhere now; only a second look a minute later may call it deleted. */
  | { readonly kind: 'missing' };

export type ItemWrite =
  | {
      readonly kind: 'create';
      /** The caller's name for this write; it comes back with the result. */
      readonly key: string;
      readonly itemKind: ItemKind;
      readonly feed: Feed;
      readonly marker: Marker;
      readonly values: Values;
      /** Things that only Exchange gets, worked out by the plan: see `Derived`. */
      readonly derived: Derived;
    }
  | {
      readonly kind: 'update';
      readonly key: string;
      readonly ref: ItemRef;
      /** The etag last seen; sent as `If-Match`, not relied on. */
      readonly version: string;
      readonly changes: Values;
      /** All values of the item as Tandem knows them, for lists and objects that are written together. */
      readonly current: Values;
      readonly derived: Derived;
      /** Present where the item is to be told which record it belongs to. */
      readonly marker?: Marker;
    }
  | { readonly kind: 'delete'; readonly key: string; readonly ref: ItemRef; readonly version: string };

export interface ItemWritten {
  readonly key: string;
  /** The item as Exchange returned it, with what a reply does not echo taken from what was sent; null for a deletion. */
  readonly outcome: Outcome<SeenItem | null>;
  /** Present where a create failed although its item is there: who tries again has to look for it first, because people may have edited it by then. */
  readonly made?: true;
}

/** An item as a plain list shows it. */
export interface ListedItem {
  readonly id: string;
  readonly kind: ItemKind;
  readonly version: string;
  readonly categories: readonly string[];
}

/** An item as far as it takes to tell whether it and a record are the same. */
export interface Sighting {
  readonly id: string;
  readonly kind: ItemKind;
  readonly feed: Feed;
  readonly marker: string | null;
  /** Some of its values: the names, addresses, dates and ids by which it is told from others. */
  readonly values: Values;
}

/** What the twin of one record would have in common with it, as far as Exchange can be asked for that. */
export type SightingQuery =
  /** What the calendar shows in this time, UTC ms. */
  | { readonly kind: 'event'; readonly feed: 'calendar'; readonly from: number; readonly to: number }
  | { readonly kind: 'event' | 'series'; readonly feed: 'calendar'; readonly iCalUId: string }
  | { readonly kind: 'series'; readonly feed: 'calendar'; readonly subject: string }
  /** Contacts with this address. */
  | { readonly kind: 'contact'; readonly feed: 'contacts'; readonly address: string }
  | { readonly kind: 'task'; readonly feed: `tasks:${string}`; readonly title: string };

/** What the probe saw of one folder. */
export interface ProbedFolder {
  readonly feed: Marked;
  readonly mark: Mark;
}

/** One person's Exchange mailbox. Batches are chained, at most three run at once; a throttled part is an error `throttled` with its `Retry-After`. */
export interface Mailbox {
  /** The default task list's id, and the id of Deleted Items. */
  standardFolders(): Promise<{ readonly taskList: string; readonly deletedItems: string }>;
  /** A page of each folder's delta in one chained batch, each preceded by its mark where asked for. */
  drain(cursors: readonly DeltaCursor[], withMarks: boolean): Promise<Drained[]>;
  /** Items by id with everything that the entity maps, extended properties included, and the marker. Absent in the reply: not found. */
  readItems(refs: readonly ItemRef[]): Promise<SeenItem[]>;
  /**
   * Items that are where they were expected, whole, one part of a batch each. Absent in the reply: gone, deleted, moved, refused, or a series; of those it is
   * asked what has become of them.
   */
  readExpected(expected: readonly ExpectedItem[]): Promise<SeenItem[]>;
  /** What has become of an item. `time` is the event's last known time, to look for it in the calendar view. */
  fate(ref: ItemRef, marker: string, time: string | null): Promise<ItemFate>;
  /** The item that carries this marker, wherever its user has moved it, if a create took effect although nobody heard of it. */
  findByMarker(kind: ItemKind, feed: Feed, marker: string): Promise<SeenItem | null>;
  /** The single event or the series of this iCalUId, read whole; null where there is none. */
  findMeeting(iCalUId: string, kind: 'event' | 'series'): Promise<SeenItem | null>;
  /** All items of a folder as plain ids, versions and categories, paged inside; for the daily sweep. */
  listFolder(feed: Feed, window: { readonly from: number; readonly to: number } | null): AsyncIterable<readonly ListedItem[]>;
  /** What a folder, or a window of the calendar, holds that could be the twin of a record, paged inside. */
  sightings(feed: Feed, window: { readonly from: number; readonly to: number } | null): AsyncIterable<readonly Sighting[]>;
  /** The same, of what answers one of these questions, twenty in a request. Null where Exchange does not accept a question of this kind. */
  sightingsOf(queries: readonly SightingQuery[]): Promise<readonly Sighting[] | null>;
  /**
   * Carries out writes as up to three chained batches; one that fails does not stop the others. What could not be sent until `notAfter`, UTC ms, is not sent at
   * all and fails with `stale`: by then somebody else may have the mailbox.
   */
  write(writes: readonly ItemWrite[], notAfter?: number): Promise<ItemWritten[]>;
  /** The files of its events. */
  readonly attachments: EventAttachments;
  /** Its mail. */
  readonly mail: MailReader;
  /** When Exchange may be asked again about this mailbox, UTC ms, where it asked to be left alone; until then every request fails unsent with `throttled`. */
  restsUntil(): number | null;
}

/** Who is probed: at most twenty parts a batch, parts of one mailbox at least four apart. */
export interface ProbeTarget {
  /** Entra object id. */
  readonly userId: string;
  readonly feeds: readonly Marked[];
}

export interface Exchange {
  mailbox(user: MailboxUser): Mailbox;
  /** Tries what a mailbox allows, by the Entra object id of its user. */
  check(userId: string): MailboxCheck;
  /** The newest change and count of each folder of many mailboxes, in batches that mix them. A mailbox whose part fails is absent, or has fewer folders. */
  probe(targets: readonly ProbeTarget[]): Promise<ReadonlyMap<string, readonly ProbedFolder[]>>;
  /** What Exchange is asked to tell by itself. */
  readonly subscriptions: Subscriptions;
}

export interface MailboxUser {
  /** Entra object id. */
  readonly userId: string;
  /** IANA zone of her calendar. */
  readonly zone: string;
  /** The id of Deleted Items, where known. */
  readonly deletedItems: string | null;
  /** The columns that an admin added to the maps, which live in extended properties; none where absent. */
  readonly custom?: CustomFields;
  /** Whether the texts of events may be HTML; plain text where absent. */
  readonly richText?: boolean;
  /** True for who looks from outside of the mailbox's session, while a cycle may be at work there: one request at a time then. */
  readonly fromOutside?: boolean;
}
