import { DateTime } from 'luxon';
import { z } from 'zod';
import { type Deviation, deviationsOf, deviationText, occurrencesOf } from '../model/occurrences';
import { recurrenceOf } from '../model/recurrence';
import type { SeenItem } from '../model/seen';
import { longestGap } from '../model/series';
import { elementsOf, type Value, type Values } from '../model/values';
import { knownZone, windowsZone } from '../model/zone';
import { type EventContext, type EventReading, eventBody, eventJson, eventOf, spanOf } from './event';
import { categoriesOf, known, shaped, textOf } from './item';
import { recurrenceBody, recurrenceFrom, recurrenceJson } from './recurrence';
import { instantText } from './times';

const dateJson = z.looseObject({
  originalStart: z.string().nullish(),
  occurrenceId: z.string().nullish(),
  categories: z.array(z.string().nullish()).nullish(),
});

const seriesJson = eventJson.extend({
  recurrence: recurrenceJson.nullish(),
  exceptionOccurrences: z.array(dateJson).nullish(),
  cancelledOccurrences: z.array(z.string()).nullish(),
});
type SeriesJson = z.output<typeof seriesJson>;

/** The fields in which an exception may differ from its series as plain values. */
const compared = ['subject', 'body', 'location', 'importance', 'status', 'requiredAttendees', 'optionalAttendees'] as const;

/**
 * The master of a series as a neutral item. Its dates are known only where they were asked for (`wholeSeries`); otherwise `occurrences` is absent. `zone` is
 * the person's, for a series whose own zone nobody knows.
 */
export function seriesOf(json: unknown, reading: EventReading, expanded: boolean): SeenItem {
  const { zone } = reading;
  const master = shaped(seriesJson, json, 'a series');
  const item = eventOf(json, reading, expanded);
  const own = knownZone(master.recurrence?.range.recurrenceTimeZone ?? '') ?? zone;
  const { time } = item.values;
  const start = firstDate(time, own);
  const values = {
    ...item.values,
    zone: own,
    recurrence:
      master.recurrence === undefined
        ? undefined
        : master.recurrence === null || start === null
          ? null
          : recurrenceFrom(master.recurrence, start),
    occurrences: occurrencesIn(master, item.values, { own, reading }),
    categories: categoriesIn(master),
  };
  return { ...item, kind: 'series', values: known(values) };
}

/**
 * The properties to write for these values, attendees and single dates apart. Time and recurrence go together, told in the zone of the series: Graph asks that
 * the range starts on the day of the event's start (recurrenceRange docs).
 */
export function seriesBody(changes: Values, current: Values, context: EventContext): Record<string, unknown> {
  const { time: _time, ...rest } = changes;
  const body = eventBody(rest, current, context);
  if (!makesDatesAnew(changes)) return body;
  const all = { ...current, ...changes };
  const zone = textOf(current.zone) ?? context.zone;
  const recurrence = recurrenceOf(all.recurrence);
  const start = firstDate(all.time, zone);
  if (recurrence === null || start === null) return body;
  const range = { ...recurrence.range, start };
  return { ...body, ...timesIn(all.time, zone), recurrence: recurrenceBody({ ...recurrence, range }, windowsZone(zone)) };
}

/** True for changes after which Exchange forgets what was changed on single dates. */
export function makesDatesAnew(changes: Values): boolean {
  return 'time' in changes || 'recurrence' in changes;
}

/** When a date of a series begins and ends by the pattern alone, as a `time` value: the local times of day of the first date. */
export function plainTime(originalStart: string, time: Value | undefined, zone: string): string | null {
  const [from, to] = (textOf(time) ?? '').split('/');
  if (from === undefined || to === undefined) return null;
  if (!originalStart.includes('T')) return `${originalStart}/${shifted(originalStart, days(from, to))}`;
  const [start, end] = [DateTime.fromISO(from, { zone }), DateTime.fromISO(to, { zone })];
  const length = end.setZone('UTC', { keepLocalTime: true }).diff(start.setZone('UTC', { keepLocalTime: true }));
  const begins = DateTime.fromISO(originalStart, { zone });
  const ends = begins.setZone('UTC', { keepLocalTime: true }).plus(length).setZone(zone, { keepLocalTime: true });
  return `${instant(begins)}/${instant(ends)}`;
}

/** The instant, or the date for whole days, at which a series begins on a date of its pattern (`yyyy-MM-dd`). */
export function startOn(date: string, time: Value | undefined, zone: string): string | null {
  const from = (textOf(time) ?? '').split('/')[0] ?? '';
  if (!from.includes('T')) return date;
  const first = DateTime.fromISO(from, { zone });
  return first.isValid ? instant(DateTime.fromISO(`${date}T${first.toFormat('HH:mm:ss')}`, { zone })) : null;
}

