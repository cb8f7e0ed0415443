import { DateTime } from 'luxon';
import { badProperty, GraphFailure, itemNotFound } from './errors';
import type { EventFields, StoredEvent } from './event-item';
import type { Mailbox } from './mailbox';
import { datesOf, datesUntil, type Recurrence } from './recurrence';
import { floatingOf, instantOf, requireZone, type ZonedTime } from './time';

/** What makes an event the master of a series. */
export interface Series {
  readonly recurrence: Recurrence;
  /** Dates that were changed on their own, by their date in the pattern: only what differs is kept. */
  readonly exceptions: Readonly<Record<string, SeriesException>>;
  /** Dates that were deleted on their own. */
  readonly cancelled: readonly string[];
}

export interface SeriesException {
  readonly changes: Partial<EventFields>;
  readonly version: number;
  /** In ms. */
  readonly modified: number;
}

/** One date of a series, as an event that belongs to it. */
export interface Instance {
  /** `yyyy-MM-dd` in the pattern. */
  readonly date: string;
  readonly type: 'occurrence' | 'exception';
  /** When the pattern alone would have it begin, in ms. */
  readonly originalStart: number;
  readonly masterKey: number;
}

export type ShownEvent = StoredEvent & { readonly instance?: Instance };

interface Window {
  readonly from: number;
  readonly to: number;
}

const day = 86_400_000;

/** The one date of a series; not found where the pattern lacks it or it was deleted. */
export function instanceOn(master: StoredEvent, date: string): ShownEvent {
  if (master.series === null || master.series.cancelled.includes(date)) throw itemNotFound();
  for (const each of datesOf(master.series.recurrence, date)) if (each === date) return shownOn(master, date);
  throw itemNotFound();
}

/** The dates of a series that a window shows, in order. Exceptions may lie elsewhere than their date, so the pattern is followed a month further. */
export function instancesIn(master: StoredEvent, window: Window): ShownEvent[] {
  const { series } = master;
  if (series === null) return [];
  const until = new Date(window.to + 31 * day).toISOString().slice(0, 10);
  const dates = datesUntil(series.recurrence, until).filter((date) => !series.cancelled.includes(date));
  const shown = dates.map((date) => shownOn(master, date)).filter(({ span }) => overlaps(span, window));
  return shown.sort((left, right) => left.span.from - right.span.from);
}

/** Whether a span lies in a window, at least in part. */
export function overlaps(span: Window, window: Window): boolean {
  const endsInside = span.to > window.from || (span.from === span.to && span.from === window.from);
  return span.from < window.to && endsInside;
}

/** The exceptions of a series, in the order of their dates. */
export function exceptionsOf(master: StoredEvent): ShownEvent[] {
  const dates = Object.keys(master.series?.exceptions ?? {}).sort();
  return dates.map((date) => shownOn(master, date));
}

/** Keeps what was written to one date: from now on it is an exception. */
export function keepException(mailbox: Mailbox, master: StoredEvent, instance: Instance, after: EventFields): void {
  const { series } = master;
  if (series === null) throw itemNotFound();
  const { exceptions, recurrence } = series;
  refuseCrossing(master, instance, after);
  const plain: EventFields = plainOn(master, instance.date);
  const names = Object.keys(plain) as (keyof EventFields)[];
  const changes = Object.fromEntries(names.filter((name) => !equal(plain[name], after[name])).map((name) => [name, after[name]]));
  const version = mailbox.next();
  const kept = { changes: changes as Partial<EventFields>, version, modified: mailbox.time };
  master.series = { ...series, recurrence, exceptions: { ...exceptions, [instance.date]: kept } };
  mailbox.changed('event', master);
}

/** Takes one date out of its series. */
export function cancelDate(mailbox: Mailbox, master: StoredEvent, date: string): void {
  const { series } = master;
  if (series === null) throw itemNotFound();
  const { [date]: _gone, ...exceptions } = series.exceptions;
  master.series = { ...series, exceptions, cancelled: [...series.cancelled, date].sort() };
  mailbox.changed('event', master);
}

/**
 * The series after a write of its master. Another pattern, or other times of day, make all its dates anew: what was changed or deleted on its own is lost,
 * as in Outlook.
 */
export function seriesAfter(before: EventFields, after: EventFields): Series | null {
  if (after.series === null || before.series === null) return after.series;
  const timesStay = equal([before.start, before.end, before.isAllDay], [after.start, after.end, after.isAllDay]);
  if (timesStay && equal(before.series.recurrence, after.series.recurrence)) return { ...before.series };
  return { recurrence: after.series.recurrence, exceptions: {}, cancelled: [] };
}

