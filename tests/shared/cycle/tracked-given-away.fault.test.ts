import { bindOwner, Desk } from './desk';
import { anna, ben, type Json, World } from './world';

let world: World;
let annas: Desk;
let bens: Desk;

beforeAll(async () => {
  world = await World.start();
  annas = new Desk(world, anna);
  bens = new Desk(world, ben);
  for (const who of [anna, ben]) await world.enable(who);
  await world.settle();
});

afterAll(() => world.close());

async function tasksOf(desk: Desk, title: string): Promise<Json[]> {
  const list = (await desk.lists()).find(({ wellknownListName }) => wellknownListName === 'defaultList');
  const { value } = await desk.outlook('GET', `todo/lists/${String(list?.id)}/tasks?$top=100`);
  return (value as Json[]).filter((task) => task.title === title);
}

test('a tracked task whose record is given away before its marker is written moves along with what its user changed (promises 1 and 5)', async () => {
  const title = 'given away at once';
  const list = (await annas.lists()).find(({ wellknownListName }) => wellknownListName === 'defaultList');
  const path = `todo/lists/${String(list?.id)}/tasks`;
  const { id } = await world.outlook(anna, 'POST', path, { title, categories: ['Tracked to Dynamics 365'] });
  for (const method of ['PATCH', 'POST'])
    world.faults.add({ service: 'graph', method, path: '/tasks/', kind: 'throttle', retryAfterSeconds: 20, times: 1 });
  await world.poll();
  await world.cycle(anna);
  world.faults.clear();
  const rows = (await world.crm(anna, 'GET', `tasks?$filter=subject eq '${title}'`)).value as Json[];
  expect(rows).toHaveLength(1);
  await annas.change('tasks', String(rows[0]?.activityid), bindOwner(ben));
  await world.outlook(anna, 'PATCH', `${path}/${String(id)}`, { importance: 'high' });
  await world.settle(2 * 3_600_000);
  expect([await tasksOf(annas, title), await tasksOf(bens, title)]).toMatchObject([[], [{ title, importance: 'high' }]]);
  await world.expectQuiet();
});
