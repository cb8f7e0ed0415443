import { z } from 'zod';
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

const day = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(z.enum(weekdays));

/** Graph's patternedRecurrence. What a pattern does not use is null, 0 or `first`. */
export const recurrenceJson = z.object({
  pattern: z.object({
    type: z.string().nullish(),
    interval: z.number().nullish(),
    month: z.number().nullish(),
    dayOfMonth: z.number().nullish(),
    daysOfWeek: z.array(day).nullish(),
    firstDayOfWeek: day.nullish(),
    index: z.string().nullish(),
  }),
  range: z.object({
    type: z.string().nullish(),
    endDate: z.string().nullish(),
    recurrenceTimeZone: z.string().nullish(),
    numberOfOccurrences: z.number().nullish(),
  }),
});
export type RecurrenceJson = z.output<typeof recurrenceJson>;

/** The neutral text of a recurrence whose first date is `start` (`yyyy-MM-dd` in the zone of the series); null for a pattern that Tandem does not know. */
export function recurrenceFrom({ pattern, range }: RecurrenceJson, start: string): string | null {
  const known = patternFrom(pattern);
  const end = endFrom(range);
  if (known === null || end === null) return null;
  try {
    return recurrenceText({ pattern: known, range: { start, end } });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The recurrence as Graph takes it; `zone` is the name of the zone in which it is meant. */
export function recurrenceBody({ pattern, range }: Recurrence, zone: string): object {
  const { start, end } = range;
  return { pattern, range: { ...endBody(end), startDate: start, recurrenceTimeZone: zone } };
}

function patternFrom(json: RecurrenceJson['pattern']): Pattern | null {
  const interval = json.interval ?? 1;
  const daysOfWeek: Weekday[] = json.daysOfWeek ?? [];
  const dayOfMonth = json.dayOfMonth ?? 0;
  const month = json.month ?? 0;
  const index = indexOf(json.index ?? 'first');
  switch (json.type?.toLowerCase()) {
    case 'daily':
      return { type: 'daily', interval };
    case 'weekly':
      return { type: 'weekly', interval, daysOfWeek, firstDayOfWeek: json.firstDayOfWeek ?? 'sunday' };
    case 'absolutemonthly':
      return { type: 'absoluteMonthly', interval, dayOfMonth };
    case 'relativemonthly':
      return index === null ? null : { type: 'relativeMonthly', interval, daysOfWeek, index };
    case 'absoluteyearly':
      return { type: 'absoluteYearly', interval, dayOfMonth, month };
    case 'relativeyearly':
      return index === null ? null : { type: 'relativeYearly', interval, daysOfWeek, index, month };
    default:
      return null;
  }
}

function indexOf(text: string): Index | null {
  return indexes.find((index) => index === text.toLowerCase()) ?? null;
}

function endFrom({ type, endDate, numberOfOccurrences }: RecurrenceJson['range']): RecurrenceEnd | null {
  switch (type?.toLowerCase()) {
    case 'noend':
      return { kind: 'none' };
    case 'numbered':
      return { kind: 'count', count: numberOfOccurrences ?? 0 };
    case 'enddate':
      return { kind: 'date', date: endDate ?? '' };
    default:
      return null;
  }
}

function endBody(end: RecurrenceEnd): object {
  switch (end.kind) {
    case 'none':
      return { type: 'noEnd' };
    case 'count':
      return { type: 'numbered', numberOfOccurrences: end.count };
    case 'date':
      return { type: 'endDate', endDate: end.date };
  }
}
