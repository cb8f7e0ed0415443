import { person } from '../../../local/company/people';
import { anna, ben, type Json, World } from './world';

const categories = ['Tracked to Dynamics 365'];
const time = {
  start: { dateTime: '2027-03-01T09:00:00', timeZone: 'UTC' },
  end: { dateTime: '2027-03-01T10:00:00', timeZone: 'UTC' },
};

let world: World;

beforeEach(async () => {
  world = await World.start();
});

afterEach(() => world.close());

async function settled(): Promise<void> {
  await world.settle();
  world.counters.reset();
  await world.settle();
  expect(world.writes()).toBe(0);
}

/** Anna organizes a meeting with Ben in Outlook. */
async function meet(subject: string): Promise<void> {
  const attendees = [{ type: 'required', emailAddress: { address: ben.email } }];
  await world.outlook(anna, 'POST', 'events', { subject, ...time, attendees });
}

/** The event of this subject in a person's calendar. */
async function eventOf(who: typeof anna, subject: string): Promise<Json> {
  const { value } = await world.outlook(who, 'GET', 'events?$top=100');
  const found = (value as Json[]).filter((event) => event.subject === subject);
  expect(found).toHaveLength(1);
  return found[0] ?? {};
}

async function rowsOf(subject: string): Promise<Json[]> {
  const { value } = await world.crm(anna, 'GET', `appointments?$filter=subject eq '${subject}'`);
  return value as Json[];
}

async function track(who: typeof anna, subject: string): Promise<void> {
  const { id } = await eventOf(who, subject);
  await world.outlook(who, 'PATCH', `events/${String(id)}`, { categories });
}

function mails(): number {
  return (world.control('graph', 'mail') as { entries: readonly unknown[] }).entries.length;
}

test('an attendee who tracks a meeting of somebody who takes part has its record made from the organizer’s item', async () => {
  await world.enable(anna);
  await world.enable(ben);
  await meet('Both take part');
  const sent = mails();
  await track(ben, 'Both take part');
  await settled();
  const [row, ...more] = await rowsOf('Both take part');
  expect(more).toEqual([]);
  expect(row).toMatchObject({ _ownerid_value: anna.systemUserId });
  await eventOf(anna, 'Both take part');
  await eventOf(ben, 'Both take part');
  const key = { entity: 'appointment', recordId: String(row?.activityid) } as const;
  const linked = async (who: typeof anna) => (await (await world.partition(who)).links([key])).size;
  expect([await linked(anna), await linked(ben)]).toEqual([1, 0]);
  expect(mails()).toBe(sent);
});

test('where organizer and attendee both track, there is one record', async () => {
  await world.enable(anna);
  await world.enable(ben);
  await meet('Tracked twice');
  await track(ben, 'Tracked twice');
  await track(anna, 'Tracked twice');
  await settled();
  expect(await rowsOf('Tracked twice')).toHaveLength(1);
});

test('a meeting whose organizer does not take part lives where it was tracked, and belongs to its organizer', async () => {
  await world.enable(ben);
  await meet('Organizer is away');
  const sent = mails();
  await track(ben, 'Organizer is away');
  await settled();
  const [row] = await rowsOf('Organizer is away');
  expect(row).toMatchObject({ _ownerid_value: anna.systemUserId });
  const id = String(row?.activityid);
  const { value: parties } = await world.crm(anna, 'GET', `appointments(${id})/appointment_activity_parties`);
  expect(parties).toContainEqual(expect.objectContaining({ participationtypemask: 7, _partyid_value: anna.systemUserId }));
  const own = await eventOf(anna, 'Organizer is away');
  await world.outlook(anna, 'PATCH', `events/${String(own.id)}`, { location: { displayName: 'Room 7' } });
  await settled();
  expect(await rowsOf('Organizer is away')).toMatchObject([{ location: 'Room 7' }]);
  expect(mails()).toBe(sent + 1);
});

test('what is edited in Dynamics reaches an attendee only as far as Exchange lets her, and mails nobody', async () => {
  await world.enable(ben);
  await meet('Not hers');
  await track(ben, 'Not hers');
  await settled();
  const sent = mails();
  const [row] = await rowsOf('Not hers');
  await world.crm(anna, 'PATCH', `appointments(${String(row?.activityid)})`, { subject: 'Renamed', statecode: 3, statuscode: 6 });
  await settled();
  expect(await eventOf(ben, 'Not hers')).toMatchObject({ showAs: 'oof' });
  expect(mails()).toBe(sent);
});

