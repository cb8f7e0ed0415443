import { type CycleEnd, runCycle } from '../../shared/cycle/cycle';
import type { CycleSettings } from '../../shared/cycle/services';
import { serveWakeUp } from '../../shared/cycle/sync-mailbox';
import type { WakeUp } from '../../shared/messaging/messages';
import { IntegrationConnection } from '../../shared/model/integration-connection';
import { IntegrationSettings } from '../../shared/model/integration-settings';
import { switchedOn } from '../../shared/model/mailbox-standing';
import { entities } from '../../shared/model/values';
import type { Clock } from '../../shared/platform/clock';
import { readFeed } from '../../shared/polling/feed';
import { probeMailboxes } from '../../shared/polling/probe';
import type { Integration } from '../../shared/storage/integrations';
import type { JournalEntry } from '../../shared/storage/journal';
import type { LinkPartition } from '../../shared/storage/links';
import type { StoredMailbox } from '../../shared/storage/mailboxes';
import { tableNames } from '../../shared/storage/tables';
import { type Person, people } from '../company/people';
import type { DynamicsStandIn } from '../dynamics';
import type { GraphStandIn } from '../graph';
import type { Counters } from '../serving/counters';
import type { Faults } from '../serving/faults';
import { type Ground, groundInMemory, type Seed } from './ground';
import { servicesOn, type WorldServices } from './stage';
import { Wakes } from './wakes';

export type Json = Record<string, unknown>;

export interface WorldOptions {
  readonly settings?: Partial<IntegrationSettings>;
  readonly cycle?: Partial<CycleSettings>;
  readonly seed?: Seed;
  readonly feedPageSize?: number;
  /** What it stands on; memory alone where absent. */
  readonly ground?: (seed: Seed) => Promise<Ground>;
}

/** Stories delete more in a day than people do: unless somebody sets it, the brake lets everything go. */
const openBrake: Partial<IntegrationSettings> = {
  brake: { mailboxNumber: 10_000, mailboxPercent: 100, integrationNumber: 10_000, integrationPercent: 100 },
};

/** The whole sync on both stand-ins, in one process, with a clock that is moved by hand and wake-ups that are delivered one after the other. */
export class World {
  readonly takingPart: Person[] = [];

  private constructor(
    readonly ground: Ground,
    readonly services: WorldServices,
    readonly wakes: Wakes,
    public integration: Integration,
  ) {}

  static async start(options: WorldOptions = {}): Promise<World> {
    const ground = await (options.ground ?? groundInMemory)(options.seed ?? 'empty-company');
    const wakes = new Wakes(ground.clock.now);
    const settings = IntegrationSettings.parse({ ...openBrake, ...options.settings });
    const connection = IntegrationConnection.parse({});
    const integration: Integration = { id: 'contoso', name: 'Contoso', baseUrl: ground.dynamics.url, settings, connection };
    const services = servicesOn(ground, wakes, { cycle: {}, ...options });
    await services.integrations.put(integration);
    return new World(ground, services, wakes, integration);
  }

  close(): Promise<void> {
    return this.ground.close();
  }

  get clock(): Clock {
    return this.ground.clock;
  }

  get dynamics(): DynamicsStandIn {
    return this.ground.dynamics;
  }

  get graph(): GraphStandIn {
    return this.ground.graph;
  }

  get faults(): Faults {
    return this.ground.faults;
  }

  get counters(): Counters {
    return this.ground.counters;
  }

  /** Moves the clock of everything, stand-ins included. */
  advance(ms: number): void {
    this.ground.clock.advance(ms);
  }

  async configure(settings: Partial<IntegrationSettings>): Promise<void> {
    this.integration = { ...this.integration, settings: IntegrationSettings.parse({ ...openBrake, ...settings }) };
    await this.services.integrations.put(this.integration);
  }

  /** Lets a person's mailbox take part and plays its first load. */
  async enable(who: Person): Promise<void> {
    const mailbox = this.services.exchange.mailbox({ userId: who.objectId, zone: 'Europe/Berlin', deletedItems: null });
    const { taskList, deletedItems } = await mailbox.standardFolders();
    const user = await this.services.dynamics(this.integration).user(who.systemUserId);
    await this.services.mailboxes.insert({
      id: who.systemUserId,
      integration: this.integration.id,
      systemUserId: who.systemUserId,
      objectId: who.objectId,
      email: who.email,
      name: user.name,
      zone: user.zone,
      deletedItems,
      taskLists: [taskList],
      ...switchedOn,
      status: 'loading',
      filters: {},
      columnRights: null,
      enabledAt: this.clock.now(),
      marks: {},
      lastChangeAt: null,
      nextRetryAt: null,
      lastCycleAt: null,
      health: null,
    });
    this.takingPart.push(who);
    await this.cycle(who, 'load');
  }

