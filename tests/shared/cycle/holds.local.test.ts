import { approveAll, decideHold, listHolds } from '../../../shared/mailboxes/holds';
import type { HeldRow } from '../../../shared/storage/hold-rows';
import { Desk } from './desk';
import { anna, type Json, World } from './world';

let world: World;
let annas: Desk;

beforeAll(async () => {
  world = await World.start();
  await world.enable(anna);
  annas = new Desk(world, anna);
});

beforeEach(async () => {
  await world.configure({});
  world.control('graph', 'resetMail');
});

afterAll(() => world.close());

const day = 86_400_000;
const today = Date.now();
const at = (days: number, time = '09:00:00'): string => `${new Date(today + days * day).toISOString().slice(0, 10)}T${time}`;
const from = (days: number): Json => ({ scheduledstart: `${at(days)}Z`, scheduledend: `${at(days, '10:00:00')}Z` });
const guest = 'guest@fabrikam.example';
const second = 'second@fabrikam.example';
const lena = 'a2000000-0000-4000-8000-000000000001';
const decider = { integration: 'contoso', id: anna.systemUserId, by: lena };

function mails(): { kind: string; to: readonly string[] }[] {
  const { entries } = world.control('graph', 'mail') as { entries: readonly { kind: string; to: readonly string[] }[] };
  return entries.map(({ kind, to }) => ({ kind, to: [...to].sort() }));
}

const attending = (addresses: readonly string[]): Json => ({
  attendees: addresses.map((address) => ({ type: 'required', emailAddress: { address, name: address } })),
});

/** A meeting whose guests were added in Outlook. */
async function withGuests(subject: string, addresses: readonly string[] = [guest]): Promise<string> {
  const id = await annas.inStep('appointments', { subject, ...from(3) });
  await annas.edit('appointments', id, attending(addresses));
  await world.settle();
  world.control('graph', 'resetMail');
  return id;
}

async function holdOf(recordId: string): Promise<HeldRow | undefined> {
  const { items } = await listHolds(world.services, decider.integration, decider.id, { limit: 200, cursor: null });
  return items.find((held) => held.recordId === recordId);
}

async function linkOf(recordId: string) {
  return [...(await (await world.partition(anna)).links([{ entity: 'appointment', recordId }])).values()][0];
}

const pair = (recordId: string) => ({ entity: 'appointment' as const, recordId });

test('an approved change goes through once and mails exactly those who were shown (promise 2)', async () => {
  const id = await withGuests('Approved');
  await annas.change('appointments', id, from(5));
  await world.settle();
  expect(await holdOf(id)).toMatchObject({ reason: 'would-mail', action: 'update', fields: ['time'], whom: [guest] });
  expect(mails()).toEqual([]);
  await decideHold(world.services, decider, pair(id), 'approve', null);
  await world.settle();
  expect(await annas.itemOf('appointments', id)).toMatchObject({ start: { dateTime: `${at(5)}.0000000` } });
  expect(mails()).toEqual([{ kind: 'update', to: [guest] }]);
  expect(await holdOf(id)).toBeUndefined();
  expect(await linkOf(id)).toMatchObject({ state: 'linked' });
  await world.expectQuiet();
  await annas.change('appointments', id, from(6));
  await world.settle();
  expect(await holdOf(id)).toBeDefined();
  expect(mails()).toHaveLength(1);
});

test('more people than were approved, or more fields, are held again (promise 2)', async () => {
  const id = await withGuests('More than approved');
  await annas.change('appointments', id, from(5));
  await world.settle();
  await decideHold(world.services, decider, pair(id), 'approve', null);
  await annas.edit('appointments', id, attending([guest, second]));
  world.control('graph', 'resetMail');
  await world.settle();
  expect(mails()).toEqual([]);
  expect(await holdOf(id)).toMatchObject({ fields: ['time'], whom: [guest, second] });
  await decideHold(world.services, decider, pair(id), 'approve', null);
  await annas.change('appointments', id, { subject: 'And renamed' });
  await world.settle();
  expect(mails()).toEqual([]);
  expect(await holdOf(id)).toMatchObject({ fields: ['subject', 'time'] });
});

