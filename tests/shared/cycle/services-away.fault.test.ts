import { runCycle } from '../../../shared/cycle/cycle';
import type { WakeUp } from '../../../shared/messaging/messages';
import { Hands } from './hands';
import { Story, withoutBrake, wrongs } from './story';
import { type Around, passTime, pollAnyhow, workerOn, workFor } from './worker';
import { anna, ben, World } from './world';

let world: World;
let hands: Hands;
let stories = 0;

beforeAll(async () => {
  world = await World.start({ settings: withoutBrake, cycle: { requestTimeoutMs: 400 } });
  hands = new Hands(world);
  await world.enable(anna);
  await world.enable(ben);
});

afterEach(() => world.faults.clear());
afterAll(() => world.close());

/** Plays a story with something in its way, until all is settled, and returns what is wrong then. */
async function storyWith(obstacle: () => void, hardMs = 180_000): Promise<string[]> {
  const story = new Story(world, `a${stories++}`);
  await story.prepare();
  await world.settle();
  const expected = await story.act();
  world.advance(5_000);
  obstacle();
  await passTime(world, hardMs, hardMs / 12);
  world.faults.clear();
  await world.settle(2 * 3_600_000);
  const wrong = await wrongs(world, expected);
  world.counters.reset();
  await world.settle();
  return world.writes() === 0 ? wrong : [...wrong, `the second cycle wrote ${world.writes()} times`];
}

/** One request of each kind by which a cycle reads or writes. */
const requests = [
  { service: 'graph', method: 'POST', path: '/contacts$' },
  { service: 'graph', method: 'POST', path: '/tasks$' },
  { service: 'graph', method: 'POST', path: '/events$' },
  { service: 'graph', method: 'PATCH', path: '/contacts/' },
  { service: 'graph', method: 'PATCH', path: '/tasks/' },
  { service: 'graph', method: 'PATCH', path: '/events/' },
  { service: 'graph', method: 'DELETE', path: '/tasks/' },
  { service: 'graph', method: 'DELETE', path: '/contacts/' },
  { service: 'graph', method: 'DELETE', path: '/events/' },
  { service: 'graph', method: 'GET', path: '/contacts/delta' },
  { service: 'graph', method: 'GET', path: '/tasks/delta' },
  { service: 'graph', method: 'GET', path: '/calendarView/delta' },
  { service: 'graph', method: 'GET', path: '/contacts/' },
  { service: 'dynamics', method: 'PATCH', path: '/tasks' },
  { service: 'dynamics', method: 'PATCH', path: '/contacts' },
  { service: 'dynamics', method: 'PATCH', path: '/appointments' },
  { service: 'dynamics', method: 'DELETE', path: '/tasks' },
  { service: 'dynamics', method: 'GET', path: '/tasks' },
  { service: 'dynamics', method: 'GET', path: '/appointments' },
] as const;

test.each([
  { kind: 'throttle', retryAfterSeconds: 20 },
  { kind: 'error', status: 503 },
  { kind: 'error', status: 500 },
  { kind: 'cutBefore' },
  { kind: 'cutAfter' },
  { kind: 'timeout' },
] as const)(
  'whatever meets one request of each kind, $kind, everything arrives once (promises 1 and 5)',
  async (fault) => {
    for (const from of [1, 2]) {
      const wrong = await storyWith(() => {
        for (const request of requests) world.faults.add({ ...request, ...fault, from, times: 1 });
      });
      expect({ from, wrong }).toEqual({ from, wrong: [] });
    }
  },
  120_000,
);

test.each(['cutBefore', 'cutAfter', 'timeout', 'error'] as const)(
  'a whole batch that meets %s is no reason to do anything twice',
  async (kind) => {
    const wrong = await storyWith(() => world.faults.add({ service: 'graph', path: '/\\$batch$', kind, from: 3, times: 2 }));
    expect(wrong).toEqual([]);
  },
);

test.each(['dynamics', 'graph'] as const)(
  '%s is away for twenty minutes after edits and deletions, and nothing is lost (promises 1 and 3)',
  async (service) => {
    const wrong = await storyWith(() => world.faults.add({ service, kind: 'error', status: 503, forMs: 1_200_000 }), 1_200_000);
    expect(wrong).toEqual([]);
  },
);

