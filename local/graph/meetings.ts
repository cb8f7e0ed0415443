import type { Attendee, EventFields, StoredEvent } from './event-item';
import type { Exchange } from './exchange';
import type { MailLogEntry } from './mail';
import { folders, type Mailbox } from './mailbox';
import { exceptionsOf, type ShownEvent } from './series';

/** What of a meeting its attendees see, and so are mailed about when it changes. */
const told = [
  'start',
  'end',
  'isAllDay',
  'subject',
  'body',
  'locations',
  'importance',
  'sensitivity',
  'responseRequested',
  'allowNewTimeProposals',
  'hideAttendees',
  'isOnlineMeeting',
  'series',
] as const;

/** What a create means for others: everybody who is invited gets a copy and a mail. */
export function invite(exchange: Exchange, mailbox: Mailbox, event: StoredEvent): void {
  if (event.attendees.length === 0) return;
  mail(exchange, mailbox, event, 'invitation', event.attendees);
  for (const attendee of event.attendees) deliver(exchange, mailbox, event, attendee);
}

/**
 * What the organizer's change means for others. A write of nothing but `attendees` mails only those who were added or removed; any other change of what
 * attendees see mails them all (update event docs), and those of a series once more for each date that was changed on its own.
 */
export function tellChange(exchange: Exchange, mailbox: Mailbox, event: ShownEvent, before: EventFields, sent: readonly string[]): void {
  if (!event.isOrganizer || event.isCancelled || event.folder === folders.deletedItems) return;
  const added = event.attendees.filter((attendee) => !includes(before.attendees, attendee));
  const removed = before.attendees.filter((attendee) => !includes(event.attendees, attendee));
  const kept = event.attendees.filter((attendee) => includes(before.attendees, attendee));
  const retyped = kept.filter((attendee) => before.attendees.some((old) => same(old, attendee) && old.type !== attendee.type));
  const onlyAttendees = sent.length === 1 && sent[0] === 'attendees';
  const changed = sent.includes('attachments') || told.some((name) => !equal(event[name], before[name]));
  const onlyExtended = sent.length === 1 && sent[0] === 'singleValueExtendedProperties' && exchange.switches.extendedPropertiesMail;

  const updated = onlyAttendees ? retyped : changed || onlyExtended || retyped.length > 0 ? kept : [];
  mail(exchange, mailbox, event, 'invitation', added);
  for (const each of [event, ...exceptionsOf(event)]) mail(exchange, mailbox, each, 'update', updated);
  mail(exchange, mailbox, event, 'cancellation', removed);
  for (const attendee of changed || added.length + removed.length + updated.length > 0 ? event.attendees : [])
    deliver(exchange, mailbox, seriesOf(mailbox, event), attendee);
  for (const attendee of removed) if (event.instance === undefined) callOff(exchange, mailbox, event, attendee);
}

/** What lies in calendars: a date of a series does so as a part of it. */
function seriesOf(mailbox: Mailbox, event: ShownEvent): StoredEvent {
  return mailbox.get('event', event.key) ?? event;
}

/** What the organizer's deletion means for others: a cancellation, and copies that say so. */
export function tellDeletion(exchange: Exchange, mailbox: Mailbox, event: ShownEvent): void {
  if (!event.isOrganizer || event.isCancelled || event.folder === folders.deletedItems) return;
  mail(exchange, mailbox, event, 'cancellation', event.attendees);
  for (const attendee of event.attendees) {
    if (event.instance === undefined) callOff(exchange, mailbox, event, attendee);
    else deliver(exchange, mailbox, seriesOf(mailbox, event), attendee);
  }
}

function mail(exchange: Exchange, mailbox: Mailbox, event: ShownEvent, kind: MailLogEntry['kind'], attendees: readonly Attendee[]): void {
  const from = mailbox.person.email;
  exchange.mail.send({
    at: new Date(exchange.now()).toISOString(),
    kind,
    from,
    to: attendees.map((attendee) => attendee.address).filter((address) => address.toLowerCase() !== from.toLowerCase()),
    id: mailbox.idOf('event', event, 'immutable'),
    iCalUId: event.uid,
  });
}

/** Puts the meeting into the calendar of an attendee of the company, or brings the copy there up to date. */
function deliver(exchange: Exchange, organizer: Mailbox, event: StoredEvent, attendee: Attendee): void {
  const mailbox = exchange.find(attendee.address);
  if (mailbox === undefined || mailbox === organizer) return;
  const seen = Object.fromEntries(told.map((name) => [name, event[name]])) as Pick<EventFields, (typeof told)[number]>;
  const attendees = event.hideAttendees ? [attendee] : event.attendees;
  const copy = copyOf(mailbox, event);
  if (copy === undefined) {
    mailbox.add('event', folders.calendar, {
      ...seen,
      attendees,
      span: event.span,
      showAs: 'tentative',
      isReminderOn: true,
      reminderMinutesBeforeStart: 15,
      categories: [],
      extended: exchange.switches.extendedPropertiesTravel ? event.extended : {},
      uid: event.uid,
      organizer: event.organizer,
      isOrganizer: false,
      isCancelled: false,
      response: 'notResponded',
      transactionId: null,
    });
    return;
  }
  const moved = copy.span.from !== event.span.from || copy.span.to !== event.span.to;
  const answer = moved ? { response: 'notResponded', showAs: 'tentative' } : {};
  Object.assign(copy, seen, answer, { attendees, span: event.span, isCancelled: false });
  mailbox.changed('event', copy);
}

/** Marks an attendee's copy as cancelled; it stays until its owner removes it. */
function callOff(exchange: Exchange, organizer: Mailbox, event: StoredEvent, attendee: Attendee): void {
  const mailbox = exchange.find(attendee.address);
  if (mailbox === undefined || mailbox === organizer) return;
  const copy = copyOf(mailbox, event);
  if (copy === undefined || copy.isCancelled) return;
  Object.assign(copy, { isCancelled: true, subject: `Canceled: ${copy.subject}`, showAs: 'free' });
  mailbox.changed('event', copy);
}

function copyOf(mailbox: Mailbox, event: StoredEvent): StoredEvent | undefined {
  return mailbox.eventByUid(event.uid);
}

function same(one: Attendee, other: Attendee): boolean {
  return one.address.toLowerCase() === other.address.toLowerCase();
}

function includes(attendees: readonly Attendee[], attendee: Attendee): boolean {
  return attendees.some((each) => same(each, attendee));
}

function equal(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
