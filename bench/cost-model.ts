import { grouped } from '../shared/exchange/probe';
import { mostProbed } from '../shared/messaging/messages';
import { feedsThatAreRead, IntegrationSettings } from '../shared/model/integration-settings';
import { type Setting, type SettingName, settings } from '../shared/platform/config-settings';
import { type DueIntervals, interval } from '../shared/sync/due';
import type { Meters, Prices, Work } from './cost-assumptions';
import { type Count, type Occasion, recordsInSweep } from './cost-counts';

const day = 86_400;
const hour = 3_600;
/** Rows that one request of the table service answers with at most. */
const rowsAPage = 1_000;
const trackedTables = feedsThatAreRead(IntegrationSettings.parse({})).length;

export type Counts = Readonly<Record<Occasion, Count>>;

/** What a month takes. */
export interface Usage {
  readonly timers: number;
  readonly polls: number;
  readonly cycles: number;
  readonly messages: number;
  readonly operations: number;
  readonly tableTransactions: number;
  readonly graphRequests: number;
  readonly dynamicsRequests: number;
  readonly gigabyteSeconds: number;
  readonly logGigabytes: number;
  readonly tableGigabytes: number;
}

/** Dollars a month. */
export interface Bill {
  readonly functions: number;
  readonly serviceBus: number;
  readonly tables: number;
  readonly log: number;
  readonly watching: number;
  readonly all: number;
}

/** The periods of the settings' defaults, in seconds. */
export interface Periods {
  readonly poll: number;
  readonly heartbeat: number;
  readonly intervals: DueIntervals;
}

export function defaultPeriods(): Periods {
  const seconds = (name: SettingName): number => Number((settings[name] as Setting<unknown>).default);
  const ms = (name: SettingName): number => seconds(name) * 1_000;
  return {
    poll: seconds('POLL_PERIOD_SECONDS'),
    heartbeat: seconds('HEARTBEAT_PERIOD_SECONDS'),
    intervals: {
      busyMs: ms('EXCHANGE_BUSY_SECONDS'),
      typicalMs: ms('EXCHANGE_TYPICAL_SECONDS'),
      quietMs: ms('EXCHANGE_QUIET_SECONDS'),
      tasksMs: ms('EXCHANGE_TASKS_SECONDS'),
    },
  };
}

interface Probes {
  /** Poll messages, each of which is one execution. */
  readonly messages: number;
  readonly batches: number;
}

/** What a month of so many mailboxes takes. Changes are taken one by one, as if none ever shared a poll or a cycle with another: an upper bound. */
export function usageOf(mailboxes: number, counts: Counts, work: Work, meters: Meters, periods = defaultPeriods()): Usage {
  const { daysAMonth: days, integrations } = work;
  const ticks = (days * day) / periods.poll;
  const probes = probesAMonth(mailboxes, work, periods);
  const feeds = ticks * trackedTables * integrations;
  const beats = (days * day) / periods.heartbeat;
  const sweepTimers = days * 24;
  const changes = changesAMonth(mailboxes, work);
  const heartbeats = mailboxes * days * 24;
  const sweeps = mailboxes * days;
  const times: Partial<Record<Occasion, number>> = {
    pollDynamics: ticks,
    pollExchange: ticks,
    heartbeat: beats,
    dailySweep: sweepTimers,
    feed: feeds,
    probe: probes.messages,
    heartbeatCycle: heartbeats,
    emptySweepCycle: sweeps,
    ...changes,
  };
  const total = (name: Exclude<keyof Count, 'occasion'>): number =>
    Object.entries(times).reduce((sum, [occasion, often]) => sum + often * counts[occasion as Occasion][name], 0);
  const perRecord = (counts.fullSweepCycle.tables - counts.emptySweepCycle.tables) / recordsInSweep;

  const timers = 2 * ticks + beats + sweepTimers;
  const polls = feeds + probes.messages;
  const cycles = total('cycles');
  const messages =
    polls + heartbeats + sweeps + sumOf(Object.entries(changes).map(([name, often]) => often * counts[name as Occasion].messages));
  const executions = timers + polls + cycles;
  return {
    timers,
    polls,
    cycles,
    messages,
    operations: messages * meters.operationsAMessage + days * meters.emptyAcceptsADay * meters.sessionsAnInstance * meters.readers,
    tableTransactions:
      total('tables') +
      sweeps * perRecord * work.recordsAMailbox +
      furtherPages(mailboxes) * listingsOf(ticks, beats, sweepTimers, changes, feeds, integrations),
    graphRequests: total('graph') - probes.messages * counts.probe.graph + probes.batches,
    dynamicsRequests: total('dynamics'),
    gigabyteSeconds: meters.gigabytesAnInstance * busySeconds({ timers, polls, cycles }, days, meters),
    logGigabytes:
      (executions * (meters.requestBytes + meters.hostLinesAnExecution * meters.traceBytes) +
        total('logLines') * meters.traceBytes +
        total('logBytes')) /
      1e9,
    tableGigabytes: (mailboxes * work.recordsAMailbox * meters.bytesARecord) / 1e9,
  };
}

