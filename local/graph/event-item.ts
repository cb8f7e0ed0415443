import { z } from 'zod';
import type { Writable } from './call';
import { badProperty } from './errors';
import { type ExtendedProperties, extendedPropertiesSchema, writeExtended } from './extended-properties';
import { itemBodySchema, type StoredBody, storeBody } from './html';
import type { Item } from './mailbox';
import { readRecurrence, recurrenceSchema } from './recurrence';
import { firstOf, type Series, seriesAfter, startingWith } from './series';
import { dateTimeTimeZoneSchema, floatingOf, instantOf, isMidnight, readZoned, requireZone, type ZonedTime, zoneNameOf } from './time';

export interface Attendee {
  readonly type: 'required' | 'optional' | 'resource';
  readonly name: string;
  readonly address: string;
  /** What the attendee answered, as the organizer's event shows it. */
  readonly response: string;
}

/** An event as Exchange keeps it: one that stands alone, or a series. */
export interface StoredEvent extends Item, EventFields {
  /** The same in every copy of a meeting. */
  readonly uid: string;
  readonly organizer: { readonly name: string; readonly address: string };
  readonly isOrganizer: boolean;
  isCancelled: boolean;
  /** The mailbox owner's own answer. */
  response: string;
  readonly transactionId: string | null;
  /** Absent where none was ever attached. */
  attachments?: readonly StoredAttachment[];
}

/** A file that is attached to an event. */
export interface StoredAttachment {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  /** Base64. */
  readonly contentBytes: string;
  /** With what its storage takes besides the content. */
  readonly size: number;
  readonly isInline: boolean;
  readonly modified: number;
}

/** What a client can write. */
export interface EventFields {
  start: ZonedTime;
  end: ZonedTime;
  isAllDay: boolean;
  /** Start and end in ms for windows; a whole day counts as if it were in UTC. */
  span: { readonly from: number; readonly to: number };
  subject: string;
  body: StoredBody;
  locations: readonly Readonly<Record<string, unknown>>[];
  attendees: readonly Attendee[];
  importance: 'low' | 'normal' | 'high';
  sensitivity: 'normal' | 'personal' | 'private' | 'confidential';
  showAs: 'free' | 'tentative' | 'busy' | 'oof' | 'workingElsewhere' | 'unknown';
  isReminderOn: boolean;
  reminderMinutesBeforeStart: number;
  responseRequested: boolean;
  allowNewTimeProposals: boolean;
  hideAttendees: boolean;
  isOnlineMeeting: boolean;
  categories: readonly string[];
  extended: ExtendedProperties;
  /** Null for an event that stands alone. */
  series: Series | null;
}

const location = z.looseObject({
  displayName: z.string().nullish(),
  address: z.unknown().optional(),
  coordinates: z.unknown().optional(),
  locationUri: z.unknown().optional(),
});
const attendee = z.strictObject({
  type: z.enum(['required', 'optional', 'resource']).default('required'),
  emailAddress: z.strictObject({ name: z.string().nullish(), address: z.string() }),
  status: z.unknown().optional(),
  proposedNewTime: z.unknown().optional(),
});

export const writableEvent = {
  type: 'event',
  schema: z.strictObject({
    subject: z.string().max(255).nullish(),
    body: itemBodySchema.nullish(),
    start: dateTimeTimeZoneSchema.optional(),
    end: dateTimeTimeZoneSchema.optional(),
    isAllDay: z.boolean().optional(),
    location: location.nullish(),
    locations: z.array(location).nullish(),
    attendees: z.array(attendee).nullish(),
    importance: z.enum(['low', 'normal', 'high']).optional(),
    sensitivity: z.enum(['normal', 'personal', 'private', 'confidential']).optional(),
    showAs: z.enum(['free', 'tentative', 'busy', 'oof', 'workingElsewhere', 'unknown']).optional(),
    isReminderOn: z.boolean().optional(),
    reminderMinutesBeforeStart: z.int().optional(),
    responseRequested: z.boolean().optional(),
    allowNewTimeProposals: z.boolean().optional(),
    hideAttendees: z.boolean().optional(),
    isOnlineMeeting: z.boolean().optional(),
    onlineMeetingProvider: z.enum(['unknown', 'teamsForBusiness']).optional(),
    categories: z.array(z.string()).nullish(),
    transactionId: z.string().nullish(),
    recurrence: recurrenceSchema.nullish(),
    singleValueExtendedProperties: extendedPropertiesSchema.optional(),
  }),
  readOnly: [
    'id',
    'changeKey',
    'createdDateTime',
    'lastModifiedDateTime',
    'bodyPreview',
    'iCalUId',
    'organizer',
    'isOrganizer',
    'webLink',
    'type',
    'isCancelled',
    'isDraft',
    'hasAttachments',
    'responseStatus',
    'originalStartTimeZone',
    'originalEndTimeZone',
    'originalStart',
    'seriesMasterId',
    'occurrenceId',
    'onlineMeeting',
    'onlineMeetingUrl',
    'instances',
    'cancelledOccurrences',
    'exceptionOccurrences',
  ],
  unsupported: ['attachments', 'extensions', 'multiValueExtendedProperties', 'calendar'],
} satisfies Writable<z.ZodType>;
export type EventInput = z.output<typeof writableEvent.schema>;

