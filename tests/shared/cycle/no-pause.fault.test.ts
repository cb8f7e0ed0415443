import { anna, World } from './world';

let world: World;

beforeAll(async () => {
  world = await World.start();
  await world.enable(anna);
});

afterAll(() => world.close());

test('a service that refuses and asks for no pause is left alone for longer and longer all the same', async () => {
  world.faults.add({ service: 'graph', kind: 'throttle', retryAfterSeconds: 0, forMs: 3_600_000 });
  await world.cycle(anna);
  const served = await world.serveUntil(world.clock.now() + 3_600_000);
  expect(served).toBeLessThan(12);
  await world.settle(7_200_000);
  expect((await world.mailbox(anna)).health).toBeNull();
});
