import { Hands } from './hands';
import { wrongLinks } from './story';
import { anna, World } from './world';

let world: World;

beforeAll(async () => {
  world = await World.start();
  await world.enable(anna);
  await world.settle();
});

afterAll(() => world.close());

test('a task that its user moves to another list before anybody looked at what Tandem wrote is followed (promise 5)', async () => {
  const hands = new Hands(world);
  const id = await hands.make(anna, 'task', { first: 'one', second: 'two' });
  await world.poll();
  await world.cycle(anna);
  // That cycle is what the poll has woken.
  world.wakes.waiting.length = 0;
  const [task] = (await hands.items(anna)).filter(({ recordId }) => recordId === id);
  if (task === undefined) throw new Error('The task has no item.');
  await hands.moveToList(anna, task, 'Later');
  world.advance(15 * 60_000);
  await world.settle();
  const moved = (await hands.items(anna)).filter(({ recordId }) => recordId === id);
  expect(moved).toHaveLength(1);
  expect(
    await wrongLinks(
      world,
      moved.map((item) => ({ who: anna, item })),
    ),
  ).toEqual([]);
});
