import type { Feed, SeenItem } from '../model/seen';
import { contactOf } from './contact';
import { customOfKind, customValues } from './custom';
import { type EventReading, eventOf, placeOf } from './event';
import { kindIn } from './item';
import type { Reach } from './pages';
import { seriesOf } from './series';
import { taskOf } from './task';

/** A Graph item that was asked for whole, as a neutral one, with the columns that an admin added. */
export function wholeItemOf(json: unknown, feed: Feed, reach: Pick<Reach, 'zone' | 'rich' | 'custom'>): SeenItem {
  const item = itemOf(json, feed, reach, true);
  return { ...item, values: { ...item.values, ...customValues(json, customOfKind(reach.custom, item.kind)) } };
}

/** A Graph item as a neutral one. `expanded` says that what `wholeItem` expands was asked for. */
export function itemOf(json: unknown, feed: Feed, reading: EventReading, expanded: boolean): SeenItem {
  switch (kindIn(feed)) {
    case 'event':
    case 'series':
      return isMaster(json) ? seriesOf(json, reading, expanded) : { ...eventOf(json, reading, expanded), ...partOf(json) };
    case 'contact':
      return contactOf(json, reading.zone, expanded);
    case 'task':
      return taskOf(json, feed, reading.zone);
  }
}

function partOf(json: unknown): Pick<SeenItem, 'partOf'> {
  const place = typeof json === 'object' && json !== null ? placeOf({ ...json }) : null;
  return place?.kind === 'date' ? { partOf: place.masterId ?? '' } : {};
}

function isMaster(json: unknown): boolean {
  return typeof json === 'object' && json !== null && placeOf({ ...json }).kind === 'master';
}
