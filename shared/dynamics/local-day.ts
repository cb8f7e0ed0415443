import { DateTime } from 'luxon';
import { isStartOfDay } from './zoned';

/** Minutes of a day. */
export const dayMinutes = 1_440;

/** The local minute of the day of a column's instant. */
export function localMinute(instant: string, zone: string): number {
  const local = DateTime.fromISO(instant, { zone });
  return local.hour * 60 + local.minute;
}

/**
 * The local day, `yyyy-MM-dd`, that a column of a series means; null for what is no date. Which of its forms a column has is not documented for every one: an
 * occurrence's own start (`startMinute` is when those begin), the local midnight of its day, midnight UTC of it, or the date alone.
 */
export function seriesDay(value: string, zone: string, startMinute: number): string | null {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return value;
  const local = DateTime.fromISO(value, { zone });
  if (!local.isValid) return null;
  const isPlain = isStartOfDay(local) || local.hour * 60 + local.minute === startMinute;
  const utc = local.toUTC();
  return (isPlain || !isStartOfDay(utc) ? local : utc).toISODate();
}

/**
 * The last day of a series, `yyyy-MM-dd`, in any of the forms of `seriesDay`, or as the midnight of whoever saved it: somebody who gets the series in another zone
 * means the same day. Known are zones from twelve hours behind UTC to eleven ahead, each a multiple of a quarter of an hour; null for what is no date.
 */
export function lastDay(value: string, zone: string, startMinute: number): string | null {
  const local = DateTime.fromISO(value, { zone });
  const utc = local.toUTC();
  const isPlain = isStartOfDay(local) || isStartOfDay(utc) || local.hour * 60 + local.minute === startMinute;
  const isMidnightSomewhere = utc.minute % 15 === 0 && utc.second === 0;
  if (!local.isValid || isPlain || !isMidnightSomewhere) return seriesDay(value, zone, startMinute);
  return utc.plus({ hours: 11, minutes: 59 }).toISODate();
}

/** The local day whose midnight is nearest: whole days are stored as midnights of whoever saved them. */
export function nearestDay(value: string, zone: string): string | null {
  const local = DateTime.fromISO(value, { zone });
  return (isStartOfDay(local) ? local : local.plus({ hours: 12 })).toISODate();
}

/** Minutes between two columns as a clock on the wall would count them. */
export function wallMinutes(from: string, to: string, zone: string): number {
  const floating = (instant: string): number => DateTime.fromISO(instant, { zone }).setZone('utc', { keepLocalTime: true }).toMillis();
  return Math.round((floating(to) - floating(from)) / 60_000);
}

/** The instant, UTC ms, so many minutes of the clock on the wall after the start of a local day. A time that a change of clocks skips is moved past it. */
export function wallInstant(day: string, minutes: number, zone: string): number {
  const date = DateTime.fromISO(day, { zone: 'utc' }).plus({ days: Math.floor(minutes / dayMinutes) });
  const minute = ((minutes % dayMinutes) + dayMinutes) % dayMinutes;
  return date
    .setZone(zone, { keepLocalTime: true })
    .set({ hour: Math.floor(minute / 60), minute: minute % 60 })
    .toMillis();
}
