import { decideHold } from '../../../shared/mailboxes/holds';
import { Desk } from './desk';
import { anna, World } from './world';

let world: World;
let annas: Desk;

beforeAll(async () => {
  world = await World.start();
  await world.enable(anna);
  annas = new Desk(world, anna);
});

afterAll(() => world.close());

const lena = 'a2000000-0000-4000-8000-000000000001';
const decider = { integration: 'contoso', id: anna.systemUserId, by: lena };
const pair = (recordId: string) => ({ entity: 'task' as const, recordId });

async function linkOf(recordId: string) {
  return [...(await (await world.partition(anna)).links([pair(recordId)])).values()][0];
}

/** Dynamics says A, somebody in Exchange says B, and neither gives in. */
async function quarrel(id: string, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await annas.change('tasks', id, { subject: 'A' });
    await world.settle();
    world.advance(5_000);
    await annas.edit('tasks', id, { title: 'B' });
    await world.settle();
    world.advance(5_000);
  }
}

test('two that keep rewriting each other are stopped at the third equal write, and an admin thaws the pair', async () => {
  const id = await annas.inStep('tasks', { subject: 'First' });
  await quarrel(id, 2);
  expect(await linkOf(id)).toMatchObject({ state: 'linked' });
  await annas.change('tasks', id, { subject: 'A' });
  await world.settle();
  expect(await linkOf(id)).toMatchObject({ state: 'frozen', reason: 'frozen' });
  expect(await annas.itemOf('tasks', id)).toMatchObject({ title: 'B' });
  const { holds } = await (await world.partition(anna)).state();
  expect(holds).toMatchObject([{ recordId: id, reason: 'frozen', action: 'rewrite', fields: ['subject'] }]);
  world.advance(5_000);
  await annas.edit('tasks', id, { title: 'C' });
  await world.expectQuiet();
  expect(await annas.record('tasks', id)).toMatchObject({ subject: 'A' });

  await decideHold(world.services, decider, pair(id), 'approve', null);
  await world.settle();
  expect(await linkOf(id)).toMatchObject({ state: 'linked' });
  expect(await annas.record('tasks', id)).toMatchObject({ subject: 'C' });
  await quarrel(id, 2);
  expect(await linkOf(id)).toMatchObject({ state: 'linked' });
});

test('a frozen pair that is discarded is let go, and both copies stay', async () => {
  const id = await annas.inStep('tasks', { subject: 'First' });
  await quarrel(id, 3);
  expect(await linkOf(id)).toMatchObject({ state: 'frozen' });
  await decideHold(world.services, decider, pair(id), 'discard', null);
  await world.settle();
  expect(await linkOf(id)).toMatchObject({ state: 'released', reason: 'frozen', bases: null });
  expect(await annas.itemOf('tasks', id)).toBeDefined();
  expect(await annas.hasRecord('tasks', id)).toBe(true);
  await world.expectQuiet();
});

test('somebody who goes to and fro on one side is followed, however often', async () => {
  const id = await annas.inStep('tasks', { subject: 'First' });
  for (let round = 0; round < 5; round += 1) {
    for (const prioritycode of [2, 0]) {
      await annas.change('tasks', id, { prioritycode });
      await world.settle();
    }
  }
  expect(await linkOf(id)).toMatchObject({ state: 'linked' });
  expect(await annas.itemOf('tasks', id)).toMatchObject({ importance: 'low' });
});

test('a day between two equal writes is no loop', async () => {
  const id = await annas.inStep('tasks', { subject: 'First' });
  for (let round = 0; round < 3; round += 1) {
    await quarrel(id, 1);
    world.advance(13 * 3_600_000);
  }
  expect(await linkOf(id)).toMatchObject({ state: 'linked' });
});
