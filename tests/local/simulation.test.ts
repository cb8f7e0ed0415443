import { person } from '../../local/company/people';
import { World } from '../../local/simulation/world';

const anna = person('anna');
const ben = person('ben');

afterEach(() => jest.restoreAllMocks());

/** A life of two people with a throttled, a hanging and a cut request in it, and what it left behind. */
async function life(): Promise<{
  readonly hash: string;
  readonly requests: number;
  readonly rows: readonly string[];
  readonly at: number;
}> {
  const world = await World.start();
  for (const who of [anna, ben]) await world.enable(who);
  for (const [index, kind] of (['throttle', 'timeout', 'cutAfter'] as const).entries()) {
    world.advance(60_000);
    const { activityid } = await world.crm(anna, 'POST', 'tasks', { subject: `Call ${index}` });
    await world.crm(ben, 'POST', 'contacts', { lastname: `Winter ${index}` });
    await world.outlook(anna, 'POST', 'contacts', { surname: `Summer ${index}` });
    world.faults.add({ service: 'graph', path: '/\\$batch$', kind, from: 3, times: 1 });
    await world.settle();
    world.faults.clear();
    await world.crm(anna, 'PATCH', `tasks(${String(activityid)})`, { subject: `Call ${index} back` });
    await world.settle(3_600_000);
  }
  const rows = await world.rows();
  const { trace } = world.ground;
  await world.close();
  return { hash: trace?.digest() ?? '', requests: trace?.requests ?? 0, rows, at: world.clock.now() };
}

test('the same life leaves the same trace and the same rows', async () => {
  const first = await life();
  expect(first.requests).toBeGreaterThan(50);
  expect(await life()).toEqual(first);
});

test('nothing in a simulation looks at the time of this machine, waits, or asks for chance', async () => {
  const looks: string[] = [];
  const noted = <Result>(what: string, real: (...given: never[]) => Result) =>
    ((...given: never[]) => {
      looks.push(`${what} ${new Error(what).stack ?? ''}`);
      return real(...given);
    }) as never;
  const { now } = Date;
  const { setTimeout: after, setImmediate: soon, Date: dates } = globalThis;
  jest.spyOn(Date, 'now').mockImplementation(noted('Date.now', now));
  jest.spyOn(Math, 'random').mockImplementation(noted('Math.random', () => 0.5));
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(noted('setTimeout', after));
  jest.spyOn(globalThis, 'setImmediate').mockImplementation(noted('setImmediate', soon));
  globalThis.Date = class extends dates {
    constructor(...given: readonly unknown[]) {
      super(...(given as [number]));
      if (given.length === 0) looks.push(`new Date ${new Error('new Date').stack ?? ''}`);
    }
  } as DateConstructor;
  try {
    await life();
  } finally {
    globalThis.Date = dates;
  }
  // Graph's library stamps its errors, and nobody reads the stamp.
  expect(looks.filter((look) => !look.includes('GraphErrorHandler'))).toEqual([]);
});

test('a person reaches only what is theirs, and a token for one service opens no other', async () => {
  const world = await World.start();
  const bens = `https://graph.microsoft.com/v1.0/users/${ben.objectId}/contacts`;
  const status = async (token: string) => (await world.ground.fetch(bens, { headers: { authorization: `Bearer ${token}` } })).status;
  expect(await status(await world.ground.token(anna, world.graph.url))).toBe(403);
  expect(await status(await world.ground.token(ben, world.graph.url))).toBe(200);
  expect(await status(await world.ground.token(ben, world.dynamics.url))).toBe(401);
  expect(await status('made up')).toBe(401);
  expect(await status(await world.ground.token('application', world.graph.url))).toBe(200);
  await world.close();
});

test('a request that hangs ends when its time is up, and moves the clock by that', async () => {
  const world = await World.start();
  world.faults.add({ service: 'dynamics', kind: 'timeout' });
  const before = world.clock.now();
  const reading = world.services.dynamics(world.integration).user(anna.systemUserId);
  await expect(reading).rejects.toMatchObject({ code: 'timeout', retry: 'later' });
  expect(world.clock.now() - before).toBe(world.services.settings.requestTimeoutMs);
  world.faults.clear();
  world.faults.add({ service: 'dynamics', kind: 'cutAfter' });
  await expect(world.services.dynamics(world.integration).user(anna.systemUserId)).rejects.toMatchObject({
    code: 'unavailable',
    detail: 'ECONNRESET',
  });
  await world.close();
});
