import { randomUUID } from 'node:crypto';
import { type BearerCheck, createBearerCheck } from './auth/bearer';
import { type ClientSecrets, keyVaultClientSecrets } from './auth/client-secrets';
import { createTokenSource, type TokenSource } from './auth/token-source';
import type { CycleServices } from './cycle/services';
import { createBudgets } from './dynamics/budgets';
import { createDynamics } from './dynamics/client';
import type { Dynamics } from './dynamics/dynamics';
import { wayTo } from './dynamics/way';
import { createExchange } from './exchange/client';
import type { Exchange } from './exchange/exchange';
import { createDeadLetters, type DeadLetters } from './messaging/dead-letters';
import { createMessenger, type Messenger } from './messaging/senders';
import { type Clock, systemClock } from './platform/clock';
import { type Config, config } from './platform/config';
import type { Sealer } from './platform/seal';
import { createLog, type Log, type Sink } from './platform/telemetry';
import type { PollingServices } from './polling/services';
import { type Audit, tableAudit } from './storage/audit';
import { type Homes, tableHomes } from './storage/homes';
import { type Integration, type Integrations, tableIntegrations } from './storage/integrations';
import { type Journal, tableJournal } from './storage/journal';
import { joinKey } from './storage/key';
import { loadKeyRing } from './storage/key-ring';
import { openKeyVault } from './storage/key-vault';
import { tableLimits } from './storage/limits';
import { type LinkPartition, linkPartition } from './storage/links';
import { type Mailboxes, type MailboxRef, tableMailboxes } from './storage/mailboxes';
import { type Participation, tableParticipation } from './storage/participation';
import { type Records, tableRecords } from './storage/records';
import { sealerSource } from './storage/sealer-source';
import { openTables, type Tables } from './storage/tables';
import { type Turns, tableTurns } from './storage/turns';

/** Everything that one process needs, once. Nothing connects before it is used. */
export interface Parts {
  readonly config: Config;
  readonly clock: Clock;
  readonly tokens: TokenSource;
  readonly checkBearer: BearerCheck;
  readonly clientSecrets: ClientSecrets;
  readonly tables: Tables;
  readonly sealer: () => Promise<Sealer>;
  readonly integrations: Integrations;
  readonly turns: Turns;
  readonly mailboxes: Mailboxes;
  readonly participation: Participation;
  readonly homes: Homes;
  readonly journal: Journal;
  readonly records: Records;
  readonly audit: Audit;
  readonly messenger: Messenger;
  readonly deadLetters: DeadLetters;
  readonly exchange: Exchange;
  dynamics(integration: Integration): Dynamics;
}

/** The parts of the process, and the log of one invocation. */
export interface Services extends Parts {
  readonly log: Log;
}

/** Builds the parts from settings. */
export function createParts(config: Config, clock: Clock = systemClock): Parts {
  const timeoutMs = config.requestTimeoutMs;
  const tokens = createTokenSource(config, globalThis.fetch, clock);
  const tables = openTables(config, tokens);
  const secrets = openKeyVault(config, tokens);
  const sealer = sealerSource(async () => loadKeyRing({ secrets, table: await tables.table('keys'), clock }), clock);
  const { pollPeriodMs } = config;
  const budgets = createBudgets({ limits: tableLimits(tables), clock, pollPeriodMs, holder: randomUUID(), keep: clock.sleep });
  const environments = new Map<string, Dynamics>();
  return {
    config,
    clock,
    tokens,
    tables,
    sealer,
    checkBearer: createBearerCheck(config, clock),
    clientSecrets: keyVaultClientSecrets({ secrets, tables, clock }),
    integrations: tableIntegrations(tables),
    turns: tableTurns(tables, clock),
    mailboxes: tableMailboxes(tables),
    participation: tableParticipation(tables),
    homes: tableHomes(tables),
    journal: tableJournal(tables, sealer, clock),
    records: tableRecords(tables),
    audit: tableAudit(tables),
    messenger: createMessenger(config, tokens),
    deadLetters: createDeadLetters(config, tokens),
    exchange: createExchange({ baseUrl: config.graphUrl, getToken: () => tokens.token(`${config.graphUrl}/.default`), timeoutMs, clock }),
    dynamics(integration) {
      const { baseUrl, connection } = integration;
      const { customFields: custom, richText } = integration.settings;
      const name = JSON.stringify(integration);
      const getToken = () => tokens.token(`${baseUrl}/.default`);
      const { feedPageSize } = config;
      const known =
        environments.get(name) ??
        createDynamics({ baseUrl, getToken, ...wayTo(connection), clock, budget: budgets(integration), feedPageSize, custom, richText });
      environments.set(name, known);
      return known;
    },
  };
}

let parts: Parts | undefined;

/** The services of an invocation; `sink` is its context. Throws TandemError `settings` where the settings are wrong. */
export function services(sink: Sink): Services {
  parts ??= createParts(config());
  return { ...parts, log: createLog(sink) };
}

/** The services of a cycle. Throws TandemError `settings`. */
export function cycleServices(sink: Sink): CycleServices {
  return cycleServicesOf(services(sink));
}

/** The services of polling. Throws TandemError `settings`. */
export function pollingServices(sink: Sink): PollingServices {
  return pollingServicesOf(services(sink));
}

/** What a cycle needs of all services. */
export function cycleServicesOf(all: Services): CycleServices {
  return { ...all, settings: all.config, links: linksOf(all) };
}

/** What polling needs of all services. */
export function pollingServicesOf(all: Services): PollingServices {
  const { exchangeBusyMs, exchangeTypicalMs, exchangeQuietMs, exchangeTasksMs } = all.config;
  const intervals = { busyMs: exchangeBusyMs, typicalMs: exchangeTypicalMs, quietMs: exchangeQuietMs, tasksMs: exchangeTasksMs };
  return { ...all, settings: { ...all.config, intervals }, links: linksOf(all) };
}

function linksOf({ tables, sealer }: Parts): (mailbox: MailboxRef) => Promise<LinkPartition> {
  return async ({ integration, id }) => {
    const [table, seal] = await Promise.all([tables.table('links'), sealer()]);
    return linkPartition(table, joinKey(integration, id), seal);
  };
}
