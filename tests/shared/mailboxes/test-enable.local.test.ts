import { type Person, person as personNamed } from '../../../local/company/people';
import { decideApproval } from '../../../shared/mailboxes/approval';
import { importUsers } from '../../../shared/mailboxes/import-users';
import { each } from '../../../shared/mailboxes/many';
import { askForTest, readTest } from '../../../shared/mailboxes/test';
import { switchedOn } from '../../../shared/model/mailbox-standing';
import type { TestReport } from '../../../shared/model/mailbox-test';
import { Desk } from '../cycle/desk';
import { anna, ben, World } from '../cycle/world';

const lena = personNamed('lena');

let world: World;

beforeEach(async () => {
  world = await World.start();
  await importUsers(world.services, 'contoso', { profile: null, methods: switchedOn.methods });
  await approve(anna);
});
afterEach(() => world.close());

async function approve(who: Person): Promise<void> {
  await decideApproval(world.services, { integration: 'contoso', id: who.systemUserId, by: lena.objectId }, 'approve');
}

function ask(who: Person = anna): Promise<TestReport> {
  return askForTest(world.services, { integration: 'contoso', id: who.systemUserId, by: lena.objectId });
}

/** The test of a mailbox once it is over, and what each of its steps came to. */
async function tested(who: Person = anna): Promise<{ readonly report: TestReport; readonly by: Readonly<Record<string, string>> }> {
  await ask(who);
  await world.serveUntil(world.clock.now() + 20 * 60_000);
  const report = await readTest(world.services, 'contoso', who.systemUserId);
  return { report, by: Object.fromEntries(report.steps.map(({ step, result }) => [step, result])) };
}

test('a mailbox in which nothing is wrong passes every step, is switched on, and is in step soon after', async () => {
  const id = await new Desk(world, anna).make('tasks', { subject: 'Waited long' });
  expect(await ask()).toMatchObject({ endedAt: null, tries: 0, askedBy: lena.objectId });
  const { report, by } = await tested();

  expect(by).toEqual({
    'exchange-sign-in': 'ok',
    mailbox: 'ok',
    calendar: 'ok',
    contacts: 'ok',
    tasks: 'ok',
    mail: 'skipped',
    'dynamics-sign-in': 'ok',
    user: 'ok',
    'act-as-user': 'ok',
    privileges: 'ok',
    'switch-on': 'ok',
  });
  expect(report).toMatchObject({ tries: 1, endedAt: expect.any(Number) });
  await world.settle();
  expect(await world.mailbox(anna)).toMatchObject({
    status: 'on',
    tested: { failed: null },
    approval: { by: lena.objectId },
    zone: 'Europe/Berlin',
  });
  expect(await new Desk(world, anna).itemOf('tasks', id)).toMatchObject({ title: 'Waited long' });
});

test('a test leaves nothing where people look, mails nobody, and no cycle takes its items for anything', async () => {
  await tested();
  await world.settle();
  expect(await new Desk(world, anna).items('contacts')).toEqual([]);
  expect(await world.outlook(anna, 'GET', 'events')).toMatchObject({ value: [] });
  expect(world.control('graph', 'mail')).toMatchObject({ count: 0 });
  expect(await world.journal(anna)).toEqual([]);
  expect(await world.crm(anna, 'GET', 'contacts?$select=fullname')).toMatchObject({ value: [] });
});

test('asking while a test is under way is the same test, and asking afterwards is another', async () => {
  const first = await ask();
  expect((await ask()).id).toBe(first.id);
  expect(world.wakes.waiting.filter(({ wakeUp }) => wakeUp.kind === 'work' && wakeUp.reason === 'test')).toHaveLength(1);
  await tested();
  expect((await ask()).id).not.toBe(first.id);
});

test('a mailbox that is in step already is tested as well, and stays as it is', async () => {
  await tested();
  await world.settle();
  const before = await world.mailbox(anna);
  const { by } = await tested();
  expect(by['switch-on']).toBe('ok');
  expect(await world.mailbox(anna)).toMatchObject({ status: 'on', enabledAt: before.enabledAt });
  await world.expectQuiet();
});

