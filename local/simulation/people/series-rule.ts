import { DateTime } from 'luxon';
import { z } from 'zod';
import { isJson, type Json } from './json';

/** The day on which every series begins, a Tuesday behind every story's end: no clock changes until those dates are over that people look at. */
export const firstDate = '2026-12-01';
/** People look at dates before this day only: Dynamics makes rows for not much more than a year ahead. */
export const lastDate = '2027-03-20';

const day = 86_400_000;
const zone = 'Europe/Berlin';
const zoneName = 'W. Europe Standard Time';
const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
type Day = (typeof days)[number];
const written: readonly Day[] = [...days.slice(1), 'sunday'];

/** How a series recurs. Its text is how a person would find it in a journal: as JSON, in this order, so that equal rules have equal texts. */
const Rule = z.strictObject({
  pattern: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('daily'), interval: z.number() }),
    z.strictObject({
      type: z.literal('weekly'),
      interval: z.number(),
      daysOfWeek: z.array(z.enum(days)),
      firstDayOfWeek: z.enum(days).optional(),
    }),
  ]),
  range: z.strictObject({
    start: z.iso.date(),
    end: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('none') }),
      z.strictObject({ kind: z.literal('count'), count: z.number() }),
      z.strictObject({ kind: z.literal('date'), date: z.iso.date() }),
    ]),
  }),
});
type Rule = z.output<typeof Rule>;

/** A rule like no other: some of its numbers are this one's alone. Few of its dates are near, for a date costs as much as an appointment. */
export function ruleNumber(number: number): string {
  const ends = [
    { kind: 'count', count: 3 + (number % 900) },
    { kind: 'date', date: dayAfter(20 + (number % 3_000)) },
    { kind: 'none' },
  ] as const;
  const chance = mixed(number);
  const end = ends[chance % 3] ?? ends[2];
  return textOf({
    pattern: end.kind === 'none' ? { type: 'daily', interval: 7 + (number % 900) } : patternOf(Math.floor(chance / 3)),
    range: { start: firstDate, end },
  });
}

/** The first date is one of every pattern, so that none moves it. */
function patternOf(number: number): Json {
  if (number % 5 < 2) return { type: 'daily', interval: 7 + (Math.floor(number / 5) % 4) };
  const interval = 1 + (Math.floor(number / 5) % 4);
  const second = written[2 + (Math.floor(number / 20) % 3)];
  const daysOfWeek = Math.floor(number / 60) % 2 === 0 ? ['tuesday'] : written.filter((each) => each === 'tuesday' || each === second);
  return { type: 'weekly', interval, daysOfWeek, ...(interval > 1 ? { firstDayOfWeek: 'monday' } : {}) };
}

/** Numbers of steps go in twenties; what is chosen by one is not to follow from that (Knuth's multiplicative hash). */
function mixed(number: number): number {
  return Math.imul(number, 2_654_435_761) >>> 12;
}

function textOf(rule: Json): string {
  return JSON.stringify(Rule.parse(rule));
}

/** The days on which a rule alone would have dates, of those at which people look. */
export function daysOfRule(text: string): string[] {
  const { pattern, range } = Rule.parse(JSON.parse(text));
  const found: string[] = [];
  const most = range.end.kind === 'count' ? range.end.count : Number.POSITIVE_INFINITY;
  const last = range.end.kind === 'date' && range.end.date < lastDate ? range.end.date : lastDate;
  for (let at = 0; found.length < most && dayAfter(at) <= last; at += 1) if (fits(pattern, at)) found.push(dayAfter(at));
  return found;
}

/** A time of day that no other number has, between nine in the morning and seven in the evening; the day is the same for everybody. */
export function clockOn(on: string, number: number): string {
  return new Date(Date.parse(`${on}T08:00:00Z`) + (number % 600) * 60_000).toISOString().replace('.000', '');
}

/** An instant in the zone in which people keep their series. */
export function localTime(instant: string): Json {
  return { dateTime: DateTime.fromISO(instant, { zone }).toFormat("yyyy-MM-dd'T'HH:mm:ss"), timeZone: zoneName };
}

