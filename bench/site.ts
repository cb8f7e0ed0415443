import type { Person } from '../local/company/people';
import { type Stack, type StackOptions, startStack } from '../local/stack';
import { Office } from '../local/walkthrough/office';
import { until } from '../local/walkthrough/until';

/** What a site differs in from a stack as it usually is. */
export interface SiteOptions extends StackOptions {
  readonly pollSeconds: number;
  /** True lets Exchange and Dynamics push. */
  readonly push?: boolean;
}

/** A stack with nothing but people on it, whose only regular work is to poll: nobody is told where the app is, so nothing is pushed. The heartbeat and the sweep, which the goals set aside, come once a year. */
export async function startSite(options: SiteOptions): Promise<{ stack: Stack; office: Office }> {
  const { pollSeconds, settings, push = false, ...rest } = options;
  const every = `*/${pollSeconds} * * * * *`;
  const seconds = String(pollSeconds);
  const stack = await startStack({
    seed: 'empty-company',
    ...rest,
    settings: {
      POLL_DYNAMICS_SCHEDULE: every,
      POLL_EXCHANGE_SCHEDULE: every,
      POLL_PERIOD_SECONDS: seconds,
      EXCHANGE_BUSY_SECONDS: seconds,
      EXCHANGE_TYPICAL_SECONDS: seconds,
      EXCHANGE_QUIET_SECONDS: seconds,
      EXCHANGE_TASKS_SECONDS: seconds,
      WAKE_UP_SLOT_SECONDS: '1',
      HEARTBEAT_SCHEDULE: '0 0 0 1 1 *',
      SWEEP_SCHEDULE: '0 0 0 1 1 *',
      ...(push ? {} : { PUBLIC_URL: '' }),
      ...settings,
    },
  });
  return { stack, office: new Office(stack) };
}

/** Works on a stack of its own, which is closed whether the work is done or has failed. */
export async function onSite<T>(
  options: SiteOptions,
  work: (site: { readonly stack: Stack; readonly office: Office }) => Promise<T>,
): Promise<T> {
  const site = await startSite(options);
  try {
    return await work(site);
  } finally {
    await site.stack.close();
  }
}

/** Enables mailboxes, a few at a time, and waits until everything is quiet. */
export async function enableAll({ stack, office }: { stack: Stack; office: Office }, who: readonly Person[]): Promise<void> {
  for (let at = 0; at < who.length; at += 8) await Promise.all(who.slice(at, at + 8).map((person) => office.enable(person)));
  await settled(stack, who.length);
}

/** Requests that come whether or not anything happens; everything else means that something is going on. */
const regular = [/^GET \w+\?delta$/, /^POST \$batch$/, /^GET users\/\{\}\/(events|contacts|todo\/lists\/\{\}\/tasks)$/];
const quietPolls = 3;

/** Waits until three polls in a row, of both sides, have led to nothing. */
export async function settled(stack: Stack, mailboxes: number, withinMs = 300_000): Promise<void> {
  let before = { activity: -1, polls: 0 };
  await until(
    'nothing is going on',
    async () => {
      const now = { activity: activityOf(stack), polls: pollsOf(stack, mailboxes) };
      if (now.activity !== before.activity) before = now;
      return now.polls >= before.polls + quietPolls;
    },
    withinMs,
  );
}

function activityOf(stack: Stack): number {
  const { dynamics = {}, graph = {} } = stack.surroundings.counters.snapshot().endpoints;
  return [...Object.entries(dynamics), ...Object.entries(graph)]
    .filter(([label]) => !regular.some((pattern) => pattern.test(label)))
    .reduce((sum, [, { operations }]) => sum + operations, 0);
}

/** Polls that were made of both sides since the counters were reset. */
export function pollsOf(stack: Stack, mailboxes: number): number {
  const { dynamics = {}, graph = {} } = stack.surroundings.counters.snapshot().endpoints;
  const probes = (graph['GET users/{}/events']?.operations ?? 0) / mailboxes;
  return Math.floor(Math.min(probes, dynamics['GET appointments?delta']?.operations ?? 0));
}

/** Operations of these labels that a stand-in has served since the counters were reset. */
export function operations(stack: Stack, service: 'dynamics' | 'graph', labels: RegExp): number {
  return Object.entries(stack.surroundings.counters.snapshot().endpoints[service] ?? {})
    .filter(([label]) => labels.test(label))
    .reduce((sum, [, count]) => sum + count.operations, 0);
}

/** Items that were created in Exchange. */
export const creates = /^POST users\/\{\}\/(contacts|events|todo\/lists\/\{\}\/tasks)$/;
