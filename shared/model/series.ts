import { appointmentFields, startOf } from './appointment';
import { type Pattern, recurrenceOf } from './recurrence';
import type { FieldRule, Value, Values } from './values';

const day = 86_400_000;

/**
 * How far back dates of a series are compared, ms. What happened to a date before that is no news and is never written: Exchange would announce to everybody
 * that a meeting of the past has changed.
 */
export const occurrencesBackMs = 14 * day;

/**
 * The fields of a recurring series: those of an appointment, where `time` is the first occurrence's, and
 * - `recurrence`: how it goes on, as the text of `recurrenceText`;
 * - `occurrences`: the dates that differ from the pattern, as `occurrencesOf` writes them;
 * - `zone`: the IANA zone in which the pattern is meant, where a side tells it. It travels nowhere: a new series gets its person's zone.
 */
export const seriesFields: readonly FieldRule[] = [
  ...appointmentFields,
  { name: 'recurrence', direction: 'both', merge: 'whole', settable: false },
  { name: 'occurrences', direction: 'both', merge: 'keyed', settable: false },
  { name: 'zone', direction: 'none', merge: 'whole' },
];

/** When a series has ended at the latest, UTC ms: never before its last occurrence, and infinite where it has no end. Not a number where it has no time. */
export function seriesEnd(values: Values): number {
  const start = startOf(values.time);
  return start + lengthOf(values.recurrence, start) + day;
}

/** The longest time between two dates of a pattern, ms. */
export function longestGap({ type, interval }: Pattern): number {
  return interval * longest[type];
}

/** At most how long after its first occurrence a series may have its last, ms. */
function lengthOf(value: Value | undefined, start: number): number {
  const recurrence = recurrenceOf(value);
  if (recurrence === null) return 0;
  const { end } = recurrence.range;
  switch (end.kind) {
    case 'none':
      return Number.POSITIVE_INFINITY;
    case 'date':
      return Math.max(0, Date.parse(end.date) - start) + day;
    case 'count':
      return end.count * longestGap(recurrence.pattern);
  }
}

/** The longest time between two occurrences at interval 1, ms. */
const longest = {
  daily: day,
  weekly: 7 * day,
  absoluteMonthly: 31 * day,
  relativeMonthly: 35 * day,
  absoluteYearly: 366 * day,
  relativeYearly: 371 * day,
} as const;