test('an approved deletion cancels the meeting', async () => {
  const id = await withGuests('Deleted with approval');
  await annas.drop('appointments', id);
  await world.settle();
  expect(await holdOf(id)).toMatchObject({ action: 'deleteItem', whom: [guest] });
  await decideHold(world.services, decider, pair(id), 'approve', null);
  await world.settle();
  expect(await annas.item('appointments', id)).toBeNull();
  expect(mails()).toEqual([{ kind: 'cancellation', to: [guest] }]);
  expect(await linkOf(id)).toBeUndefined();
  await world.expectQuiet();
});

test('a change that is discarded counts as told: nothing waits until the next edit, and nobody hears of it (promise 2)', async () => {
  const id = await withGuests('Discarded');
  await annas.change('appointments', id, from(5));
  await world.settle();
  await decideHold(world.services, decider, pair(id), 'discard', null);
  await world.settle();
  expect(await holdOf(id)).toBeUndefined();
  expect(await linkOf(id)).toMatchObject({ state: 'linked' });
  expect(await annas.itemOf('appointments', id)).toMatchObject({ start: { dateTime: `${at(3)}.0000000` } });
  expect(await annas.record('appointments', id)).toMatchObject({ scheduledstart: `${at(5)}Z` });
  await world.expectQuiet();
  await annas.change('appointments', id, from(7));
  await world.settle();
  expect(await holdOf(id)).toMatchObject({ fields: ['time'] });
  expect(mails()).toEqual([]);
});

test('a deletion that is discarded leaves the meeting in the calendar, on its own', async () => {
  const id = await withGuests('Stays');
  await annas.drop('appointments', id);
  await world.settle();
  await decideHold(world.services, decider, pair(id), 'discard', null);
  await world.settle();
  expect(await annas.itemOf('appointments', id)).toMatchObject({ subject: 'Stays' });
  expect(await linkOf(id)).toMatchObject({ state: 'released', reason: 'deleted-in-dynamics' });
  expect(mails()).toEqual([]);
  await world.expectQuiet();
});

test('a list that was withheld stays so when a change is approved (promise 2)', async () => {
  const party = { participationtypemask: 5, addressused: second };
  const id = await annas.inStep('appointments', { subject: 'Withheld', ...from(3), parties: [party] });
  await annas.edit('appointments', id, attending([guest]));
  await world.settle();
  world.control('graph', 'resetMail');
  await annas.change('appointments', id, from(5));
  await world.settle();
  expect(await holdOf(id)).toMatchObject({ fields: ['time'], whom: [guest] });
  await decideHold(world.services, decider, pair(id), 'approve', null);
  await world.settle();
  expect(mails().filter(({ to }) => to.includes(second))).toEqual([]);
  expect(mails()).toContainEqual({ kind: 'update', to: [guest] });
  expect(await linkOf(id)).toMatchObject({ withheld: true });
});

test('everything that is held for one reason is approved at once', async () => {
  const ids = [await withGuests('All at once'), await withGuests('And this one')];
  for (const id of ids) await annas.change('appointments', id, from(5));
  await world.settle();
  expect(await approveAll(world.services, decider, 'brake')).toBe(0);
  expect(await approveAll(world.services, decider, 'would-mail')).toBeGreaterThanOrEqual(2);
  await world.settle();
  for (const id of ids) expect(await holdOf(id)).toBeUndefined();
});

test('the journal says who decided and when', async () => {
  const id = await withGuests('Who decided');
  await annas.change('appointments', id, from(5));
  await world.settle();
  const before = world.clock.now();
  await decideHold(world.services, decider, pair(id), 'approve', null);
  const entry = (await world.journal(anna)).find(({ recordId, action }) => recordId === id && action === 'approved');
  expect(entry).toMatchObject({ by: lena, reason: 'would-mail', value: null });
  expect(entry?.at).toBeGreaterThanOrEqual(before);
  await world.settle();
});
