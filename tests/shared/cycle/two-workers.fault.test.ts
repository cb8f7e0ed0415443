import { runCycle } from '../../../shared/cycle/cycle';
import { Hands } from './hands';
import { randomFrom } from './mortal';
import { Story, withoutBrake, wrongs } from './story';
import { groundOnTheWire } from './wire-ground';
import { type Around, workerOn, workFor } from './worker';
import { anna, ben, World } from './world';

const rounds = Number(process.env.RUNS ?? 8);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const random = randomFrom(seed);

let world: World;

beforeAll(async () => {
  world = await World.start({ settings: withoutBrake, ground: groundOnTheWire });
  await world.enable(anna);
  await world.enable(ben);
});

afterAll(() => world.close());

/** A worker that now and then is slow: before an effect, and between an effect and hearing of it. */
function unhurried(): Around {
  const pause = (): Promise<void> =>
    new Promise((resolve) => (random() < 0.5 ? setImmediate(resolve) : setTimeout(resolve, random() * 25)));
  return async (_effect, run) => {
    await pause();
    const result = await run();
    await pause();
    return result;
  };
}

test('two workers that hold the same mailbox at once make one copy and one link of each record (promise 5)', async () => {
  const ends: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const story = new Story(world, `r${round}`);
    await story.prepare();
    await world.settle();
    const expected = await story.act();
    world.advance(5_000);
    await world.poll();
    const workers = [workerOn(world, unhurried()), workerOn(world, unhurried()), workerOn(world, unhurried())];
    const cycles = [anna, ben].flatMap(({ systemUserId }) => workers.map((services) => runCycle(workFor(world, systemUserId), services)));
    ends.push(...(await Promise.all(cycles)));
    world.advance(2 * world.services.settings.requestTimeoutMs + 1);
    await world.settle();
    const wrong = await wrongs(world, expected);
    world.counters.reset();
    await world.settle();
    expect({ seed, round, wrong, writes: world.writes() }).toEqual({ seed, round, wrong: [], writes: 0 });
  }
  expect(ends).toContain('lost');
  expect(ends).toContain('done');
}, 300_000);

/** A worker that hears of its first transaction late: by then everybody thinks that it is dead, and something else has happened. */
function stalling(meanwhile: () => Promise<void>): Around {
  let stalled = false;
  return async (effect, run) => {
    const result = await run();
    if (effect.what === 'links submitTransaction' && !stalled) {
      stalled = true;
      await meanwhile();
    }
    return result;
  };
}

async function anotherWorkerServes(): Promise<void> {
  world.advance(2 * world.services.settings.requestTimeoutMs + 1);
  await world.poll();
  await runCycle(workFor(world, anna.systemUserId), world.services);
}

test('a worker that stalls before it creates makes no second copy when it goes on (promise 5)', async () => {
  const hands = new Hands(world);
  const ids: string[] = [];
  for (const entity of ['task', 'contact', 'appointment'] as const)
    ids.push(await hands.make(anna, entity, { first: 'stalled create', second: '1' }));
  await world.poll();
  const end = await runCycle(workFor(world, anna.systemUserId), workerOn(world, stalling(anotherWorkerServes)));
  expect(end).toBe('lost');
  world.advance(2 * world.services.settings.requestTimeoutMs + 1);
  await world.settle();
  const items = await hands.items(anna);
  expect(ids.map((id) => items.filter(({ recordId }) => recordId === id).length)).toEqual([1, 1, 1]);
});

test('a worker that stalls before it updates does not put an old value over a new one (promise 1)', async () => {
  const hands = new Hands(world);
  const id = await hands.make(anna, 'task', { first: 'stalled update', second: '1' });
  await world.settle();
  world.advance(5_000);
  await hands.editRecord(anna, 'task', id, { first: 'older' });
  await world.poll();
  const meanwhile = async (): Promise<void> => {
    await hands.editRecord(anna, 'task', id, { first: 'newer' });
    await anotherWorkerServes();
  };
  expect(await runCycle(workFor(world, anna.systemUserId), workerOn(world, stalling(meanwhile)))).toBe('lost');
  await world.settle();
  const items = await hands.items(anna);
  expect(items.find(({ recordId }) => recordId === id)?.texts.first).toBe('newer');
  expect((await hands.records(anna)).find((record) => record.id === id)?.texts.first).toBe('newer');
});
