import { memoryTables } from '../../../local/simulation/memory-tables';
import { VirtualClock } from '../../../local/simulation/virtual-clock';
import { Wakes } from '../../../local/simulation/wakes';
import { IntegrationConnection } from '../../../shared/model/integration-connection';
import { IntegrationSettings } from '../../../shared/model/integration-settings';
import { createLog } from '../../../shared/platform/telemetry';
import { type FeedCard, tableFeed } from '../../../shared/storage/feed';
import { everyone, tableGrants } from '../../../shared/storage/grants';
import { type Integration, tableIntegrations } from '../../../shared/storage/integrations';
import { tableMailboxes } from '../../../shared/storage/mailboxes';
import { tableRecords } from '../../../shared/storage/records';
import type { Table } from '../../../shared/storage/table';
import type { TableName, Tables } from '../../../shared/storage/tables';
import { tableTold } from '../../../shared/storage/told';
import { type NoticeServices, notifyOwner, tellAssignment } from '../../../shared/workspace/notify-owner';
import type { WorkspaceRecord } from '../../../shared/workspace/record';
import { aRecord } from './some-records';

export const anna = '00000000-0000-4000-8000-00000000000a';
export const ben = '00000000-0000-4000-8000-00000000000b';
export const sales = '00000000-0000-4000-8000-0000000000cc';
/** What somebody is called in Entra. */
export const inEntra = (id: string): string => id.replace('-4000-', '-4eee-');
export const hour = 3_600_000;

export const user = (id: string) => ({ table: 'systemuser', id, name: 'Somebody' });
export const team = { table: 'team', id: sales, name: 'Sales' };

export const contoso: Integration = {
  id: 'contoso',
  name: 'Contoso',
  baseUrl: 'https://contoso.crm4.dynamics.com',
  settings: IntegrationSettings.parse({}),
  connection: IntegrationConnection.parse({}),
};

/** What one process does to its tables: what it read, and where it dies. */
export class Hands implements Tables {
  reads = 0;
  writes = 0;
  /** It dies when it is about to write so many times. */
  diesAt = Number.POSITIVE_INFINITY;

  constructor(private readonly tables: Tables) {}

  async table(name: TableName): Promise<Table> {
    const table = await this.tables.table(name);
    const write = <T>(act: () => Promise<T>): Promise<T> => {
      this.writes += 1;
      if (this.writes >= this.diesAt) throw new Error('the process is dead');
      return act();
    };
    return {
      createEntity: async (row) => write(() => table.createEntity(row)),
      updateEntity: async (row, mode, options) => write(() => table.updateEntity(row, mode, options)),
      upsertEntity: async (row, mode) => write(() => table.upsertEntity(row, mode)),
      deleteEntity: async (partition, key, options) => write(() => table.deleteEntity(partition, key, options)),
      submitTransaction: async (actions) => write(() => table.submitTransaction(actions)),
      getEntity: (partition, key) => {
        this.reads += 1;
        return table.getEntity(partition, key);
      },
      listEntities: (options) => {
        this.reads += 1;
        return table.listEntities(options);
      },
    };
  }
}

/** The notices of Contoso: its record cache, its feeds, and the queue between them. */
export class FeedWorld {
  readonly clock = new VirtualClock(1_000 * hour);
  readonly wakes = new Wakes(() => this.clock.now());
  readonly tables = memoryTables(() => this.clock.now());
  readonly feed = tableFeed(this.tables);
  readonly grants = tableGrants(this.tables);
  readonly records = tableRecords(this.tables);
  members: readonly string[] = [anna, ben];
  /** A failure of Dynamics, once. */
  fails: Error | null = null;
  private version = 100;

  static async start(): Promise<FeedWorld> {
    const world = new FeedWorld();
    await tableIntegrations(world.tables).put(contoso);
    for (const app of ['tasks', 'accounts', 'leads']) await world.grants.put('contoso', app, { who: everyone, at: 0 });
    return world;
  }

  /** What one process needs that has these tables. */
  services(tables: Tables = this.tables): NoticeServices {
    const known = (id: string) => ({ objectId: inEntra(id), systemUserId: id });
    const silent = () => undefined;
    return {
      clock: this.clock,
      log: createLog({ info: silent, warn: silent, error: silent }),
      integrations: tableIntegrations(tables),
      mailboxes: tableMailboxes(tables),
      records: tableRecords(tables),
      feed: tableFeed(tables),
      told: tableTold(tables),
      grants: tableGrants(tables),
      messenger: this.wakes,
      dynamics: () => ({
        users: {
          page: unused,
          privileges: unused,
          actingAs: unused,
          one: async (id) => {
            const { fails } = this;
            this.fails = null;
            if (fails !== null) throw fails;
            return { ...known(id), email: null, name: 'Somebody', isEnabled: true, isInteractive: true, isLicensed: true };
          },
          membersOf: async () => this.members.map(known),
        },
      }),
    };
  }

  /** A task that Ben made for Anna just now. */
  aTask(change: Partial<WorkspaceRecord> = {}): WorkspaceRecord {
    const now = this.clock.now();
    this.version += 1;
    const id = '11111111-0000-4000-8000-000000000001';
    const made = { id, version: String(this.version), owner: user(anna), createdAt: now, modifiedAt: now, createdBy: ben, modifiedBy: ben };
    return aRecord('task', { subject: 'Call back', prioritycode: 2 }, { ...made, ...change });
  }

  /** What a load does with a row that it read, or with one that is gone. */
  async load(now: WorkspaceRecord | null, id = now?.id ?? '11111111-0000-4000-8000-000000000001', isFirstLoad = false): Promise<void> {
    const before = now === null ? await this.records.remove('contoso', 'task', id) : (await this.records.save('contoso', now)).before;
    await tellAssignment(this.services(), { integration: 'contoso', before, now, isFirstLoad });
  }

  /** Serves what waits in the queue, and what comes of that. */
  async work(services: NoticeServices = this.services()): Promise<void> {
    for (let next = this.wakes.assignments.shift(); next !== undefined; next = this.wakes.assignments.shift()) {
      if (next.at > this.clock.now()) await this.clock.advance(next.at - this.clock.now());
      await notifyOwner(next.assignment, services);
    }
  }

  async cards(id: string): Promise<readonly FeedCard[]> {
    return (await this.feed.read({ integration: 'contoso', objectId: inEntra(id) })).cards;
  }
}

function unused(): never {
  throw new Error('Nobody needs this here.');
}
