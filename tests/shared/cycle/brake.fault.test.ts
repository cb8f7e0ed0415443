import { runCycle } from '../../../shared/cycle/cycle';
import { atOnce } from '../../../shared/platform/at-once';
import { Desk } from './desk';
import { Mortal, moments, randomFrom } from './mortal';
import { type Around, roundOf, workerOn, workFor } from './worker';
import { anna, ben, World } from './world';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const random = randomFrom(seed);

/** Shares that no number here reaches, so that the numbers decide. */
const shares = { mailboxPercent: 0, integrationPercent: 0 };
const each = 6;

let world: World;
let desks: Desk[];

beforeEach(async () => {
  world = await World.start({ settings: { brake: { ...shares, mailboxNumber: 1_000, integrationNumber: 1_000 } } });
  for (const who of [anna, ben]) await world.enable(who);
  desks = [anna, ben].map((who) => new Desk(world, who));
});

afterEach(() => world.close());

/** Makes tasks of both people, lets them sync, and then deletes them all in Dynamics. */
async function deleted(): Promise<void> {
  const made: { desk: Desk; id: string }[] = [];
  for (const desk of desks)
    for (let number = 0; number < each; number += 1) made.push({ desk, id: await desk.make('tasks', { subject: `Task ${number}` }) });
  await world.settle();
  await atOnce(3, made, ({ desk, id }) => desk.drop('tasks', id));
  world.advance(5_000);
  await world.poll();
}

async function gone(): Promise<number[]> {
  const left = await Promise.all(desks.map((desk) => desk.items('tasks')));
  return left.map((items) => each - items.length);
}

async function held(): Promise<number[]> {
  const partitions = await Promise.all([anna, ben].map((who) => world.partition(who)));
  const states = await Promise.all(partitions.map((partition) => partition.state()));
  return states.map(({ holds }) => holds.filter(({ reason }) => reason === 'brake').length);
}

async function brakeAt(mailboxNumber: number, integrationNumber: number): Promise<void> {
  await world.configure({ brake: { ...shares, mailboxNumber, integrationNumber } });
}

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

test('two instances at once, each with a mailbox, do not pass on the same room (promise 8)', async () => {
  await deleted();
  await brakeAt(1_000, 7);
  const cycles = [anna, ben].map(({ systemUserId }) => runCycle(workFor(world, systemUserId), workerOn(world, unhurried())));
  await Promise.all(cycles);
  await world.settle();
  const [byAnna = 0, byBen = 0] = await gone();
  expect({ seed, sum: byAnna + byBen }).toEqual({ seed, sum: 7 });
  expect(await held()).toEqual([each - byAnna, each - byBen]);
});

test('two workers that hold the same mailbox at once do not pass on the same room (promise 8)', async () => {
  await deleted();
  await brakeAt(2, 1_000);
  const workers = Array.from({ length: 3 }, () => workerOn(world, unhurried()));
  await Promise.all(workers.map((services) => runCycle(workFor(world, anna.systemUserId), services)));
  world.advance(2 * world.services.settings.requestTimeoutMs + 1);
  await world.settle();
  const [byAnna = 0, byBen = 0] = await gone();
  expect({ seed, byAnna, byBen }).toEqual({ seed, byAnna: 2, byBen: 2 });
  expect(await held()).toEqual([each - 2, each - 2]);
});

const deaths = [
  'integrations updateEntity',
  'integrations createEntity',
  'links submitTransaction',
  'journal submitTransaction',
  'graph batch',
].flatMap((what) => moments.map((moment) => [what, moment] as const));

test.each(deaths)('a process that dies at the first %s, %s it, lets no more through (promise 8)', async (what, moment) => {
  await deleted();
  await brakeAt(3, 5);
  const mortal = new Mortal({ what, nth: 1, moment });
  await roundOf(world, workerOn(world, mortal.around)).catch(() => undefined);
  world.advance(2 * world.services.settings.requestTimeoutMs + 1);
  for (const { systemUserId } of [anna, ben]) await runCycle(workFor(world, systemUserId), world.services);
  await world.settle();
  const counts = await gone();
  for (const count of counts) expect(count).toBeLessThanOrEqual(3);
  const sum = counts.reduce((total, count) => total + count, 0);
  expect(sum).toBeLessThanOrEqual(5);
  expect((await held()).map((count, index) => count + (counts[index] ?? 0))).toEqual([each, each]);
  await world.expectQuiet();
});
