import { DateTime } from 'luxon';
import { z } from 'zod';
import { ianaZone } from '../model/zone';

/** Graph's dateTimeTimeZone: a wall-clock time, seven digits of a second, and the name of its zone. */
export const zonedJson = z.object({ dateTime: z.string(), timeZone: z.string().nullish() });
export type ZonedJson = z.output<typeof zonedJson>;

/**
 * The date (`yyyy-MM-dd`) that a date-only property means. Exchange keeps such dates as a midnight: of the zone that is named, or, told in UTC, of
 * the person's own zone.
 */
export function dateOf(zoned: ZonedJson, zone: string): string | null {
  const time = read(zoned);
  if (!time.isValid) return null;
  return (isMidnight(time) ? time : time.setZone(zone)).toISODate();
}

/** A date as Exchange takes it. */
export function midnight(date: string, zone: string): { readonly dateTime: string; readonly timeZone: string } {
  return { dateTime: `${date}T00:00:00`, timeZone: zone };
}

/** The instant as `yyyy-MM-ddTHH:mm:ssZ`; null where it cannot be read. */
export function instantText(zoned: ZonedJson): string | null {
  const time = read(zoned);
  return time.isValid ? time.toUTC().toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'") : null;
}

/** An instant (UTC ms, or ISO text) as Exchange takes it. */
export function utcTime(instant: number | string): { readonly dateTime: string; readonly timeZone: 'UTC' } {
  return { dateTime: new Date(instant).toISOString().slice(0, 19), timeZone: 'UTC' };
}

/**
 * The date that a contact's birthday or anniversary means. Outlook on the web writes 11:59 UTC, other clients a midnight, in UTC or in the zone of
 * whoever wrote it. Outlook's "no date" lies in the year 4501.
 */
export function dayOf(stamp: string | null | undefined, zone: string): string | null {
  if (stamp === null || stamp === undefined || stamp === '') return null;
  const time = DateTime.fromISO(stamp, { zone: 'UTC' });
  if (!time.isValid || time.year >= 4500 || time.year <= 1) return null;
  const isDateInUtc = isMidnight(time) || time.toFormat('HH:mm') === '11:59';
  return (isDateInUtc ? time : time.setZone(zone)).toISODate();
}

/** A birthday or anniversary as it is written: noon, near enough, so that it is the same date almost everywhere. */
export function dayStamp(date: string): string {
  return `${date}T11:59:00Z`;
}

/** How Outlook says "no date" in a MAPI time, which cannot be blank. */
export const noDay = '4501-01-01T00:00:00Z';

function read({ dateTime, timeZone }: ZonedJson): DateTime {
  return DateTime.fromISO(dateTime, { zone: ianaZone(timeZone ?? 'UTC') });
}

function isMidnight(time: DateTime): boolean {
  return time.hour === 0 && time.minute === 0 && time.second === 0;
}
