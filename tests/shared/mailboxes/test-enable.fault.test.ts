import { person as personNamed } from '../../../local/company/people';
import { serveWakeUp } from '../../../shared/cycle/sync-mailbox';
import { decideApproval } from '../../../shared/mailboxes/approval';
import { importUsers } from '../../../shared/mailboxes/import-users';
import { statusOf } from '../../../shared/mailboxes/status';
import { askForTest, readTest } from '../../../shared/mailboxes/test';
import { switchedOn } from '../../../shared/model/mailbox-standing';
import { Mortal, type Point, pointsOf } from '../cycle/mortal';
import { workerOn } from '../cycle/worker';
import { anna, type Json, World } from '../cycle/world';

const by = personNamed('lena').objectId;
const minute = 60_000;
const wanted = { act: true, incoming: false };

async function approved(): Promise<World> {
  const world = await World.start({ cycle: { requestTimeoutMs: 3_000 } });
  await importUsers(world.services, 'contoso', { profile: null, methods: switchedOn.methods });
  await decideApproval(world.services, { integration: 'contoso', id: anna.systemUserId, by }, 'approve');
  return world;
}

const ask = (world: World) => askForTest(world.services, { integration: 'contoso', id: anna.systemUserId, by });
const report = (world: World) => readTest(world.services, 'contoso', anna.systemUserId);

/** Everything in the mailbox that people could see. */
async function inside(world: World): Promise<readonly unknown[]> {
  const lists = await Promise.all(['events', 'contacts'].map((path) => world.outlook(anna, 'GET', path)));
  return lists.flatMap(({ value }) => (value as Json[]).map(({ subject, displayName }) => subject ?? displayName));
}

/** Serves the wake-up of the test in a process that dies at a point; without one, in one that lives. What was not done with comes back a minute later. */
async function runIn(world: World, point: Point | null): Promise<Mortal> {
  const mortal = new Mortal(point);
  const next = world.wakes.next();
  if (next === undefined) throw new Error('Nobody asked for a test.');
  await serveWakeUp(next.wakeUp, workerOn(world, mortal.around)).catch(() => undefined);
  if (mortal.dead) world.wakes.waiting.push({ ...next, at: world.clock.now() + minute });
  return mortal;
}

test('a process that dies anywhere in a test leaves nothing behind, and the test ends all the same', async () => {
  const sound = await approved();
  await ask(sound);
  const points = pointsOf((await runIn(sound, null)).effects);
  await sound.close();
  expect(points.filter(({ what }) => what === 'graph batch').length).toBeGreaterThan(6);

  for (const point of points) {
    const world = await approved();
    await ask(world);
    await runIn(world, point);
    await world.serveUntil(world.clock.now() + 90 * minute);
    expect({ point, inside: await inside(world) }).toEqual({ point, inside: [] });
    expect({ point, report: await report(world) }).toMatchObject({ point, report: { endedAt: expect.any(Number) } });
    expect(await world.mailbox(anna)).toMatchObject({ status: 'on', tested: { failed: null } });
    await world.close();
  }
}, 120_000);

test('what could not be removed is removed later, although the test is over', async () => {
  const world = await approved();
  await ask(world);
  world.faults.add({ service: 'graph', method: 'DELETE', path: '/events/', kind: 'error', status: 403, times: 2 });
  await world.serveUntil(world.clock.now() + minute);
  expect(await report(world)).toMatchObject({ endedAt: expect.any(Number) });
  expect(await inside(world)).toEqual(['Tandem connection test']);
  await world.serveUntil(world.clock.now() + 180 * minute);
  expect(await inside(world)).toEqual([]);
  await world.close();
});

test.each([
  { kind: 'throttle', retryAfterSeconds: 20 },
  { kind: 'error', status: 503 },
  { kind: 'cutBefore' },
  { kind: 'cutAfter' },
  { kind: 'timeout' },
] as const)('a passing $kind while a marked item is written is tried again, and leaves nothing', async (fault) => {
  const world = await approved();
  await ask(world);
  world.faults.add({ service: 'graph', method: 'POST', path: '/events$', ...fault, times: 1 });
  await world.serveUntil(world.clock.now() + 90 * minute);
  expect(await report(world)).toMatchObject({ tries: 2, endedAt: expect.any(Number) });
  expect(await world.mailbox(anna)).toMatchObject({ status: 'on' });
  expect(await inside(world)).toEqual([]);
  await world.close();
});

test('an outage that outlasts every try fails the test with its cause, and the next one passes', async () => {
  const world = await approved();
  await ask(world);
  world.faults.add({ service: 'dynamics', kind: 'error', status: 503 });
  await world.serveUntil(world.clock.now() + 2 * minute);
  expect(statusOf({ ...(await world.mailbox(anna)), wanted }, world.clock.now()).overall.state).toBe('testing');
  await world.serveUntil(world.clock.now() + 50 * minute);
  expect(await report(world)).toMatchObject({ tries: 5 });
  expect(statusOf({ ...(await world.mailbox(anna)), wanted }, world.clock.now()).overall).toMatchObject({
    state: 'action-needed',
    cause: { code: 'unavailable' },
  });
  world.faults.clear();
  await ask(world);
  await world.serveUntil(world.clock.now() + minute);
  expect(await world.mailbox(anna)).toMatchObject({ status: 'on', tested: { failed: null } });
  await world.close();
});
