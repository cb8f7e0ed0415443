import type { SeenItem } from '../model/seen';
import { type Entity, isBlank, type Values } from '../model/values';
import type { SyncRules } from './rules';

/** What a record says in place of the subject of a private event. */
export const privateSubject = 'Private appointment';

/** What is known of a private item in any case: nothing that says what it is about. */
const facts = ['sensitivity', 'categories', 'iCalUId', 'organizedHere'];

/** What is also told of a private event that shows its time. The attendees are known, so that the mail gate sees them; they do not travel. */
const busy = ['time', 'status', 'requiredAttendees', 'optionalAttendees', 'resources'];

/** True for an item that its owner marked as private, personal or confidential. */
export function isPrivate({ sensitivity }: Values): boolean {
  return !isBlank(sensitivity) && sensitivity !== 'normal';
}

/** True where a private item of this entity syncs at all. */
export function travels(entity: Entity, values: Values, { privateItems }: Pick<SyncRules, 'privateItems'>): boolean {
  return !isPrivate(values) || privateItems === 'full' || (privateItems === 'busyOnly' && entity === 'appointment');
}

/** The item as Tandem may know it: what the setting keeps private is left out before anything else sees it. */
export function withoutPrivate(item: SeenItem, { privateItems }: Pick<SyncRules, 'privateItems'>): SeenItem {
  if (privateItems === 'full' || !isPrivate(item.values)) return item;
  if (privateItems === 'skip' || item.kind !== 'event') return { ...item, values: picked(item.values, facts) };
  return { ...item, values: { ...picked(item.values, [...facts, ...busy]), subject: privateSubject, body: null, location: null } };
}

/** True for a field that a private event keeps from both sides, or of which Dynamics gets no more than a neutral word. */
export function isKept(field: string, item: Values, { privateItems }: Pick<SyncRules, 'privateItems'>): boolean {
  return privateItems === 'busyOnly' && isPrivate(item) && !['time', 'status'].includes(field);
}

/** What of a private event Dynamics gets as neutral words. */
export const neutral: ReadonlySet<string> = new Set(['subject', 'body', 'location']);

function picked(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));
}
