import { refreshSeen, startDueLoads, startLoad } from '../../../shared/workspace/loading';
import { anna, ben } from '../dynamics/organization';
import { type CacheWorld, openCache } from './cache-world';

let world: CacheWorld;
beforeEach(async () => {
  world = await openCache();
});
afterEach(() => world.close());

const create = (set: string, columns: object) => world.organization.create(set, columns);
const get = async (id: string) => world.records.get('contoso', 'task', id);
const toBen = { 'ownerid@odata.bind': `/systemusers(${ben.systemUserId})` };
const done = { statecode: 1, statuscode: 5 };

test('a full load brings what is open, with the names and tables of what it points to, and nothing that is closed', async () => {
  const account = await create('accounts', { name: 'Alder Brewing' });
  const open = await create('tasks', {
    subject: 'Call back',
    prioritycode: 2,
    scheduledend: '2026-10-05T07:00:00Z',
    'regardingobjectid_account_task@odata.bind': `/accounts(${account})`,
  });
  const closed = await create('tasks', { subject: 'Done' });
  await world.organization.patch(`tasks(${closed})`, done);
  await world.load('full');
  expect(await world.cached('task')).toEqual([open]);
  expect(await get(open)).toMatchObject({
    owner: { table: 'systemuser', id: anna.systemUserId, name: expect.stringContaining('Anna') },
    state: 0,
    values: {
      subject: 'Call back',
      prioritycode: 2,
      scheduledend: '2026-10-05T07:00:00.000Z',
      regardingobjectid: { table: 'account', id: account, name: 'Alder Brewing' },
      description: null,
    },
  });
  const { tables } = await world.state();
  expect(tables.task).toMatchObject({ loadedAt: expect.any(Number), last: { kind: 'full', rows: 1, pages: 1, failure: null } });
  expect(Object.keys(tables)).toHaveLength(8);
  expect(world.changes.every(({ isFirstLoad }) => isFirstLoad)).toBe(true);
});

test('money and whole numbers are numbers, days are days, and a telephone number is text (defect 12)', async () => {
  const id = await create('opportunities', {
    name: 'Cooling',
    budgetamount: 1234.5,
    closeprobability: 40,
    estimatedclosedate: '2026-12-24',
  });
  const contact = await create('contacts', { lastname: 'Vogel', mobilephone: '004930123456' });
  await world.load('full');
  const { values } = (await world.records.get('contoso', 'opportunity', id)) ?? {};
  expect(values).toMatchObject({ budgetamount: 1234.5, closeprobability: 40, estimatedclosedate: '2026-12-24' });
  expect((await world.records.get('contoso', 'contact', contact))?.values.mobilephone).toBe('004930123456');
});

test('an open record is loaded however old it is (defect 1)', async () => {
  const id = await create('tasks', { subject: 'Old' });
  world.pass(3 * 365 * 24 * 60);
  await world.load('full');
  expect(await world.cached('task')).toEqual([id]);
});

test('an incremental load tells of what is new, what has another owner, what was closed and what was deleted (defect 15)', async () => {
  const [moves, closes, goes] = [
    await create('tasks', { subject: 'a' }),
    await create('tasks', { subject: 'b' }),
    await create('tasks', { subject: 'c' }),
  ];
  await world.load('full');
  world.changes.length = 0;
  const fresh = await create('tasks', { subject: 'd' });
  await world.organization.patch(`tasks(${moves})`, toBen);
  await world.organization.patch(`tasks(${closes})`, done);
  await world.organization.remove(`tasks(${goes})`);
  await world.load('incremental');
  expect(await world.cached('task')).toEqual([moves, closes, fresh].sort());
  expect((await get(moves))?.owner?.id).toBe(ben.systemUserId);
  const told = new Map(world.changes.map((change) => [(change.now ?? change.before)?.id, change]));
  expect(told.size).toBe(4);
  expect(told.get(fresh)).toMatchObject({ before: null, now: { state: 0 }, isFirstLoad: false });
  expect(told.get(moves)).toMatchObject({ before: { owner: { id: anna.systemUserId } }, now: { owner: { id: ben.systemUserId } } });
  expect(told.get(closes)).toMatchObject({ before: { state: 0 }, now: { state: 1 } });
  expect(told.get(goes)).toMatchObject({ before: { id: goes }, now: null });
});

