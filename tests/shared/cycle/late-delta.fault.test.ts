import { Hands } from './hands';
import { anna, World } from './world';

let world: World;
let hands: Hands;

beforeAll(async () => {
  world = await World.start();
  hands = new Hands(world);
  await world.enable(anna);
});

afterAll(() => world.close());

test.each(['task', 'contact', 'appointment'] as const)(
  'an edit of the %s that the delta has not told yet is not overwritten (promise 1)',
  async (entity) => {
    const id = await hands.make(anna, entity, { first: 'as it was', second: '1' });
    await world.settle();
    world.advance(60_000);
    world.control('graph', 'switches', { deltaLagMs: 30_000, ifMatch: 'ignore' });
    const item = (await hands.items(anna)).find(({ recordId }) => recordId === id);
    if (item === undefined) throw new Error('no item');
    await hands.editRecord(anna, entity, id, { first: 'older' });
    world.advance(4_000);
    await hands.editItem(anna, item, { first: 'newer' });
    await world.poll();
    await world.cycle(anna);
    world.advance(60_000);
    await world.settle();
    const record = (await hands.records(anna)).find((each) => each.id === id);
    expect(record?.texts.first).toBe('newer');
    expect(JSON.stringify(await world.journal(anna))).toContain('older');
  },
);

test('a deletion in Dynamics does not take along an edit that the delta has not told yet (promise 1)', async () => {
  const id = await hands.make(anna, 'task', { first: 'to go', second: '1' });
  await world.settle();
  world.advance(60_000);
  world.control('graph', 'switches', { deltaLagMs: 30_000 });
  const item = (await hands.items(anna)).find(({ recordId }) => recordId === id);
  if (item === undefined) throw new Error('no item');
  await hands.editItem(anna, item, { first: 'unseen' });
  await hands.deleteRecord(anna, 'task', id);
  await world.poll();
  await world.cycle(anna);
  await world.settle();
  expect((await hands.items(anna)).find(({ recordId }) => recordId === id)?.texts.first).toBe('unseen');
});

test.each(['contact', 'appointment'] as const)(
  'the %s whose deletion the delta has not told yet is not written to where it lies, and what its record got meanwhile stays (promise 1)',
  async (entity) => {
    world.control('graph', 'switches', { deltaLagMs: 0 });
    const id = await hands.make(anna, entity, { first: 'deleted', second: '1' });
    await world.settle();
    world.advance(60_000);
    world.control('graph', 'switches', { deltaLagMs: 30_000 });
    const item = (await hands.items(anna)).find(({ recordId }) => recordId === id);
    if (item === undefined) throw new Error('no item');
    await hands.deleteItem(anna, item);
    await hands.editRecord(anna, entity, id, { first: 'edited after all' });
    await world.poll();
    await world.cycle(anna);
    world.advance(60_000);
    await world.settle();
    expect((await hands.records(anna)).find((each) => each.id === id)?.texts.first).toBe('edited after all');
    const links: string[] = [];
    for await (const page of (await world.partition(anna)).allLinks())
      links.push(...page.filter(({ recordId }) => recordId === id).map(({ state }) => state));
    expect(links).toEqual(['released']);
  },
);

test('a deletion that the last answer of an outgrown chain had not told is found soon after all the same, not a day later', async () => {
  world.control('graph', 'switches', { deltaLagMs: 0 });
  const id = await hands.make(anna, 'appointment', { first: 'weekly', second: '1' });
  await world.settle();
  const item = (await hands.items(anna)).find(({ recordId }) => recordId === id);
  if (item === undefined) throw new Error('no item');
  world.control('graph', 'switches', { deltaLagMs: 90_000 });
  world.advance(8 * 86_400_000);
  await hands.deleteItem(anna, item);
  await world.cycle(anna);
  await world.serveUntil(world.clock.now() + 30 * 60_000);
  const links = await (await world.partition(anna)).links([{ entity: 'appointment', recordId: id }]);
  expect([...links.values()].map(({ state }) => state)).not.toContain('linked');
});