test('while Dynamics is away no delta chain of Exchange dies of answers that were not kept (promise 6)', async () => {
  const id = await hands.make(anna, 'task', { first: 'chain', second: '1' });
  await world.settle();
  const item = (await hands.items(anna)).find(({ recordId }) => recordId === id);
  if (item === undefined) throw new Error('no item');
  const begun = async () => (await (await world.partition(anna)).state()).cursors.map(({ feed, begunAt }) => [feed, begunAt]);
  const before = await begun();
  await hands.editItem(anna, item, { first: 'edited in the outage' });
  world.faults.add({ service: 'dynamics', kind: 'error', status: 503 });
  for (let times = 0; times < 6; times += 1) expect(await world.cycle(anna)).toBe('later');
  world.faults.clear();
  await world.settle();
  expect(await begun()).toEqual(before);
  expect((await hands.records(anna)).find((record) => record.id === id)?.texts.first).toBe('edited in the outage');
});

test('expired change tracking and expired delta links lose no edit and no deletion (promises 1, 3 and 6)', async () => {
  const wrong = await storyWith(() => {
    world.dynamics.controls.expireChangeTracking?.({});
    world.graph.controls.expireDeltas?.({});
  });
  expect(wrong).toEqual([]);
});

/** Remembers when each service was asked, and by what. */
function listening(asked: { readonly service: string; readonly at: number }[]): Around {
  return (effect, run) => {
    const [service] = ['graph', 'dynamics'].filter((name) => effect.what.includes(name));
    if (service !== undefined) asked.push({ service, at: world.clock.now() });
    return run();
  };
}

/** Everything that the timers and the queue would have done for Anna for a while, in the services of one process. */
async function minuteByMinute(services: ReturnType<typeof workerOn>, seconds: number): Promise<void> {
  const { id: integration } = world.integration;
  const mailbox = anna.systemUserId;
  for (let passed = 0; passed < seconds; passed += 5) {
    await pollAnyhow(world, services, [anna]);
    const look: WakeUp = { kind: 'look', integration, mailbox, sentAt: world.clock.now() };
    await runCycle(look, services);
    world.advance(5_000);
    for (let next = world.wakes.next(); next !== undefined; next = world.wakes.next()) {
      if (next.at > world.clock.now()) {
        world.wakes.waiting.push(next);
        break;
      }
      if (next.wakeUp.mailbox === mailbox) await runCycle(next.wakeUp, services);
    }
  }
}

test.each([
  { service: 'graph', method: 'PATCH', path: '/tasks/' },
  { service: 'graph', method: 'GET', path: '/contacts/delta' },
  { service: 'graph', method: 'GET', path: '/tasks/delta' },
  { service: 'dynamics', method: 'PATCH', path: '/tasks' },
  { service: 'dynamics', method: 'GET', path: 'In\\(' },
] as const)(
  'after a 429 to $method $path nothing is sent to $service before its Retry-After is over, and then all arrives',
  async (request) => {
    const ids: string[] = [];
    for (let index = 0; index < 8; index += 1) ids.push(await hands.make(anna, 'task', { first: `rest ${index}`, second: '1' }));
    await world.settle();
    world.advance(5_000);
    const items = new Map((await hands.items(anna)).map((item) => [item.recordId, item]));
    for (const [index, id] of ids.entries()) {
      const item = items.get(id);
      if (index % 2 === 0 || item === undefined) await hands.editRecord(anna, 'task', id, { first: `after rest ${index}` });
      else await hands.editItem(anna, item, { first: `after rest ${index}` });
    }
    world.faults.add({ ...request, kind: 'throttle', retryAfterSeconds: 60, times: 1 });
    const asked: { readonly service: string; readonly at: number }[] = [];
    await minuteByMinute(workerOn(world, listening(asked)), 90);
    const times = asked.filter(({ service }) => service === request.service).map(({ at }) => at);
    const pauses = times.slice(1).map((at, index) => at - (times[index] ?? at));
    expect(Math.max(...pauses)).toBeGreaterThanOrEqual(60_000);
    await world.settle();
    const records = new Map((await hands.records(anna)).map((record) => [record.id, record]));
    expect(ids.map((id) => records.get(id)?.texts.first)).toEqual(ids.map((_, index) => `after rest ${index}`));
    const after = new Map((await hands.items(anna)).map((item) => [item.recordId, item]));
    expect(ids.map((id) => after.get(id)?.texts.first)).toEqual(ids.map((_, index) => `after rest ${index}`));
  },
);

