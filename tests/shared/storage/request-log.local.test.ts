import type { NotedRequest } from '../../../shared/dynamics/noted-fetch';
import { type LoggedRequest, type RequestLog, tableRequestLog } from '../../../shared/storage/request-log';
import type { Tables } from '../../../shared/storage/tables';
import { allPages } from './all-pages';
import { storeNames, type TableStore, tableStores } from './table-stores';

const hour = 3_600_000;

describe.each(storeNames)('the log of requests on %s', (name) => {
  let store: TableStore;
  let tables: Tables;
  beforeAll(async () => {
    store = await tableStores[name]();
    tables = store.tables;
  });
  afterAll(() => store.close());

  /** It writes when it is told to: its own pause does not end. */
  const clock = { at: Date.parse('2026-05-01T12:30:00Z'), now: () => clock.at, sleep: () => new Promise<void>(() => undefined) };
  const request = (at: number): NotedRequest => ({ at, method: 'GET', path: '/tasks', status: 200, ms: 5, requestId: 'r' });

  function readAll(log: RequestLog, integration: string, limit: number): Promise<LoggedRequest[]> {
    return allPages((cursor) => log.read(integration, { limit, cursor }));
  }

  test('it is read newest first, page by page, over the hours, each integration by itself', async () => {
    const log = tableRequestLog(tables, clock);
    for (let index = 0; index < 150; index += 1) log.note('contoso', request(clock.at - index * 60_000));
    log.note('other', request(clock.at));
    await log.flush();
    const times = (await readAll(log, 'contoso', 40)).map(({ at }) => at);
    expect(times).toEqual(Array.from({ length: 150 }, (_, index) => clock.at - index * 60_000));
    expect(await readAll(log, 'other', 10)).toHaveLength(1);
    expect(await readAll(log, 'nowhere', 10)).toEqual([]);
  });

  test('what does not fit into memory is counted', async () => {
    const log = tableRequestLog(tables, clock);
    for (let index = 0; index < 503; index += 1) log.note('many', request(clock.at + index));
    await log.flush();
    log.note('many', request(clock.at + 1_000));
    await log.flush();
    const [newest, ...rest] = await readAll(log, 'many', 200);
    expect([newest?.lost, rest.length]).toEqual([3, 500]);
  });

  test('a table that is away costs the rows and nothing else', async () => {
    let isAway = true;
    const flaky: Tables = { table: (wanted) => (isAway ? Promise.reject(new Error('away')) : tables.table(wanted)) };
    const log = tableRequestLog(flaky, clock);
    for (const at of [1, 2]) log.note('away', request(clock.at + at));
    await log.flush();
    isAway = false;
    log.note('away', request(clock.at + 3));
    await log.flush();
    expect(await readAll(log, 'away', 10)).toEqual([{ ...request(clock.at + 3), lost: 2 }]);
  });

  test('after 24 hours it is not shown any more, and then removed', async () => {
    const log = tableRequestLog(tables, clock);
    log.note('old', request(clock.at));
    log.note('old', request(clock.at + 2 * hour));
    await log.flush();
    clock.at += 25 * hour;
    expect((await readAll(log, 'old', 10)).map(({ at }) => at)).toEqual([clock.at - 23 * hour]);
    expect(await log.prune()).toBeGreaterThan(0);
    expect(await log.prune()).toBe(0);
    expect(await readAll(log, 'old', 10)).toHaveLength(1);
  });
});
