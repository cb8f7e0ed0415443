import type { Azurite } from '../../../local/azurite';
import type { DynamicsStandIn } from '../../../local/dynamics';
import type { GraphStandIn } from '../../../local/graph';
import type { IdentityProvider } from '../../../local/identity';
import { tokenForApplication } from '../../../local/identity/sign-in';
import { createTokenSource } from '../../../shared/auth/token-source';
import type { CycleServices, CycleSettings } from '../../../shared/cycle/services';
import { createDynamics } from '../../../shared/dynamics/client';
import { createExchange } from '../../../shared/exchange/client';
import type { Clock } from '../../../shared/platform/clock';
import { createSealer } from '../../../shared/platform/seal';
import type { Log } from '../../../shared/platform/telemetry';
import type { PollingServices } from '../../../shared/polling/services';
import { tableHomes } from '../../../shared/storage/homes';
import { tableIntegrations } from '../../../shared/storage/integrations';
import { type Journal, tableJournal } from '../../../shared/storage/journal';
import { joinKey } from '../../../shared/storage/key';
import { linkPartition } from '../../../shared/storage/links';
import { type Mailboxes, tableMailboxes } from '../../../shared/storage/mailboxes';
import { openTables, type Tables } from '../../../shared/storage/tables';
import { testConfig } from '../test-config';
import type { Wakes } from './wakes';

const day = 86_400_000;

const silent: Log = { info() {}, warn() {}, error() {} };
const loud: Log = {
  info: (event, facts) => console.log(event, facts),
  warn: (event, facts) => console.log(event, facts),
  error: (event, error, facts) => console.log(event, error, facts),
};

/** What cycles and polling need, and what a test looks into. */
export interface WorldServices extends Omit<CycleServices & PollingServices, 'mailboxes' | 'journal'> {
  readonly mailboxes: Mailboxes;
  readonly journal: Journal;
  readonly tables: Tables;
}

interface Stage {
  readonly azurite: Azurite;
  readonly identity: IdentityProvider;
  readonly dynamics: DynamicsStandIn;
  readonly graph: GraphStandIn;
  readonly wakes: Wakes;
  readonly clock: Clock;
  readonly cycle: Partial<CycleSettings>;
  /** Rows on a page of a feed. */
  readonly feedPageSize?: number;
}

/** The services of a world: the real ones on stand-ins, but for the queues. */
export function servicesOn({ azurite, identity, dynamics, graph, wakes, clock, cycle, feedPageSize = 500 }: Stage): WorldServices {
  const requestTimeoutMs = cycle.requestTimeoutMs ?? 5_000;
  const config = testConfig({ Tables: azurite.connectionString });
  const tables = openTables({ ...config, requestTimeoutMs }, createTokenSource(config));
  const key = { id: 'k1', secret: new Uint8Array(32).fill(7) };
  const sealer = createSealer({ current: key, find: (id) => (id === key.id ? key : undefined) });
  return {
    clock,
    log: process.env.LOUD === undefined ? silent : loud,
    settings: { ...cycleSettings, requestTimeoutMs, ...cycle, ...pollingSettings },
    tables,
    integrations: tableIntegrations(tables),
    mailboxes: tableMailboxes(tables),
    homes: tableHomes(tables),
    journal: tableJournal(tables, () => Promise.resolve(sealer), clock),
    messenger: wakes,
    exchange: createExchange({
      baseUrl: graph.url,
      getToken: () => tokenForApplication(identity, graph.url),
      timeoutMs: requestTimeoutMs,
      clock,
    }),
    links: async ({ integration, id }) => linkPartition(await tables.table('links'), joinKey(integration, id), sealer),
    dynamics: () =>
      createDynamics({
        baseUrl: dynamics.url,
        getToken: () => tokenForApplication(identity, dynamics.url),
        timeoutMs: requestTimeoutMs,
        clock,
        feedPageSize,
      }),
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
};

const pollingSettings: PollingServices['settings'] = {
  pollPeriodMs: 15_000,
  heartbeatPeriodMs: 300_000,
  wakeUpSlotMs: 2_000,
  journalKeptMs: 30 * day,
  intervals: { busyMs: 15_000, typicalMs: 60_000, quietMs: 720_000, tasksMs: 180_000 },
};
