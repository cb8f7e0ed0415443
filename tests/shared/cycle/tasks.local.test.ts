import { bindOwner, Desk } from './desk';
import { anna, beginning, ben, type Json, World } from './world';

let world: World;
let annas: Desk;
let bens: Desk;

beforeAll(async () => {
  world = await World.start();
  await world.enable(anna);
  await world.enable(ben);
  annas = new Desk(world, anna);
  bens = new Desk(world, ben);
});

afterAll(() => world.close());

const day = 86_400_000;
/** Tests look at one day, however long they take. */
const today = beginning;
const dateIn = (days: number): string => new Date(today + days * day).toISOString().slice(0, 10);
const utc = (date: string): Json => ({ dateTime: `${date}T00:00:00`, timeZone: 'UTC' });

/** Makes a task of Anna's that is in step. */
const inStep = (columns: Json): Promise<string> => annas.inStep('tasks', columns);

describe('completion', () => {
  test('a task completed in Exchange is completed in Dynamics, with its date and 100 %', async () => {
    const id = await inStep({ subject: 'Finish in Exchange', scheduledend: `${dateIn(1)}T09:00:00Z` });
    await annas.edit('tasks', id, { status: 'completed', completedDateTime: utc(dateIn(-1)) });
    await world.settle();
    const row = await annas.record('tasks', id);
    expect(row).toMatchObject({ statecode: 1, statuscode: 5, percentcomplete: 100 });
    expect(String(row.actualend).slice(0, 10)).toBe(dateIn(-1));
    expect(await annas.itemOf('tasks', id)).toMatchObject({
      status: 'completed',
      completedDateTime: { dateTime: `${dateIn(-1)}T00:00:00.0000000` },
    });
    await world.expectQuiet();
  });

  test('a task completed in Dynamics is completed in Exchange on that date, and let go', async () => {
    const id = await inStep({ subject: 'Finish in Dynamics' });
    await annas.change('tasks', id, { statecode: 1, statuscode: 5, actualend: `${dateIn(-2)}T12:00:00Z` });
    await world.settle();
    expect(await annas.itemOf('tasks', id)).toMatchObject({
      status: 'completed',
      completedDateTime: { dateTime: `${dateIn(-2)}T00:00:00.0000000` },
    });
    await annas.edit('tasks', id, { title: 'My own now' });
    await world.settle();
    expect(await annas.record('tasks', id)).toMatchObject({ subject: 'Finish in Dynamics', statecode: 1 });
    await world.expectQuiet();
  });

  test('a task canceled in Dynamics is completed in Exchange', async () => {
    const id = await inStep({ subject: 'Never mind' });
    await annas.change('tasks', id, { statecode: 2, statuscode: 6 });
    await world.settle();
    expect(await annas.itemOf('tasks', id)).toMatchObject({ status: 'completed' });
    expect(await annas.record('tasks', id)).toMatchObject({ statecode: 2, statuscode: 6 });
    await world.expectQuiet();
  });

  test('a task that is opened again is taken up again, with the same item', async () => {
    const id = await inStep({ subject: 'Once more' });
    const before = await annas.itemOf('tasks', id);
    await annas.change('tasks', id, { statecode: 1, statuscode: 5 });
    await world.settle();
    await annas.change('tasks', id, { statecode: 0, statuscode: 3, actualend: null });
    await world.settle();
    expect(await annas.itemOf('tasks', id)).toMatchObject({ id: before.id, status: 'inProgress' });
    await annas.edit('tasks', id, { title: 'Once more, please' });
    await world.settle();
    expect(await annas.record('tasks', id)).toMatchObject({ subject: 'Once more, please', statecode: 0 });
    await world.expectQuiet();
  });

  test('a task that is opened again in Exchange after Dynamics completed it stays completed there', async () => {
    const id = await inStep({ subject: 'Closed means closed' });
    await annas.change('tasks', id, { statecode: 1, statuscode: 5 });
    await world.settle();
    await annas.edit('tasks', id, { status: 'notStarted' });
    await world.settle();
    expect(await annas.record('tasks', id)).toMatchObject({ statecode: 1 });
    await world.expectQuiet();
  });
});

