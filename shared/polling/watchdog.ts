import { asTandemError } from '../platform/errors';
import type { TimerRuns } from '../storage/timer-runs';
import { isNeglected, isOverdue, noteEvery, type TimerName, timerNames, watchEveryMs } from '../sync/silence';
import type { PollingServices, PollingSettings } from './services';
import { dailySweep, heartbeat, pollDynamics, pollExchange } from './timers';

const hour = 3_600_000;
/** A message that asks to look after the timers is of no use any more after this long. */
const watchLifeMs = 600_000;

const workOf: Readonly<Record<TimerName, (services: PollingServices) => Promise<void>>> = {
  pollDynamics,
  pollExchange,
  heartbeat,
  dailySweep,
};

/** Does a timer's work, and says now and then that it did. */
export async function runTimer(name: TimerName, services: PollingServices): Promise<void> {
  await workOf[name](services);
  const { clock, log, timerRuns, settings } = services;
  const now = clock.now();
  const { notedAt } = timerRuns.memory;
  if (now - (notedAt.get(name) ?? Number.NEGATIVE_INFINITY) < noteEvery(periodOf(name, settings))) return;
  const last = (await timerRuns.read()).get(name);
  await timerRuns.save(name, { at: now, by: 'timer', silentSince: null }, last?.etag ?? null);
  notedAt.set(name, now);
  const since = last?.run.silentSince ?? null;
  if (since !== null) log.info('timer-back', { timer: name, silentMinutes: Math.round((now - since) / 60_000) });
}

/**
 * Looks after the timers, at most once a minute a process: where one is silent, its work is done here, by whoever claims it first, and a message is left that asks
 * for the next look, so that this goes on while nothing else happens. Never throws: it comes along with other work, which is done.
 */
export async function watchTimers(services: PollingServices): Promise<void> {
  const { memory } = services.timerRuns;
  const now = services.clock.now();
  if (now - memory.watchedAt < watchEveryMs) return;
  memory.watchedAt = now;
  await watchNow(services);
}

/** The same at once, for who was asked to. */
export async function watchNow(services: PollingServices): Promise<void> {
  const { clock, log, messenger } = services;
  const at = clock.now() + watchEveryMs;
  const slot = Math.floor(at / watchEveryMs);
  try {
    if (await standIn(services)) await messenger.sendPoll({ kind: 'watch', slot }, { id: `watch|${slot}`, ttlMs: watchLifeMs, at });
  } catch (thrown) {
    const { code, detail = '' } = asTandemError(thrown);
    log.warn('timers-not-watched', { code, detail });
  }
}

/** Whether nobody does the work of some timer; their names. Timers of which nothing is known have not had the time to run. */
export async function neglectedTimers(
  timerRuns: TimerRuns,
  settings: Pick<PollingSettings, 'pollPeriodMs' | 'heartbeatPeriodMs'>,
  now: number,
): Promise<TimerName[]> {
  const runs = await timerRuns.read();
  return timerNames.filter((name) => {
    const last = runs.get(name);
    return last !== undefined && isNeglected(last.run, periodOf(name, settings), now);
  });
}

/** Does what is overdue; true while any timer is silent. */
async function standIn(services: PollingServices): Promise<boolean> {
  const { clock, timerRuns, settings } = services;
  const runs = await timerRuns.read();
  let isAnySilent = false;
  for (const name of timerNames) {
    const last = runs.get(name);
    const now = clock.now();
    if (last === undefined) {
      await timerRuns.save(name, { at: now, by: 'timer', silentSince: null }, null);
      continue;
    }
    const { run, etag } = last;
    const isDue = isOverdue(run, periodOf(name, settings), now);
    if (!isDue && run.by === 'timer') continue;
    isAnySilent = true;
    const silentSince = run.silentSince ?? run.at;
    if (isDue && (await timerRuns.save(name, { at: now, by: 'watchdog', silentSince }, etag))) await doWorkOf(services, name, silentSince);
  }
  return isAnySilent;
}

async function doWorkOf(services: PollingServices, timer: TimerName, silentSince: number): Promise<void> {
  const { log } = services;
  log.warn('timer-silent', { timer, since: new Date(silentSince).toISOString() });
  try {
    await workOf[timer](services);
  } catch (thrown) {
    const { code, detail = '' } = asTandemError(thrown);
    log.warn('timers-not-watched', { timer, code, detail });
  }
}

function periodOf(
  name: TimerName,
  { pollPeriodMs, heartbeatPeriodMs }: Pick<PollingSettings, 'pollPeriodMs' | 'heartbeatPeriodMs'>,
): number {
  switch (name) {
    case 'pollDynamics':
    case 'pollExchange':
      return pollPeriodMs;
    case 'heartbeat':
      return heartbeatPeriodMs;
    case 'dailySweep':
      return hour;
  }
}
