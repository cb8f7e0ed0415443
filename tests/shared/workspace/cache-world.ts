import { memoryTables } from '../../../local/simulation/memory-tables';
import { PollMessage } from '../../../shared/messaging/messages';
import { IntegrationConnection } from '../../../shared/model/integration-connection';
import { IntegrationSettings } from '../../../shared/model/integration-settings';
import { type RecordLoads, tableRecordLoads } from '../../../shared/storage/record-loads';
import { type Records, tableRecords } from '../../../shared/storage/records';
import { loadProgress } from '../../../shared/workspace/load-progress';
import type { LoadKind, LoadState } from '../../../shared/workspace/load-state';
import { goOnLoading, type LoadServices, startLoad } from '../../../shared/workspace/loading';
import type { RecordChange } from '../../../shared/workspace/record-change';
import type { RecordTableName } from '../../../shared/workspace/tables';
import { type Organization, startOrganization } from '../dynamics/organization';

const minute = 60_000;

/** A record cache over a stand-in organization, with a clock that a test sets and a queue that it empties. */
export interface CacheWorld {
  readonly organization: Organization;
  readonly services: LoadServices;
  readonly records: Records;
  readonly recordLoads: RecordLoads;
  readonly changes: RecordChange[];
  /** Whether anybody sees a microapp. */
  isGranted: boolean;
  readonly queue: Extract<PollMessage, { kind: 'recordLoad' }>[];
  connect(connection: object): void;
  pass(minutes: number): void;
  state(): Promise<LoadState>;
  /** Serves what is in the queue until it is empty, at most so many messages. */
  serve(most?: number): Promise<void>;
  load(kind: LoadKind): Promise<void>;
  cached(table: RecordTableName): Promise<string[]>;
  close(): Promise<void>;
}

export async function openCache(): Promise<CacheWorld> {
  let connection = IntegrationConnection.parse({});
  let ahead = 0;
  const organization = await startOrganization();
  const now = () => Date.now() + ahead;
  const tables = memoryTables(now);
  const [records, recordLoads] = [tableRecords(tables), tableRecordLoads(tables)];
  const changes: RecordChange[] = [];
  const queue: CacheWorld['queue'] = [];
  const settings = IntegrationSettings.parse({});
  const integration = () => ({ id: 'contoso', name: 'Contoso', baseUrl: organization.standIn.url, settings, connection });
  const services: LoadServices = {
    clock: { now, sleep: async () => undefined, monotonic: now } as unknown as LoadServices['clock'],
    log: { info() {}, warn() {}, error() {} },
    integrations: { get: async () => integration(), all: async () => [integration()] },
    records,
    recordLoads,
    grants: { any: async () => world.isGranted },
    dynamics: () => organization.client(),
    onRecordChange: async (change) => void changes.push(change),
    messenger: {
      async sendPoll(message) {
        const parsed = PollMessage.parse(message);
        if (parsed.kind === 'recordLoad') queue.push(parsed);
      },
    },
  };
  const world: CacheWorld = {
    organization,
    services,
    records,
    recordLoads,
    changes,
    isGranted: true,
    queue,
    connect(next) {
      connection = IntegrationConnection.parse(next);
    },
    pass(minutes) {
      ahead += minutes * minute;
    },
    state: async () => (await recordLoads.read('contoso')).state,
    async serve(most = 1_000) {
      for (let served = 0; served < most; served += 1) {
        const message = queue.shift();
        if (message === undefined) return;
        await goOnLoading(services, message);
      }
    },
    async load(kind) {
      await startLoad(services, 'contoso', kind);
      await world.serve();
      expect(loadProgress(await world.state())).toBeNull();
    },
    async cached(table) {
      const ids: string[] = [];
      for await (const page of records.scan('contoso', table)) ids.push(...page.map(({ id }) => id));
      return ids.sort();
    },
    close: () => organization.close(),
  };
  return world;
}
