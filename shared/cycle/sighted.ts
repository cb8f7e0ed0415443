import type { Sighting } from '../exchange/exchange';
import { startOf } from '../model/appointment';
import { type ItemKind, kindOf } from '../model/entity';
import { type Feed, markerOf, type SeenRecord } from '../model/seen';
import { errorCodes, TandemError } from '../platform/errors';
import { pairName } from '../storage/link-rows';
import { isPrivate } from '../sync/private';
import { type Candidate, naturalKeys } from '../sync/twins';
import type { Session } from './session';
import { queriesFor } from './sighting-queries';

/** A candidate and where it lies. */
export interface Sighted extends Candidate {
  readonly kind: ItemKind;
  readonly feed: Feed;
}

/** A folder as it was listed in this cycle, and for a calendar which part of it. */
export interface SightedFolder {
  readonly window: Window | null;
  readonly items: readonly Sighted[];
}

interface Window {
  readonly from: number;
  readonly to: number;
}

const dayMs = 86_400_000;
/** A calendar view spans five years at most (Graph reference, list calendarView). */
const widestMs = 1_800 * dayMs;
const listPage = 100;
/** So many questions are asked where nobody knows how long a listing would take. */
const fewQueries = 5;

/**
 * Items of one kind that could be the twins of these records. What is found only by its marker is found where everything is listed: in a first load, which is
 * also how lost state comes back. Records that come later are asked for one by one, as long as that takes no more requests than a listing, and Exchange
 * accepts the question; one without a natural key asks nothing.
 */
export async function sightedFor(session: Session, records: readonly SeenRecord[], isFirstLoad: boolean): Promise<readonly Sighted[]> {
  const parts = partsFor(session, records);
  if (parts.length === 0) return [];
  if (!isFirstLoad && !parts.every((part) => isListed(session, part))) {
    const queries = queriesFor(
      records,
      parts.map(({ feed }) => feed),
    );
    if (queries.length === 0) return [];
    const found = queries.length <= requestsToList(session, parts) ? await session.mailbox.sightingsOf(queries) : null;
    if (found !== null) return found.map((sighting) => sightedOf(session, sighting));
  }
  const found: Sighted[] = [];
  for (const part of parts) found.push(...(await listed(session, part)));
  return found;
}

/** A folder, or a part of the calendar, in which a record's item could lie. */
interface Part {
  readonly kind: ItemKind;
  readonly feed: Feed;
  readonly window: Window | null;
}

function partsFor(session: Session, records: readonly SeenRecord[]): Part[] {
  const [first] = records;
  if (first === undefined) return [];
  switch (kindOf(first.entity)) {
    case 'event': {
      const window = windowOf(session, records);
      return window === null ? [] : [{ kind: 'event', feed: 'calendar', window }];
    }
    case 'contact':
      return [{ kind: 'contact', feed: 'contacts', window: null }];
    case 'task':
      return [...session.cursors.keys()].flatMap((feed) => (feed.startsWith('tasks:') ? [{ kind: 'task', feed, window: null }] : []));
    case 'series':
      return [{ kind: 'series', feed: 'calendar', window: null }];
  }
}

/** Each folder is listed once a cycle, of a calendar the part that these records need. */
async function listed(session: Session, part: Part): Promise<readonly Sighted[]> {
  const known = session.sighted.get(nameOf(part));
  if (known !== undefined && isListed(session, part)) return known.items;
  const items: Sighted[] = [];
  try {
    for await (const page of session.mailbox.sightings(part.feed, part.window))
      items.push(...page.map((sighting) => sightedOf(session, sighting)));
  } catch (error) {
    if (!(error instanceof TandemError) || error.code !== errorCodes.gone) throw error;
  }
  session.sighted.set(nameOf(part), { window: part.window, items });
  return items;
}

/** By what the folders held when they were drained; a part of the calendar has no more than all of it. */
function requestsToList({ marks }: Session, parts: readonly Part[]): number {
  const pages = parts.map(({ feed }) => {
    const mark = marks.get(feed);
    return mark === undefined ? fewQueries : Math.ceil(mark.count / listPage);
  });
  return pages.reduce((sum, each) => sum + Math.max(1, each), 0);
}

function sightedOf({ integration }: Session, { id, kind, feed, marker, values }: Sighting): Sighted {
  const named = markerOf(marker);
  const markedFor = named?.integration === integration.id ? pairName(named) : null;
  return { id, kind, feed, markedFor, isFree: marker === null && !isPrivate(values), keys: naturalKeys(kind, values) };
}

/** From the first to the last start of these records, with a day to each side for whole days; null where none has a start. */
function windowOf(session: Session, records: readonly SeenRecord[]): Window | null {
  const starts = records.map(({ values }) => startOf(values.time)).filter((start) => !Number.isNaN(start));
  if (starts.length === 0) return null;
  const from = starts.reduce((least, start) => Math.min(least, start)) - dayMs;
  const to = starts.reduce((most, start) => Math.max(most, start)) + 2 * dayMs;
  const earliest = Math.max(from, Math.min(to, session.now) - widestMs);
  return { from: earliest, to: Math.min(to, earliest + widestMs) };
}

function nameOf({ kind, feed }: Part): string {
  return `${kind}|${feed}`;
}

function isListed({ sighted }: Session, part: Part): boolean {
  const known = sighted.get(nameOf(part));
  if (known === undefined) return false;
  const { window } = known;
  const { window: wanted } = part;
  return window === null || wanted === null ? window === wanted : window.from <= wanted.from && window.to >= wanted.to;
}
