import type { DateTime } from 'luxon';
import type { Pattern } from './pattern';

/** The local days on which a pattern takes place, in order: all of them, up to its count or its last day, or without end. Floating dates. */
export function* daysOf(pattern: Pattern): Generator<DateTime> {
  let count = 0;
  for (const day of endless(pattern)) {
    if (day < pattern.start) continue;
    if (pattern.lastDay !== null && day > pattern.lastDay) return;
    if (pattern.count !== null && count >= pattern.count) return;
    count += 1;
    yield day;
  }
}

/** The years that any pattern is followed; without a bound one that never matches would be followed for ever. */
const mostYears = 1_000;

function* endless(pattern: Pattern): Generator<DateTime> {
  const { start, interval } = pattern;
  const horizon = start.plus({ years: mostYears });
  for (let step = 0; ; step += interval) {
    const days = [...daysAt(pattern, step)];
    if ((days.at(-1) ?? start) > horizon) return;
    yield* days;
  }
}

/** The days of the period that lies `step` days, weeks, months or years behind the one in which the pattern starts. */
function* daysAt(pattern: Pattern, step: number): Generator<DateTime> {
  const { start } = pattern;
  switch (pattern.kind) {
    case 'daily':
      return yield start.plus({ days: step });
    case 'weekly': {
      const first = start.minus({ days: (weekdayOf(start) - pattern.firstDayOfWeek + 7) % 7 }).plus({ weeks: step });
      for (let day = 0; day < 7; day += 1) if (isIn(pattern.mask, first.plus({ days: day }))) yield first.plus({ days: day });
      return;
    }
    case 'monthly':
      return yield dayIn(start.startOf('month').plus({ months: step }), pattern.dayOfMonth);
    case 'monthlyNth':
      return yield nthIn(start.startOf('month').plus({ months: step }), pattern);
    case 'yearly':
      return yield dayIn(start.startOf('year').plus({ years: step }).set({ month: pattern.month }), pattern.dayOfMonth);
    case 'yearlyNth':
      return yield nthIn(start.startOf('year').plus({ years: step }).set({ month: pattern.month }), pattern);
  }
}

/** A day that the month lacks is its last one. */
function dayIn(month: DateTime, day: number): DateTime {
  return month.set({ day: Math.min(day, month.daysInMonth ?? day) });
}

/** The first, second, third, fourth or last day of the month that is one of the mask's days. */
function nthIn(month: DateTime, { mask, instance }: Pattern): DateTime {
  const days = Array.from({ length: month.daysInMonth ?? 0 }, (_, index) => month.set({ day: index + 1 })).filter((day) => isIn(mask, day));
  return (instance === 5 ? days.at(-1) : days[instance - 1]) ?? month;
}

/** 0 is Sunday. */
function weekdayOf(day: DateTime): number {
  return day.weekday % 7;
}

function isIn(mask: number, day: DateTime): boolean {
  return (mask & (1 << weekdayOf(day))) !== 0;
}
