import { Desk, extended } from './desk';
import { anna, ben, type Json, World } from './world';

let world: World;
let annas: Desk;

beforeAll(async () => {
  world = await World.start();
  await world.enable(anna);
  await world.enable(ben);
  annas = new Desk(world, anna);
});

afterAll(() => world.close());

const day = 86_400_000;
const in3Days = (): Json => {
  const date = new Date(world.clock.now() + 3 * day).toISOString().slice(0, 10);
  return { scheduledstart: `${date}T09:00:00Z`, scheduledend: `${date}T10:00:00Z` };
};

async function sweep(): Promise<void> {
  await world.cycle(anna, 'sweep');
  await world.settle();
}

async function linkOf(entity: 'task' | 'contact' | 'appointment', recordId: string) {
  const links = await (await world.partition(anna)).links([{ entity, recordId }]);
  return [...links.values()][0];
}

const rights = (table: string, verb: string, depth: string): unknown =>
  world.control('dynamics', 'setPrivilege', { systemUserId: anna.systemUserId, table, verb, depth });

describe('what no feed told', () => {
  test('a record whose inbox row was lost gets its item', async () => {
    const id = await annas.make('tasks', { subject: 'Lost on the way' });
    await world.poll();
    const partition = await world.partition(anna);
    await partition.clearInbox(await partition.inbox(100));
    await world.settle();
    expect(await annas.item('tasks', id)).toBeNull();
    await sweep();
    expect(await annas.itemOf('tasks', id)).toMatchObject({ title: 'Lost on the way' });
    await world.expectQuiet();
  });

  test('a deletion whose tombstone had no address is carried out', async () => {
    const id = await annas.inStep('tasks', { subject: 'No address' });
    await world.services.homes.deleteMany('contoso', 'task', [id]);
    await annas.drop('tasks', id);
    await world.settle();
    expect(await annas.item('tasks', id)).not.toBeNull();
    await sweep();
    expect(await annas.item('tasks', id)).toBeNull();
    await world.expectQuiet();
  });

  test('a sweep in which nothing is found writes nothing, to no mailbox and no record', async () => {
    await annas.inStep('contacts', { lastname: 'Swept' });
    await world.settle();
    world.counters.reset();
    await sweep();
    expect(world.writes()).toBe(0);
  });

  test('a task list that was deleted does not keep a sweep from the rest', async () => {
    const [listed, other] = [
      await annas.inStep('tasks', { subject: 'In a list' }),
      await annas.inStep('contacts', { lastname: 'Elsewhere' }),
    ];
    const list = await annas.outlook('POST', 'todo/lists', { displayName: 'Doomed' });
    world.control('graph', 'moveTask', { user: anna.objectId, taskId: (await annas.itemOf('tasks', listed)).id, toListId: list.id });
    await world.settle();
    await annas.outlook('DELETE', `todo/lists/${String(list.id)}`);
    await world.services.homes.deleteMany('contoso', 'contact', [other]);
    await annas.change('contacts', other, { 'ownerid@odata.bind': '/systemusers(5a5e0e00-0000-4000-8000-000000000003)' });
    await sweep();
    expect(await annas.item('contacts', other)).toBeNull();
    expect(await annas.hasRecord('tasks', listed)).toBe(false);
    expect((await world.mailbox(anna)).health).toBeNull();
    await world.expectQuiet();
  });
});

