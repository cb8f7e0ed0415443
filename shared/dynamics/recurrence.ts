import {
  type Index,
  indexes,
  type Pattern,
  type Recurrence,
  type RecurrenceEnd,
  recurrenceText,
  type Weekday,
  weekdays,
} from '../model/recurrence';
import { lastDay } from './local-day';
import { numberIn, type Row, textIn } from './row';
import type { SeriesTime } from './series-time';
import { instantOf } from './zoned';

/** Every column that says how a series recurs ("recurringappointmentmaster table reference", Dataverse). */
export const recurrenceColumnNames = [
  'recurrencepatterntype',
  'interval',
  'daysofweekmask',
  'firstdayofweek',
  'isweekdaypattern',
  'isnthmonthly',
  'dayofmonth',
  'instance',
  'monthofyear',
  'isnthyearly',
  'patternendtype',
  'patternstartdate',
  'patternenddate',
  'occurrences',
] as const;

const types = { daily: 0, weekly: 1, monthly: 2, yearly: 3 } as const;
const ends = { none: 1, count: 2, date: 3 } as const;

/** In the order of the bits of `daysofweekmask`, and of `firstdayofweek`. */
const bits: readonly Weekday[] = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const workingDays = 62;

/** The `recurrence` of a master whose dates have these times; null where its columns make no pattern. */
export function recurrenceIn(row: Row, { firstDay, startMinute, zone }: SeriesTime): string | null {
  const pattern = patternIn(row);
  const end = endIn(row, startMinute, zone);
  if (pattern === null || end === null) return null;
  try {
    return recurrenceText({ pattern, range: { start: firstDay, end } });
  } catch {
    return null;
  }
}

function patternIn(row: Row): Pattern | null {
  const interval = numberIn(row, 'interval') ?? 1;
  const daysOfWeek = daysIn(numberIn(row, 'daysofweekmask') ?? 0);
  const dayOfMonth = numberIn(row, 'dayofmonth') ?? 0;
  const month = numberIn(row, 'monthofyear') ?? 0;
  const type = numberIn(row, 'recurrencepatterntype');
  // The platform marks "every working day" on top of a daily or a weekly pattern.
  if (row.isweekdaypattern === true && (type === types.daily || type === types.weekly))
    return { type: 'weekly', interval: 1, daysOfWeek: daysIn(workingDays) };
  switch (type) {
    case types.daily:
      return { type: 'daily', interval };
    case types.weekly:
      return { type: 'weekly', interval, daysOfWeek, firstDayOfWeek: bits[numberIn(row, 'firstdayofweek') ?? 0] ?? 'sunday' };
    case types.monthly:
      return row.isnthmonthly === true
        ? { type: 'relativeMonthly', interval, daysOfWeek, index: indexIn(row) }
        : { type: 'absoluteMonthly', interval, dayOfMonth };
    case types.yearly:
      return row.isnthyearly === true
        ? { type: 'relativeYearly', interval, daysOfWeek, index: indexIn(row), month }
        : { type: 'absoluteYearly', interval, dayOfMonth, month };
    default:
      return null;
  }
}

function endIn(row: Row, startMinute: number, zone: string): RecurrenceEnd | null {
  switch (numberIn(row, 'patternendtype')) {
    case ends.none:
      return { kind: 'none' };
    case ends.count: {
      const count = numberIn(row, 'occurrences');
      return count === null ? null : { kind: 'count', count };
    }
    case ends.date: {
      const date = lastDay(textIn(row, 'patternenddate') ?? '', zone, startMinute);
      return date === null ? null : { kind: 'date', date };
    }
    default:
      return null;
  }
}

function indexIn(row: Row): Index {
  return indexes[(numberIn(row, 'instance') ?? 1) - 1] ?? 'last';
}

/** All columns of a pattern; those that it does not need are emptied. Dates become local midnights. */
export function recurrenceColumns({ pattern, range }: Recurrence, zone: string): Row {
  const isRelative = pattern.type === 'relativeMonthly' || pattern.type === 'relativeYearly';
  const isYearly = pattern.type === 'absoluteYearly' || pattern.type === 'relativeYearly';
  return {
    recurrencepatterntype: typeOf(pattern),
    interval: pattern.interval,
    daysofweekmask: 'daysOfWeek' in pattern ? maskOf(pattern.daysOfWeek) : null,
    firstdayofweek: pattern.type === 'weekly' ? bits.indexOf(pattern.firstDayOfWeek ?? 'sunday') : null,
    isweekdaypattern: false,
    isnthmonthly: pattern.type === 'relativeMonthly',
    isnthyearly: pattern.type === 'relativeYearly',
    dayofmonth: 'dayOfMonth' in pattern ? pattern.dayOfMonth : null,
    instance: isRelative ? indexes.indexOf(pattern.index) + 1 : null,
    monthofyear: isYearly ? pattern.month : null,
    patternstartdate: instantOf(range.start, null, zone),
    ...endColumns(range.end, zone),
  };
}

function typeOf(pattern: Pattern): number {
  switch (pattern.type) {
    case 'daily':
      return types.daily;
    case 'weekly':
      return types.weekly;
    case 'absoluteMonthly':
    case 'relativeMonthly':
      return types.monthly;
    case 'absoluteYearly':
    case 'relativeYearly':
      return types.yearly;
  }
}

function endColumns(end: RecurrenceEnd, zone: string): Row {
  return {
    patternendtype: ends[end.kind],
    occurrences: end.kind === 'count' ? end.count : null,
    patternenddate: end.kind === 'date' ? instantOf(end.date, null, zone) : null,
  };
}

function daysIn(mask: number): Weekday[] {
  return weekdays.filter((day) => (mask & (1 << bits.indexOf(day))) !== 0);
}

function maskOf(days: readonly Weekday[]): number {
  return days.reduce((mask, day) => mask | (1 << bits.indexOf(day)), 0);
}
