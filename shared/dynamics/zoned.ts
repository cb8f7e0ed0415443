import { DateTime } from 'luxon';
import { instantIn } from '../model/local-time';

/** The local date, `yyyy-MM-dd`, of a column's instant in an IANA zone; null for none. */
export function localDate(instant: string | null, zone: string): string | null {
  return instant === null ? null : DateTime.fromISO(instant, { zone }).toISODate();
}

/** The local time of day, `HH:mm`, of a column's instant; null for none and at the start of the day. */
export function localTime(instant: string | null, zone: string): string | null {
  if (instant === null) return null;
  const local = DateTime.fromISO(instant, { zone });
  return isStartOfDay(local) ? null : local.toFormat('HH:mm');
}

/** The instant of a local date and time of day as a column takes it. Without a time it is the start of the day, which some zones' DST moves past midnight. */
export function instantOf(date: string, time: string | null, zone: string): string {
  return columnTime(instantIn(zone, date, time ?? '00:00'));
}

/** UTC ms as a column takes it: ISO 8601 with whole seconds, which is what Dataverse keeps. */
export function columnTime(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

export function isStartOfDay(local: DateTime): boolean {
  return local.toMillis() === local.startOf('day').toMillis();
}