test('a load that finds nothing new tells nothing', async () => {
  await create('tasks', { subject: 'a' });
  await world.load('full');
  world.changes.length = 0;
  await world.load('incremental');
  await world.load('full');
  expect(world.changes).toEqual([]);
});

test('a table without change tracking is read by its dates, and compared once a day', async () => {
  world.organization.standIn.controls.setChangeTracking?.({ table: 'task', enabled: false });
  const [moves, goes] = [await create('tasks', { subject: 'a' }), await create('tasks', { subject: 'b' })];
  await world.load('full');
  expect((await world.state()).tables.task?.deltaLink).toBeNull();
  const fresh = await create('tasks', { subject: 'c' });
  await world.organization.patch(`tasks(${moves})`, toBen);
  await world.organization.remove(`tasks(${goes})`);
  await world.load('incremental');
  expect(await world.cached('task')).toEqual([moves, goes, fresh].sort());
  expect((await get(moves))?.owner?.id).toBe(ben.systemUserId);
  world.pass(25 * 60);
  await world.load('incremental');
  expect(await world.cached('task')).toEqual([moves, fresh].sort());
});

test('what leaves the filter of an admin leaves the cache, with either kind of load', async () => {
  world.connect({ tables: { task: { filter: 'prioritycode eq 2', columns: ['percentcomplete'] } } });
  const [stays, falls, sinks] = [
    await create('tasks', { subject: 'a', prioritycode: 2, percentcomplete: 30 }),
    await create('tasks', { subject: 'b', prioritycode: 2 }),
    await create('tasks', { subject: 'c', prioritycode: 2 }),
  ];
  await create('tasks', { subject: 'd', prioritycode: 1 });
  await world.load('full');
  expect(await world.cached('task')).toEqual([stays, falls, sinks].sort());
  expect((await get(stays))?.values.percentcomplete).toBe(30);
  await world.organization.patch(`tasks(${falls})`, { prioritycode: 1 });
  await world.load('incremental');
  expect(await world.cached('task')).toEqual([stays, sinks].sort());
  await world.organization.patch(`tasks(${sinks})`, { prioritycode: 0 });
  await world.load('full');
  expect(await world.cached('task')).toEqual([stays]);
});

test('labels come by the names of columns in every installed language, with the currencies (defect 16)', async () => {
  await world.load('full');
  const { labels, baseLanguage, currencies } = await world.recordLoads.words('contoso');
  expect(labels['opportunity.opportunityratingcode']?.[1]).toEqual({ 1033: 'Hot', 1031: 'Heiß' });
  expect(labels['task.statecode']?.[0]).toEqual({ 1033: 'Open', 1031: 'Offen' });
  expect(labels['incident.prioritycode']).toBeDefined();
  expect([baseLanguage, Object.values(currencies).sort()]).toEqual([1033, ['EUR', 'USD']]);
});

test('an incremental load is refused until a full one has come to its end', async () => {
  await expect(startLoad(world.services, 'contoso', 'incremental')).rejects.toMatchObject({
    code: 'conflict',
    fix: expect.stringContaining('full'),
  });
});

test('of two loads that are asked for at once one begins', async () => {
  const asked = await Promise.allSettled([startLoad(world.services, 'contoso', 'full'), startLoad(world.services, 'contoso', 'full')]);
  expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(world.queue).toHaveLength(1);
  await expect(startLoad(world.services, 'contoso', 'full')).rejects.toMatchObject({ code: 'conflict' });
});

test('the schedule starts a full load, and then incremental ones', async () => {
  world.connect({ fullLoad: { at: 'interval', minutes: 1_440 } });
  await startDueLoads(world.services);
  await world.serve();
  expect((await world.state()).tables.task?.last?.kind).toBe('full');
  await startDueLoads(world.services);
  expect(world.queue).toEqual([]);
  world.pass(6);
  await startDueLoads(world.services);
  await world.serve();
  expect((await world.state()).tables.task?.last?.kind).toBe('incremental');
});