/** The local day of an instant, for everybody who takes part in a story. */
export function dayOf(instant: string): string {
  return DateTime.fromISO(instant, { zone }).toISODate() ?? '';
}

export function ruleToRow(text: string): Json {
  const { pattern, range } = Rule.parse(JSON.parse(text));
  const { end, start } = range;
  const isWeekly = pattern.type === 'weekly';
  return {
    recurrencepatterntype: isWeekly ? 1 : 0,
    interval: pattern.interval,
    daysofweekmask: isWeekly ? pattern.daysOfWeek.reduce((mask, each) => mask | (1 << days.indexOf(each)), 0) : null,
    firstdayofweek: 1,
    patternstartdate: noonOf(start),
    patternendtype: { none: 1, count: 2, date: 3 }[end.kind],
    occurrences: end.kind === 'count' ? end.count : null,
    patternenddate: end.kind === 'date' ? noonOf(end.date) : null,
  };
}

export function ruleOfRow(row: Json): string | undefined {
  if (typeof row.patternstartdate !== 'string') return undefined;
  const interval = Number(row.interval);
  const ends: Readonly<Record<string, Json>> = {
    1: { kind: 'none' },
    2: { kind: 'count', count: Number(row.occurrences) },
    3: { kind: 'date', date: dayOf(String(row.patternenddate)) },
  };
  const daysOfWeek = written.filter((each) => (Number(row.daysofweekmask) & (1 << days.indexOf(each))) !== 0);
  const first = interval > 1 ? { firstDayOfWeek: days[Number(row.firstdayofweek ?? 0)] } : {};
  const pattern = row.recurrencepatterntype === 0 ? { type: 'daily', interval } : { type: 'weekly', interval, daysOfWeek, ...first };
  return textOf({ pattern, range: { start: dayOf(row.patternstartdate), end: ends[String(row.patternendtype)] } });
}

export function ruleToItem(text: string): Json {
  const { pattern, range } = Rule.parse(JSON.parse(text));
  const ends = {
    none: { type: 'noEnd' },
    count: { type: 'numbered', numberOfOccurrences: range.end.kind === 'count' ? range.end.count : 0 },
    date: { type: 'endDate', endDate: range.end.kind === 'date' ? range.end.date : null },
  };
  return { recurrence: { pattern, range: { startDate: range.start, recurrenceTimeZone: zoneName, ...ends[range.end.kind] } } };
}

export function ruleOfItem({ recurrence }: Json): string | undefined {
  if (!isJson(recurrence) || !isJson(recurrence.pattern) || !isJson(recurrence.range)) return undefined;
  const { pattern, range } = recurrence;
  const interval = Number(pattern.interval);
  const chosen: readonly unknown[] = Array.isArray(pattern.daysOfWeek) ? pattern.daysOfWeek : [];
  const daysOfWeek = written.filter((each) => chosen.includes(each));
  const first = interval > 1 ? { firstDayOfWeek: pattern.firstDayOfWeek } : {};
  const ends: Readonly<Record<string, Json>> = {
    noEnd: { kind: 'none' },
    numbered: { kind: 'count', count: Number(range.numberOfOccurrences) },
    endDate: { kind: 'date', date: range.endDate },
  };
  return textOf({
    pattern: pattern.type === 'daily' ? { type: 'daily', interval } : { type: 'weekly', interval, daysOfWeek, ...first },
    range: { start: range.startDate, end: ends[String(range.type)] },
  });
}

/** Weeks begin on Monday, the day before the first date. */
function fits(pattern: Rule['pattern'], at: number): boolean {
  if (pattern.type === 'daily') return at % pattern.interval === 0;
  const name = days[(2 + at) % 7];
  return Math.floor((at + 1) / 7) % pattern.interval === 0 && pattern.daysOfWeek.some((each) => each === name);
}

function dayAfter(count: number): string {
  return new Date(Date.parse(firstDate) + count * day).toISOString().slice(0, 10);
}

function noonOf(date: string): string {
  return `${date}T12:00:00Z`;
}
