import { DateTime, IANAZone } from 'luxon';
import { recurrenceOf } from '../model/recurrence';
import type { Obstacle } from '../model/seen';
import { seriesEnd } from '../model/series';
import type { Values } from '../model/values';

const day = 86_400_000;
/** Clocks change by the same rules every year. */
const year = 366 * day;

/**
 * What keeps Dynamics from holding a series that is tracked in Exchange; null where nothing does. Dynamics goes by the zone of its person (`zone`, IANA): a series of
 * another zone fits as long as each date to come (after `now`, UTC ms) falls on the same day and keeps its time.
 */
export function seriesObstacle(values: Values, zone: string, now: number): Obstacle | null {
  const recurrence = recurrenceOf(values.recurrence);
  const [start = ''] = typeof values.time === 'string' ? values.time.split('/') : [];
  if (recurrence === null || start === '') return unknownPattern;
  if (!start.includes('T')) return null;
  const own = typeof values.zone === 'string' ? values.zone : zone;
  const staysPut = DateTime.fromISO(start, { zone }).toISODate() === recurrence.range.start;
  return staysPut && keepPace(own, zone, Date.parse(start), now, seriesEnd(values)) ? null : otherZone;
}

/** True where the clocks of two zones are as far apart on each day from now to the end as they are at the start. */
function keepPace(one: string, other: string, start: number, now: number, end: number): boolean {
  const [left, right] = [IANAZone.create(one), IANAZone.create(other)];
  const apart = (at: number): number => left.offset(at) - right.offset(at);
  const from = Math.max(start, now);
  const until = Math.min(end, from + year);
  for (let at = from; at <= until; at += day) if (apart(at) !== apart(start)) return false;
  return true;
}

const unknownPattern: Obstacle = {
  detail: 'the series goes on in a way that Dynamics does not know',
  fix: 'Give the series a daily, weekly, monthly or yearly pattern of the Gregorian calendar in Outlook, or take the tracking category off.',
};

const otherZone: Obstacle = {
  detail: 'the dates of the series would be shifted in the time zone of its person: the series is meant in another one',
  fix: 'Give the series the time zone of the mailbox in Outlook, or take the tracking category off.',
};
