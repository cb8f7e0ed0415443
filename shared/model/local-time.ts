import { DateTime } from 'luxon';

/** The instant, in UTC ms, of a local date (`yyyy-MM-dd`) and time of day (`HH:mm`) in an IANA zone. A time that a DST change skips is moved past it. */
export function instantIn(zone: string, date: string, time: string): number {
  return DateTime.fromISO(`${date}T${time}`, { zone }).toMillis();
}
