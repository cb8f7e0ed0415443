import { randomUUID } from 'node:crypto';
import { type BearerCheck, createBearerCheck } from './auth/bearer';
import { createSignInParts, type SignInParts } from './auth/sign-in-parts';
import { createTokenSource, type TokenSource } from './auth/token-source';
import type { CycleServices } from './cycle/services';
import { createBudgets } from './dynamics/budgets';
import { createDynamics } from './dynamics/client';
import type { Dynamics } from './dynamics/dynamics';
import { notedFetch } from './dynamics/noted-fetch';
import { wayTo } from './dynamics/way';
import { createExchange } from './exchange/client';
import type { Exchange } from './exchange/exchange';
import type { TestServices } from './mailboxes/run-test';
import { createDeadLetters, type DeadLetters } from './messaging/dead-letters';
import { createMessenger, type Messenger } from './messaging/senders';
import { type Clock, sleepInBackground, systemClock } from './platform/clock';
import { type Config, config } from './platform/config';
import type { Sealer } from './platform/seal';
import { createLog, type Log, type Sink } from './platform/telemetry';
import type { PollingServices } from './polling/services';
import { type Audit, tableAudit } from './storage/audit';
import { type Feed, tableFeed } from './storage/feed';
import { type Grants, tableGrants } from './storage/grants';
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
import { type Profiles, tableProfiles } from './storage/profiles';
import { type RecordLoads, tableRecordLoads } from './storage/record-loads';
import { type Records, tableRecords } from './storage/records';
import { type Replies, tableReplies } from './storage/replies';
import { type RequestLog, tableRequestLog } from './storage/request-log';
import { sealerSource } from './storage/sealer-source';
import { openTables, type Tables } from './storage/tables';
import { type TestReports, tableTestReports } from './storage/test-reports';
import { type TimerRuns, tableTimerRuns } from './storage/timer-runs';
import { type Told, tableTold } from './storage/told';
import { type Turns, tableTurns } from './storage/turns';
import { tableWebhooks, type WebhookRows } from './storage/webhooks';
import { tellAssignment } from './workspace/notify-owner';

/** Everything that one process needs, once. Nothing connects before it is used. */
export interface Parts extends SignInParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly tokens: TokenSource;
  readonly checkBearer: BearerCheck;
  readonly tables: Tables;
  readonly sealer: () => Promise<Sealer>;
  readonly integrations: Integrations;
  readonly turns: Turns;
  readonly mailboxes: Mailboxes;
  readonly participation: Participation;
  readonly testReports: TestReports;
  readonly profiles: Profiles;
  readonly homes: Homes;
  readonly journal: Journal;
  readonly records: Records;
  readonly feed: Feed;
  readonly told: Told;
  readonly grants: Grants;
  readonly recordLoads: RecordLoads;
  readonly audit: Audit;
  readonly requestLog: RequestLog;
  readonly replies: Replies;
  readonly webhooks: WebhookRows;
  readonly messenger: Messenger;
  readonly deadLetters: DeadLetters;
  readonly exchange: Exchange;
  /** The environment as Tandem itself, which names the person in whose name it acts. */
  readonly timerRuns: TimerRuns;
  dynamics(integration: Integration): Dynamics;
  /** The environment as the person herself where the integration wants her own sign-in, otherwise as `dynamics`. Calls name her in any case. */
  dynamicsAs(integration: Integration, objectId: string): Dynamics;
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
  const budgets = createBudgets({ limits: tableLimits(tables), clock, pollPeriodMs, holder: randomUUID(), keep: sleepInBackground });
  const signIns = createSignInParts({ config, clock, secrets, tables, tokens });
  const requestLog = tableRequestLog(tables, clock);
  const environments = new Map<string, Dynamics>();

  function environment(integration: Integration, person: string | null): Dynamics {
    const { baseUrl, connection, settings } = integration;
    const name = JSON.stringify(integration);
    const known = person === null ? environments.get(name) : undefined;
    if (known !== undefined) return known;
    const signIn = person === null ? connection.service : connection.action;
    const own = signIns.tokensOf(integration);
    const way = wayTo(connection);
    const made = createDynamics({
      baseUrl,
      getToken: () => (person === null ? own.service() : own.person(person)),
      ...(signIn.by === 'authorizationCode' ? { headerPrefix: signIn.headerPrefix } : {}),
      asOneself: person !== null,
      ...way,
      fetch: connection.logRequests ? notedFetch(way.fetch, clock, (request) => requestLog.note(integration.id, request)) : way.fetch,
      clock,
      budget: budgets(integration),
      feedPageSize: config.feedPageSize,
      custom: settings.customFields,
      richText: settings.richText,
    });
    // Those of persons are not kept: there may be very many.
    if (person === null) environments.set(name, made);
    return made;
  }

  return {
    config,
    clock,
    tokens,
    tables,
    sealer,
    checkBearer: createBearerCheck(config, clock),
    ...signIns,
    integrations: tableIntegrations(tables),
    turns: tableTurns(tables, clock),
    mailboxes: tableMailboxes(tables),
    participation: tableParticipation(tables),
    testReports: tableTestReports(tables),
    profiles: tableProfiles(tables),
    homes: tableHomes(tables),
    journal: tableJournal(tables, sealer, clock),
    records: tableRecords(tables),
    feed: tableFeed(tables),
    told: tableTold(tables),
    grants: tableGrants(tables),
    recordLoads: tableRecordLoads(tables),
    audit: tableAudit(tables),
    requestLog,
    replies: tableReplies(tables, sealer, clock),
    webhooks: tableWebhooks({ secrets, tables }),
    messenger: createMessenger(config, tokens),
    deadLetters: createDeadLetters(config, tokens),
    timerRuns: tableTimerRuns(tables),
    exchange: createExchange({ baseUrl: config.graphUrl, getToken: () => tokens.token(`${config.graphUrl}/.default`), timeoutMs, clock }),
    dynamics: (integration) => environment(integration, null),
    dynamicsAs: (integration, objectId) => environment(integration, integration.connection.action.by === 'service' ? null : objectId),
  };
}

let parts: Parts | undefined;

/** The parts of this process. Throws TandemError `settings` where the settings are wrong. */
export function ownParts(): Parts {
  parts ??= createParts(config());
  return parts;
}

/** The services of an invocation; `sink` is its context. Throws as `ownParts` does. */
export function services(sink: Sink): Services {
  return { ...ownParts(), log: createLog(sink) };
}

/** What serves a wake-up. Throws TandemError `settings`. */
export function wakeUpServices(sink: Sink): TestServices {
  const all = services(sink);
  return { ...cycleServicesOf(all), ...all };
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
  return { ...all, settings: { ...all.config, intervals }, links: linksOf(all), onRecordChange: (change) => tellAssignment(all, change) };
}

function linksOf({ tables, sealer }: Parts): (mailbox: MailboxRef) => Promise<LinkPartition> {
  return async ({ integration, id }) => {
    const [table, seal] = await Promise.all([tables.table('links'), sealer()]);
    return linkPartition(table, joinKey(integration, id), seal);
  };
}
