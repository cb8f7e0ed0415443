import { createHash } from 'node:crypto';
import type { Feed } from '../model/seen';
import type { Entity, Values } from '../model/values';
import type { Sealer } from '../platform/seal';
import type { Departures } from '../sync/brake';
import type { Bases, Link } from '../sync/link';
import type { Rewrite } from '../sync/loop-breaker';
import type { Pending } from '../sync/pending';
import type { Reason } from '../sync/reasons';
import { checkVersion } from './document';
import type { Row } from './rows';
import { isoTime, opened, sealedPieces } from './sealed-row';

/** The record of a pair, by which everything about the pair is found. */
export interface PairKey {
  readonly entity: Entity;
  readonly recordId: string;
}

/** A record that Dynamics reported as changed and no cycle has read yet. */
export interface InboxRow extends PairKey {
  /** The version that was reported; empty where only a look is asked for. */
  readonly version: string;
  /** True where something that belongs to the record was changed, such as a date of a series: its version alone proves nothing then. */
  readonly partsChanged?: boolean;
  /** True where the row was written by the first load of the mailbox. */
  readonly firstLoad: boolean;
  readonly etag: string;
}

/** A create that was about to happen: who finds an old one searches its marker before posting again. */
export interface Intent extends PairKey {
  readonly feed: Feed;
  readonly incarnation: number;
  readonly startedAt: number;
  readonly recordVersion: string;
  /** What the item was to be created from: the bases that it and its record share. */
  readonly bases: Bases;
  readonly withheld: boolean;
}

/** A pair that could not be finished and is taken up again at `due`. */
export interface Parked extends PairKey {
  readonly due: number;
  /** `failed`: the other side refused or was away. `recheck`: only a second look may call the item deleted. `check`: both sides are to be read. */
  readonly why: 'failed' | 'recheck' | 'check';
  readonly attempts: number;
  readonly code: string;
  readonly detail: string;
  readonly fix: string;
  readonly since: number;
  /** True where the first load of the mailbox brought the pair. */
  readonly firstLoad: boolean;
}

/** Where one folder's delta was read to. */
export interface CursorRow {
  readonly feed: Feed;
  readonly link: string | null;
  readonly at: 'round' | 'end';
  readonly window: { readonly from: number; readonly to: number } | null;
  /** When the chain was begun, UTC ms. */
  readonly begunAt: number;
}

/** The fence of a mailbox: whoever replaces it under its etag has the mailbox. */
export interface CycleRow {
  /** When the drain of the last committed cycle began, UTC ms. */
  readonly drainedAt: number;
}

/** The version of the rows' shape. */
export const schema = 1;

export const keys = {
  link: ({ entity, recordId }: PairKey) => `link|${entity}|${recordId}`,
  item: (itemId: string) => `item|${createHash('sha256').update(itemId).digest('base64url')}`,
  inbox: ({ entity, recordId }: PairKey) => `inbox|${entity}|${recordId}`,
  intent: ({ entity, recordId }: PairKey) => `intent|${entity}|${recordId}`,
  parked: ({ entity, recordId, due }: PairKey & { readonly due: number }) =>
    `parked|${String(due).padStart(15, '0')}|${entity}|${recordId}`,
  undo: ({ entity, recordId }: PairKey) => `asked|undo|${entity}|${recordId}`,
  hold: ({ entity, recordId }: PairKey) => `hold|${entity}|${recordId}`,
  cursor: (feed: Feed) => `cursor|${encodeURIComponent(feed).replaceAll('%', '_')}`,
  decision: ({ entity, recordId }: PairKey) => `decision|${entity}|${recordId}`,
  departures: 'departures',
  cycle: 'cycle',
};

/** The key under which a pair is known within a mailbox. */
export function pairName({ entity, recordId }: PairKey): string {
  return `${entity}|${recordId}`;
}

export function linkRow(partitionKey: string, link: Link, sealer: Sealer): Row {
  const { bases, pending, rewrites, countedAt, ...facts } = link;
  const sealed = {
    ...sealedPieces('bases', bases, sealer),
    ...sealedPieces('pending', pending ?? null, sealer),
    ...sealedPieces('rewrites', rewrites ?? null, sealer),
  };
  const counted = countedAt === undefined ? {} : { countedAt: isoTime(countedAt) };
  return { partitionKey, rowKey: keys.link(link), v: schema, ...facts, at: isoTime(link.at), ...counted, ...sealed };
}

