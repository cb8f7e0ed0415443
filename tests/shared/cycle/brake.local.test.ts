import { approveAll, decideHold } from '../../../shared/mailboxes/holds';
import type { HeldRow } from '../../../shared/storage/hold-rows';
import { Desk } from './desk';
import { anna, ben, World } from './world';

let world: World;
let annas: Desk;
let bens: Desk;

const brake = { mailboxNumber: 2, mailboxPercent: 20, integrationNumber: 4, integrationPercent: 2 };
const lena = 'a2000000-0000-4000-8000-000000000001';

beforeEach(async () => {
  world = await World.start({ settings: { brake } });
  await world.enable(anna);
  await world.enable(ben);
  annas = new Desk(world, anna);
  bens = new Desk(world, ben);
});

afterEach(() => world.close());

async function tasks(desk: Desk, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 0; number < count; number += 1) ids.push(await desk.make('tasks', { subject: `Task ${number}` }));
  await world.settle();
  return ids;
}

async function holds(of = anna): Promise<readonly HeldRow[]> {
  return (await (await world.partition(of)).state()).holds;
}

const decider = { integration: 'contoso', id: anna.systemUserId, by: lena };

test('what is deleted beyond the number and the share is held, and everything else goes on (promise 8)', async () => {
  const ids = await tasks(annas, 6);
  const [kept = ''] = ids;
  for (const id of ids.slice(1)) await annas.drop('tasks', id);
  await annas.change('tasks', kept, { subject: 'Still here' });
  await world.settle();
  expect(await annas.items('tasks')).toHaveLength(4);
  expect(await annas.itemOf('tasks', kept)).toMatchObject({ title: 'Still here' });
  expect((await holds()).map(({ reason, action }) => [reason, action])).toEqual(Array(3).fill(['brake', 'deleteItem']));
  await world.expectQuiet();
  expect(await holds()).toHaveLength(3);
});

test('a day later the room is there again, and what was held stays held until somebody decides (promise 8)', async () => {
  const ids = await tasks(annas, 5);
  for (const id of ids.slice(0, 3)) await annas.drop('tasks', id);
  await world.settle();
  expect(await holds()).toHaveLength(1);
  world.advance(25 * 3_600_000);
  for (const id of ids.slice(3)) await annas.drop('tasks', id);
  await world.settle();
  expect(await annas.items('tasks')).toHaveLength(1);
  await world.cycle(anna, 'sweep');
  await world.settle();
  expect(await holds()).toHaveLength(1);
  expect(await annas.items('tasks')).toHaveLength(1);
});

test('approving plans again: what still is to be deleted goes, and what came back meanwhile stays (promise 8)', async () => {
  const ids = await tasks(annas, 5);
  for (const id of ids) await annas.discard('tasks', id);
  await world.settle();
  world.advance(world.services.settings.taskRecheckMs);
  await world.settle();
  const held = await holds();
  expect(held.map(({ action }) => action)).toEqual(Array(3).fill('deleteRecord'));
  const edited = held[0]?.recordId ?? '';
  await annas.change('tasks', edited, { subject: 'Edited while it was held' });
  await world.settle();
  expect(await approveAll(world.services, decider, 'brake')).toBe(3);
  await world.settle();
  expect(await holds()).toEqual([]);
  expect(await annas.hasRecord('tasks', edited)).toBe(true);
  for (const { recordId } of held.slice(1)) expect(await annas.hasRecord('tasks', recordId)).toBe(false);
  await world.expectQuiet();
});

test('discarding lets the pair go and deletes nothing, and the journal says who decided', async () => {
  const ids = await tasks(annas, 4);
  for (const id of ids) await annas.drop('tasks', id);
  await world.settle();
  const [held] = await holds();
  if (held === undefined) throw new Error('nothing is held');
  await decideHold(world.services, decider, held, 'discard', held.at);
  await world.settle();
  expect(await annas.items('tasks')).toHaveLength(2);
  expect(await holds()).toHaveLength(1);
  expect(await world.journal(anna)).toContainEqual(
    expect.objectContaining({ recordId: held.recordId, action: 'discarded', reason: 'brake', by: lena }),
  );
  await world.expectQuiet();
});

test('another hold than the one that was seen is not decided', async () => {
  const ids = await tasks(annas, 3);
  for (const id of ids) await annas.drop('tasks', id);
  await world.settle();
  const [held] = await holds();
  if (held === undefined) throw new Error('nothing is held');
  await expect(decideHold(world.services, decider, held, 'approve', held.at - 1)).rejects.toMatchObject({ code: 'stale' });
  const other = { entity: 'contact' as const, recordId: held.recordId };
  await expect(decideHold(world.services, decider, other, 'approve', null)).rejects.toMatchObject({ code: 'not-found' });
});

test('a decision that nothing could carry out within a day is forgotten', async () => {
  const ids = await tasks(annas, 3);
  for (const id of ids) await annas.drop('tasks', id);
  await world.settle();
  await approveAll(world.services, decider, 'brake');
  world.wakes.waiting.length = 0;
  world.advance(25 * 3_600_000);
  await world.cycle(anna);
  expect(await holds()).toHaveLength(1);
  expect((await (await world.partition(anna)).state()).decisions).toEqual([]);
});

test('the mailboxes of an integration share its room (promise 8)', async () => {
  const mine = await tasks(annas, 3);
  const his = await tasks(bens, 3);
  await world.configure({ brake: { ...brake, mailboxNumber: 10, integrationNumber: 4, integrationPercent: 2 } });
  for (const id of mine) await annas.drop('tasks', id);
  await world.settle();
  for (const id of his) await bens.drop('tasks', id);
  await world.settle();
  expect(await annas.items('tasks')).toHaveLength(0);
  expect(await bens.items('tasks')).toHaveLength(2);
  expect(await holds(ben)).toHaveLength(2);
});

test('finishing work is not counted: tasks that are completed are let go, however many', async () => {
  const ids = await tasks(annas, 6);
  for (const id of ids) await annas.change('tasks', id, { statecode: 1, statuscode: 5 });
  await world.settle();
  expect(await holds()).toEqual([]);
  expect((await annas.items('tasks')).map(({ status }) => status)).toEqual(Array(6).fill('completed'));
});