test('an item that was found by its intent is not created again when the next write to it fails (promise 5)', async () => {
  const id = await hands.make(anna, 'contact', { first: 'cut', second: '1' });
  world.faults.add({ service: 'graph', method: 'POST', path: '/contacts$', kind: 'cutAfter', times: 1 });
  await world.poll();
  await world.cycle(anna);
  world.advance(1_000);
  await hands.editRecord(anna, 'contact', id, { first: 'edited' });
  world.faults.add({ service: 'graph', method: 'PATCH', path: '/contacts/', kind: 'error', times: 1 });
  await world.settle();
  const items = (await hands.items(anna)).filter(({ recordId }) => recordId === id);
  expect(items.map(({ texts }) => texts.first)).toEqual(['edited']);
});

test('a mailbox of which nothing is found is asked again later, and nothing of it counts as deleted (promise 3)', async () => {
  const ids: string[] = [];
  for (const entity of ['task', 'contact', 'appointment'] as const)
    ids.push(await hands.make(anna, entity, { first: 'still there', second: '1' }));
  await world.settle();
  world.faults.add({ service: 'graph', path: anna.objectId, kind: 'error', status: 404, forMs: 600_000 });
  for (const id of ids.slice(0, 1)) await hands.editRecord(anna, 'task', id, { first: 'edited' });
  await passTime(world, 120_000);
  expect((await world.mailbox(anna)).health).toMatchObject({ code: expect.stringMatching(/unavailable|missing/) });
  world.faults.clear();
  await world.settle(2 * 3_600_000);
  const records = (await hands.records(anna)).filter((record) => ids.includes(record.id));
  const items = (await hands.items(anna)).filter(({ recordId }) => recordId !== null && ids.includes(recordId));
  expect([records.length, items.length]).toEqual([3, 3]);
});

test('a look whose process dies before its first commit is not taken for answered when it comes again (promise 1)', async () => {
  const id = await hands.make(anna, 'task', { first: 'looked at', second: '1' });
  await world.settle();
  world.advance(60_000);
  const item = (await hands.items(anna)).find(({ recordId }) => recordId === id);
  if (item === undefined) throw new Error('no item');
  await hands.editItem(anna, item, { first: 'edited in Exchange' });
  const look: WakeUp = { kind: 'look', integration: world.integration.id, mailbox: anna.systemUserId, sentAt: world.clock.now() };
  world.advance(30_000);
  let dead = false;
  const services = workerOn(world, async (effect, run) => {
    if (dead) throw new Error('dead');
    const result = await run();
    dead ||= effect.what === 'links submitTransaction';
    return result;
  });
  await runCycle(look, services).catch(() => undefined);
  expect(await runCycle(look, world.services)).toBe('done');
  await world.settle();
  expect((await hands.records(anna)).find((record) => record.id === id)?.texts.first).toBe('edited in Exchange');
});

test('a task that is missing and whose record is edited meanwhile keeps waiting for its second look (promises 1 and 3)', async () => {
  const id = await hands.make(anna, 'task', { first: 'missing', second: '1' });
  await world.settle();
  const item = (await hands.items(anna)).find(({ recordId }) => recordId === id);
  if (item === undefined) throw new Error('no item');
  await hands.deleteItem(anna, item);
  expect(await world.cycle(anna)).toBe('done');
  await hands.editRecord(anna, 'task', id, { first: 'edited after all' });
  await world.poll();
  expect(await world.cycle(anna)).toBe('done');
  await world.settle();
  expect((await hands.records(anna)).find((record) => record.id === id)?.texts.first).toBe('edited after all');
});

test('what was read and could not be committed is read again (promise 6)', async () => {
  const id = await hands.make(ben, 'contact', { first: 'uncommitted', second: '1' });
  await world.settle();
  const item = (await hands.items(ben)).find(({ recordId }) => recordId === id);
  if (item === undefined) throw new Error('no item');
  world.advance(5_000);
  await hands.editItem(ben, item, { first: 'read twice' });
  const services = workerOn(world, (effect, run) => {
    if (effect.what === 'links submitTransaction') throw new Error('storage is away');
    return run();
  });
  expect(await runCycle(workFor(world, ben.systemUserId), services)).toBe('later');
  await world.settle();
  expect((await hands.records(ben)).find((record) => record.id === id)?.texts.first).toBe('read twice');
});