test('nobody’s mailbox is tested before it is approved', async () => {
  await expect(ask(ben)).rejects.toMatchObject({ code: 'conflict' });
  await expect(askForTest(world.services, { integration: 'contoso', id: 'nobody', by: 'x' })).rejects.toMatchObject({ code: 'not-found' });
});

test('every privilege that is missing is named at once, and nothing is switched on', async () => {
  world.control('dynamics', 'setPrivilege', { systemUserId: anna.systemUserId, table: 'contact', verb: 'write', depth: 'none' });
  world.control('dynamics', 'setPrivilege', { systemUserId: anna.systemUserId, table: 'task', verb: 'create', depth: 'none' });
  world.control('dynamics', 'setPrivilege', { systemUserId: anna.systemUserId, table: 'account', verb: 'read', depth: 'none' });
  const { report, by } = await tested();

  expect(report.steps.find(({ step }) => step === 'privileges')).toMatchObject({
    result: 'failed',
    code: 'forbidden',
    detail: 'prvCreateActivity prvWriteContact prvAppendContact prvAppendToContact prvReadAccount',
  });
  expect(by['switch-on']).toBe('skipped');
  expect(await world.mailbox(anna)).toMatchObject({
    status: 'off',
    tested: { failed: { code: 'forbidden', detail: expect.stringContaining('prvCreateActivity') } },
  });
});

test.each<[string, () => Promise<unknown>]>([
  ['disabled', () => world.crm(lena, 'PATCH', `systemusers(${anna.systemUserId})`, { isdisabled: true })],
  ['not-licensed', async () => void world.control('dynamics', 'setLicense', { systemUserId: anna.systemUserId, licensed: false })],
  ['not-a-person', () => world.crm(lena, 'PATCH', `systemusers(${anna.systemUserId})`, { accessmode: 1 })],
])('a user of Dynamics who is %s is named, and the steps of Exchange are done all the same', async (detail, make) => {
  await make();
  const { report, by } = await tested();
  expect(report.steps.find(({ step }) => step === 'user')).toMatchObject({ result: 'failed', detail });
  expect(by).toMatchObject({ calendar: 'ok', contacts: 'ok', 'switch-on': 'skipped' });
});

test('a service account that may not act for others is named', async () => {
  world.control('dynamics', 'setActOnBehalf', { systemUserId: '5a5e0e00-0000-4000-8000-0000000000ff', allowed: false });
  const { by } = await tested();
  expect(by).toMatchObject({ 'dynamics-sign-in': 'ok', user: 'ok', 'act-as-user': 'failed', privileges: 'ok' });
});

test('each right that is missing in Exchange is a step of its own', async () => {
  world.faults.add({ service: 'graph', method: 'POST', path: '/events$', kind: 'error', status: 403 });
  world.faults.add({ service: 'graph', method: 'GET', path: '/todo/lists', kind: 'error', status: 403 });
  const { by } = await tested();
  expect(by).toMatchObject({ mailbox: 'ok', calendar: 'failed', contacts: 'ok', tasks: 'failed', user: 'ok', 'switch-on': 'skipped' });
});

test('what does not sync here is not asked for', async () => {
  await world.services.mailboxes.update('contoso', anna.systemUserId, (row) => ({ ...row, methods: { act: 'none', incoming: 'sync' } }));
  await world.configure({ mail: { track: 'replies', internal: false, tokenPrefix: 'CRM:' } });
  const { by } = await tested();
  expect(by).toMatchObject({ calendar: 'skipped', contacts: 'skipped', tasks: 'skipped', mail: 'ok', 'switch-on': 'ok' });
});

test('many are asked for at once, each with its own answer, and begin one after the other', async () => {
  await approve(ben);
  const people = [anna, ben, lena];
  const results = await each(
    people.map(({ systemUserId }) => systemUserId),
    (id, place) => askForTest(world.services, { integration: 'contoso', id, by: lena.objectId, afterMs: place * 500 }),
  );
  expect(results.map((result) => (result.ok ? 'asked' : result.code))).toEqual(['asked', 'asked', 'conflict']);
  await world.serveUntil(world.clock.now() + 60_000);
  for (const who of [anna, ben])
    expect(await readTest(world.services, 'contoso', who.systemUserId)).toMatchObject({ endedAt: expect.any(Number) });
});
