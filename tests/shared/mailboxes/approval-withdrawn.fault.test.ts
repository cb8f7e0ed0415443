import { person as personNamed } from '../../../local/company/people';
import { serveWakeUp } from '../../../shared/cycle/sync-mailbox';
import { decideApproval } from '../../../shared/mailboxes/approval';
import { importUsers } from '../../../shared/mailboxes/import-users';
import { pauseMailbox, resumeMailbox } from '../../../shared/mailboxes/pause';
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
    await participation.take(...whose);
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
