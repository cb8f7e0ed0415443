import { z } from 'zod';
import type { Derived } from '../model/derived';
import type { SeenItem } from '../model/seen';
import { normalText, type Value, type Values } from '../model/values';
import { addressesOf, attendeesJson } from './attendees';
import { expandOf, extendedJson, extendedValue, markerProperty, regardingProperty } from './extended';
import { categoriesOf, headOf, itemHead, known, read, shaped, textOf } from './item';
import { bodyJson, eventText, eventTextBody, joinableBody } from './texts';
import { dateOf, instantText, midnight, utcTime, type ZonedJson, zonedJson } from './times';

export const eventJson = z.object({
  ...itemHead,
  subject: z.string().nullish(),
  body: bodyJson.nullish(),
  location: z.object({ displayName: z.string().nullish() }).nullish(),
  start: zonedJson.nullish(),
  end: zonedJson.nullish(),
  isAllDay: z.boolean().nullish(),
  importance: z.string().nullish(),
  showAs: z.string().nullish(),
  attendees: attendeesJson.nullish(),
  isOrganizer: z.boolean().nullish(),
  isOnlineMeeting: z.boolean().nullish(),
  hasAttachments: z.boolean().nullish(),
  iCalUId: z.string().nullish(),
  organizer: z.object({ emailAddress: z.object({ address: z.string().nullish() }).nullish() }).nullish(),
  sensitivity: z.string().nullish(),
  singleValueExtendedProperties: extendedJson,
});

type EventJson = z.output<typeof eventJson>;

/** The fields that no reply shows unless `$expand` asks for them. */
export const eventUnechoed: readonly string[] = ['regarding'];

/** The extended properties of an event that is read whole. */
export const eventProperties: readonly string[] = [markerProperty, regardingProperty];

/** The `$expand` of an event that is read whole. */
export const eventExpand = expandOf(eventProperties);

/** The properties that an event is read from, for a read that has to name them. */
export const eventColumns: readonly string[] = Object.keys(eventJson.shape).filter(
  (name) => !name.startsWith('@') && !['singleValueExtendedProperties', 'hasAttachments'].includes(name),
);

/** What an event of a calendar is: one that stands alone, the master of a series, or one date of a series with the master's id. */
export type EventPlace =
  | { readonly kind: 'single' }
  | { readonly kind: 'master' }
  | { readonly kind: 'date'; readonly masterId: string | null };

/** Tells the masters and the dates of series from what stands alone. */
export function placeOf({ type, seriesMasterId }: Readonly<Record<string, unknown>>): EventPlace {
  switch (type) {
    case 'seriesMaster':
      return { kind: 'master' };
    case 'occurrence':
    case 'exception':
      return { kind: 'date', masterId: typeof seriesMasterId === 'string' ? seriesMasterId : null };
    default:
      return { kind: 'single' };
  }
}

/** How events are read. */
export interface EventReading {
  /** IANA name of the person's zone. */
  readonly zone: string;
  /** Whether their texts may be HTML. */
  readonly rich: boolean;
}

/** An event as a neutral item. `expanded` says that its extended properties were asked for; otherwise regarding is absent and the marker is null. */
export function eventOf(json: unknown, { zone, rich }: EventReading, expanded: boolean): SeenItem {
  const event = shaped(eventJson, json, 'an event');
  const online = event.isOnlineMeeting === true;
  const written = event.body === undefined ? undefined : eventText(event.body, online, rich);
  const properties = event.singleValueExtendedProperties;
  return {
    ...headOf(event),
    kind: 'event',
    feed: 'calendar',
    marker: extendedValue(properties, markerProperty),
    ...(event.hasAttachments === true ? { hasAttachments: true as const } : {}),
    values: known({
      subject: read(event.subject, normalText),
      body: written?.text,
      bodyApart: online ? written?.apart : undefined,
      location: read(event.location, (location) => normalText(location?.displayName)),
      time: timeOf(event, zone),
      importance: read(event.importance, (importance) => importance ?? 'normal'),
      status: read(event.showAs, statusOf),
      requiredAttendees: read(event.attendees, (attendees) => addressesOf(attendees ?? [], 'required')),
      optionalAttendees: read(event.attendees, (attendees) => addressesOf(attendees ?? [], 'optional')),
      resources: read(event.attendees, (attendees) => addressesOf(attendees ?? [], 'resource')),
      organizedHere: read(event.isOrganizer, (organizes) => organizes === true),
      online: read(event.isOnlineMeeting, (online) => online === true),
      iCalUId: read(event.iCalUId, (id) => id ?? null),
      organizerAddress: read(event.organizer, (organizer) => normalText(organizer?.emailAddress?.address)?.toLowerCase() ?? null),
      sensitivity: read(event.sensitivity, (sensitivity) => sensitivity ?? 'normal'),
      categories: categoriesOf(event),
      regarding: expanded ? normalText(extendedValue(properties, regardingProperty)) : undefined,
    }),
  };
}

