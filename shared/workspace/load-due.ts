import type { IntegrationConnection, Schedule } from '../model/integration-connection';
import { type LoadKind, type LoadState, loadedTables } from './load-state';

const minute = 60_000;
const day = 24 * 60 * minute;

/** What an integration's record cache is due for: a load, or the rest of one whose message was lost. */
export type LoadDue = LoadKind | 'rest' | null;

/** Who is due, as a function of its schedules, what was loaded, and the time (UTC ms). Nothing is due while a load is under way; a full load comes first. */
export function loadDue(
  { fullLoad, incrementalLoad }: Pick<IntegrationConnection, 'fullLoad' | 'incrementalLoad'>,
  state: LoadState,
  now: number,
): LoadDue {
  if (state.run !== null) return now >= state.run.until ? 'rest' : null;
  if (isDue(fullLoad, state.began.full, now)) return 'full';
  if (loadedTables(state).length === 0) return null;
  const lastBegan = Math.max(state.began.incremental ?? 0, state.began.full ?? 0);
  return isDue(incrementalLoad, lastBegan, now) ? 'incremental' : null;
}

/** Whether a schedule asks for a load, given when the last one began. A time ahead was written by a broken clock and counts as long ago. */
function isDue(schedule: Schedule, began: number | null, now: number): boolean {
  const last = began === null || began > now + minute ? Number.NEGATIVE_INFINITY : began;
  switch (schedule.at) {
    case 'manual':
      return false;
    case 'interval':
      return now - last >= schedule.minutes * minute;
    case 'daily': {
      const opened = windowOpened(schedule, now);
      return opened !== null && last < opened;
    }
  }
}

/** When the window in which `now` lies was opened; null outside of it. A window may go over midnight. */
function windowOpened({ from, to }: { readonly from: string; readonly to: string }, now: number): number | null {
  const midnight = Math.floor(now / day) * day;
  const [opens, closes] = [timeOfDay(from), timeOfDay(to)];
  const length = (closes - opens + day) % day;
  for (const opened of [midnight + opens, midnight + opens - day]) if (now >= opened && now < opened + length) return opened;
  return null;
}

function timeOfDay(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return (hours * 60 + minutes) * minute;
}
