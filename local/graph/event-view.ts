import type { Call, Json } from './call';
import type { StoredEvent } from './event-item';
import { expandedIds, listExtended, showExtended } from './extended-properties';
import { showBody } from './html';
import { joinUrlOf } from './joining-block';
import type { Expand, Resource } from './query';
import { exceptionsOf, type ShownEvent } from './series';
import { preciseStamp, wireTime, type ZonedTime } from './time';
import { changeKeyOf, etagOf } from './versions';

const names = [
  'id',
  'createdDateTime',
  'lastModifiedDateTime',
  'changeKey',
  'categories',
  'transactionId',
  'originalStartTimeZone',
  'originalEndTimeZone',
  'iCalUId',
  'reminderMinutesBeforeStart',
  'isReminderOn',
  'hasAttachments',
  'subject',
  'bodyPreview',
  'importance',
  'sensitivity',
  'isAllDay',
  'isCancelled',
  'isOrganizer',
  'responseRequested',
  'seriesMasterId',
  'showAs',
  'type',
  'webLink',
  'onlineMeetingUrl',
  'isOnlineMeeting',
  'onlineMeetingProvider',
  'allowNewTimeProposals',
  'occurrenceId',
  'isDraft',
  'hideAttendees',
  'responseStatus',
  'body',
  'start',
  'end',
  'location',
  'locations',
  'recurrence',
  'attendees',
  'organizer',
  'onlineMeeting',
  'originalStart',
  'cancelledOccurrences',
  'exceptionOccurrences',
  'singleValueExtendedProperties',
];

const never = '0001-01-01T00:00:00Z';

/** Events as Graph shows them. */
export const eventResource: Resource<ShownEvent> = {
  type: 'event',
  names: new Set(names),
  expandable: ['singleValueExtendedProperties', 'exceptionOccurrences'],
  show: showEvent,
  field(call, event, name) {
    switch (name) {
      case 'singleValueExtendedProperties':
        return listExtended(event.extended);
      case 'lastModifiedDateTime':
        return preciseStamp(event.modified);
      case 'start':
        return showTime(event, event.start, event.span.from, 'UTC');
      case 'end':
        return showTime(event, event.end, event.span.to, 'UTC');
      case 'subject':
        return event.subject;
      case 'iCalUId':
        return event.uid;
      case 'categories':
        return event.categories;
      default:
        return showEvent(call, event, [])[name];
    }
  },
};

function showEvent(call: Call, event: ShownEvent, expands: readonly Expand[]): Json {
  const { mailbox, prefer } = call;
  const owner = mailbox.person.objectId;
  const id = mailbox.idOf('event', event, prefer.ids);
  const zone = prefer.timeZone ?? 'UTC';
  const shown: Json = {
    '@odata.etag': etagOf(owner, event.version),
    id,
    createdDateTime: preciseStamp(event.created),
    lastModifiedDateTime: preciseStamp(event.modified),
    changeKey: changeKeyOf(owner, event.version),
    categories: event.categories,
    transactionId: event.transactionId,
    originalStartTimeZone: event.start.zone,
    originalEndTimeZone: event.end.zone,
    iCalUId: event.uid,
    reminderMinutesBeforeStart: event.reminderMinutesBeforeStart,
    isReminderOn: event.isReminderOn,
    hasAttachments: (event.attachments ?? []).some(({ isInline }) => !isInline),
    subject: event.subject,
    bodyPreview: event.body.preview,
    importance: event.importance,
    sensitivity: event.sensitivity,
    isAllDay: event.isAllDay,
    isCancelled: event.isCancelled,
    isOrganizer: event.isOrganizer,
    responseRequested: event.responseRequested,
    seriesMasterId: event.instance === undefined ? null : mailbox.idOf('event', { ...event, instance: undefined }, prefer.ids),
    showAs: event.showAs,
    type: event.instance?.type ?? (event.series === null ? 'singleInstance' : 'seriesMaster'),
    webLink: `https://outlook.office365.com/owa/?itemid=${encodeURIComponent(id)}&exvsurl=1&path=/calendar/item`,
    onlineMeetingUrl: null,
    isOnlineMeeting: event.isOnlineMeeting,
    onlineMeetingProvider: event.isOnlineMeeting ? 'teamsForBusiness' : 'unknown',
    allowNewTimeProposals: event.allowNewTimeProposals,
    occurrenceId: event.instance === undefined ? null : occurrenceId(call, event, event.instance.date),
    isDraft: false,
    hideAttendees: event.hideAttendees,
    responseStatus: { response: event.response, time: never },
    body: showBody(event.body, prefer.bodyType ?? 'html'),
    start: showTime(event, event.start, event.span.from, zone),
    end: showTime(event, event.end, event.span.to, zone),
    location: event.locations.length === 0 ? noLocation : { address: {}, coordinates: {}, ...combined(event) },
    locations: event.locations,
    recurrence: event.series?.recurrence ?? null,
    attendees: event.attendees.map(({ type, response, name, address }) => ({
      type,
      status: { response, time: never },
      emailAddress: { name, address },
    })),
    organizer: { emailAddress: event.organizer },
    onlineMeeting: event.isOnlineMeeting ? { joinUrl: joinUrlOf(event) } : null,
  };
  if (event.instance !== undefined) shown.originalStart = preciseStamp(event.instance.originalStart);
  for (const expand of expands) {
    if (expand.name === 'exceptionOccurrences') {
      if (event.series !== null) shown[expand.name] = exceptionsOf(event).map((each) => showEvent(call, each, []));
      continue;
    }
    const extended = showExtended(event.extended, expandedIds(expand.filter, 'event'));
    if (extended !== undefined) shown[expand.name] = extended;
  }
  return shown;
}

/** Only who selects them sees which dates of a series were deleted (event resource docs). */
export function withCancelled(call: Call, event: ShownEvent, shown: Json): Json {
  const selected = (call.query.get('$select') ?? '').split(',').some((name) => name.trim() === 'cancelledOccurrences');
  if (!selected || event.series === null) return shown;
  return { ...shown, cancelledOccurrences: event.series.cancelled.map((date) => occurrenceId(call, event, date)) };
}

function occurrenceId({ mailbox, prefer }: Call, event: ShownEvent, date: string): string {
  return `OID.${mailbox.idOf('event', { ...event, instance: undefined }, prefer.ids)}.${date}`;
}

const noLocation = { displayName: '', locationType: 'default', uniqueIdType: 'unknown', address: {}, coordinates: {} };

function combined(event: StoredEvent): Json {
  const displayName = event.locations.map((location) => location.displayName).join('; ');
  return { ...event.locations[0], displayName, uniqueId: displayName };
}

/** A whole day is midnight of the same date in whatever zone is asked for; other times move with the zone. */
function showTime(event: StoredEvent, time: ZonedTime, instant: number, zone: string): Json {
  return { dateTime: event.isAllDay ? `${time.local}.0000000` : wireTime(instant, zone), timeZone: zone };
}
