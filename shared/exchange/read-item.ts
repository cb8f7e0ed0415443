import type { Feed, SeenItem } from '../model/seen';
import { contactOf } from './contact';
import { customOfKind, customValues } from './custom';
import { eventOf, placeOf } from './event';
import { kindIn } from './item';
import type { Reach } from './pages';
import { seriesOf } from './series';
import { taskOf } from './task';

/** A Graph item that was asked for whole, as a neutral one, with the columns that an admin added. */
export function wholeItemOf(json: unknown, feed: Feed, { zone, custom }: Pick<Reach, 'zone' | 'custom'>): SeenItem {
  const item = itemOf(json, feed, zone, true);
  return { ...item, values: { ...item.values, ...customValues(json, customOfKind(custom, item.kind)) } };
}

/** A Graph item as a neutral one. `expanded` says that what `wholeItem` expands was asked for. */
export function itemOf(json: unknown, feed: Feed, zone: string, expanded: boolean): SeenItem {
  switch (kindIn(feed)) {
    case 'event':
    case 'series':
      return isMaster(json) ? seriesOf(json, zone, expanded) : { ...eventOf(json, zone, expanded), ...partOf(json) };
    case 'contact':
      return contactOf(json, zone, expanded);
    case 'task':
      return taskOf(json, feed, zone);
  }
}

function partOf(json: unknown): Pick<SeenItem, 'partOf'> {
  const place = typeof json === 'object' && json !== null ? placeOf({ ...json }) : null;
  return place?.kind === 'date' ? { partOf: place.masterId ?? '' } : {};
}

function isMaster(json: unknown): boolean {
  return typeof json === 'object' && json !== null && placeOf({ ...json }).kind === 'master';
}
