import { person as personNamed } from '../../../local/company/people';
import { serveWakeUp } from '../../../shared/cycle/sync-mailbox';
import { decideApproval } from '../../../shared/mailboxes/approval';
import { disableMailbox } from '../../../shared/mailboxes/disable';
import { importUsers } from '../../../shared/mailboxes/import-users';
import { pauseMailbox, resumeMailbox } from '../../../shared/mailboxes/pause';
import { statusOf } from '../../../shared/mailboxes/status';
import { askForTest, readTest } from '../../../shared/mailboxes/test';
import { switchedOn } from '../../../shared/model/mailbox-standing';
import { anna, World } from '../cycle/world';

const by = personNamed('lena').objectId;
const her = { integration: 'contoso', id: anna.systemUserId, by };

let world: World;

beforeEach(async () => {
  world = await World.start();
  await importUsers(world.services, 'contoso', { profile: null, methods: switchedOn.methods });
  await decideApproval(world.services, her, 'approve');
});
afterEach(() => world.close());

const reject = () => decideApproval(world.services, her, 'reject');

test('a mailbox that is rejected while its test waits is not touched, and not switched on', async () => {
  await askForTest(world.services, her);
  await reject();
  world.counters.reset();
  await world.serveUntil(world.clock.now() + 20 * 60_000);

  expect(world.writes()).toBe(0);
  expect(await world.mailbox(anna)).toMatchObject({ status: 'off', approval: { state: 'rejected', by } });
  expect(await readTest(world.services, 'contoso', anna.systemUserId)).toMatchObject({
    endedAt: expect.any(Number),
    steps: [{ step: 'switch-on', result: 'failed', code: 'conflict' }],
  });
});

test('a mailbox that is rejected in the middle of its test stays rejected, and another integration may take it', async () => {
  await askForTest(world.services, her);
  const wakeUp = world.wakes.next()?.wakeUp;
  if (wakeUp === undefined) throw new Error('Nobody asked for a test.');
  const { participation } = world.services;
  const take: typeof participation.take = async (...whose) => {
    await reject();
    return participation.take(...whose);
  };
  await serveWakeUp(wakeUp, { ...world.services, participation: { ...participation, take } });

  expect(await world.mailbox(anna)).toMatchObject({ status: 'off', approval: { state: 'rejected', by } });
  expect(await world.cycle(anna)).toBe('skipped');
  await participation.take(anna.objectId, 'elsewhere', anna.systemUserId);
});

test('a mailbox whose address has changed since it was approved does not go on before somebody approves the new one', async () => {
  await askForTest(world.services, her);
  await world.serveUntil(world.clock.now() + 20 * 60_000);
  await pauseMailbox(world.services, 'contoso', anna.systemUserId);
  await world.crm(personNamed('lena'), 'PATCH', `systemusers(${anna.systemUserId})`, { internalemailaddress: 'anna.new@contoso.example' });

  await expect(resumeMailbox(world.services, 'contoso', anna.systemUserId)).rejects.toMatchObject({ code: 'conflict' });
  expect(await world.mailbox(anna)).toMatchObject({ status: 'paused', email: anna.email });

  await importUsers(world.services, 'contoso', { profile: null, methods: switchedOn.methods });
  await decideApproval(world.services, her, 'approve');
  await askForTest(world.services, her);
  await world.serveUntil(world.clock.now() + 20 * 60_000);
  expect(await world.mailbox(anna)).toMatchObject({ status: 'on', email: 'anna.new@contoso.example' });
});

describe('an administrator who stops a mailbox while it is tested has the last word', () => {
  const pause = () => pauseMailbox(world.services, 'contoso', anna.systemUserId);
  const disable = () => disableMailbox(world.services, 'contoso', anna.systemUserId);
  const stops = [
    ['paused', pause],
    ['disabled', disable],
  ] as const;
  const stopped = {
    endedAt: expect.any(Number),
    steps: expect.arrayContaining([expect.objectContaining({ step: 'switch-on', result: 'failed', code: 'conflict' })]),
  };

  /** The mailbox is in step, and a further test of it waits. */
  async function testWaits(): Promise<void> {
    await askForTest(world.services, her);
    await world.serveUntil(world.clock.now() + 20 * 60_000);
    expect(await world.mailbox(anna)).toMatchObject({ status: 'on' });
    world.wakes.waiting.length = 0;
    await askForTest(world.services, her);
  }

  /** Serves the waiting test, in which something happens just before the mailbox would be switched on. */
  async function serveWith(before: () => Promise<unknown>): Promise<void> {
    const wakeUp = world.wakes.next()?.wakeUp;
    if (wakeUp === undefined) throw new Error('Nobody asked for a test.');
    const { participation } = world.services;
    const take: typeof participation.take = async (...whose) => {
      await before();
      return participation.take(...whose);
    };
    await serveWakeUp(wakeUp, { ...world.services, participation: { ...participation, take } });
  }

  test.each(stops)('%s while the test waits, it stays so', async (_, stop) => {
    await testWaits();
    await stop();
    world.counters.reset();
    await world.serveUntil(world.clock.now() + 20 * 60_000);
    expect(world.writes()).toBe(0);
    expect(await world.mailbox(anna)).toMatchObject({ status: 'paused' });
    expect(await readTest(world.services, 'contoso', anna.systemUserId)).toMatchObject(stopped);
  });

  test.each(stops)('%s while the test that follows a pause is under way, it stays so', async (_, stop) => {
    await testWaits();
    await pause();
    await askForTest(world.services, her);
    await serveWith(stop);
    expect(await world.mailbox(anna)).toMatchObject({ status: 'paused' });
    expect(await readTest(world.services, 'contoso', anna.systemUserId)).toMatchObject(stopped);
  });

  test('only one that was disabled may be taken by another integration then', async () => {
    const elsewhere = () => world.services.participation.take(anna.objectId, 'elsewhere', anna.systemUserId);
    await testWaits();
    await pause();
    await askForTest(world.services, her);
    await serveWith(pause);
    await expect(elsewhere()).rejects.toMatchObject({ code: 'conflict' });
    await askForTest(world.services, her);
    await serveWith(disable);
    await elsewhere();
  });

  test.each(stops)('%s before it was ever on, it is not switched on, and is not tested', async (_, stop) => {
    await askForTest(world.services, her);
    await stop();
    await world.serveUntil(world.clock.now() + 20 * 60_000);
    const mailbox = await world.mailbox(anna);
    expect(mailbox).toMatchObject({ status: 'off' });
    expect(statusOf({ ...mailbox, wanted: { act: true, incoming: false } }, world.clock.now()).overall.state).toBe('not-tested');
    expect(await readTest(world.services, 'contoso', anna.systemUserId)).toMatchObject(stopped);
  });

  test('a test that is asked for after that is a newer word, and switches it on', async () => {
    await testWaits();
    await pause();
    await askForTest(world.services, her);
    await world.serveUntil(world.clock.now() + 20 * 60_000);
    expect(await world.mailbox(anna)).toMatchObject({ status: 'on', tested: { failed: null } });
  });
});
