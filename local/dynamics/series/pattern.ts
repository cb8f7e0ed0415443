import { DateTime } from 'luxon';
import { invalidArgument } from '../errors';
import type { Value } from '../schema';

/** Columns of a series by name. */
export type Columns = Readonly<Record<string, Value>>;

/** The columns that say when a series takes place. Whoever writes one of them starts the series anew. */
export const patternColumns: readonly string[] = [
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
  'isregenerate',
  'patternendtype',
  'patternstartdate',
  'patternenddate',
  'occurrences',
  'starttime',
  'endtime',
  'duration',
  'isalldayevent',
];

/** A pattern in the local days of one zone; midnights are those of UTC, as floating dates. */
export interface Pattern {
  readonly kind: 'daily' | 'weekly' | 'monthly' | 'monthlyNth' | 'yearly' | 'yearlyNth';
  readonly interval: number;
  /** Sunday 1, Monday 2 and so on up to Saturday 64. */
  readonly mask: number;
  /** 0 is Sunday. */
  readonly firstDayOfWeek: number;
  readonly dayOfMonth: number;
  /** 1 to 4, and 5 for the last. */
  readonly instance: number;
  readonly month: number;
  readonly start: DateTime;
  /** The last day on which an occurrence may begin; null where nothing but a count ends it, or nothing at all. */
  readonly lastDay: DateTime | null;
  readonly count: number | null;
  /** The next occurrence is made only once the one before is over. */
  readonly regenerates: boolean;
  /** Local time of day of the start, minutes. */
  readonly startMinute: number;
  readonly durationMinutes: number;
}

/** Reads the pattern of a series; throws what the Web API answers to one that says too little or contradicts itself. */
export function readPattern(columns: Columns, zone: string): Pattern {
  const given = (name: string): number => {
    const value = columns[name];
    if (typeof value !== 'number') throw invalidArgument(`The recurrence pattern lacks '${name}'.`);
    return value;
  };
  const start = localDay(columns, 'patternstartdate', zone);
  const kind = kindOf(columns, given('recurrencepatterntype'));
  const isNth = kind === 'monthlyNth' || kind === 'yearlyNth';
  const isYearly = kind === 'yearly' || kind === 'yearlyNth';
  const isWeekdays = columns.isweekdaypattern === true;
  const mask = isWeekdays ? 62 : kind === 'weekly' || isNth ? given('daysofweekmask') : 0;
  if ((kind === 'weekly' || isNth) && mask === 0) throw invalidArgument("The recurrence pattern has an empty 'daysofweekmask'.");
  const month = isYearly ? given('monthofyear') : 0;
  if (isYearly && month === 0) throw invalidArgument("The recurrence pattern has an invalid 'monthofyear'.");
  return {
    kind,
    interval: isWeekdays ? 1 : given('interval'),
    mask,
    firstDayOfWeek: Number(columns.firstdayofweek ?? 0),
    dayOfMonth: kind === 'monthly' || kind === 'yearly' ? given('dayofmonth') : 0,
    instance: isNth ? given('instance') : 0,
    month,
    start,
    ...endOf(columns, given('patternendtype'), start, zone),
    regenerates: columns.isregenerate === true,
    ...timesOf(columns, zone),
  };
}

function kindOf(columns: Columns, type: number): Pattern['kind'] {
  switch (type) {
    case 0:
      return columns.isweekdaypattern === true ? 'weekly' : 'daily';
    case 1:
      return 'weekly';
    case 2:
      return columns.isnthmonthly === true ? 'monthlyNth' : 'monthly';
    default:
      return columns.isnthyearly === true ? 'yearlyNth' : 'yearly';
  }
}

function endOf(columns: Columns, type: number, start: DateTime, zone: string): Pick<Pattern, 'lastDay' | 'count'> {
  if (type === 1) return { lastDay: null, count: null };
  if (type === 2) {
    if (typeof columns.occurrences !== 'number') throw invalidArgument("The recurrence pattern lacks 'occurrences'.");
    return { lastDay: null, count: columns.occurrences };
  }
  const lastDay = localDay(columns, 'patternenddate', zone);
  if (lastDay < start) throw invalidArgument('The recurrence pattern ends before it starts.');
  return { lastDay, count: null };
}

/** The local day of a column's instant, as a floating date. */
function localDay(columns: Columns, name: string, zone: string): DateTime {
  const value = columns[name];
  if (typeof value !== 'string') throw invalidArgument(`The recurrence pattern lacks '${name}'.`);
  return DateTime.fromISO(DateTime.fromISO(value, { zone }).toISODate() ?? '', { zone: 'utc' });
}

/** Of `starttime` and `endtime` only the local time of day counts; a duration says it where there is no end. */
function timesOf(columns: Columns, zone: string): Pick<Pattern, 'startMinute' | 'durationMinutes'> {
  const { starttime, endtime, duration } = columns;
  if (typeof starttime !== 'string') throw invalidArgument("The recurrence pattern lacks 'starttime'.");
  const start = DateTime.fromISO(starttime, { zone });
  if (typeof endtime !== 'string' && typeof duration !== 'number') throw invalidArgument("The recurrence pattern lacks 'endtime'.");
  const end = typeof endtime === 'string' ? DateTime.fromISO(endtime, { zone }) : start.plus({ minutes: Number(duration) });
  if (end < start) throw invalidArgument('A series cannot end before it starts.');
  const floating = (time: DateTime): number => time.setZone('utc', { keepLocalTime: true }).toMillis() / 60_000;
  return { startMinute: start.hour * 60 + start.minute, durationMinutes: floating(end) - floating(start) };
}
