import { z } from 'zod';
import type { Value } from './values';

/** Days of the week in the order in which they are written. */
export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdays)[number];

/** Which of the days of a month that match; Dynamics counts them 1 to 5. */
export const indexes = ['first', 'second', 'third', 'fourth', 'last'] as const;
export type Index = (typeof indexes)[number];

const interval = z.number().int().min(1);
const days = z.array(z.enum(weekdays)).min(1);
const dayOfMonth = z.number().int().min(1).max(31);
const month = z.number().int().min(1).max(12);
const index = z.enum(indexes);
const date = z.iso.date();

const Pattern = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('daily'), interval }),
  z.strictObject({ type: z.literal('weekly'), interval, daysOfWeek: days, firstDayOfWeek: z.enum(weekdays).optional() }),
  z.strictObject({ type: z.literal('absoluteMonthly'), interval, dayOfMonth }),
  z.strictObject({ type: z.literal('relativeMonthly'), interval, daysOfWeek: days, index }),
  z.strictObject({ type: z.literal('absoluteYearly'), interval, dayOfMonth, month }),
  z.strictObject({ type: z.literal('relativeYearly'), interval, daysOfWeek: days, index, month }),
]);

const End = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('count'), count: z.number().int().min(1) }),
  z.strictObject({ kind: z.literal('date'), date }),
]);

const Recurrence = z.strictObject({ pattern: Pattern, range: z.strictObject({ start: date, end: End }) });

/**
 * How a series recurs. Days, dates and months are those of the zone in which the series is meant; `interval` counts days, weeks, months or years by the type.
 * Where `daysOfWeek` names several days, a relative pattern means the first, second ... last date that is any of them. A day that a month lacks is its last.
 */
export type Recurrence = z.output<typeof Recurrence>;
export type Pattern = z.output<typeof Pattern>;
export type RecurrenceEnd = z.output<typeof End>;

/** The one text of a recurrence: equal patterns have equal texts, whichever of several ways says them. Throws a RangeError for what is no recurrence. */
export function recurrenceText(recurrence: Recurrence): string {
  const { success, data } = Recurrence.safeParse(recurrence);
  if (!success) throw new RangeError('this is no recurrence');
  const { start, end } = data.range;
  return JSON.stringify({ pattern: canonical(data.pattern, Number(start.slice(5, 7))), range: { start, end: ordered(end) } });
}

/** The recurrence behind a field's value; null where there is none or nobody can read it. */
export function recurrenceOf(value: Value | undefined): Recurrence | null {
  if (typeof value !== 'string') return null;
  try {
    return Recurrence.parse(JSON.parse(value));
  } catch {
    return null;
  }
}

/**
 * Every week on every day is daily; the first day of the week matters only where weeks are left out; twelve months are a year, which is how Exchange keeps
 * years (MS-OXOCAL recurrence pattern).
 */
function canonical(pattern: Pattern, startMonth: number): Pattern {
  const { interval } = pattern;
  switch (pattern.type) {
    case 'daily':
      return { type: 'daily', interval };
    case 'weekly': {
      const daysOfWeek = sorted(pattern.daysOfWeek);
      if (interval === 1 && daysOfWeek.length === weekdays.length) return { type: 'daily', interval };
      const head = { type: 'weekly', interval, daysOfWeek } as const;
      return interval === 1 ? head : { ...head, firstDayOfWeek: pattern.firstDayOfWeek ?? 'sunday' };
    }
    case 'absoluteMonthly': {
      const { dayOfMonth } = pattern;
      if (interval % 12 === 0) return { type: 'absoluteYearly', interval: interval / 12, dayOfMonth, month: startMonth };
      return { type: 'absoluteMonthly', interval, dayOfMonth };
    }
    case 'relativeMonthly': {
      const daysOfWeek = sorted(pattern.daysOfWeek);
      const { index } = pattern;
      if (interval % 12 === 0) return { type: 'relativeYearly', interval: interval / 12, daysOfWeek, index, month: startMonth };
      return { type: 'relativeMonthly', interval, daysOfWeek, index };
    }
    case 'absoluteYearly':
      return { type: 'absoluteYearly', interval, dayOfMonth: pattern.dayOfMonth, month: pattern.month };
    case 'relativeYearly':
      return { type: 'relativeYearly', interval, daysOfWeek: sorted(pattern.daysOfWeek), index: pattern.index, month: pattern.month };
  }
}

function ordered(end: RecurrenceEnd): RecurrenceEnd {
  switch (end.kind) {
    case 'none':
      return { kind: 'none' };
    case 'count':
      return { kind: 'count', count: end.count };
    case 'date':
      return { kind: 'date', date: end.date };
  }
}

function sorted(days: readonly Weekday[]): Weekday[] {
  return weekdays.filter((day) => days.includes(day));
}
