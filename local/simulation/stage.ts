import type { CycleServices, CycleSettings } from '../../shared/cycle/services';
import { createBudgets } from '../../shared/dynamics/budgets';
import { createDynamics } from '../../shared/dynamics/client';
import type { Dynamics } from '../../shared/dynamics/dynamics';
import { createExchange } from '../../shared/exchange/client';
import type { Messenger } from '../../shared/messaging/senders';
import { createSealer } from '../../shared/platform/seal';
import type { Log } from '../../shared/platform/telemetry';
import type { PollingServices } from '../../shared/polling/services';
import { tableGrants } from '../../shared/storage/grants';
import { tableHomes } from '../../shared/storage/homes';
import { type Integration, type Integrations, tableIntegrations } from '../../shared/storage/integrations';
import { type Journal, tableJournal } from '../../shared/storage/journal';
import { joinKey } from '../../shared/storage/key';
import { tableLimits } from '../../shared/storage/limits';
import { linkPartition } from '../../shared/storage/links';
import { type Mailboxes, tableMailboxes } from '../../shared/storage/mailboxes';
import { type Participation, tableParticipation } from '../../shared/storage/participation';
import { tableRecordLoads } from '../../shared/storage/record-loads';
import { tableRecords } from '../../shared/storage/records';
import type { Tables } from '../../shared/storage/tables';
import { type TestReports, tableTestReports } from '../../shared/storage/test-reports';
import { tableTimerRuns } from '../../shared/storage/timer-runs';
import type { Ground } from './ground';

const day = 86_400_000;

const silent: Log = { info() {}, warn() {}, error() {} };
const loud: Log = {
  info: (event, facts) => console.log(event, facts),
  warn: (event, facts) => console.log(event, facts),
  error: (event, error, facts) => console.log(event, error, facts),
};

/** What cycles and polling need, and what looks into a world from outside. */
export interface WorldServices extends Omit<CycleServices & PollingServices, 'integrations' | 'mailboxes' | 'journal' | 'messenger'> {
  readonly integrations: Integrations;
  readonly mailboxes: Mailboxes;
  readonly messenger: Messenger;
  readonly journal: Journal;
  readonly tables: Tables;
  readonly participation: Participation;
  readonly testReports: TestReports;
}

export interface Staging {
  readonly cycle: Partial<CycleSettings>;
  /** Rows on a page of a feed. */
  readonly feedPageSize?: number;
  /** The name under which it borrows of what all may ask of Dynamics: all processes go by one unless they have their own. */
  readonly holder?: string;
}

const key = { id: 'k1', secret: new Uint8Array(32).fill(7) };
const sealer = createSealer({ current: key, find: (id) => (id === key.id ? key : undefined) });

/** The services of one process on a ground: the real ones, but for the queues. */
export function servicesOn(
  ground: Ground,
  messenger: Messenger,
  { cycle, feedPageSize = 500, holder = 'process' }: Staging,
): WorldServices {
  const { clock, tables, dynamics, graph, fetch } = ground;
  const requestTimeoutMs = cycle.requestTimeoutMs ?? 5_000;
  const way = { timeoutMs: requestTimeoutMs, clock, fetch };
  // One for all who ask, for it remembers until when Dynamics wants to be left alone.
  const environments = new Map<string, Dynamics>();
  const budgets = createBudgets({ limits: tableLimits(tables), clock, pollPeriodMs: pollingSettings.pollPeriodMs, holder });
  const environment = (integration: Integration): Dynamics => {
    const { customFields: custom, richText } = integration.settings;
    const name = JSON.stringify(integration);
    const budget = budgets(integration);
    const getToken = () => ground.token('application', dynamics.url);
    const known =
      environments.get(name) ?? createDynamics({ ...way, baseUrl: dynamics.url, getToken, budget, feedPageSize, custom, richText });
    environments.set(name, known);
    return known;
  };
  return {
    clock,
    log: process.env.LOUD === undefined ? silent : loud,
    settings: { ...cycleSettings, requestTimeoutMs, ...cycle, ...pollingSettings },
    tables,
    integrations: tableIntegrations(tables),
    mailboxes: tableMailboxes(tables),
    participation: tableParticipation(tables),
    testReports: tableTestReports(tables),
    homes: tableHomes(tables),
    journal: tableJournal(tables, async () => sealer, clock),
    messenger,
    timerRuns: tableTimerRuns(tables),
    records: tableRecords(tables),
    recordLoads: tableRecordLoads(tables),
    grants: tableGrants(tables),
    onRecordChange: async () => undefined,
    sealer: async () => sealer,
    exchange: createExchange({ ...way, baseUrl: graph.url, getToken: () => ground.token('application', graph.url) }),
    links: async ({ integration, id }) => linkPartition(await tables.table('links'), joinKey(integration, id), sealer),
    dynamics: environment,
  };
}

const cycleSettings: Omit<CycleSettings, 'requestTimeoutMs'> = {
  sliceActions: 90,
  cycleMs: 120_000,
  taskRecheckMs: 60_000,
  retryFirstMs: 15_000,
  retryMostMs: 3_600_000,
  calendarPastMs: 14 * day,
  calendarFutureMs: 180 * day,
  publicUrl: null,
};

const pollingSettings: Omit<PollingServices['settings'], 'publicUrl'> = {
  pollPeriodMs: 15_000,
  heartbeatPeriodMs: 300_000,
  wakeUpSlotMs: 2_000,
  journalKeptMs: 30 * day,
  intervals: { busyMs: 15_000, typicalMs: 60_000, quietMs: 720_000, tasksMs: 180_000 },
};
