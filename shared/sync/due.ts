import { createHash } from 'node:crypto';

/** What decides how often a mailbox is looked at. */
export interface DueFacts {
  readonly id: string;
  /** When the cycle began that last found a change on either side, UTC ms; null for never. */
  readonly lastChangeAt: number | null;
  /** The earliest retry that the mailbox waits for, UTC ms; null for none. */
  readonly nextRetryAt: number | null;
  /** True while Exchange tells of every change of its events and contacts, and of its mail where that is tracked. */
  readonly isPushed: boolean;
}

/** Intervals between looks, ms. */
export interface DueIntervals {
  /** While something changed within the hour. */
  readonly busyMs: number;
  /** While something changed within the day. */
  readonly typicalMs: number;
  /** The longest interval of a quiet mailbox; also that of what is pushed, which is looked at only in case a push was lost. */
  readonly quietMs: number;
  /** The longest interval where tasks sync: they cannot be pushed. */
  readonly tasksMs: number;
}

/** What of a mailbox is due for a look: nothing, its task lists, or every folder. */
export type Look = 'nothing' | 'tasks' | 'everything';

const hour = 3_600_000;
const day = 24 * hour;

/**
 * How long may pass between two looks at a mailbox: short while it is in use, and from its second day of quiet on longer with the square of its quiet, without
 * a jump, until it is the longest that is allowed.
 */
export function interval(lastChangeAt: number | null, intervals: DueIntervals, now: number): number {
  return paceAt(quietSince(lastChangeAt, now), withTasks(intervals));
}

/**
 * What of a mailbox is due at a tick. Looks are counted from the start of the cycle that found the last change, at the pace of `interval`, and shifted by
 * the mailbox's own phase, so that not all come at once. Where ticks come regularly and the period divides the intervals, two looks are never closer than the
 * shortest interval nor farther apart than the longest.
 */
export function lookAt(facts: DueFacts, intervals: DueIntervals, now: number, periodMs: number): Look {
  const { id, isPushed, nextRetryAt } = facts;
  if (nextRetryAt !== null && nextRetryAt <= now) return 'everything';
  const isTurn = comesNow(facts, withTasks(intervals), now, periodMs);
  if (!isPushed) return isTurn ? 'everything' : 'nothing';
  if (fallsIn(intervals.quietMs, id, now, periodMs)) return 'everything';
  return isTurn ? 'tasks' : 'nothing';
}

function withTasks(intervals: DueIntervals): DueIntervals {
  return { ...intervals, quietMs: Math.min(intervals.quietMs, intervals.tasksMs) };
}

/** Whether a look falls into the period that ends now. */
function comesNow({ id, lastChangeAt }: DueFacts, intervals: DueIntervals, now: number, periodMs: number): boolean {
  const quiet = quietSince(lastChangeAt, now);
  if (quiet === Number.POSITIVE_INFINITY) return fallsIn(intervals.quietMs, id, now, periodMs);
  if (paceAt(quiet, intervals) <= periodMs) return true;
  const shift = phase(id);
  return Math.floor(looksBy(quiet, intervals) + shift) > Math.floor(looksBy(quiet - periodMs, intervals) + shift);
}

/** How long nothing has changed; a change that lies in the future, as a wrong clock has it, counts as one of now. */
function quietSince(lastChangeAt: number | null, now: number): number {
  return lastChangeAt === null ? Number.POSITIVE_INFINITY : Math.max(0, now - lastChangeAt);
}

/** The interval after so much quiet. */
function paceAt(quiet: number, { busyMs, typicalMs, quietMs }: DueIntervals): number {
  const wanted = quiet < hour ? busyMs : quiet < day ? typicalMs : typicalMs * (quiet / day) ** 2;
  return Math.min(wanted, quietMs);
}

/** How many looks there were after so much quiet: the integral of one look an interval. */
function looksBy(quiet: number, { busyMs, typicalMs, quietMs }: DueIntervals): number {
  const [busy, typical] = [Math.min(busyMs, quietMs), Math.min(typicalMs, quietMs)];
  const evenFrom = day * Math.sqrt(quietMs / typical);
  const growing = Math.min(Math.max(day, quiet), evenFrom);
  return (
    Math.min(quiet, hour) / busy +
    Math.max(0, Math.min(quiet, day) - hour) / typical +
    (day / typical) * (1 - day / growing) +
    Math.max(0, quiet - evenFrom) / quietMs
  );
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
