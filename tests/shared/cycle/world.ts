import { type Azurite, startAzurite } from '../../../local/azurite';
import { people, type Person, person } from '../../../local/company/people';
import { type DynamicsStandIn, startDynamics } from '../../../local/dynamics';
import { type GraphStandIn, startGraph } from '../../../local/graph';
import { type IdentityProvider, startIdentityProvider } from '../../../local/identity';
import { tokenForApplication, tokenForPerson } from '../../../local/identity/sign-in';
import { Counters } from '../../../local/serving/counters';
import { Faults } from '../../../local/serving/faults';
import { type CycleEnd, runCycle } from '../../../shared/cycle/cycle';
import type { CycleServices, CycleSettings } from '../../../shared/cycle/services';
import { createDynamics } from '../../../shared/dynamics/client';
import { createExchange } from '../../../shared/exchange/client';
import type { WakeUp } from '../../../shared/messaging/messages';
import type { Messenger, WakeOptions } from '../../../shared/messaging/senders';
import { IntegrationSettings } from '../../../shared/model/integration-settings';
import { type Entity, entities } from '../../../shared/model/values';
import type { Clock } from '../../../shared/platform/clock';
import { createSealer } from '../../../shared/platform/seal';
import type { Log } from '../../../shared/platform/telemetry';
import { readFeed } from '../../../shared/polling/feed';
import { probeMailboxes } from '../../../shared/polling/probe';
import type { PollingServices } from '../../../shared/polling/services';
import { tableHomes } from '../../../shared/storage/homes';
import { type Integration, tableIntegrations } from '../../../shared/storage/integrations';
import { tableJournal } from '../../../shared/storage/journal';
import { type LinkPartition, linkPartition } from '../../../shared/storage/links';
import { type StoredMailbox, tableMailboxes } from '../../../shared/storage/mailboxes';
import { openTables } from '../../../shared/storage/tables';

export type Json = Record<string, unknown>;

interface Waiting {
  readonly wakeUp: WakeUp;
  readonly at: number;
}

/** Wake-ups that wait in memory, delivered in the order of their times. */
class Wakes implements Pick<Messenger, 'wake' | 'wakeMany' | 'reject'> {
  readonly waiting: Waiting[] = [];
  private readonly ids = new Set<string>();

  constructor(private readonly now: () => number) {}

  wake(wakeUp: WakeUp, options: WakeOptions = {}): Promise<void> {
    if (options.id !== undefined && this.ids.has(options.id)) return Promise.resolve();
    if (options.id !== undefined) this.ids.add(options.id);
    this.waiting.push({ wakeUp, at: Math.max(options.at ?? 0, this.now()) });
    return Promise.resolve();
  }

  async wakeMany(wakeUps: readonly { readonly wakeUp: WakeUp; readonly options?: WakeOptions }[]): Promise<void> {
    for (const { wakeUp, options } of wakeUps) await this.wake(wakeUp, options);
  }

  reject(): Promise<void> {
    return Promise.reject(new Error('nothing is rejected here'));
  }

  next(): Waiting | undefined {
    const first = this.waiting.reduce<Waiting | undefined>((best, each) => (best === undefined || each.at < best.at ? each : best), undefined);
    if (first !== undefined) this.waiting.splice(this.waiting.indexOf(first), 1);
    return first;
  }
}

/** The whole sync on both stand-ins, in one process, with a clock that can be moved and wake-ups that are delivered one after the other. */
export class World {
  readonly faults = new Faults();
  readonly counters = new Counters();
  readonly wakes: Wakes;
  readonly clock: Clock;
  integration: Integration;
  private closers: (() => Promise<void>)[] = [];

  private constructor(
    readonly identity: IdentityProvider,
    readonly dynamics: DynamicsStandIn,
    readonly graph: GraphStandIn,
    readonly services: CycleServices & PollingServices,
    parts: { readonly wakes: Wakes; readonly clock: Clock; readonly integration: Integration; readonly faults: Faults; readonly counters: Counters; readonly advance: (ms: number) => void; readonly azurite: Azurite },
  ) {
    this.wakes = parts.wakes;
    this.clock = parts.clock;
    this.integration = parts.integration;
    this.faults = parts.faults;
    this.counters = parts.counters;
    this.advance = parts.advance;
    this.closers = [() => dynamics.service.close(), () => graph.service.close(), () => identity.service.close(), () => parts.azurite.close()];
  }