describe('deletion (promise 3)', () => {
  test('an open task deleted in Dynamics goes from Exchange, and the journal keeps it', async () => {
    const id = await inStep({ subject: 'Delete me', description: 'Worth keeping' });
    await annas.drop('tasks', id);
    await world.settle();
    expect(await annas.item('tasks', id)).toBeNull();
    const kept = (await world.journal(anna)).find(({ recordId, action }) => recordId === id && action === 'deleted');
    expect(kept).toMatchObject({ side: 'exchange', reason: 'record-deleted', value: expect.stringContaining('Worth keeping') });
    await world.expectQuiet();
  });

  test('a task completed in Exchange stays there when its record is deleted', async () => {
    const id = await inStep({ subject: 'Done and deleted' });
    await annas.edit('tasks', id, { status: 'completed' });
    await world.settle();
    await annas.drop('tasks', id);
    await world.settle();
    expect(await annas.itemOf('tasks', id)).toMatchObject({ status: 'completed' });
    await world.expectQuiet();
  });

  test('a task edited in Exchange outlives the deletion of its record', async () => {
    const id = await inStep({ subject: 'Edited and deleted' });
    await annas.drop('tasks', id);
    await annas.edit('tasks', id, { title: 'I still need this' });
    await world.settle();
    expect(await annas.itemOf('tasks', id)).toMatchObject({ title: 'I still need this' });
    await world.expectQuiet();
  });

  test('a task deleted in Exchange is asked for again a minute later, and only then goes from Dynamics', async () => {
    const id = await inStep({ subject: 'Gone from To Do' });
    await annas.discard('tasks', id);
    await world.settle(30_000);
    expect(await annas.hasRecord('tasks', id)).toBe(true);
    await world.settle();
    expect(await annas.hasRecord('tasks', id)).toBe(false);
    const kept = (await world.journal(anna)).find(({ recordId, action }) => recordId === id && action === 'deleted');
    expect(kept).toMatchObject({ side: 'dynamics', reason: 'item-deleted', value: expect.stringContaining('Gone from To Do') });
    await world.expectQuiet();
  });

  test('a record edited after its item was deleted stays, and gets no new item', async () => {
    const id = await inStep({ subject: 'Deleted and edited' });
    await annas.discard('tasks', id);
    await annas.change('tasks', id, { subject: 'Not so fast' });
    await world.settle();
    expect(await annas.record('tasks', id)).toMatchObject({ subject: 'Not so fast' });
    expect(await annas.item('tasks', id)).toBeNull();
    await annas.change('tasks', id, { subject: 'Still no new item' });
    await world.expectQuiet();
    expect(await annas.item('tasks', id)).toBeNull();
  });

  test('a task that is deleted on both sides is forgotten', async () => {
    const id = await inStep({ subject: 'Nobody wants it' });
    await annas.drop('tasks', id);
    await annas.discard('tasks', id);
    await world.settle();
    expect((await (await world.partition(anna)).links([{ entity: 'task', recordId: id }])).size).toBe(0);
    await world.expectQuiet();
  });

  test('with the setting "release" a task deleted in Exchange stays in Dynamics', async () => {
    await world.configure({ taskDeletedInExchange: 'release' });
    const id = await inStep({ subject: 'Mine to keep' });
    await annas.discard('tasks', id);
    await world.settle();
    expect(await annas.hasRecord('tasks', id)).toBe(true);
    await world.configure({});
    await world.expectQuiet();
    expect(await annas.item('tasks', id)).toBeNull();
  });
});

