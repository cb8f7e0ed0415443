import type { ColumnRights } from '../model/column-rights';
import type { Filter } from '../model/filter';
import type { SeenRecord } from '../model/seen';
import type { Entity, Values } from '../model/values';
import type { Outcome } from '../platform/outcome';
import type { RecordAttachments } from './attachments';
import type { Emails } from './emails';
import type { Environment } from './environment';
import type { RecordReads } from './record-reads';
import type { Users } from './users';
import type { Webhooks } from './webhooks';
import type { WorkspaceCalls } from './workspace';

/** As whom a request is made: the integration's own account, or a person by Entra object id (`CallerObjectId`). */
export type Caller = 'service' | { readonly objectId: string };

/** Where a change-tracking feed was read to: at the end of a round, or between two pages of one. */
export type FeedCursor =
  | { readonly at: 'end'; readonly link: string }
  | { readonly at: 'page'; readonly link: string; readonly full: boolean };

/** One row of a feed: only what routing needs. */
export type FeedRow =
  | { readonly kind: 'changed'; readonly id: string; readonly version: string; readonly owner: string | null }
  /** A date of a recurring series, which is the business of the series. */
  | { readonly kind: 'occurrence'; readonly id: string; readonly series: string }
  | { readonly kind: 'deleted'; readonly id: string };

export interface FeedPage {
  readonly rows: readonly FeedRow[];
  /** The cursor to save once everything on this page is safe. */
  readonly next: FeedCursor;
  /** True for a page of a round that lists everything: the first round, and the one after an expired token. */
  readonly full: boolean;
}

/** One row of a plain list of what a person's home should hold. */
export interface ListedRecord {
  readonly id: string;
  readonly version: string;
}

/** The records whose home is a person: owned by her, or for meetings organized by her, for service activities worked on by her. */
export interface HomeQuery {
  readonly entity: Entity;
  readonly systemUserId: string;
  /** Only those that pass any of these; all where there are none. */
  readonly filters: readonly Filter[];
}

export interface ListPage {
  readonly records: readonly ListedRecord[];
  readonly nextLink: string | null;
}

/** A page of records with the values by which each is told from others. */
export interface NamesPage {
  readonly records: readonly { readonly id: string; readonly values: Values }[];
  readonly nextLink: string | null;
}

/** What a record is, asked by id as the service: the only proof of a deletion (promise 3). */
export type Existence =
  | { readonly kind: 'deleted' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'exists'; readonly record: SeenRecord };

export interface RecordWrite {
  readonly entity: Entity;
  readonly id: string;
  /** The version that must still be there (`If-Match`). */
  readonly version: string;
  /** The fields to write. */
  readonly changes: Values;
  /** All values of the record as Tandem knows them, for columns that are written in part or together. */
  readonly current: Values;
}

/** A record that is made from an item. */
export interface RecordCreate {
  readonly entity: Entity;
  /** The row's id, chosen by the caller and always the same one: a create that is sent again makes no second row. */
  readonly id: string;
  /** The fields of the item that may travel; `company` and `regarding` are names that are looked up. */
  readonly values: Values;
  /** The `systemuserid` of the person who tracks the item: the owner, and the organizer where nobody else is named. */
  readonly owner: string;
  /** The address of whoever organizes the meeting, where that is not the owner. */
  readonly organizer?: string;
}

/**
 * One Dynamics environment. Every wait is bounded; a 429 is an error `throttled` with its `Retry-After`, never a silent retry; a refused precondition is
 * `stale`; a missing row `gone`; a missing right `forbidden`; an answer that was cut is `unavailable` or `timeout`, and then nobody knows whether it happened.
 */
export interface Dynamics {
  /** One page of a table's change tracking, as the service. A null cursor starts a full round. An expired token throws `cursor-expired`. */
  readFeed(entity: Entity, cursor: FeedCursor | null): Promise<FeedPage>;
  /** Records by id, many in one request, as the caller. A record that the caller does not see is simply absent. */
  readRecords(entity: Entity, ids: readonly string[], caller: Caller, zone: string): Promise<SeenRecord[]>;
  /** What has become of a record, asked by id as the service. */
  existence(entity: Entity, id: string, zone: string): Promise<Existence>;
  /** The organizers of appointments or series by id, as the service, up to a hundred in one request; null for one without. Absent: not found. */
  organizers(entity: Entity, ids: readonly string[]): Promise<ReadonlyMap<string, string | null>>;
  /** The users who are resources of service activities by id, as the service, up to a hundred in one request. Absent: not found. */
  resources(ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** A page of the open records of a home. As the caller. */
  listHome(home: HomeQuery, nextLink: string | null, caller: Caller): Promise<ListPage>;
  /** Those of the records that pass any of the filters, many in one request, as the caller. Throws `settings` where Dynamics refuses the filters. */
  passing(entity: Entity, ids: readonly string[], filters: readonly Filter[], caller: Caller): Promise<ReadonlySet<string>>;
  /** Asks whether Dynamics takes these filters and the columns that an admin added, as the service. Throws `settings` where it does not. */
  check(entity: Entity, filters: readonly Filter[]): Promise<void>;
  /** Makes a row and returns the record. A row of this id that is there already is `stale`: it is to be read. */
  createRecord(create: RecordCreate, caller: Caller, zone: string): Promise<Outcome<SeenRecord>>;
  /** The same page with the values by which a record is told from others: names, addresses, subject, dates, iCalUId. */
  listHomeNames(entity: Entity, systemUserId: string, nextLink: string | null, caller: Caller, zone: string): Promise<NamesPage>;
  /** Writes changed columns and returns the record as it now is. */
  updateRecord(write: RecordWrite, caller: Caller, zone: string): Promise<Outcome<SeenRecord>>;
  /** Deletes a row if it still has this version. A row that is already gone is a success. */
  deleteRecord(entity: Entity, id: string, version: string, caller: Caller): Promise<Outcome<void>>;
  /** What a person may not do with the fields behind secured columns. */
  columnRights(systemUserId: string): Promise<Readonly<Record<Entity, ColumnRights>>>;
  /** The files of appointments. */
  readonly attachments: RecordAttachments;
  /** E-mail, which is taken over from Exchange and never goes back. */
  readonly emails: Emails;
  /** What the environment is itself. */
  readonly environment: Environment;
  /** What Dynamics is asked to tell by itself. */
  readonly webhooks: Webhooks;
  /** What pages and actions of the Workspace ask in the name of a person. */
  readonly workspace: WorkspaceCalls;
  /** What the record cache reads. */
  readonly records: RecordReads;
  /** Who the users are and what they may do. */
  readonly users: Users;
  /** A person's row: Entra object id, address, and her time zone as an IANA name. Throws `not-found`. */
  user(systemUserId: string): Promise<DynamicsUser>;
}

export interface DynamicsUser {
  readonly systemUserId: string;
  readonly objectId: string;
  readonly email: string;
  readonly name: string;
  /** IANA name; UTC where Dynamics names a zone that nobody knows. */
  readonly zone: string;
}