  /** One cycle, as work. */
  cycle(who: Person, reason: Extract<WakeUp, { kind: 'work' }>['reason'] = 'syncNow'): Promise<CycleEnd> {
    return runCycle(
      { kind: 'work', integration: this.integration.id, mailbox: who.systemUserId, reason, sentAt: this.clock.now() },
      this.services,
    );
  }

  /** Reads every feed and probes every mailbox, as the timers would have it done. */
  async poll(): Promise<void> {
    const integration = (await this.services.integrations.get(this.integration.id)) ?? this.integration;
    for (const entity of entities) await readFeed(this.services, integration, entity);
    for (let poll = this.wakes.polls.shift(); poll !== undefined; poll = this.wakes.polls.shift())
      if (poll.kind === 'dynamicsFeed') await readFeed(this.services, integration, poll.entity);
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
      await serveWakeUp(next.wakeUp, this.services);
      served += 1;
    }
  }

  partition(who: Person): Promise<LinkPartition> {
    return this.services.links({ integration: this.integration.id, id: who.systemUserId });
  }

  /** Writes that both services have served since the counters were reset. */
  writes(): number {
    const { endpoints } = this.counters.snapshot();
    let count = 0;
    for (const service of Object.values(endpoints)) {
      for (const [label, { operations }] of Object.entries(service))
        if (/^(POST|PATCH|DELETE|PUT) /.test(label) && !label.endsWith('$batch')) count += operations;
    }
    return count;
  }

  /** Does to a stand-in what no request can. */
  control(of: 'dynamics' | 'graph', name: string, body: Json = {}): unknown {
    const run = this[of].controls[name];
    if (run === undefined) throw new Error(`The stand-in ${of} has no control ${name}.`);
    return run(body);
  }

  /** Calls the Dynamics Web API as a person. */
  async crm(who: Person, method: string, path: string, body?: Json, headers: Record<string, string> = {}): Promise<Json> {
    return this.send(who, this.dynamics.url, `${this.dynamics.url}/api/data/v9.2/${path}`, method, body, {
      prefer: 'return=representation',
      ...(method === 'PATCH' ? { 'if-match': '*' } : {}),
      ...headers,
    });
  }

  /** Calls Graph for a person's own mailbox, as that person. */
  async outlook(who: Person, method: string, path: string, body?: Json, headers: Record<string, string> = {}): Promise<Json> {
    return this.send(who, this.graph.url, `${this.graph.url}/v1.0/me/${path}`, method, body, {
      prefer: 'IdType="ImmutableId", outlook.timezone="UTC", outlook.body-content-type="text"',
      ...headers,
    });
  }

  /** What the journal of a person's mailbox says, newest first. */
  async journal(who: Person): Promise<readonly JournalEntry[]> {
    const mailbox = { integration: this.integration.id, id: who.systemUserId };
    return (await this.services.journal.read(mailbox, { limit: 1_000, cursor: null })).items;
  }

  /** The row of a person's mailbox. */
  async mailbox(who: Person): Promise<StoredMailbox> {
    const found = await this.services.mailboxes.get(this.integration.id, who.systemUserId);
    if (found === null) throw new Error(`${who.key} does not take part.`);
    return found;
  }

  /** Every row of every table with its etag, but for what is lent of Dynamics' limits: equal answers mean that nothing was written in between. */
  async rows(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const name of tableNames) {
      const table = await this.services.tables.table(name);
      for await (const { partitionKey, rowKey, etag } of table.listEntities())
        if (!rowKey?.startsWith('limits|')) found.push(`${name} ${partitionKey} ${rowKey} ${etag}`);
    }
    return found;
  }

  /** Settles, lets all settle again, and fails where that wrote anything to either side (promise 4). */
  async expectQuiet(): Promise<void> {
    await this.settle();
    this.counters.reset();
    await this.settle();
    for (const who of this.takingPart) await this.cycle(who);
    if (this.writes() > 0)
      throw new Error(`The second cycle wrote ${this.writes()} times: ${JSON.stringify(this.counters.snapshot().endpoints)}`);
  }

  private async send(
    who: Person,
    resource: string,
    url: string,
    method: string,
    body: Json | undefined,
    headers: Record<string, string>,
  ): Promise<Json> {
    const token = await this.ground.token(who, resource);
    const response = await this.ground.fetch(url, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Json);
  }
}