describe('places', () => {
  test('a task moved to another list keeps its link under its new id, and edits flow both ways (promise 3)', async () => {
    const id = await inStep({ subject: 'Wanderer' });
    const list = await annas.outlook('POST', 'todo/lists', { displayName: 'Errands' });
    const before = await annas.itemOf('tasks', id);
    world.control('graph', 'moveTask', { user: anna.objectId, taskId: before.id, toListId: list.id });
    await world.settle();
    expect(await annas.hasRecord('tasks', id)).toBe(true);
    await annas.edit('tasks', id, { title: 'Wanderer, renamed' });
    await world.settle();
    await annas.change('tasks', id, { description: 'From afar' });
    await world.settle();
    expect(await annas.record('tasks', id)).toMatchObject({ subject: 'Wanderer, renamed' });
    const after = await annas.itemOf('tasks', id);
    expect(after).toMatchObject({ listId: list.id, body: { content: expect.stringContaining('From afar') } });
    expect(after.id).not.toBe(before.id);
    await world.expectQuiet();
  });

  test('a task whose list was deleted goes from Dynamics with the next heartbeat', async () => {
    const id = await inStep({ subject: 'In a list that dies' });
    const list = await annas.outlook('POST', 'todo/lists', { displayName: 'Short-lived' });
    world.control('graph', 'moveTask', { user: anna.objectId, taskId: (await annas.itemOf('tasks', id)).id, toListId: list.id });
    await world.settle();
    await annas.outlook('DELETE', `todo/lists/${String(list.id)}`);
    await world.cycle(anna, 'heartbeat');
    await world.settle();
    expect(await annas.hasRecord('tasks', id)).toBe(false);
    expect((await world.mailbox(anna)).taskLists).not.toContain(list.id);
    await world.expectQuiet();
  });

  test('a task born in Exchange stays there', async () => {
    const [list] = await annas.lists();
    await annas.outlook('POST', `todo/lists/${String(list?.id)}/tasks`, { title: 'Water the plants' });
    await world.expectQuiet();
    const { value } = await world.crm(anna, 'GET', "tasks?$filter=subject eq 'Water the plants'");
    expect(value).toEqual([]);
  });

  test('a task given to somebody else changes mailboxes, and takes an unsent edit along', async () => {
    const id = await inStep({ subject: 'For whoever', description: 'As it was' });
    await annas.change('tasks', id, bindOwner(ben));
    await annas.edit('tasks', id, { body: { contentType: 'text', content: 'Anna was here' } });
    await world.settle();
    expect(await annas.item('tasks', id)).toBeNull();
    expect(await bens.itemOf('tasks', id)).toMatchObject({
      title: 'For whoever',
      body: { content: expect.stringContaining('Anna was here') },
    });
    await annas.change('tasks', id, bindOwner(anna));
    await world.settle();
    expect(await bens.item('tasks', id)).toBeNull();
    await annas.edit('tasks', id, { title: 'Mine again' });
    await world.settle();
    expect(await annas.record('tasks', id)).toMatchObject({ subject: 'Mine again' });
    await world.expectQuiet();
  });
});

describe('refusals', () => {
  test('a subject too long for Dynamics is parked with its reason, the rest goes on, and it heals when shortened', async () => {
    const [id, other] = [await annas.make('tasks', { subject: 'Short' }), await annas.make('tasks', { subject: 'Other' })];
    await world.settle();
    await annas.edit('tasks', id, { title: 'x'.repeat(250) });
    await annas.edit('tasks', other, { title: 'Other, edited' });
    await world.settle();
    expect(await annas.record('tasks', other)).toMatchObject({ subject: 'Other, edited' });
    expect(await annas.record('tasks', id)).toMatchObject({ subject: 'Short' });
    const { parked } = await (await world.partition(anna)).state();
    expect(parked).toEqual([
      expect.objectContaining({ recordId: id, why: 'failed', code: 'refused', detail: expect.stringMatching(/subject|length|200/i) }),
    ]);
    await annas.edit('tasks', id, { title: 'Short again' });
    await world.settle();
    expect(await annas.record('tasks', id)).toMatchObject({ subject: 'Short again' });
    expect((await (await world.partition(anna)).state()).parked).toEqual([]);
    await world.expectQuiet();
  });
});

test('nothing of all this made a second copy (promise 5)', async () => {
  const titles = (await annas.items('tasks')).map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
});
