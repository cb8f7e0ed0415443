import { person as personNamed } from '../../../local/company/people';
import { decideApproval } from '../../../shared/mailboxes/approval';
import { importUsers } from '../../../shared/mailboxes/import-users';
import { pauseMailbox, resumeMailbox } from '../../../shared/mailboxes/pause';
import { applyProfile, saveProfile } from '../../../shared/mailboxes/profiles';
import { resync } from '../../../shared/mailboxes/reload';
import { switchedOn } from '../../../shared/model/mailbox-standing';
import { tableParticipation } from '../../../shared/storage/participation';
import { tableProfiles } from '../../../shared/storage/profiles';
import { Desk } from '../cycle/desk';
import { anna, ben, World } from '../cycle/world';

const given = { profile: null, methods: switchedOn.methods };
const lena = personNamed('lena');

let world: World;
const services = () => ({ ...world.services, participation: tableParticipation(world.services.tables) });
const bring = () => importUsers(services(), 'contoso', given);

beforeEach(async () => {
  world = await World.start();
});
afterEach(() => world.close());

test('every enabled, licensed person with an address becomes a mailbox that nobody has approved and that does not sync', async () => {
  await world.crm(lena, 'PATCH', `systemusers(${ben.systemUserId})`, { isdisabled: true });
  await world.crm(lena, 'PATCH', `systemusers(${personNamed('chloe').systemUserId})`, { internalemailaddress: null });
  world.control('dynamics', 'setLicense', { systemUserId: personNamed('david').systemUserId, licensed: false });

  expect(await bring()).toEqual({
    added: 9,
    known: 0,
    changed: 0,
    skipped: { 'not-a-person': 1, disabled: 1, 'no-address': 1, 'not-licensed': 1 },
    complete: true,
  });
  expect(await world.mailbox(anna)).toMatchObject({
    status: 'off',
    approval: { state: 'empty' },
    email: anna.email,
    objectId: anna.objectId,
  });

  await new Desk(world, anna).make('tasks', { subject: 'Not yet' });
  world.counters.reset();
  await world.settle();
  expect(world.writes()).toBe(0);
  expect(await world.cycle(anna)).toBe('skipped');
});

test('importing again adds only who is new, and changes nothing else', async () => {
  await bring();
  const rows = await world.rows();
  expect(await bring()).toMatchObject({ added: 0, known: 12, changed: 0 });
  expect(await world.rows()).toEqual(rows);
});

test('an address that changes in Dynamics takes approval back and switches the mailbox off, until somebody approves again', async () => {
  await world.enable(anna);
  await services().participation.take(anna.objectId, 'contoso', anna.systemUserId);
  await world.crm(lena, 'PATCH', `systemusers(${anna.systemUserId})`, { internalemailaddress: 'anna.new@contoso.example' });

  expect(await bring()).toMatchObject({ known: 1, changed: 1 });
  expect(await world.mailbox(anna)).toMatchObject({ status: 'off', approval: { state: 'pending' }, email: 'anna.new@contoso.example' });
  expect(await world.cycle(anna)).toBe('skipped');
  await expect(resumeMailbox(services(), 'contoso', anna.systemUserId)).rejects.toMatchObject({ code: 'conflict' });
  await services().participation.take(anna.objectId, 'elsewhere', anna.systemUserId);

  expect(await bring()).toMatchObject({ known: 12, changed: 0 });
  const decider = { integration: 'contoso', id: anna.systemUserId, by: lena.objectId };
  expect(await decideApproval(services(), decider, 'approve')).toMatchObject({ approval: { state: 'approved', by: lena.objectId } });
});

test('a mailbox that is paused stands still, and resumed it catches up with everything, once', async () => {
  await world.enable(anna);
  const desk = new Desk(world, anna);
  await pauseMailbox(services(), 'contoso', anna.systemUserId);
  const id = await desk.make('tasks', { subject: 'While away' });
  await world.settle();
  expect(await desk.items('tasks')).toEqual([]);

  await resumeMailbox(services(), 'contoso', anna.systemUserId);
  await world.settle(3_600_000);
  expect(await desk.itemOf('tasks', id)).toMatchObject({ title: 'While away' });
  expect(await desk.items('tasks')).toHaveLength(1);
  await world.expectQuiet();
});

test('a mailbox that is read in full again gets nothing twice (promise 5)', async () => {
  await world.enable(anna);
  const desk = new Desk(world, anna);
  await desk.inStep('tasks', { subject: 'One' });
  await desk.inStep('contacts', { firstname: 'Ada', lastname: 'Byron' });
  world.counters.reset();
  await resync(services(), 'contoso', anna.systemUserId);
  await world.settle(3_600_000);
  expect(world.writes()).toBe(0);
  expect(await desk.items('tasks')).toHaveLength(1);
  expect(await desk.items('contacts')).toHaveLength(1);
});

test('a mailbox whose profile wants mail alone has no record of its person carried over; one that wants all loads it', async () => {
  await world.enable(anna);
  const withProfiles = { ...services(), profiles: tableProfiles(world.services.tables) };
  const apply = async (id: string, act: 'sync' | 'none') => {
    await saveProfile(
      withProfiles,
      { id, integration: 'contoso', name: id, description: '', methods: { act, incoming: 'sync' } },
      { is: 'new' },
    );
    expect(await applyProfile(withProfiles, 'contoso', id, { cursor: null })).toEqual({
      results: [{ id: anna.systemUserId, ok: true }],
      next: null,
    });
  };
  await apply('mail', 'none');
  const desk = new Desk(world, anna);
  const id = await desk.make('tasks', { subject: 'Later' });
  await world.settle();
  expect(await desk.items('tasks')).toEqual([]);

  await apply('all', 'sync');
  await world.settle(3_600_000);
  expect(await desk.itemOf('tasks', id)).toMatchObject({ title: 'Later' });
  expect(await desk.items('tasks')).toHaveLength(1);
});

test('whoever stops a mailbox stops Exchange from telling of it', async () => {
  await world.enable(anna);
  const removed: string[] = [];
  const { exchange } = world.services;
  const subscriptions = { ...exchange.subscriptions, remove: async (id: string) => void removed.push(id) };
  const told = { ...services(), exchange: { ...exchange, subscriptions } };
  const now = world.clock.now();
  const subscription = {
    about: 'calendar',
    id: 'first',
    address: 'https://tandem.example',
    secret: 'hash',
    since: now,
    until: now + 1,
  } as const;
  await world.services.mailboxes.update('contoso', anna.systemUserId, (row) => ({
    ...row,
    push: { subscriptions: [subscription], failure: null },
  }));
  await pauseMailbox(told, 'contoso', anna.systemUserId);
  await pauseMailbox(told, 'contoso', anna.systemUserId);
  expect(removed).toEqual(['first']);
});
