import { createHash } from 'node:crypto';

/** What decides how often a mailbox is looked at. */
export interface DueFacts {
  readonly id: string;
  /** When anything last changed on either side, UTC ms; null for never. */
  readonly lastChangeAt: number | null;
  /** The earliest retry that the mailbox waits for, UTC ms; null for none. */
  readonly nextRetryAt: number | null;
}

/** Intervals between looks, ms. */
export interface DueIntervals {
  /** While something changed within the hour. */
  readonly busyMs: number;
  /** While something changed within the day. */
  readonly typicalMs: number;
  /** The longest interval of a quiet mailbox. */
  readonly quietMs: number;
  /** The longest interval where tasks sync: they cannot be pushed. */
  readonly tasksMs: number;
}

const hour = 3_600_000;
const day = 24 * hour;

/** How long may pass between two looks at a mailbox: short while it is in use, growing with its quiet, never beyond what tasks allow. */
export function interval(lastChangeAt: number | null, intervals: DueIntervals, now: number): number {
  const quietFor = lastChangeAt === null ? Number.POSITIVE_INFINITY : now - lastChangeAt;
  const wanted = quietFor < hour ? intervals.busyMs : quietFor < day ? intervals.typicalMs : intervals.quietMs;
  return Math.min(wanted, intervals.tasksMs);
}

/** Whether a mailbox is due at a tick: a boundary of its interval, shifted by its own phase, lies within the period that ends now. */
export function isDue(facts: DueFacts, intervals: DueIntervals, now: number, periodMs: number): boolean {
  if (facts.nextRetryAt !== null && facts.nextRetryAt <= now) return true;
  return fallsIn(interval(facts.lastChangeAt, intervals, now), facts.id, now, periodMs);
}

/** Whether a regular event of this interval falls into the period that ends now; each id has its own phase, so that not all come at once. */
export function fallsIn(intervalMs: number, id: string, now: number, periodMs: number): boolean {
  if (intervalMs <= periodMs) return true;
  const shifted = now - phase(id) * intervalMs;
  return Math.floor(shifted / intervalMs) > Math.floor((shifted - periodMs) / intervalMs);
}

/** A number from 0 up to 1 that belongs to an id for good. */
function phase(id: string): number {
  return createHash('sha256').update(id).digest().readUInt32BE(0) / 2 ** 32;
}
