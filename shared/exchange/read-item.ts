import type { Feed, SeenItem } from '../model/seen';
import { contactOf } from './contact';
import { eventOf } from './event';
import { kindIn } from './item';
import { taskOf } from './task';

/** A Graph item as a neutral one. `expanded` says that what `wholeItem` expands was asked for. */
export function itemOf(json: unknown, feed: Feed, zone: string, expanded: boolean): SeenItem {
  switch (kindIn(feed)) {
    case 'event':
    case 'series':
      return eventOf(json, zone, expanded);
    case 'contact':
      return contactOf(json, zone, expanded);
    case 'task':
      return taskOf(json, feed, zone);
  }
}
