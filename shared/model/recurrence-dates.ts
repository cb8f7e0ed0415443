import { DateTime } from 'luxon';
import { indexes, type Pattern, type Recurrence, type Weekday, weekdays } from './recurrence';

/**
 * Whether a series that recurs so may have a date on this day, `yyyy-MM-dd` in its own zone. How many dates it has is left out: a day behind the last one of a
 * counted series is told like one of it.
 */
export function mayRecurOn({ pattern, range }: Recurrence, day: string): boolean {
  if (day < range.start || (range.end.kind === 'date' && day > range.end.date)) return false;
  const [start, date] = [DateTime.fromISO(range.start, { zone: 'UTC' }), DateTime.fromISO(day, { zone: 'UTC' })];
  return start.isValid && date.isValid && fits(pattern, start, date);
}

function fits(pattern: Pattern, start: DateTime, date: DateTime): boolean {
  const { interval } = pattern;
  const months = 12 * (date.year - start.year) + date.month - start.month;
  switch (pattern.type) {
    case 'daily':
      return daysBetween(start, date) % interval === 0;
    case 'weekly': {
      const first = pattern.firstDayOfWeek ?? 'sunday';
      const weeks = daysBetween(weekOf(start, first), weekOf(date, first)) / weekdays.length;
      return pattern.daysOfWeek.includes(weekdayOf(date)) && weeks % interval === 0;
    }
    case 'absoluteMonthly':
      return months % interval === 0 && isDay(pattern.dayOfMonth, date);
    case 'relativeMonthly':
      return months % interval === 0 && isNth(pattern, date);
    case 'absoluteYearly':
      return date.month === pattern.month && (date.year - start.year) % interval === 0 && isDay(pattern.dayOfMonth, date);
    case 'relativeYearly':
      return date.month === pattern.month && (date.year - start.year) % interval === 0 && isNth(pattern, date);
  }
}

function daysBetween(from: DateTime, to: DateTime): number {
  return Math.round(to.diff(from, 'days').days);
}

/** A day that a month lacks is its last. */
function isDay(dayOfMonth: number, date: DateTime): boolean {
  return date.day === Math.min(dayOfMonth, date.daysInMonth ?? dayOfMonth);
}

/** Whether a date is the first, second ... last of the chosen days in its month. */
function isNth(
  { daysOfWeek, index }: Pick<Extract<Pattern, { type: 'relativeMonthly' }>, 'daysOfWeek' | 'index'>,
  date: DateTime,
): boolean {
  const days = Array.from({ length: date.daysInMonth ?? 0 }, (_, before) => before + 1);
  const among = days.filter((day) => daysOfWeek.includes(weekdayOf(date.set({ day }))));
  return date.day === (index === 'last' ? among.at(-1) : among[indexes.indexOf(index)]);
}

function weekdayOf(date: DateTime): Weekday {
  return weekdays[date.weekday - 1] ?? 'monday';
}

function weekOf(date: DateTime, first: Weekday): DateTime {
  return date.minus({ days: (date.weekday - 1 - weekdays.indexOf(first) + weekdays.length) % weekdays.length });
}