  /** Moves the clock of everything, stand-ins included. */
  readonly advance: (ms: number) => void;

  static async start(options: { readonly settings?: Partial<IntegrationSettings>; readonly cycle?: Partial<CycleSettings>; readonly seed?: 'company' | 'empty-company' } = {}): Promise<World> {
    let offset = 0;
    const now = (): number => Date.now() + offset;
    const clock: Clock = { now, sleep: () => Promise.reject(new Error('nothing here sleeps')) };
    const surroundings = { faults: new Faults(now), counters: new Counters() };
    const [azurite, identity] = await Promise.all([startAzurite(), startIdentityProvider({ surroundings: { faults: new Faults(), counters: new Counters() } })]);
    const seed = options.seed ?? 'empty-company';
    const dynamics = await startDynamics({ surroundings, identity, seed, now });
    const graph = await startGraph({ surroundings, identity, seed, now });
    const wakes = new Wakes(now);
    const integration: Integration = { id: 'contoso', name: 'Contoso', baseUrl: dynamics.url, settings: IntegrationSettings.parse(options.settings ?? {}) };
    const services = await servicesOf({ azurite, identity, dynamics, graph, wakes, clock, cycle: options.cycle ?? {} });
    await services.integrations.put(integration);
    return new World(identity, dynamics, graph, services, { wakes, clock, integration, ...surroundings, advance: (ms) => void (offset += ms), azurite });
  }

  async close(): Promise<void> {
    for (const close of this.closers) await close();
  }

  async configure(settings: Partial<IntegrationSettings>): Promise<void> {
    this.integration = { ...this.integration, settings: IntegrationSettings.parse(settings) };
    await this.services.integrations.put(this.integration);
  }

  /** Lets a person's mailbox take part and plays its first load. */
  async enable(who: Person): Promise<void> {
    const mailbox = this.services.exchange.mailbox({ userId: who.objectId, zone: 'Europe/Berlin', deletedItems: null });
    const { taskList, deletedItems } = await mailbox.standardFolders();
    const user = await this.services.dynamics(this.integration).user(who.systemUserId);
    await this.tables.mailboxes.insert({
      id: who.systemUserId,
      integration: this.integration.id,
      systemUserId: who.systemUserId,
      objectId: who.objectId,
      email: who.email,
      name: user.name,
      zone: user.zone,
      deletedItems,
      taskLists: [taskList],
      status: 'loading',
      enabledAt: this.clock.now(),
      marks: {},
      lastChangeAt: null,
      nextRetryAt: null,
      lastCycleAt: null,
      health: null,
      lastSweepAt: null,
      lastHeartbeatAt: null,
    });
    await this.cycle(who, 'load');
  }

  /** One cycle, as work. */
  cycle(who: Person, reason: Extract<WakeUp, { kind: 'work' }>['reason'] = 'syncNow'): Promise<CycleEnd> {
    return runCycle({ kind: 'work', integration: this.integration.id, mailbox: who.systemUserId, reason, sentAt: this.clock.now() }, this.services);
  }

  /** Reads every feed and probes every mailbox, as the timers would have it done. */
  async poll(): Promise<void> {
    const integration = (await this.services.integrations.get(this.integration.id)) ?? this.integration;
    for (const entity of entities) await readFeed(this.services, integration, entity);
    const ids = people.map(({ systemUserId }) => systemUserId);
    await probeMailboxes(this.services, this.integration.id, ids);
  }

  /** Polls and serves wake-ups, moving the clock to each, until nothing new comes within the horizon. */
  async settle(horizonMs = 5 * 60_000): Promise<void> {
    for (let round = 0; round < 12; round += 1) {
      await this.poll();
      const served = await this.serveUntil(this.clock.now() + horizonMs);
      if (served === 0) return;
    }
    throw new Error('The world does not settle.');
  }

  async serveUntil(end: number): Promise<number> {
    let served = 0;
    for (;;) {
      const next = this.wakes.next();
      if (next === undefined) return served;
      if (next.at > end) {
        this.wakes.waiting.push(next);
        return served;
      }
      if (next.at > this.clock.now()) this.advance(next.at - this.clock.now());
      await runCycle(next.wakeUp, this.services);
      served += 1;
    }
  }

  partition(who: Person): Promise<LinkPartition> {
    return this.services.links({ integration: this.integration.id, id: who.systemUserId } as StoredMailbox);
  }

