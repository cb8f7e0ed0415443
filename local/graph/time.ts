import { DateTime, IANAZone } from 'luxon';
import { findIana, findWindows } from 'windows-iana';
import { z } from 'zod';
import { badBody, GraphFailure } from './errors';

/** Graph's dateTimeTimeZone as a client sends it. */
export const dateTimeTimeZoneSchema = z.strictObject({ dateTime: z.string(), timeZone: z.string().nullish() });
export type DateTimeTimeZone = z.output<typeof dateTimeTimeZoneSchema>;

/** A wall-clock time in a named zone, as Exchange keeps it. */
export interface ZonedTime {
  /** `yyyy-MM-ddTHH:mm:ss`, as read from a clock in the zone. */
  readonly local: string;
  /** The Windows name of the zone where there is one. */
  readonly zone: string;
}

const knownZones = new Map<string, string | undefined>();

/** The IANA zone for a Windows or IANA name; undefined where Exchange would not know it. */
export function ianaZone(name: string): string | undefined {
  if (!knownZones.has(name)) knownZones.set(name, lookUpZone(name));
  return knownZones.get(name);
}

function lookUpZone(name: string): string | undefined {
  if (/^(utc|tzone:\/\/microsoft\/utc|etc\/gmt|gmt)$/i.test(name)) return 'UTC';
  const fromWindows = findIana(name)[0];
  if (fromWindows !== undefined) return fromWindows;
  return /^[A-Za-z]/.test(name) && IANAZone.isValidZone(name) ? name : undefined;
}

/** The zone for a name, or the refusal that Exchange gives for one it does not know. */
export function requireZone(name: string | null | undefined): string {
  const zone = name === null || name === undefined ? undefined : ianaZone(name);
  if (zone !== undefined) return zone;
  throw new GraphFailure(
    400,
    'TimeZoneNotSupportedException',
    `A valid TimeZone value must be specified. The following TimeZone value is not supported: '${name ?? ''}'.`,
  );
}

/** The name by which Exchange tells an IANA zone: the Windows one where there is one. */
export function zoneNameOf(iana: string): string {
  return iana === 'UTC' ? 'UTC' : (findWindows(iana)[0] ?? iana);
}

const isoDateTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:\d{2})?$/;

/** Reads a dateTimeTimeZone. A `dateTime` with an offset of its own is an instant, told in the given zone. */
export function readZoned(input: DateTimeTimeZone): ZonedTime {
  const iana = requireZone(input.timeZone);
  const zone = zoneNameOf(iana);
  if (!isoDateTime.test(input.dateTime)) throw badBody(`Cannot convert the literal '${input.dateTime}' to a date and time.`);
  const time = DateTime.fromISO(input.dateTime.replace(/\.\d+/, ''), { zone: iana });
  if (!time.isValid) throw badBody(`Cannot convert the literal '${input.dateTime}' to a date and time.`);
  return { local: time.toFormat("yyyy-MM-dd'T'HH:mm:ss"), zone };
}

/** The instant of a wall-clock time, in ms. */
export function instantOf(time: ZonedTime): number {
  return DateTime.fromISO(time.local, { zone: requireZone(time.zone) }).toMillis();
}

/** The wall-clock time as if its clock showed UTC, in ms: how floating times (whole days) compare. */
export function floatingOf(time: ZonedTime): number {
  return Date.parse(`${time.local}Z`);
}

export function isMidnight(time: ZonedTime): boolean {
  return time.local.endsWith('T00:00:00');
}

/** An instant as Graph writes it in `zone`: seven digits of a second, no `Z`. */
export function wireTime(instant: number, zone = 'UTC'): string {
  const iana = requireZone(zone);
  if (iana === 'UTC') return `${new Date(instant).toISOString().slice(0, 23)}0000`;
  return `${DateTime.fromMillis(instant, { zone: iana }).toFormat("yyyy-MM-dd'T'HH:mm:ss.SSS")}0000`;
}

/** A DateTimeOffset with seven digits, as on events and tasks. */
export function preciseStamp(instant: number): string {
  return `${wireTime(instant)}Z`;
}

/** A DateTimeOffset of whole seconds, as on contacts. */
export function plainStamp(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** An instant from a DateTimeOffset or a date; without an offset it is UTC. Undefined where it cannot be read. */
export function parseInstant(text: string): number | undefined {
  if (!isoDateTime.test(text)) return undefined;
  const zoned = /(Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`;
  const instant = Date.parse(zoned);
  return Number.isNaN(instant) ? undefined : instant;
}