/** What an event's body needs besides its values. */
export interface EventContext {
  /** IANA name of the person's zone: whole days are midnights there. */
  readonly zone: string;
  readonly derived: Derived;
  /** For a new event. */
  readonly marker: string | null;
  /** Whether texts may be HTML. */
  readonly rich: boolean;
  /** The HTML that the event has now, where the body of an online meeting is to be written. */
  readonly html: string | null;
}

/** True for changes to the text of an online meeting: what it holds now has to be read right before. */
export function touchesJoinable(changes: Values, current: Values): boolean {
  return 'body' in changes && current.online === true;
}

/**
 * The properties to write for these values, attendees apart (see `mergedAttendees`). The body of an online meeting keeps the block by which people join, and is left
 * alone where that cannot be told.
 */
export function eventBody(changes: Values, current: Values, context: EventContext): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(changes)) {
    if (field === 'body') Object.assign(body, bodyProperty(value, current, context));
    else Object.assign(body, propertyOf(field, value, context.zone));
  }
  const properties = [
    ...(context.marker === null ? [] : [{ id: markerProperty, value: context.marker }]),
    ...('regarding' in changes ? [{ id: regardingProperty, value: textOf(changes.regarding) ?? '' }] : []),
  ];
  if (properties.length > 0) body.singleValueExtendedProperties = properties;
  if (context.derived.reminderOn !== undefined) body.isReminderOn = context.derived.reminderOn;
  return body;
}

/** The event's own start and end in UTC ms, to look for it in a calendar view; null where it has none. Whole days get a day to each side. */
export function spanOf(time: Value | undefined): { readonly from: number; readonly to: number } | null {
  const [start, end] = (textOf(time) ?? '').split('/').map((end) => Date.parse(end));
  if (start === undefined || end === undefined || Number.isNaN(start) || Number.isNaN(end)) return null;
  const pad = isWholeDays(time) ? 86_400_000 : 60_000;
  return { from: start - pad, to: end + pad };
}

function bodyProperty(value: Value, current: Values, { rich, html }: EventContext): Record<string, unknown> {
  const text = textOf(value);
  const body = current.online === true ? joinableBody(text, rich, html ?? '') : eventTextBody(text, rich);
  return body === null ? {} : { body };
}

function propertyOf(field: string, value: Value, zone: string): Record<string, unknown> {
  const text = textOf(value);
  switch (field) {
    case 'subject':
      return { subject: text ?? '' };
    case 'location':
      return { location: { displayName: text ?? '' } };
    case 'time':
      return timeProperties(text, zone);
    case 'importance':
      return { importance: text ?? 'normal' };
    case 'status':
      return { showAs: text === 'completed' || text === 'canceled' ? 'free' : (text ?? 'busy') };
    default:
      return {};
  }
}

function timeProperties(time: string | null, zone: string): Record<string, unknown> {
  const [start, end] = time?.split('/') ?? [];
  if (start === undefined || end === undefined) return {};
  return isWholeDays(time)
    ? { isAllDay: true, start: midnight(start, zone), end: midnight(end, zone) }
    : { isAllDay: false, start: utcTime(start), end: utcTime(end) };
}

function isWholeDays(time: Value | undefined): boolean {
  return typeof time === 'string' && !time.includes('T');
}

function timeOf({ start, end, isAllDay }: EventJson, zone: string): Value | undefined {
  if (start === undefined || end === undefined) return undefined;
  if (start === null || end === null) return null;
  const tell = (zoned: ZonedJson) => (isAllDay === true ? dateOf(zoned, zone) : instantText(zoned));
  const [from, to] = [tell(start), tell(end)];
  return from === null || to === null ? null : `${from}/${to}`;
}

/** Exchange's ways to show time that Dynamics lacks: working elsewhere is free, unknown is busy (server-side synchronization docs). */
function statusOf(showAs: string | null): string {
  if (showAs === 'workingElsewhere') return 'free';
  return showAs === null || showAs === 'unknown' ? 'busy' : showAs;
}