test('where nobody sees a microapp no load begins by itself', async () => {
  world.connect({ fullLoad: { at: 'interval', minutes: 1_440 } });
  world.isGranted = false;
  await startDueLoads(world.services);
  expect(world.queue).toEqual([]);
});

describe('a poll that has seen a change', () => {
  const see = async (table: string, changed: readonly string[], deleted: readonly string[] = []) => {
    const integration = await world.services.integrations.get('contoso');
    if (integration !== null) await refreshSeen(world.services, integration, table, { changed, deleted });
  };
  const requests = () => {
    const { dynamics = {} } = world.organization.counters.snapshot().endpoints;
    return Object.values(dynamics).reduce((sum, { requests: some }) => sum + some, 0);
  };
  const told = () => world.changes.map(({ before, now }) => [before?.owner?.id ?? null, now?.owner?.id ?? null]);

  test('brings it into the cache and tells of it at once, with one read of Dynamics and no load', async () => {
    const [moves, closes, goes] = [
      await create('tasks', { subject: 'a' }),
      await create('tasks', { subject: 'b' }),
      await create('tasks', { subject: 'c' }),
    ];
    await world.load('full');
    world.changes.length = 0;
    const { began } = await world.state();
    const fresh = await create('tasks', { subject: 'd' });
    await world.organization.patch(`tasks(${moves})`, toBen);
    world.organization.counters.reset();
    await see('task', [moves, fresh]);
    expect(requests()).toBe(1);
    expect(told().sort()).toEqual(
      [
        [anna.systemUserId, ben.systemUserId],
        [null, anna.systemUserId],
      ].sort(),
    );
    await world.organization.patch(`tasks(${closes})`, done);
    await world.organization.remove(`tasks(${goes})`);
    await see('task', [closes], [goes]);
    expect(await world.cached('task')).toEqual([moves, closes, fresh].sort());
    expect((await get(closes))?.state).toBe(1);
    expect([world.queue, await world.state()]).toMatchObject([[], { run: null, began }]);
  });

  test('is told once, whatever loads see of it later', async () => {
    const id = await create('tasks', { subject: 'a' });
    await world.load('full');
    await world.organization.patch(`tasks(${id})`, toBen);
    world.changes.length = 0;
    await see('task', [id]);
    await see('task', [id]);
    await world.load('incremental');
    expect(told()).toEqual([[anna.systemUserId, ben.systemUserId]]);
  });

  test('waits for no load that is under way', async () => {
    const id = await create('tasks', { subject: 'a' });
    await world.load('full');
    await startLoad(world.services, 'contoso', 'full');
    await world.organization.patch(`tasks(${id})`, toBen);
    await see('task', [id]);
    expect((await get(id))?.owner?.id).toBe(ben.systemUserId);
    await world.serve();
    expect((await get(id))?.owner?.id).toBe(ben.systemUserId);
  });

  test('fails without holding up the poll, and the next load brings what it missed', async () => {
    const id = await create('tasks', { subject: 'a' });
    await world.load('full');
    await world.organization.patch(`tasks(${id})`, toBen);
    world.changes.length = 0;
    world.organization.faults.add({ service: 'dynamics', kind: 'error', status: 503, from: 1, times: 1 });
    await see('task', [id]);
    expect(told()).toEqual([]);
    await world.load('incremental');
    expect(told()).toEqual([[anna.systemUserId, ben.systemUserId]]);
  });

  test.each([
    ['a table that was never loaded', 'task'],
    ['a table that no microapp is about', 'letter'],
  ])('reads nothing of %s', async (_what, table) => {
    const id = await create('tasks', { subject: 'a' });
    world.organization.counters.reset();
    await see(table, [id]);
    expect([await world.cached('task'), requests()]).toEqual([[], 0]);
  });

  test('reads nothing where loads are started by hand', async () => {
    await world.load('full');
    world.connect({ incrementalLoad: { at: 'manual' } });
    await see('task', [await create('tasks', { subject: 'a' })]);
    expect(await world.cached('task')).toEqual([]);
  });
});