/** A series that starts on the day on which its master does: a master that is moved takes its range along. */
export function startingWith(series: Series, { start, isAllDay }: Pick<EventFields, 'start' | 'isAllDay'>): Series {
  const { recurrence } = series;
  const { range } = recurrence;
  const told = isAllDay ? start : toldIn(start, range.recurrenceTimeZone);
  return { ...series, recurrence: { ...recurrence, range: { ...range, startDate: told.local.slice(0, 10) } } };
}

/** A master whose first date is the pattern's: its start and end move there, told in the zone of the recurrence. */
export function firstOf(
  recurrence: Recurrence,
  times: Pick<EventFields, 'start' | 'end' | 'isAllDay'>,
): Pick<EventFields, 'start' | 'end'> & {
  readonly recurrence: Recurrence;
} {
  const zone = recurrence.range.recurrenceTimeZone;
  const start = times.isAllDay ? times.start : toldIn(times.start, zone);
  const end = times.isAllDay ? times.end : toldIn(times.end, zone);
  if (start.local.slice(0, 10) !== recurrence.range.startDate)
    throw badProperty('The start date of the recurrence range has to be the date on which the event starts.');
  const farthest = DateTime.fromISO(recurrence.range.startDate, { zone: 'UTC' }).plus({ years: 100 }).toISODate() ?? '';
  const [first] = datesOf(recurrence, farthest);
  if (first === undefined) throw badProperty('The recurrence pattern has no occurrence.');
  const moved = { start: onDate(start, start, first), end: onDate(end, start, first) };
  return { ...moved, recurrence: { ...recurrence, range: { ...recurrence.range, startDate: first } } };
}

function shownOn(master: StoredEvent, date: string): ShownEvent {
  const exception = master.series?.exceptions[date];
  const plain = plainOn(master, date);
  const fields = { ...plain, ...exception?.changes };
  const { span } = plain;
  return {
    ...master,
    ...fields,
    ...(exception === undefined ? {} : { version: exception.version, modified: exception.modified }),
    instance: { date, type: exception === undefined ? 'occurrence' : 'exception', originalStart: span.from, masterKey: master.key },
  };
}

/** A date as the pattern alone has it: the master's times of day, on that date, in the zone of the series. */
function plainOn(master: StoredEvent, date: string): EventFields {
  const start = onDate(master.start, master.start, date);
  const end = onDate(master.end, master.start, date);
  const measure = master.isAllDay ? floatingOf : instantOf;
  const { series: _series, ...fields } = fieldsOf(master);
  return { ...fields, series: null, start, end, span: { from: measure(start), to: measure(end) } };
}

function fieldsOf(master: StoredEvent): EventFields {
  const {
    key: _key,
    folder: _folder,
    placement: _placement,
    version: _version,
    created: _created,
    modified: _modified,
    uid: _uid,
    organizer: _organizer,
    isOrganizer: _isOrganizer,
    isCancelled: _isCancelled,
    response: _response,
    transactionId: _transactionId,
    ...fields
  } = master;
  return fields;
}

/** A wall-clock time moved by as many days as lie between `from` and `date`. */
function onDate(time: ZonedTime, from: ZonedTime, date: string): ZonedTime {
  const days = (Date.parse(date) - Date.parse(from.local.slice(0, 10))) / day;
  const moved = DateTime.fromISO(time.local, { zone: 'UTC' }).plus({ days });
  return { local: moved.toFormat("yyyy-MM-dd'T'HH:mm:ss"), zone: time.zone };
}

function toldIn(time: ZonedTime, zone: string): ZonedTime {
  const told = DateTime.fromISO(time.local, { zone: requireZone(time.zone) }).setZone(requireZone(zone));
  return { local: told.toFormat("yyyy-MM-dd'T'HH:mm:ss"), zone };
}

/** A date may not be moved to or past the day of a neighbour (ErrorOccurrenceCrossingBoundary, Exchange error docs). */
function refuseCrossing(master: StoredEvent, { date }: Instance, after: EventFields): void {
  if (master.series === null) return;
  const zone = master.start.zone;
  const dayOf = ({ start }: Pick<EventFields, 'start'>) => toldIn(start, zone).local.slice(0, 10);
  const until = DateTime.fromISO(date, { zone: 'UTC' }).plus({ years: 5 }).toISODate() ?? date;
  const dates = datesUntil(master.series.recurrence, until).filter((each) => !master.series?.cancelled.includes(each));
  const at = dates.indexOf(date);
  const [before, next] = [dates[at - 1], dates[at + 1]].map((each) => (each === undefined ? undefined : dayOf(shownOn(master, each))));
  const wanted = dayOf(after);
  if ((before !== undefined && wanted <= before) || (next !== undefined && wanted >= next))
    throw new GraphFailure(
      400,
      'ErrorOccurrenceCrossingBoundary',
      'The modified occurrence is crossing or overlapping the adjacent occurrence.',
    );
}

function equal(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
