import { goOnLoading, type LoadServices, startDueLoads, startLoad } from '../../../shared/workspace/loading';
import { ben } from '../dynamics/organization';
import { type CacheWorld, openCache } from './cache-world';

let world: CacheWorld;
beforeEach(async () => {
  world = await openCache();
});
afterEach(() => world.close());

const manyTasks = async (count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1) ids.push(await world.organization.create('tasks', { subject: `Task ${made}` }));
  return ids.sort();
};

/** Serves messages until the load stands in this table, with a page of it read where `hasRead`. */
async function serveUntil(table: string, hasRead: boolean): Promise<void> {
  for (;;) {
    const { run } = await world.state();
    if (run === null) throw new Error(`The load never came to ${table}.`);
    if (run.tables[0] === table && (!hasRead || run.current.pages > 0)) return;
    await world.serve(1);
  }
}

/** Services in which the first save of progress is lost with its process. */
function dying(): LoadServices {
  const { recordLoads } = world.services;
  return { ...world.services, recordLoads: { ...recordLoads, save: () => Promise.reject(new Error('the process died')) } };
}

test('a load whose process died goes on where it was, and tells what was not told before', async () => {
  const ids = await manyTasks(3);
  await startLoad(world.services, 'contoso', 'full');
  await serveUntil('task', false);
  const [message] = world.queue;
  if (message === undefined) throw new Error('There is no message.');
  world.queue.length = 0;
  await expect(goOnLoading(dying(), message)).rejects.toThrow('died');
  await startDueLoads(world.services);
  expect(world.queue).toEqual([]);
  world.pass(6);
  await startDueLoads(world.services);
  expect(world.queue).toEqual([message]);
  await world.serve();
  expect(await world.cached('task')).toEqual(ids);
  expect((await world.state()).tables.task?.last).toMatchObject({ rows: 3, failure: null });
});

test('a crash between telling and saving tells again', async () => {
  const [id] = await manyTasks(1);
  await world.load('full');
  world.changes.length = 0;
  await world.organization.patch(`tasks(${id})`, { 'ownerid@odata.bind': `/systemusers(${ben.systemUserId})` });
  await startLoad(world.services, 'contoso', 'incremental');
  const [message] = world.queue;
  if (message === undefined) throw new Error('There is no message.');
  const records = { ...world.records, save: () => Promise.reject(new Error('the process died')) };
  await goOnLoading({ ...world.services, records }, message);
  expect(world.changes).toHaveLength(1);
  await world.serve();
  expect(world.changes).toHaveLength(2);
  expect(world.changes[1]).toEqual(world.changes[0]);
});

test('a second copy of a message does nothing', async () => {
  await manyTasks(1);
  await startLoad(world.services, 'contoso', 'full');
  const [message] = world.queue;
  if (message === undefined) throw new Error('There is no message.');
  await world.serve(1);
  expect(world.queue).toHaveLength(1);
  await goOnLoading(world.services, message);
  expect(world.queue).toHaveLength(1);
});

test('of two workers on one step one goes on', async () => {
  await manyTasks(2);
  await startLoad(world.services, 'contoso', 'full');
  const [message] = world.queue;
  if (message === undefined) throw new Error('There is no message.');
  world.queue.length = 0;
  const both = await Promise.allSettled([goOnLoading(world.services, message), goOnLoading(world.services, message)]);
  expect(both.map((each) => (each.status === 'rejected' ? each.reason.code : 'done')).sort()).toEqual(['done', 'stale']);
  expect(world.queue).toHaveLength(1);
});

test('a page that fails for long keeps the old cache, and the status says why', async () => {
  const [gone, stays] = await manyTasks(2);
  await world.load('full');
  await world.organization.remove(`tasks(${gone})`);
  await startLoad(world.services, 'contoso', 'full');
  await serveUntil('task', false);
  world.organization.faults.add({ service: 'dynamics', path: '/tasks', kind: 'error', status: 503, times: 100 });
  await world.serve();
  const { run, tables } = await world.state();
  expect(run).toBeNull();
  expect(tables.task).toMatchObject({ loadedAt: expect.any(Number), last: { failure: { code: 'unavailable', fix: expect.any(String) } } });
  expect(tables.account?.last?.failure).toBeNull();
  expect(await world.cached('task')).toEqual([gone, stays].sort());
});

test('a filter that Dynamics does not take fails its table alone', async () => {
  const ids = await manyTasks(1);
  world.connect({ tables: { account: { filter: 'nosuchcolumn eq 1' } } });
  await world.load('full');
  const { tables } = await world.state();
  expect(tables.account).toMatchObject({ loadedAt: null, last: { failure: { code: expect.any(String) } } });
  expect(await world.cached('task')).toEqual(ids);
});

test('a table that the environment does not have fails alone, and the others are kept up', async () => {
  const ids = await manyTasks(1);
  world.organization.standIn.controls.setTable?.({ table: 'incident', there: false });
  await world.load('full');
  expect((await world.state()).tables.incident).toMatchObject({ loadedAt: null, last: { failure: { code: 'settings' } } });
  ids.push(...(await manyTasks(1)));
  await world.load('incremental');
  expect(await world.cached('task')).toEqual(ids.sort());
});

test('a secured column never comes into the cache', async () => {
  const id = await world.organization.create('contacts', { lastname: 'Vogel', jobtitle: 'Buyer', mobilephone: '1' });
  world.organization.standIn.controls.setColumnSecurity?.({ table: 'contact', column: 'mobilephone', secured: true });
  await world.load('full');
  const { values } = (await world.records.get('contoso', 'contact', id)) ?? {};
  expect(values?.jobtitle).toBe('Buyer');
  expect(Object.keys(values ?? {})).not.toContain('mobilephone');
});

test('a full load of many rows holds one page of them, and goes on from the middle', async () => {
  const ids = await manyTasks(1_203);
  let held = 0;
  const records: LoadServices['records'] = {
    ...world.records,
    getMany: (integration, table, wanted) => {
      held = Math.max(held, wanted.length);
      return world.records.getMany(integration, table, wanted);
    },
  };
  const counted = { ...world.services, records };
  await startLoad(world.services, 'contoso', 'full');
  await serveUntil('task', true);
  expect((await world.state()).run?.current).toMatchObject({ rows: 500, pages: 1, expected: 1_203 });
  for (let message = world.queue.shift(); message !== undefined; message = world.queue.shift()) await goOnLoading(counted, message);
  expect(held).toBe(500);
  expect(await world.cached('task')).toEqual(ids);
  expect((await world.state()).tables.task?.last).toMatchObject({ rows: 1_203, pages: 3 });
}, 60_000);

test('a token that Dynamics gave up has the table loaded in full, and tells what changed meanwhile', async () => {
  const [moves, goes] = await manyTasks(2);
  await world.load('full');
  world.changes.length = 0;
  await world.organization.patch(`tasks(${moves})`, { 'ownerid@odata.bind': `/systemusers(${ben.systemUserId})` });
  await world.organization.remove(`tasks(${goes})`);
  world.organization.standIn.controls.expireChangeTracking?.({ table: 'task' });
  await world.load('incremental');
  expect(await world.cached('task')).toEqual([moves]);
  expect(world.changes.map(({ now }) => now?.owner?.id ?? null).sort()).toEqual([ben.systemUserId, null].sort());
  expect((await world.state()).tables.task?.last).toMatchObject({ kind: 'full', failure: null });
});
