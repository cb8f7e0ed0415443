import { DateTime } from 'luxon';
import { dayMinutes, localMinute, nearestDay, seriesDay, wallInstant, wallMinutes } from './local-day';
import { numberIn, type Row, textIn } from './row';
import { columnTime } from './zoned';

/** When the dates of a series begin and how long they last, in the local time of a zone. */
export interface SeriesTime {
  readonly wholeDays: boolean;
  /** The first date of the series, `yyyy-MM-dd`. */
  readonly firstDay: string;
  /** When a date begins, minutes after local midnight; 0 for whole days. */
  readonly startMinute: number;
  /** How long it lasts, minutes of the clock on the wall. */
  readonly minutes: number;
  readonly zone: string;
}

/**
 * The times of a master; null where it lacks some. Only the time of day counts of `starttime` and `endtime`; where the first date lies is said by
 * `effectivestartdate`, which the platform works out, and until it has by `patternstartdate`.
 */
export function seriesTimeIn(row: Row, zone: string): SeriesTime | null {
  const start = textIn(row, 'starttime');
  const first = textIn(row, 'effectivestartdate') ?? textIn(row, 'patternstartdate');
  if (start === null || first === null) return null;
  const wholeDays = row.isalldayevent === true;
  const startMinute = wholeDays ? 0 : localMinute(start, zone);
  const firstDay = wholeDays ? nearestDay(first, zone) : seriesDay(first, zone, startMinute);
  const minutes = minutesIn(row, start, wholeDays, zone);
  return firstDay === null || minutes === null ? null : { wholeDays, firstDay, startMinute, minutes, zone };
}

/** Whole days may be stored up to 23:59, and begin later than midnight where clocks change then. */
function minutesIn(row: Row, start: string, wholeDays: boolean, zone: string): number | null {
  const end = textIn(row, 'endtime');
  const duration = numberIn(row, 'duration');
  const minutes = end !== null ? (wholeDays ? daysBetween(start, end, zone) : wallMinutes(start, end, zone)) : duration;
  return minutes === null || !wholeDays ? minutes : Math.max(1, Math.round(minutes / dayMinutes)) * dayMinutes;
}

function daysBetween(start: string, end: string, zone: string): number {
  return (Date.parse(nearestDay(end, zone) ?? '') - Date.parse(nearestDay(start, zone) ?? '')) / 60_000;
}

/** The times of a series whose first date has this `time`. */
export function seriesTimeOf(time: string, zone: string): SeriesTime {
  const [start = '', end = ''] = time.split('/');
  const wholeDays = !start.includes('T');
  return {
    wholeDays,
    firstDay: wholeDays ? start : (DateTime.fromISO(start, { zone }).toISODate() ?? start),
    startMinute: wholeDays ? 0 : localMinute(start, zone),
    minutes: wholeDays ? (Date.parse(end) - Date.parse(start)) / 60_000 : wallMinutes(start, end, zone),
    zone,
  };
}

/** The `time` of the occurrence on a local day, as an appointment has it. */
export function timeOn(day: string, { wholeDays, startMinute, minutes, zone }: SeriesTime): string {
  const at = (minute: number): string =>
    wholeDays ? new Date(Date.parse(day) + minute * 60_000).toISOString().slice(0, 10) : columnTime(wallInstant(day, minute, zone));
  return `${at(startMinute)}/${at(startMinute + minutes)}`;
}

/** The `time` that the pattern alone gives the occurrence with this original start. */
export function patternTime(originalStart: string, time: SeriesTime): string {
  const day = time.wholeDays ? originalStart : seriesDay(originalStart, time.zone, time.startMinute);
  return timeOn(day ?? originalStart.slice(0, 10), time);
}

/** The original start of an occurrence, from a column: an instant, or for whole days their first. Null for what is no date. */
export function originalStartOf(value: string, time: SeriesTime): string | null {
  if (time.wholeDays) return nearestDay(value, time.zone);
  const day = seriesDay(value, time.zone, time.startMinute);
  if (day === null) return null;
  return value.includes('T') && localMinute(value, time.zone) === time.startMinute
    ? columnTime(Date.parse(value))
    : (timeOn(day, time).split('/')[0] ?? null);
}