const beforeCreate: Omit<EventFields, 'start' | 'end' | 'span'> = {
  isAllDay: false,
  subject: '',
  body: storeBody(null),
  locations: [],
  attendees: [],
  importance: 'normal',
  sensitivity: 'normal',
  showAs: 'busy',
  isReminderOn: true,
  reminderMinutesBeforeStart: 15,
  responseRequested: true,
  allowNewTimeProposals: true,
  hideAttendees: false,
  isOnlineMeeting: false,
  categories: [],
  extended: {},
  series: null,
};

/** The fields of a new event. Start and end are required. */
export function newEvent(input: EventInput): EventFields {
  if (input.start === undefined || input.end === undefined) throw badProperty('An event needs a start and an end.');
  const times = { start: readZoned(input.start), end: readZoned(input.end), span: { from: 0, to: 0 } };
  return writeEvent({ ...beforeCreate, ...times }, input);
}

/** The fields after a write. An online meeting stays one; whole days run from midnight to midnight in one zone. */
export function writeEvent(before: EventFields, input: EventInput): EventFields {
  const { body, start, end, subject, categories, attendees } = input;
  const after: EventFields = {
    ...before,
    start: start === undefined ? before.start : readZoned(start),
    end: end === undefined ? before.end : readZoned(end),
    isAllDay: input.isAllDay ?? before.isAllDay,
    subject: subject === undefined ? before.subject : (subject ?? ''),
    body: body === undefined ? before.body : storeBody(body),
    locations: writeLocations(before.locations, input),
    attendees: attendees === undefined ? before.attendees : writeAttendees(before.attendees, attendees ?? []),
    importance: input.importance ?? before.importance,
    sensitivity: input.sensitivity ?? before.sensitivity,
    showAs: input.showAs ?? before.showAs,
    isReminderOn: input.isReminderOn ?? before.isReminderOn,
    reminderMinutesBeforeStart: input.reminderMinutesBeforeStart ?? before.reminderMinutesBeforeStart,
    responseRequested: input.responseRequested ?? before.responseRequested,
    allowNewTimeProposals: input.allowNewTimeProposals ?? before.allowNewTimeProposals,
    hideAttendees: input.hideAttendees ?? before.hideAttendees,
    isOnlineMeeting: before.isOnlineMeeting || (input.isOnlineMeeting ?? false),
    categories: categories === undefined ? before.categories : (categories ?? []),
    extended: writeExtended(before.extended, input.singleValueExtendedProperties ?? [], 'event'),
  };
  const timed = { ...after, ...recurring(after, input) };
  const spanned = { ...timed, span: spanOf(timed) };
  return { ...spanned, series: seriesAfter(before, spanned) };
}

/** What a recurrence makes of start and end: they are those of its first date. */
function recurring(after: EventFields, { recurrence }: EventInput): Partial<EventFields> {
  if (recurrence === null) return { series: null };
  if (recurrence === undefined) return after.series === null ? {} : again(after, startingWith(after.series, after));
  const zone = recurrence.range.recurrenceTimeZone;
  const read = readRecurrence(
    recurrence,
    zone === undefined || zone === null || zone === '' ? after.start.zone : zoneNameOf(requireZone(zone)),
  );
  if ('problem' in read) throw badProperty(`The recurrence is invalid: ${read.problem}.`);
  return again(after, { recurrence: read, exceptions: {}, cancelled: [] });
}

function again(after: EventFields, series: Series): Partial<EventFields> {
  const { recurrence, ...times } = firstOf(series.recurrence, after);
  return { ...times, series: { ...series, recurrence } };
}

function spanOf({ start, end, isAllDay }: EventFields): EventFields['span'] {
  if (isAllDay && (!isMidnight(start) || !isMidnight(end) || start.zone !== end.zone))
    throw badProperty('The Event.Start and Event.End properties of an all-day event have to be midnight in the same time zone.');
  const measure = isAllDay ? floatingOf : instantOf;
  const span = { from: measure(start), to: measure(end) };
  if (span.to < span.from || (isAllDay && span.to === span.from)) throw badProperty('An event cannot end before it starts.');
  return span;
}

function writeLocations(before: EventFields['locations'], input: EventInput): EventFields['locations'] {
  const given = input.location === undefined ? input.locations : [input.location];
  if (given === undefined) return before;
  return (given ?? []).flatMap((each) => {
    const displayName = each?.displayName ?? '';
    if (displayName === '') return [];
    return [{ displayName, locationType: 'default', uniqueId: displayName, uniqueIdType: 'private', ...optional(each) }];
  });
}

function optional(given: z.output<typeof location> | null): Record<string, unknown> {
  const { address, coordinates, locationUri } = given ?? {};
  return Object.fromEntries(
    Object.entries({ address, coordinates, locationUri }).filter(([, value]) => value !== undefined && value !== null),
  );
}

function writeAttendees(before: readonly Attendee[], given: readonly z.output<typeof attendee>[]): Attendee[] {
  return given.map(({ type, emailAddress: { name, address } }) => {
    const known = before.find((each) => each.address.toLowerCase() === address.toLowerCase());
    return { type, name: name ?? known?.name ?? address, address, response: known?.response ?? 'none' };
  });
}