/** The date on which a series begins, in its own zone. */
function firstDate(time: Value | undefined, zone: string): string | null {
  const from = (textOf(time) ?? '').split('/')[0] ?? '';
  if (!from.includes('T')) return from === '' ? null : from;
  return DateTime.fromISO(from, { zone }).toISODate();
}

/**
 * A span, UTC ms, in which a calendar shows at least one date of the series if it holds it at all: from the first date on, long enough that not all of its dates
 * can be among those that were moved or deleted. Null where the series has no time or no pattern that Tandem knows.
 */
export function seriesSpan(values: Values): { readonly from: number; readonly to: number } | null {
  const first = spanOf(values.time);
  const recurrence = recurrenceOf(values.recurrence);
  if (first === null || recurrence === null) return null;
  const special = new Set(deviationsOf(elementsOf(values.occurrences)).map(({ originalStart }) => originalStart)).size;
  return { from: first.from, to: Math.min(first.to + special * longestGap(recurrence.pattern), first.from + longestView) };
}

/** The longest window that a calendar view takes: 1,825 days (calendarView docs). */
const longestView = 1_825 * 86_400_000;

/** The categories of a series are its own and those of its changed dates: who puts one on a single date means the series, for no date is a record by itself. */
function categoriesIn({ categories, exceptionOccurrences }: SeriesJson): Value | undefined {
  const own = categoriesOf({ categories });
  if (own === undefined || exceptionOccurrences === undefined || exceptionOccurrences === null) return own;
  const named = [categories, ...exceptionOccurrences.map((date) => date.categories)].flatMap((names) => names ?? []);
  return categoriesOf({ categories: [...new Set(named)] });
}

interface DateReading {
  /** The zone of the series. */
  readonly own: string;
  readonly reading: EventReading;
}

function occurrencesIn(master: SeriesJson, values: Values, reading: DateReading): Value | undefined {
  const { exceptionOccurrences, cancelledOccurrences } = master;
  if (exceptionOccurrences === undefined && cancelledOccurrences === undefined) return undefined;
  const changed = (exceptionOccurrences ?? []).flatMap((exception) => deviationsIn(exception, values, reading));
  const gone = (cancelledOccurrences ?? []).flatMap((id): Deviation[] => {
    const date = dateIn(id);
    const originalStart = date === null ? null : startOn(date, values.time, reading.own);
    return originalStart === null ? [] : [{ originalStart, field: 'deleted', value: 'true' }];
  });
  return occurrencesOf([...changed, ...gone]);
}

function deviationsIn(exception: z.output<typeof dateJson>, values: Values, { own: zone, reading }: DateReading): Deviation[] {
  const originalStart = originalStartOf(exception, values.time);
  if (originalStart === null) return [];
  const own = eventOf(exception, reading, false).values;
  const deviations = compared.flatMap((field): Deviation[] => {
    if (!(field in own)) return [];
    const [mine, master] = [deviationText(own[field]), deviationText(values[field])];
    return mine === master ? [] : [{ originalStart, field, value: mine }];
  });
  const plain = plainTime(originalStart, values.time, zone);
  const time = textOf(own.time);
  return time === null || time === plain ? deviations : [...deviations, { originalStart, field: 'time', value: time }];
}

/** When the date of an exception would begin by the pattern: of whole days the id tells the date, where the instant would have to be read in some zone. */
function originalStartOf({ originalStart, occurrenceId }: z.output<typeof dateJson>, time: Value | undefined): string | null {
  if (textOf(time)?.includes('T') === false) return dateIn(occurrenceId ?? '') ?? originalStart?.slice(0, 10) ?? null;
  return originalStart === null || originalStart === undefined ? null : instantText({ dateTime: originalStart, timeZone: 'UTC' });
}

/** The date at the end of an occurrence's id, `OID.{master}.{date}` (event resource docs). */
export function dateIn(occurrenceId: string): string | null {
  return /\.(\d{4}-\d{2}-\d{2})$/.exec(occurrenceId)?.[1] ?? null;
}

function timesIn(time: Value | undefined, zone: string): Record<string, unknown> {
  const [from = '', to = ''] = (textOf(time) ?? '').split('/');
  const timed = from.includes('T');
  const told = (text: string) => ({
    dateTime: timed ? DateTime.fromISO(text, { zone }).toFormat("yyyy-MM-dd'T'HH:mm:ss") : `${text}T00:00:00`,
    timeZone: windowsZone(zone),
  });
  return { isAllDay: !timed, start: told(from), end: told(to) };
}

function instant(time: DateTime): string {
  return time.toUTC().toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'");
}

function days(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

function shifted(date: string, by: number): string {
  return new Date(Date.parse(date) + by * 86_400_000).toISOString().slice(0, 10);
}
