import { DateTime, Duration } from 'luxon';
import { z } from 'zod';
import { remember } from '../serving/remember';

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const indexes = ['first', 'second', 'third', 'fourth', 'last'] as const;

const day = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(z.enum(days));
const daysOfWeek = z.array(day).nullish();

/** Graph's patternedRecurrence as a client sends it. What a pattern does not use is ignored, and may be 0 or `first`, as Graph itself returns it. */
export const recurrenceSchema = z.strictObject({
  pattern: z.strictObject({
    type: z.enum(['daily', 'weekly', 'absoluteMonthly', 'relativeMonthly', 'absoluteYearly', 'relativeYearly']),
    interval: z.int().min(1),
    month: z.int().min(0).max(12).nullish(),
    dayOfMonth: z.int().min(0).max(31).nullish(),
    daysOfWeek,
    firstDayOfWeek: day.nullish(),
    index: z.enum(indexes).nullish(),
  }),
  range: z.strictObject({
    type: z.enum(['endDate', 'noEnd', 'numbered']),
    startDate: z.iso.date(),
    endDate: z.iso.date().nullish(),
    recurrenceTimeZone: z.string().nullish(),
    numberOfOccurrences: z.int().min(0).nullish(),
  }),
});
export type RecurrenceInput = z.output<typeof recurrenceSchema>;

/** A recurrence as Exchange keeps it: every property has a value. */
export interface Recurrence {
  readonly pattern: {
    readonly type: RecurrenceInput['pattern']['type'];
    readonly interval: number;
    readonly month: number;
    readonly dayOfMonth: number;
    readonly daysOfWeek: readonly (typeof days)[number][];
    readonly firstDayOfWeek: (typeof days)[number];
    readonly index: (typeof indexes)[number];
  };
  readonly range: {
    readonly type: RecurrenceInput['range']['type'];
    readonly startDate: string;
    readonly endDate: string;
    readonly recurrenceTimeZone: string;
    readonly numberOfOccurrences: number;
  };
}

const noDate = '0001-01-01';

/** The recurrence that a client asked for, or what is wrong with it. */
export function readRecurrence({ pattern, range }: RecurrenceInput, zone: string): Recurrence | { readonly problem: string } {
  const { type } = pattern;
  const relative = type === 'relativeMonthly' || type === 'relativeYearly';
  const absolute = type === 'absoluteMonthly' || type === 'absoluteYearly';
  const yearly = type === 'absoluteYearly' || type === 'relativeYearly';
  const chosen = pattern.daysOfWeek ?? [];
  if ((relative || type === 'weekly') && chosen.length === 0) return { problem: `a ${type} pattern needs daysOfWeek` };
  if (absolute && (pattern.dayOfMonth ?? 0) === 0) return { problem: `a ${type} pattern needs dayOfMonth` };
  if (yearly && (pattern.month ?? 0) === 0) return { problem: `a ${type} pattern needs month` };
  if (range.type === 'numbered' && (range.numberOfOccurrences ?? 0) === 0) return { problem: 'a numbered range needs numberOfOccurrences' };
  if (range.type === 'endDate' && (range.endDate ?? noDate) < range.startDate) return { problem: 'a range cannot end before it starts' };
  return {
    pattern: {
      type,
      interval: pattern.interval,
      month: yearly ? (pattern.month ?? 0) : 0,
      dayOfMonth: absolute ? (pattern.dayOfMonth ?? 0) : 0,
      daysOfWeek: relative || type === 'weekly' ? days.filter((each) => chosen.includes(each)) : [],
      firstDayOfWeek: pattern.firstDayOfWeek ?? 'sunday',
      index: relative ? (pattern.index ?? 'first') : 'first',
    },
    range: {
      type: range.type,
      startDate: range.startDate,
      endDate: range.type === 'endDate' ? (range.endDate ?? noDate) : noDate,
      recurrenceTimeZone: zone,
      numberOfOccurrences: range.type === 'numbered' ? (range.numberOfOccurrences ?? 0) : 0,
    },
  };
}

/** The dates of a series, `yyyy-MM-dd`, in order, up to and including `until`: each date from the start on is asked whether it fits. */
export function* datesOf({ pattern, range }: Recurrence, until: string): Generator<string> {
  const last = range.type === 'endDate' && range.endDate < until ? range.endDate : until;
  let left = range.type === 'numbered' ? range.numberOfOccurrences : Number.POSITIVE_INFINITY;
  const start = DateTime.fromISO(range.startDate, { zone: 'UTC' });
  for (let date = start; left > 0; date = date.plus(oneDay)) {
    const text = date.toFormat('yyyy-MM-dd');
    if (text > last) return;
    if (!fits(pattern, start, date)) continue;
    left -= 1;
    yield text;
  }
}

/** All of `datesOf`, worked out once for each pattern and end. */
export function datesUntil(recurrence: Recurrence, until: string): readonly string[] {
  return knownDates(JSON.stringify([recurrence, until]));
}

const knownDates = remember((text): readonly string[] => {
  const [recurrence, until] = JSON.parse(text) as [Recurrence, string];
  return [...datesOf(recurrence, until)];
});

const oneDay = Duration.fromObject({ days: 1 });

function fits(pattern: Recurrence['pattern'], start: DateTime, date: DateTime): boolean {
  const { type, interval, month, dayOfMonth, daysOfWeek } = pattern;
  const months = 12 * (date.year - start.year) + date.month - start.month;
  const isDay = daysOfWeek.includes(dayName(date));
  const lastDay = date.daysInMonth ?? 31;
  switch (type) {
    case 'daily':
      return Math.round(date.diff(start, 'days').days) % interval === 0;
    case 'weekly': {
      const weeks = weekOf(date, pattern.firstDayOfWeek).diff(weekOf(start, pattern.firstDayOfWeek), 'weeks').weeks;
      return isDay && Math.round(weeks) % interval === 0;
    }
    case 'absoluteMonthly':
      return months % interval === 0 && date.day === Math.min(dayOfMonth, lastDay);
    case 'relativeMonthly':
      return months % interval === 0 && isDay && isIndex(pattern, date, lastDay);
    case 'absoluteYearly':
      return (date.year - start.year) % interval === 0 && date.month === month && date.day === Math.min(dayOfMonth, lastDay);
    case 'relativeYearly':
      return (date.year - start.year) % interval === 0 && date.month === month && isDay && isIndex(pattern, date, lastDay);
  }
}

/** Whether a date is the first, second, ... last of the chosen days in its month. */
function isIndex({ index, daysOfWeek }: Recurrence['pattern'], date: DateTime, lastDay: number): boolean {
  const among: number[] = [];
  for (let day = 1; day <= lastDay; day += 1) if (daysOfWeek.includes(dayName(date.set({ day })))) among.push(day);
  return (index === 'last' ? among.at(-1) : among[indexes.indexOf(index)]) === date.day;
}

function dayName(date: DateTime): (typeof days)[number] {
  return days[date.weekday % 7] ?? 'sunday';
}

function weekOf(date: DateTime, first: (typeof days)[number]): DateTime {
  return date.minus({ days: ((date.weekday % 7) - days.indexOf(first) + 7) % 7 });
}