/** What a usage costs in a month. */
export function billOf(usage: Usage, prices: Prices): Bill {
  const { timers, polls, cycles, operations } = usage;
  const executions = Math.max(0, timers + polls + cycles - prices.freeExecutions);
  const functions =
    (executions / 1e6) * prices.executionsAMillion +
    Math.max(0, usage.gigabyteSeconds - prices.freeGigabyteSeconds) * prices.gigabyteSecond;
  const few = Math.max(0, Math.min(operations, prices.manyOperations) - prices.freeOperations);
  const many = Math.max(0, operations - prices.manyOperations);
  const serviceBus = prices.serviceBusBaseAMonth + (few / 1e6) * prices.operationsAMillion + (many / 1e6) * prices.manyOperationsAMillion;
  const tables = (usage.tableTransactions / 1e4) * prices.tableTransactionsATenThousand + usage.tableGigabytes * prices.tableGigabyte;
  const log = Math.max(0, usage.logGigabytes - prices.freeLogGigabytes) * prices.logGigabyte;
  const watching = prices.watchingAMonth;
  return { functions, serviceBus, tables, log, watching, all: functions + serviceBus + tables + log + watching };
}

/** A mailbox in use is busy for some hours of a working day and typical for the rest; all others, and all of them on other days, are quiet. */
export function probesAMonth(mailboxes: number, work: Work, { poll, intervals }: Periods): Probes {
  const every = (hoursSince: number): number => interval(-hoursSince * hour * 1_000, intervals, 0) / 1_000;
  const [busy, typical, quiet] = [every(0), every(2), every(48)];
  const inUse = mailboxes * work.shareInUse;
  const restDays = work.daysAMonth - work.workingDaysAMonth;
  const phases = [
    { hours: work.workingDaysAMonth * work.busyHours, due: dueAtOnce(inUse, busy, poll) + dueAtOnce(mailboxes - inUse, quiet, poll) },
    {
      hours: work.workingDaysAMonth * (24 - work.busyHours),
      due: dueAtOnce(inUse, typical, poll) + dueAtOnce(mailboxes - inUse, quiet, poll),
    },
    { hours: restDays * 24, due: dueAtOnce(mailboxes, quiet, poll) },
  ];
  return {
    messages: sumOf(phases.map(({ hours, due }) => ((hours * hour) / poll) * Math.ceil(due / mostProbed))),
    batches: sumOf(phases.map(({ hours, due }) => ((hours * hour) / poll) * batchesFor(Math.round(due), work.foldersAMailbox))),
  };
}

/** Mailboxes of one kind that are due at the same poll. */
function dueAtOnce(mailboxes: number, everySeconds: number, periodSeconds: number): number {
  return mailboxes * Math.min(1, periodSeconds / everySeconds);
}

/** Graph batches of one poll, as the probe puts them together. */
function batchesFor(due: number, folders: number): number {
  const target = { userId: '', feeds: Array.from({ length: folders }, () => 'calendar' as const) };
  const batches = (count: number): number => grouped(Array.from({ length: count }, () => target)).length;
  return Math.floor(due / mostProbed) * batches(mostProbed) + batches(due % mostProbed);
}

function changesAMonth(mailboxes: number, work: Work) {
  const days = mailboxes * work.shareInUse * work.workingDaysAMonth;
  return {
    changeInDynamics: days * work.changesInDynamics,
    changeInExchange: days * work.changesInExchange,
    otherChangeInExchange: days * work.otherChangesInExchange,
  } satisfies Partial<Record<Occasion, number>>;
}

/** Pages of a list of all mailboxes beyond the first, which the counts have. */
function furtherPages(mailboxes: number): number {
  return Math.ceil(mailboxes / rowsAPage) - 1;
}

/** How often all mailboxes are listed: by timers, and by each reading of a feed that found something, which every change in Dynamics and every write there leads to. */
function listingsOf(
  ticks: number,
  beats: number,
  sweepTimers: number,
  changes: { readonly changeInDynamics: number; readonly changeInExchange: number },
  feeds: number,
  integrations: number,
): number {
  const foundSomething = Math.min(feeds, changes.changeInDynamics + changes.changeInExchange);
  return (ticks + 2 * beats + sweepTimers) * integrations + foundSomething;
}

/** Seconds in which some instance is busy. A timer never runs beside itself; messages come at random times and share an instance as far as it takes several at once. */
function busySeconds({ timers, polls, cycles }: Pick<Usage, 'timers' | 'polls' | 'cycles'>, days: number, meters: Meters): number {
  const month = days * day;
  const busy = (executions: number, seconds: number): number =>
    month * busyInstances((executions * seconds) / month, meters.sessionsAnInstance);
  return timers * meters.secondsAPoll + busy(polls, meters.secondsAPoll) + busy(cycles, meters.secondsACycle);
}

/** How many instances are busy on average, under a load of so many executions at a time. */
export function busyInstances(load: number, sessionsAnInstance: number): number {
  return load <= sessionsAnInstance ? 1 - Math.exp(-load) : load / sessionsAnInstance;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
