import { Cron } from 'croner';
import { HostProblem } from './problem';
import { timeSpanToMs } from './timespan';

export interface Schedule {
  /** The first occurrence after `after`; undefined where there is none any more. */
  next(after: Date): Date | undefined;
  /** True for a constant interval, which has no clock times. */
  readonly isConstant: boolean;
}

/**
 * A timer's schedule: NCRONTAB with six fields (seconds first) or five, in UTC, or a TimeSpan as a constant interval.
 * Day of month and day of week must both fit, as in NCrontab. Source: "Timer trigger for Azure Functions", NCRONTAB expressions.
 * @throws HostProblem `schedule-invalid`
 */
export function parseSchedule(text: string): Schedule {
  const interval = timeSpanToMs(text);
  if (interval !== undefined) return constantSchedule(text, interval);
  if (!/^[\w*,/\-\s]+$/.test(text)) throw invalid(text);
  try {
    const cron = new Cron(text.trim(), { timezone: 'UTC', mode: '5-or-6-parts', domAndDow: true, sloppyRanges: true, paused: true });
    return { next: (after) => cron.nextRun(after) ?? undefined, isConstant: false };
  } catch {
    throw invalid(text);
  }
}

/** True where occurrences are less than a minute apart: the host then keeps no schedule status (azure-webjobs-sdk-extensions, `TimerSchedule`). */
export function isFrequent(schedule: Schedule, now: Date): boolean {
  const first = schedule.next(now);
  const second = first && schedule.next(first);
  return first !== undefined && second !== undefined && second.getTime() - first.getTime() < 60_000;
}

function constantSchedule(text: string, interval: number): Schedule {
  if (interval <= 0) throw invalid(text);
  return { next: (after) => new Date(after.getTime() + interval), isConstant: true };
}

function invalid(text: string): HostProblem {
  return new HostProblem(
    'schedule-invalid',
    `The schedule expression '${text}' was not recognized as a valid cron expression or timespan string.`,
  );
}