describe('rights', () => {
  test('a record that its person may no longer read is let go; nothing is deleted, and it comes back with the right', async () => {
    const id = await annas.inStep('appointments', {
      subject: 'Ben’s record, Anna’s meeting',
      ...in3Days(),
      'ownerid@odata.bind': `/systemusers(${ben.systemUserId})`,
    });
    const before = await annas.itemOf('appointments', id);
    rights('appointment', 'read', 'user');
    await sweep();
    expect(await linkOf('appointment', id)).toMatchObject({ state: 'released', reason: 'unreadable' });
    expect(await annas.itemOf('appointments', id)).toMatchObject({ id: before.id });
    await world.expectQuiet();
    rights('appointment', 'read', 'organization');
    await sweep();
    expect(await linkOf('appointment', id)).toMatchObject({ state: 'linked' });
    await annas.edit('appointments', id, { location: { displayName: 'Heard again' } });
    await world.settle();
    expect(await annas.record('appointments', id)).toMatchObject({ location: 'Heard again' });
    await world.expectQuiet();
  });

  test('a whole table that a person may no longer read stops nothing else and deletes nothing; with the right all goes on by itself', async () => {
    const [contact, task] = [
      await annas.inStep('contacts', { lastname: 'Out of sight' }),
      await annas.inStep('tasks', { subject: 'In sight' }),
    ];
    rights('contact', 'read', 'none');
    await annas.edit('tasks', task, { title: 'In sight, edited' });
    await annas.edit('contacts', contact, { jobTitle: 'Edited meanwhile' });
    await new Desk(world, ben).change('contacts', contact, { department: 'Edited meanwhile' });
    await world.settle();
    await sweep();
    expect(await annas.record('tasks', task)).toMatchObject({ subject: 'In sight, edited' });
    expect(await annas.itemOf('contacts', contact)).toMatchObject({ surname: 'Out of sight' });
    expect((await world.mailbox(anna)).health).toMatchObject({ code: 'forbidden', fix: expect.stringMatching(/./) });
    rights('contact', 'read', 'organization');
    world.advance(3_600_000);
    await world.settle();
    expect((await world.mailbox(anna)).health).toBeNull();
    expect(await annas.record('contacts', contact)).toMatchObject({ jobtitle: 'Edited meanwhile', department: 'Edited meanwhile' });
    expect(await annas.itemOf('contacts', contact)).toMatchObject({ department: 'Edited meanwhile' });
    await world.expectQuiet();
  });

  test('an edit that its person may not make in Dynamics waits with the reason, and is made once she may', async () => {
    const [id, other] = [await annas.inStep('contacts', { lastname: 'Read only' }), await annas.inStep('tasks', { subject: 'Free' })];
    rights('contact', 'write', 'none');
    await annas.edit('contacts', id, { jobTitle: 'Not yet' });
    await annas.edit('tasks', other, { title: 'Free, edited' });
    await world.settle();
    expect(await annas.record('tasks', other)).toMatchObject({ subject: 'Free, edited' });
    const { parked } = await (await world.partition(anna)).state();
    expect(parked).toEqual([expect.objectContaining({ recordId: id, code: 'forbidden', fix: expect.stringMatching(/./) })]);
    rights('contact', 'write', 'organization');
    world.advance(3_600_000);
    await world.settle();
    expect(await annas.record('contacts', id)).toMatchObject({ jobtitle: 'Not yet' });
    await world.expectQuiet();
  });
});

describe('secured columns', () => {
  const secure = (column: string, secured: boolean): unknown =>
    world.control('dynamics', 'setColumnSecurity', { table: 'contact', column, secured });

  test('a column that its person may not read is not copied and blanks nothing (promise 1)', async () => {
    const id = await annas.inStep('contacts', { lastname: 'Secret', governmentid: 'G-1' });
    const governmentId = async (): Promise<string | null> => extended(await annas.itemOf('contacts', id), 'String 0x3A07');
    secure('governmentid', true);
    await annas.change('contacts', id, { jobtitle: 'Anything' });
    await world.settle();
    expect(await annas.itemOf('contacts', id)).toMatchObject({ jobTitle: 'Anything' });
    expect(await governmentId()).toBe('G-1');
    secure('governmentid', false);
    await annas.change('contacts', id, { governmentid: 'G-2' });
    await world.settle();
    expect(await governmentId()).toBe('G-2');
    await world.expectQuiet();
  });

  test('a hidden element of a list is not taken for a removed one (promise 1)', async () => {
    const id = await annas.inStep('contacts', { lastname: 'Two phones', telephone1: '1', business2: '2' });
    secure('telephone1', true);
    await annas.change('contacts', id, { jobtitle: 'Anything' });
    await world.settle();
    expect(await annas.itemOf('contacts', id)).toMatchObject({ jobTitle: 'Anything', businessPhones: ['1', '2'] });
    secure('telephone1', false);
    await annas.change('contacts', id, { business2: null });
    await world.settle();
    expect(await annas.itemOf('contacts', id)).toMatchObject({ businessPhones: ['1'] });
    await world.expectQuiet();
  });
});

test('a person who has moved to another time zone is served in it after the sweep', async () => {
  await world.crm(anna, 'PATCH', `usersettingscollection(${anna.systemUserId})`, { timezonecode: 35 });
  await sweep();
  expect((await world.mailbox(anna)).zone).toBe('America/New_York');
});