  /** Writes that both services have served since the counters were reset. */
  writes(): number {
    const { endpoints } = this.counters.snapshot();
    let count = 0;
    for (const service of Object.values(endpoints)) {
      for (const [label, { operations }] of Object.entries(service)) if (/^(POST|PATCH|DELETE|PUT) /.test(label) && !label.endsWith('$batch')) count += operations;
    }
    return count;
  }

  /** Calls the Dynamics Web API as a person. */
  async crm(who: Person, method: string, path: string, body?: Json, headers: Record<string, string> = {}): Promise<Json> {
    const token = await tokenForPerson(this.identity, who.key, this.dynamics.url);
    return send(`${this.dynamics.url}/api/data/v9.2/${path}`, method, token, body, { prefer: 'return=representation', ...(method === 'PATCH' ? { 'if-match': '*' } : {}), ...headers });
  }

  /** Calls Graph for a person's own mailbox, as that person. */
  async outlook(who: Person, method: string, path: string, body?: Json): Promise<Json> {
    const token = await tokenForPerson(this.identity, who.key, this.graph.url);
    return send(`${this.graph.url}/v1.0/me/${path}`, method, token, body, { prefer: 'IdType="ImmutableId", outlook.timezone="UTC", outlook.body-content-type="text"' });
  }

  private get tables() {
    return this.services as unknown as { readonly mailboxes: ReturnType<typeof tableMailboxes> };
  }
}

async function send(url: string, method: string, token: string, body: Json | undefined, headers: Record<string, string>): Promise<Json> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return text === '' ? {} : (JSON.parse(text) as Json);
}

const silent: Log = { info() {}, warn() {}, error() {} };
const loud: Log = {
  info: (event, facts) => console.log(event, facts),
  warn: (event, facts) => console.log(event, facts),
  error: (event, error, facts) => console.log(event, error, facts),
};

async function servicesOf(parts: {
  readonly azurite: Azurite;
  readonly identity: IdentityProvider;
  readonly dynamics: DynamicsStandIn;
  readonly graph: GraphStandIn;
  readonly wakes: Wakes;
  readonly clock: Clock;
  readonly cycle: Partial<CycleSettings>;
}): Promise<CycleServices & PollingServices> {
  const { azurite, identity, dynamics, graph, wakes, clock } = parts;
  const requestTimeoutMs = parts.cycle.requestTimeoutMs ?? 5_000;
  const tables = openTables({ tables: { by: 'connectionString', connectionString: azurite.connectionString }, requestTimeoutMs } as Parameters<typeof openTables>[0], undefined as never);
  const key = { id: 'k1', secret: new Uint8Array(32).fill(7) };
  const sealer = createSealer({ current: key, find: (id) => (id === key.id ? key : undefined) });
  const links = await tables.table('links');
  const day = 86_400_000;
  const cycle: CycleSettings = {
    sliceActions: 90,
    cycleMs: 120_000,
    requestTimeoutMs,
    taskRecheckMs: 60_000,
    retryFirstMs: 15_000,
    retryMostMs: 3_600_000,
    calendarPastMs: 14 * day,
    calendarFutureMs: 180 * day,
    ...parts.cycle,
  };
  const polling = { pollPeriodMs: 15_000, heartbeatPeriodMs: 300_000, wakeUpSlotMs: 2_000, intervals: { busyMs: 15_000, typicalMs: 60_000, quietMs: 720_000, tasksMs: 180_000 } };
  return {
    clock,
    log: process.env.LOUD === undefined ? silent : loud,
    settings: { ...cycle, ...polling },
    integrations: tableIntegrations(tables),
    mailboxes: tableMailboxes(tables),
    homes: tableHomes(tables),
    journal: tableJournal(tables, () => Promise.resolve(sealer), clock),
    messenger: Object.assign(wakes, { sendPoll: () => Promise.resolve(), close: () => Promise.resolve() }),
    exchange: createExchange({ baseUrl: graph.url, getToken: () => tokenForApplication(identity, graph.url), timeoutMs: requestTimeoutMs, clock }),
    links: (mailbox) => Promise.resolve(linkPartition(links, `${mailbox.integration}|${mailbox.id}`, sealer)),
    dynamics: () => createDynamics({ baseUrl: dynamics.url, getToken: () => tokenForApplication(identity, dynamics.url), timeoutMs: requestTimeoutMs, clock }),
  };
}

export const anna = person('anna');
export const ben = person('ben');
export type { Entity };
