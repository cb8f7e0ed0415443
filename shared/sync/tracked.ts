import { guidFrom } from '../model/guid-from';
import type { SeenItem } from '../model/seen';
import { elementsOf, type Values } from '../model/values';
import type { Link } from './link';
import type { SyncRules } from './rules';

type TrackingRules = Pick<SyncRules, 'trackCategorizedItems' | 'trackingCategory'>;

/** True where these values of an item name the tracking category. Exchange tells categories apart by name, without regard to case. */
export function carriesCategory(values: Values, { trackCategorizedItems, trackingCategory }: TrackingRules): boolean {
  const wanted = trackingCategory.toLowerCase();
  return trackCategorizedItems && elementsOf(values.categories).some((category) => category.toLowerCase() === wanted);
}

/** What a link remembers of its user's wish. */
type Wish = Pick<Link, 'tracked' | 'trackedAs'>;

/** True where these values keep an item tracked: by the category that the setting names now, or by the one that it named when the item was tracked. */
export function staysTracked(values: Values, { trackedAs }: Wish, rules: TrackingRules): boolean {
  if (carriesCategory(values, rules)) return true;
  return trackedAs !== undefined && carriesCategory(values, { ...rules, trackingCategory: trackedAs });
}

/** True where an item carried the tracking category when both sides last agreed and no longer does. That the setting names another one since takes none off. */
export function lostCategory(before: Values, now: Values, wish: Wish, rules: TrackingRules): boolean {
  return 'categories' in now && staysTracked(before, wish, rules) && !staysTracked(now, wish, rules);
}

/** The user's wish as a link is to remember it, by what its item shows now. While tracking is switched off, it is what it was. */
export function wishIn(values: Values, before: Wish, rules: TrackingRules): Wish {
  if (carriesCategory(values, rules)) return { tracked: true, trackedAs: rules.trackingCategory };
  if (rules.trackCategorizedItems && !staysTracked(values, before, rules)) return {};
  const { tracked, trackedAs } = before;
  return { ...(tracked === undefined ? {} : { tracked }), ...(trackedAs === undefined ? {} : { trackedAs }) };
}

/**
 * The id of the record that is made from an item: always the same one, so that a create that is sent again, by whomever, makes no second record. A meeting has one
 * for all its copies, from its iCalUId; anything else has one in its mailbox.
 */
export function trackedRecordId(
  place: { readonly integration: string; readonly mailbox: string },
  item: SeenItem,
  incarnation: number,
): string {
  const entity = meetingEntity(item);
  const { iCalUId } = item.values;
  return entity === null || typeof iCalUId !== 'string'
    ? itemRecordId(place, item, incarnation)
    : meetingRecordId(entity, place.integration, iCalUId, incarnation);
}

/** What many people may have an item of. */
export type MeetingEntity = 'appointment' | 'series';

/** What an item becomes that others may have as well; null for what is one person's. */
export function meetingEntity({ kind }: Pick<SeenItem, 'kind'>): MeetingEntity | null {
  switch (kind) {
    case 'event':
      return 'appointment';
    case 'series':
      return 'series';
    case 'contact':
    case 'task':
      return null;
  }
}

/** The id of the record of a meeting, whoever tracks it. An event that becomes a series keeps its iCalUId, and an id is one for all activities of Dynamics. */
export function meetingRecordId(entity: MeetingEntity, integration: string, iCalUId: string, incarnation: number): string {
  return guidFrom(JSON.stringify([entity === 'series' ? 'series' : 'meeting', integration, iCalUId, incarnation]));
}

/** The id of the record of this very item, for a copy that is to be one of its own. */
export function itemRecordId(
  place: { readonly integration: string; readonly mailbox: string },
  item: SeenItem,
  incarnation: number,
): string {
  return guidFrom(JSON.stringify(['item', place.integration, place.mailbox, item.kind, item.id, incarnation]));
}
