import { DateTime } from 'luxon';
import { errorCodes, TandemError } from '../platform/errors';
import { type Row, textIn } from './row';
import { columnTime, instantOf, isStartOfDay } from './zoned';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** How far from a number of whole days a duration may be that spans them: an hour of DST, and the minute that an end at 23:59 lacks. */
const wholeDaysSlackMs = hourMs + 60_000;

/**
 * The `time` of an appointment's row (see `appointmentFields`), null where it lacks an end. Whole days are stored as local midnights of whoever saved
 * them: midnights of another zone are taken to the nearest of this one, and an end at 23:59 is the midnight that follows.
 */
export function timeIn(row: Row, zone: string): string | null {
  const [start, end] = [textIn(row, 'scheduledstart'), textIn(row, 'scheduledend')];
  if (start === null || end === null) return null;
  if (row.isalldayevent !== true) return `${columnTime(Date.parse(start))}/${columnTime(Date.parse(end))}`;
  return daysBetween(DateTime.fromISO(start, { zone }), DateTime.fromISO(end, { zone }));
}

function daysBetween(start: DateTime, end: DateTime): string {
  const duration = end.toMillis() - start.toMillis();
  const days = Math.round(duration / dayMs);
  if (days >= 1 && Math.abs(duration - days * dayMs) <= wholeDaysSlackMs) {
    const first = isStartOfDay(start) ? start : start.plus({ milliseconds: dayMs / 2 });
    return interval(first, first.plus({ days }));
  }
  return interval(start, isStartOfDay(end) && duration > 0 ? end : end.plus({ days: 1 }));
}

function interval(first: DateTime, end: DateTime): string {
  return `${first.toISODate()}/${end.toISODate()}`;
}

/** The columns of a `time`: whole days become local midnights in the zone. */
export function timeColumns(time: string, zone: string): Row {
  const [start, end] = time.split('/');
  if (start === undefined || end === undefined) throw badTime();
  const isWholeDays = !start.includes('T');
  const columns = isWholeDays
    ? { scheduledstart: instantOf(start, null, zone), scheduledend: instantOf(end, null, zone) }
    : { scheduledstart: columnTime(Date.parse(start)), scheduledend: columnTime(Date.parse(end)) };
  return { ...columns, isalldayevent: isWholeDays };
}

function badTime(): TandemError {
  return new TandemError(errorCodes.badRequest, { retry: 'never', fix: 'Report this: a time was not an interval.', detail: 'time' });
}
