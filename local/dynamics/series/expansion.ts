import { DateTime } from 'luxon';
import { daysOf } from './days';
import type { Pattern } from './pattern';

/** One date of a series, UTC ms. */
export interface Occurrence {
  readonly start: number;
  readonly end: number;
}

/** Dates are made into rows only between so many months back and ahead (`pastexpansionwindow` and `futureexpansionwindow` of the organization). */
const monthsBack = 3;
const monthsAhead = 12;

export interface Expansion {
  /** The dates that become rows. */
  readonly occurrences: readonly Occurrence[];
  readonly first: Occurrence | null;
  /** The last date of the series; null where it has no end. */
  readonly last: Occurrence | null;
  /** The first date that is too far ahead to be a row; null where there is none. */
  readonly next: Occurrence | null;
}

/** The dates of a pattern at their local time of day, whatever the season. A time that a change of clocks skips is moved past it. */
export function expand(pattern: Pattern, zone: string, now: number): Expansion {
  const today = DateTime.fromMillis(now, { zone });
  const [from, to] = [today.minus({ months: monthsBack }).toMillis(), today.plus({ months: monthsAhead }).toMillis()];
  const isEndless = pattern.count === null && pattern.lastDay === null;
  const occurrences: Occurrence[] = [];
  let first: Occurrence | null = null;
  let last: Occurrence | null = null;
  let next: Occurrence | null = null;
  for (const day of daysOf(pattern)) {
    const occurrence = occurrenceOn(day, pattern, zone);
    first ??= occurrence;
    if (pattern.regenerates) return { occurrences: [occurrence], first, last: null, next: null };
    last = occurrence;
    if (occurrence.start > to) {
      next ??= occurrence;
      if (isEndless) break;
    } else if (occurrence.start >= from) occurrences.push(occurrence);
  }
  return { occurrences, first, last: isEndless ? null : last, next };
}

function occurrenceOn(day: DateTime, pattern: Pattern, zone: string): Occurrence {
  const at = (minutes: number): number =>
    day
      .plus({ days: Math.floor(minutes / 1_440) })
      .setZone(zone, { keepLocalTime: true })
      .set({ hour: Math.floor((minutes % 1_440) / 60), minute: minutes % 60 })
      .toMillis();
  return { start: at(pattern.startMinute), end: at(pattern.startMinute + pattern.durationMinutes) };
}
