import { Desk } from './desk';
import { anna, type Json, World } from './world';

let world: World;
let desk: Desk;
let list: string;

beforeAll(async () => {
  world = await World.start();
  desk = new Desk(world, anna);
  await world.enable(anna);
  await world.settle();
  list = String((await desk.lists()).find(({ wellknownListName }) => wellknownListName === 'defaultList')?.id);
});

afterEach(() => world.faults.clear());
afterAll(() => world.close());

function track(title: string): Promise<Json> {
  return world.outlook(anna, 'POST', `todo/lists/${list}/tasks`, { title, categories: ['Tracked to Dynamics 365'] });
}

/** Tracks a task whose record is made although nobody hears of it, so that the task carries no marker yet. */
async function halfTracked(title: string): Promise<string> {
  const { id } = await track(title);
  world.faults.add({ service: 'dynamics', method: 'PATCH', path: '/tasks', kind: 'cutAfter', times: 1 });
  await world.poll();
  await world.cycle(anna);
  world.faults.clear();
  expect(await rows(title)).toHaveLength(1);
  return String(id);
}

async function rows(title: string): Promise<Json[]> {
  return (await world.crm(anna, 'GET', `tasks?$filter=subject eq '${title}'`)).value as Json[];
}

/** Moves a task to another list and back, which gives it another id each time. */
async function moveAwayAndBack(taskId: string): Promise<void> {
  const { id: other } = await world.outlook(anna, 'POST', 'todo/lists', { displayName: 'Later' });
  const moved = world.control('graph', 'moveTask', { user: anna.objectId, taskId, toListId: String(other) }) as Json;
  world.control('graph', 'moveTask', { user: anna.objectId, taskId: String(moved.id), toListId: list });
}

describe('a tracked task that is moved before it carries its marker', () => {
  test('is the task of the record that was made of it, and gets no second one (promise 5)', async () => {
    const title = 'moved before it was marked';
    const id = await halfTracked(title);
    const [before] = await rows(title);
    await moveAwayAndBack(id);
    await world.settle(2 * 3_600_000);
    expect(await rows(title)).toMatchObject([{ activityid: before?.activityid }]);
    expect(await desk.item('tasks', String(before?.activityid))).toMatchObject({ title });
    await world.expectQuiet();
  });

  test('is found in the end where its marker is refused after that, too', async () => {
    const title = 'moved and refused';
    const id = await halfTracked(title);
    const [before] = await rows(title);
    await moveAwayAndBack(id);
    world.faults.add({ service: 'graph', method: 'POST', path: '/linkedResources', kind: 'error', status: 503, times: 1 });
    await world.settle(2 * 3_600_000);
    expect(await rows(title)).toMatchObject([{ activityid: before?.activityid }]);
    expect(await desk.item('tasks', String(before?.activityid))).toMatchObject({ title });
    await world.expectQuiet();
  });
});

test('a tracked task that looks like one whose record is being made gets a record of its own while that one is there', async () => {
  const title = 'two of a kind';
  await halfTracked(title);
  await track(title);
  await world.settle(2 * 3_600_000);
  const found = await rows(title);
  expect(found).toHaveLength(2);
  for (const { activityid } of found) expect(await desk.item('tasks', String(activityid))).toMatchObject({ title });
});
