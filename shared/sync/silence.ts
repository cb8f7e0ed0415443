export const timerNames = ['pollDynamics', 'pollExchange', 'heartbeat', 'dailySweep'] as const;
export type TimerName = (typeof timerNames)[number];

/** When a timer's work was done last, and by whom: the timer, or a queue function in its place. */
export interface LastRun {
  /** UTC ms. */
  readonly at: number;
  readonly by: 'timer' | 'watchdog';
  /** Since when the timer itself has not run, UTC ms; null while it does. */
  readonly silentSince: number | null;
}

const minute = 60_000;
/** A timer that runs often says so only this often: one small write, not one a tick. */
const noteMs = 2 * minute;
/** How often a process looks after the timers at most, ms. */
export const watchEveryMs = minute;

/** How long a timer may go without saying that it ran before it says so again, ms. */
export function noteEvery(periodMs: number): number {
  return Math.max(periodMs, noteMs);
}

/** Whether somebody has to do a timer's work: it has missed two of its notes, or whoever did it last in its place has done so a period ago. */
export function isOverdue(last: LastRun, periodMs: number, now: number): boolean {
  const age = ageOf(last, periodMs, now);
  return last.by === 'timer' ? age > silentAfter(periodMs) : age >= Math.max(periodMs, watchEveryMs);
}

/** Whether nobody at all does a timer's work, not even in its place. */
export function isNeglected(last: LastRun, periodMs: number, now: number): boolean {
  return ageOf(last, periodMs, now) > silentAfter(periodMs) + 2 * watchEveryMs;
}

function silentAfter(periodMs: number): number {
  return 2 * noteEvery(periodMs) + minute;
}

/** How long ago it was. A time far ahead was written by a broken clock and counts as long ago. */
function ageOf({ at }: LastRun, periodMs: number, now: number): number {
  return at > now + silentAfter(periodMs) ? Number.POSITIVE_INFINITY : now - at;
}
