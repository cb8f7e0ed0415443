import { freshnessIn } from '../../../shared/model/ages';
import { groundOnTheWire } from './wire-ground';
import { anna, ben, type Json, World } from './world';

let world: World;

beforeAll(async () => {
  world = await World.start({ ground: groundOnTheWire });
  await world.enable(anna);
  await world.enable(ben);
});

afterAll(() => world.close());

async function tasksOf(who = anna): Promise<Json[]> {
  const lists = (await world.outlook(who, 'GET', 'todo/lists')).value as Json[];
  const list = lists.find(({ wellknownListName }) => wellknownListName === 'defaultList');
  return (await world.outlook(who, 'GET', `todo/lists/${String(list?.id)}/tasks?$top=100`)).value as Json[];
}

test('a task made in Dynamics appears in its owner’s Exchange mailbox', async () => {
  await world.crm(anna, 'POST', 'tasks', { subject: 'Call the printer', 'ownerid@odata.bind': `/systemusers(${anna.systemUserId})` });
  await world.settle();
  expect((await tasksOf()).map(({ title }) => title)).toContain('Call the printer');
});

test('how old an edit was when it stood on the other side is counted with the mailbox, once', async () => {
  const counted = async () => freshnessIn([(await world.mailbox(anna)).ages], world.services.clock.now()).count;
  const before = await counted();
  await world.crm(anna, 'POST', 'tasks', { subject: 'Count me', 'ownerid@odata.bind': `/systemusers(${anna.systemUserId})` });
  await world.settle();
  expect(await counted()).toBe(before + 1);
  await world.cycle(anna);
  await world.settle();
  expect(await counted()).toBe(before + 1);
});
