import type { Person } from '../../../local/company/people';
import { markerProperty } from '../../../shared/exchange/extended';
import { Desk, extended } from './desk';
import { anna, ben, type Json, World } from './world';

let world: World;
let annas: Desk;
let bens: Desk;

beforeAll(async () => {
  world = await World.start({ settings: { attendeeMail: 'invite' } });
  await world.enable(anna);
  await world.enable(ben);
  annas = new Desk(world, anna);
  bens = new Desk(world, ben);
});

afterAll(() => world.close());

const table = 'serviceappointments';
const day = 86_400_000;
const at = (days: number, hour: number): string => `${new Date(world.clock.now() + days * day).toISOString().slice(0, 10)}T${hour}:00:00Z`;
const party = (who: Person, mask: number): Json => ({
  'partyid_systemuser@odata.bind': `/systemusers(${who.systemUserId})`,
  participationtypemask: mask,
});
const resources = (...people: readonly Person[]): Json => ({
  serviceappointment_activity_parties: [
    ...people.map((who) => party(who, 10)),
    { addressused: 'carl@visitors.example', participationtypemask: 11 },
  ],
});
const mails = (): number => (world.control('graph', 'mail') as { readonly count: number }).count;

/** A service activity of tomorrow that these people work on, in step. */
async function inStep(subject: string, ...people: readonly Person[]): Promise<string> {
  const times = { scheduledstart: at(1, 10), scheduledend: at(1, 12) };
  return annas.inStep(table, { subject, location: 'Plant 2', ...times, ...resources(...people) });
}

test('each user who works on it has a private copy that she organizes herself, and nobody is invited', async () => {
  const id = await inStep('Inspect', anna, ben);
  for (const [desk, who] of [
    [annas, anna],
    [bens, ben],
  ] as const) {
    const copy = await desk.itemOf(table, id);
    expect(copy).toMatchObject({
      subject: 'Inspect',
      location: { displayName: 'Plant 2' },
      showAs: 'busy',
      isOrganizer: true,
      attendees: [],
    });
    expect(copy.organizer).toMatchObject({ emailAddress: { address: who.email } });
    expect(extended(copy, markerProperty)).toContain('/serviceappointment/');
  }
  await annas.change(table, id, { subject: 'Inspect twice', scheduledstart: at(1, 11) });
  await world.settle();
  for (const desk of [annas, bens])
    expect(await desk.itemOf(table, id)).toMatchObject({
      subject: 'Inspect twice',
      start: { dateTime: expect.stringContaining('T11:00') },
    });
  await world.expectQuiet();
  expect(mails()).toBe(0);
});

test('what a user does to her copy reaches neither Dynamics nor the others', async () => {
  const id = await inStep('Only theirs', anna, ben);
  await annas.edit(table, id, { subject: 'My own name for it' });
  await bens.discard(table, id);
  await world.settle();
  expect(await annas.record(table, id)).toMatchObject({ subject: 'Only theirs', statecode: 3 });
  expect(await annas.itemOf(table, id)).toMatchObject({ subject: 'My own name for it' });
  await annas.change(table, id, { subject: 'Theirs again' });
  await world.settle();
  expect(await annas.itemOf(table, id)).toMatchObject({ subject: 'Theirs again' });
  expect(await bens.item(table, id)).toBeNull();
  await world.expectQuiet();
});

test('who leaves it loses the copy, and who joins gets one', async () => {
  const id = await inStep('Handed over', anna);
  expect(await bens.item(table, id)).toBeNull();
  await annas.change(table, id, resources(ben));
  await world.settle();
  expect(await annas.item(table, id)).toBeNull();
  expect(await bens.itemOf(table, id)).toMatchObject({ subject: 'Handed over' });
  await world.expectQuiet();
  expect(mails()).toBe(0);
});

test('its deletion takes every copy along, and its cancellation frees the time; neither mails anybody', async () => {
  const [gone, canceled] = [await inStep('Deleted', anna, ben), await inStep('Canceled', anna, ben)];
  await annas.drop(table, gone);
  await annas.change(table, canceled, { statecode: 2, statuscode: 9 });
  await world.settle();
  for (const desk of [annas, bens]) {
    expect(await desk.item(table, gone)).toBeNull();
    expect(await desk.itemOf(table, canceled)).toMatchObject({ showAs: 'free', isReminderOn: false });
  }
  await world.expectQuiet();
  expect(mails()).toBe(0);
});

test('a mailbox that is enabled later gets its copies, and takes nobody’s away', async () => {
  const later = await World.start();
  try {
    const [first, second] = [new Desk(later, anna), new Desk(later, ben)];
    const id = await first.make(table, {
      subject: 'For both',
      scheduledstart: at(2, 10),
      scheduledend: at(2, 11),
      ...resources(anna, ben),
    });
    await later.enable(anna);
    await later.enable(ben);
    await later.settle();
    const homes = await later.services.homes.getMany('contoso', 'serviceappointment', [id]);
    expect([...(homes.get(id)?.homes ?? [])].sort()).toEqual([anna.systemUserId, ben.systemUserId].sort());
    await first.drop(table, id);
    await later.settle();
    for (const desk of [first, second]) expect(await desk.item(table, id)).toBeNull();
    await later.expectQuiet();
  } finally {
    await later.close();
  }
});
