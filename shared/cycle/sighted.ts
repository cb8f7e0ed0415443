import type { Sighting } from '../exchange/exchange';
import { startOf } from '../model/appointment';
import { type ItemKind, kindOf } from '../model/entity';
import { type Feed, markerOf, type SeenRecord } from '../model/seen';
import { errorCodes, TandemError } from '../platform/errors';
import { pairName } from '../storage/link-rows';
import { isPrivate } from '../sync/private';
import { type Candidate, naturalKeys } from '../sync/twins';
import type { Session } from './session';

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

/** What the folders hold in which a record's item could lie; each folder is listed once a cycle, of a calendar the part that these records need. */
export async function sightedFor(session: Session, records: readonly SeenRecord[]): Promise<readonly Sighted[]> {
  const [first] = records;
  if (first === undefined) return [];
  switch (kindOf(first.entity)) {
    case 'event': {
      const window = windowOf(session, records);
      return window === null ? [] : listed(session, 'event', 'calendar', window);
    }
    case 'contact':
      return listed(session, 'contact', 'contacts', null);
    case 'task': {
      const found: Sighted[] = [];
      for (const feed of session.cursors.keys()) if (feed.startsWith('tasks:')) found.push(...(await listed(session, 'task', feed, null)));
      return found;
    }
    case 'series':
      return listed(session, 'series', 'calendar', null);
  }
}

async function listed(session: Session, kind: ItemKind, feed: Feed, window: Window | null): Promise<readonly Sighted[]> {
  const name = `${kind}|${feed}`;
  const known = session.sighted.get(name);
  if (known !== undefined && covers(known.window, window)) return known.items;
  const items: Sighted[] = [];
  try {
    for await (const page of session.mailbox.sightings(feed, window))
      items.push(...page.map((sighting) => sightedOf(session, feed, sighting)));
  } catch (error) {
    if (!(error instanceof TandemError) || error.code !== errorCodes.gone) throw error;
  }
  session.sighted.set(name, { window, items });
  return items;
}

function sightedOf({ integration }: Session, feed: Feed, { id, kind, marker, values }: Sighting): Sighted {
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

function covers(known: Window | null, wanted: Window | null): boolean {
  return known === null || wanted === null ? known === wanted : known.from <= wanted.from && known.to >= wanted.to;
}
