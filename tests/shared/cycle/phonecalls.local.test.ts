import { bindOwner, Desk } from './desk';
import { anna, ben, World } from './world';

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

const tables = ['phonecalls', 'letters', 'faxes'] as const;
const entityOf = { phonecalls: 'phonecall', letters: 'letter', faxes: 'fax' } as const;

describe.each(tables)('one of the %s', (table) => {
  test('becomes a task, and edits flow both ways', async () => {
    const id = await annas.inStep(table, { subject: `First of the ${table}`, scheduledend: '2030-03-04T09:00:00Z', prioritycode: 2 });
    expect(await annas.itemOf(table, id)).toMatchObject({ title: `First of the ${table}`, importance: 'high', status: 'notStarted' });
    await annas.edit(table, id, { body: { contentType: 'text', content: 'From To Do' } });
    await world.settle();
    expect(await annas.record(table, id)).toMatchObject({ description: 'From To Do', scheduledend: '2030-03-04T09:00:00Z' });
    await annas.change(table, id, { subject: `Renamed of the ${table}` });
    await world.settle();
    expect(await annas.itemOf(table, id)).toMatchObject({ title: `Renamed of the ${table}` });
    await world.expectQuiet();
  });

  test('is completed with the default status of its table when its task is completed, and stays when the task goes', async () => {
    const id = await annas.inStep(table, { subject: `Done of the ${table}` });
    await annas.edit(table, id, { status: 'completed' });
    await world.settle();
    const row = await annas.record(table, id);
    expect(row).toMatchObject({ statecode: 1 });
    expect(row.actualend).not.toBeNull();
    await annas.discard(table, id);
    await world.settle();
    expect(await annas.hasRecord(table, id)).toBe(true);
    await world.expectQuiet();
  });

  test('completes its task when it is canceled', async () => {
    const id = await annas.inStep(table, { subject: `Canceled of the ${table}` });
    await annas.change(table, id, { statecode: 2 });
    await world.settle();
    expect(await annas.itemOf(table, id)).toMatchObject({ status: 'completed' });
    expect(await annas.record(table, id)).toMatchObject({ statecode: 2 });
    await world.expectQuiet();
  });

  test('goes when its open task is deleted, and takes its task along when it is deleted', async () => {
    const [gone, dropped] = [await annas.make(table, { subject: `Gone of the ${table}` }), await annas.make(table, { subject: 'Dropped' })];
    await world.settle();
    await annas.discard(table, gone);
    await annas.drop(table, dropped);
    await world.settle();
    expect(await annas.hasRecord(table, gone)).toBe(false);
    expect(await annas.item(table, dropped)).toBeNull();
    expect((await (await world.partition(anna)).links([{ entity: entityOf[table], recordId: gone }])).size).toBe(0);
    await world.expectQuiet();
  });

  test('is open in both when it is opened again, and loses an end that was left standing: Microsoft’s own sync would complete it by that', async () => {
    const id = await annas.inStep(table, { subject: `Again of the ${table}` });
    await annas.change(table, id, { statecode: 1 });
    await world.settle();
    await annas.change(table, id, { statecode: 0 });
    await world.settle();
    expect((await annas.record(table, id)).actualend).toBeNull();
    expect(await annas.itemOf(table, id)).toMatchObject({ status: 'notStarted' });
    await world.expectQuiet();
    expect(await annas.record(table, id)).toMatchObject({ statecode: 0 });
  });

  test('moves to the mailbox of whoever it is given to', async () => {
    const id = await annas.inStep(table, { subject: `Given of the ${table}` });
    await annas.change(table, id, bindOwner(ben));
    await world.settle();
    expect(await annas.item(table, id)).toBeNull();
    expect(await bens.itemOf(table, id)).toMatchObject({ title: `Given of the ${table}` });
    await world.expectQuiet();
  });
});

test('with the setting "release" a phone call stays when its task is deleted', async () => {
  await world.configure({ taskDeletedInExchange: 'release' });
  const id = await annas.inStep('phonecalls', { subject: 'Mine to keep' });
  await annas.discard('phonecalls', id);
  await world.settle();
  expect(await annas.hasRecord('phonecalls', id)).toBe(true);
  await world.configure({});
  await world.expectQuiet();
});