export function linkOf(row: Record<string, unknown>, sealer: Sealer): Link {
  checkVersion(row, schema);
  const pending = opened<Pending>('pending', row, sealer);
  const rewrites = opened<Rewrite[]>('rewrites', row, sealer);
  return {
    ...(pending === null ? {} : { pending }),
    ...(rewrites === null ? {} : { rewrites }),
    ...(row.countedAt === undefined ? {} : { countedAt: Date.parse(String(row.countedAt)) }),
    ...(row.reminderDue === true ? { reminderDue: true } : {}),
    ...(row.tracked === true ? { tracked: true } : {}),
    ...(typeof row.trackedAs === 'string' ? { trackedAs: row.trackedAs } : {}),
    entity: row.entity as Entity,
    recordId: String(row.recordId),
    itemId: String(row.itemId),
    feed: row.feed as Feed,
    state: row.state as Link['state'],
    reason: row.reason as Reason,
    incarnation: Number(row.incarnation),
    recordVersion: String(row.recordVersion),
    itemVersion: String(row.itemVersion),
    withheld: row.withheld === true,
    at: Date.parse(String(row.at)),
    bases: opened<Bases>('bases', row, sealer),
  };
}

export function intentRow(partitionKey: string, intent: Intent, sealer: Sealer): Row {
  const { bases, ...facts } = intent;
  return {
    partitionKey,
    rowKey: keys.intent(intent),
    v: schema,
    ...facts,
    startedAt: isoTime(intent.startedAt),
    ...sealedPieces('bases', bases, sealer),
  };
}

export function intentOf(row: Record<string, unknown>, sealer: Sealer): Intent {
  checkVersion(row, schema);
  const empty: Values = {};
  return {
    entity: row.entity as Entity,
    recordId: String(row.recordId),
    feed: row.feed as Feed,
    incarnation: Number(row.incarnation),
    startedAt: Date.parse(String(row.startedAt)),
    recordVersion: String(row.recordVersion),
    withheld: row.withheld === true,
    bases: opened<Bases>('bases', row, sealer) ?? { dynamics: empty, exchange: empty },
  };
}

export function parkedRow(partitionKey: string, parked: Parked): Row {
  return { partitionKey, rowKey: keys.parked(parked), v: schema, ...parked, due: isoTime(parked.due), since: isoTime(parked.since) };
}

export function parkedOf(row: Record<string, unknown>): Parked {
  checkVersion(row, schema);
  return {
    entity: row.entity as Entity,
    recordId: String(row.recordId),
    due: Date.parse(String(row.due)),
    why: row.why as Parked['why'],
    attempts: Number(row.attempts),
    code: String(row.code),
    detail: String(row.detail),
    fix: String(row.fix),
    since: Date.parse(String(row.since)),
    firstLoad: row.firstLoad === true,
  };
}

export function departuresRow(partitionKey: string, departures: Departures): Row {
  return { partitionKey, rowKey: keys.departures, v: schema, hours: JSON.stringify(departures) };
}

export function departuresOf(row: Record<string, unknown>): Departures {
  checkVersion(row, schema);
  return JSON.parse(String(row.hours)) as Departures;
}

export function cursorRow(partitionKey: string, cursor: CursorRow): Row {
  const { feed, link, at, window, begunAt } = cursor;
  return {
    partitionKey,
    rowKey: keys.cursor(feed),
    v: schema,
    feed,
    at,
    link: link ?? '',
    windowFrom: window === null ? '' : isoTime(window.from),
    windowTo: window === null ? '' : isoTime(window.to),
    begunAt: isoTime(begunAt),
  };
}

export function cursorOf(row: Record<string, unknown>): CursorRow {
  checkVersion(row, schema);
  const from = Date.parse(String(row.windowFrom));
  const to = Date.parse(String(row.windowTo));
  return {
    feed: row.feed as Feed,
    link: row.link === '' ? null : String(row.link),
    at: row.at === 'round' ? 'round' : 'end',
    window: Number.isNaN(from) || Number.isNaN(to) ? null : { from, to },
    begunAt: Date.parse(String(row.begunAt)),
  };
}

export function inboxOf(row: Record<string, unknown>): InboxRow {
  checkVersion(row, schema);
  return {
    entity: row.entity as Entity,
    recordId: String(row.recordId),
    version: String(row.version),
    ...(row.partsChanged === true ? { partsChanged: true } : {}),
    firstLoad: row.firstLoad === true,
    etag: String(row.etag),
  };
}