test('an organizer who starts to take part takes her meeting over, without a second event', async () => {
  await world.enable(ben);
  await meet('Handed over');
  await track(ben, 'Handed over');
  await settled();
  await world.enable(anna);
  await settled();
  const [row, ...more] = await rowsOf('Handed over');
  expect(more).toEqual([]);
  const own = await eventOf(anna, 'Handed over');
  await eventOf(ben, 'Handed over');
  await world.outlook(anna, 'PATCH', `events/${String(own.id)}`, { location: { displayName: 'Room 9' } });
  await settled();
  expect(await world.crm(anna, 'GET', `appointments(${String(row?.activityid)})`)).toMatchObject({ location: 'Room 9' });
});

test('a meeting of somebody outside belongs to whoever tracks it', async () => {
  await world.enable(ben);
  const attendees = [{ type: 'required', emailAddress: { address: ben.email } }];
  const organizer = { name: 'Olga', address: 'olga@outside.example' };
  world.control('graph', 'invite', { user: ben.email, organizer, event: { subject: 'From outside', ...time, attendees } });
  await track(ben, 'From outside');
  await settled();
  const [row] = await rowsOf('From outside');
  expect(row).toMatchObject({ _ownerid_value: ben.systemUserId });
});

const weekly = {
  pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday'], firstDayOfWeek: 'monday' },
  range: { type: 'numbered', startDate: '2027-03-01', numberOfOccurrences: 3, recurrenceTimeZone: 'W. Europe Standard Time' },
};

test.each([
  ['a meeting', 'appointment', 'appointments', {}],
  ['a series', 'series', 'recurringappointmentmasters', { recurrence: weekly }],
] as const)(
  '%s that its first tracker untracks goes to an attendee who tracks it too, with the same record',
  async (_what, entity, table, more) => {
    const chloe = person('chloe');
    await world.enable(ben);
    await world.enable(chloe);
    const attendees = [ben, chloe].map(({ email }) => ({ type: 'required', emailAddress: { address: email } }));
    const at = (dateTime: string) => ({ dateTime, timeZone: 'W. Europe Standard Time' });
    const { id } = await world.outlook(anna, 'POST', 'events', {
      subject: 'Both track',
      start: at('2027-03-01T09:00:00'),
      end: at('2027-03-01T10:00:00'),
      attendees,
      ...more,
    });
    const rows = async () => (await world.crm(anna, 'GET', `${table}?$filter=subject eq 'Both track'`)).value as Json[];
    const linkOf = async (who: typeof anna, recordId: string) =>
      [...(await (await world.partition(who)).links([{ entity, recordId }])).values()][0];
    const sent = mails();
    await track(ben, 'Both track');
    await settled();
    await track(chloe, 'Both track');
    await settled();
    const [row, ...others] = await rows();
    const recordId = String(row?.activityid);
    expect(others).toEqual([]);
    expect(await linkOf(chloe, recordId)).toBeUndefined();

    await world.outlook(ben, 'PATCH', `events/${String((await eventOf(ben, 'Both track')).id)}`, { categories: [] });
    await settled();
    expect(await rows()).toHaveLength(1);
    expect((await linkOf(ben, recordId))?.state).toBe('released');
    expect(await linkOf(chloe, recordId)).toMatchObject({ state: 'linked', tracked: true });
    expect(mails()).toBe(sent);
    await world.outlook(anna, 'PATCH', `events/${String(id)}`, { location: { displayName: 'Room 7' } });
    await settled();
    expect(await rows()).toMatchObject([{ activityid: recordId, location: 'Room 7' }]);

    await track(ben, 'Both track');
    await settled();
    expect((await linkOf(ben, recordId))?.state).toBe('released');
    await world.outlook(chloe, 'PATCH', `events/${String((await eventOf(chloe, 'Both track')).id)}`, { categories: [] });
    await settled();
    expect((await linkOf(chloe, recordId))?.state).toBe('released');
    expect(await linkOf(ben, recordId)).toMatchObject({ state: 'linked', tracked: true });
    expect(await rows()).toHaveLength(1);
  },
);

test('attendees track nothing where the setting says so', async () => {
  await world.configure({ trackAppointmentsFromNonOrganizer: false });
  await world.enable(ben);
  await meet('Not tracked');
  await track(ben, 'Not tracked');
  await settled();
  expect(await rowsOf('Not tracked')).toEqual([]);
});
