import { Desk } from './desk';
import { anna, beginning, ben, type Json, World } from './world';

const category = 'Tracked to Dynamics 365';
const categories = [category];

let world: World;
let desk: Desk;

beforeEach(async () => {
  world = await World.start();
  desk = new Desk(world, anna);
});

afterEach(() => world.close());

const masters = 'recurringappointmentmasters';
const day = 86_400_000;
const monday = beginning - (beginning % day) + 7 * day;
const date = (days: number): string => new Date(monday + days * day).toISOString().slice(0, 10);
const zone = 'W. Europe Standard Time';
const local = (days: number, time = '14:00'): Json => ({ dateTime: `${date(days)}T${time}:00`, timeZone: zone });
/** The same in UTC: clocks are set back in the night to the second Sunday. */
const at = (days: number, time = '14:00'): string =>
  new Date(Date.parse(`${date(days)}T${time}:00Z`) - (days < 13 ? 2 : 1) * 3_600_000).toISOString().replace('.000', '');
const mondays = { type: 'weekly', interval: 1, daysOfWeek: ['monday'], firstDayOfWeek: 'monday' };

/** A series of Outlook, by default on five Mondays at two o’clock. */
function series(subject: string, more: Json = {}, from = 0): Json {
  return {
    subject,
    start: local(from),
    end: local(from, '14:30'),
    recurrence: {
      pattern: mondays,
      range: { type: 'numbered', startDate: date(from), numberOfOccurrences: 5, recurrenceTimeZone: zone },
    },
    ...more,
  };
}

const schedule = (subject: string, more: Json = {}, from = 0): Promise<Json> => desk.outlook('POST', 'events', series(subject, more, from));
const pathOf = (id: unknown): string => `events/${encodeURIComponent(String(id))}`;

async function mastersOf(subject: string): Promise<Json[]> {
  const { value } = await world.crm(anna, 'GET', `${masters}?$filter=subject eq '${subject}'`);
  return value as Json[];
}

/** The dates of a series in Dynamics, in order. */
async function rowsOf(id: unknown): Promise<Json[]> {
  const { value } = await world.crm(anna, 'GET', `appointments?$filter=seriesid eq ${String(id)}&$orderby=originalstartdate`);
  return value as Json[];
}

async function instancesOf(who: typeof anna, id: unknown, from = -1): Promise<Json[]> {
  const window = `startDateTime=${date(from)}T00:00:00Z&endDateTime=${date(80)}T00:00:00Z`;
  return (await world.outlook(who, 'GET', `${pathOf(id)}/instances?${window}&$top=100`)).value as Json[];
}

async function settled(): Promise<void> {
  await world.settle();
  world.counters.reset();
  await world.settle();
  expect(world.writes()).toBe(0);
}

function mails(): number {
  return (world.control('graph', 'mail') as { entries: readonly unknown[] }).entries.length;
}

async function linkOf(recordId: unknown, who = anna) {
  return [...(await (await world.partition(who)).links([{ entity: 'series', recordId: String(recordId) }])).values()][0];
}

describe('a series that its organizer tracks', () => {
  beforeEach(() => world.enable(anna));

  test('becomes one series in Dynamics, with the dates that were moved or deleted', async () => {
    const item = await schedule('Stand-up');
    const [first, second, third] = await instancesOf(anna, item.id);
    await desk.outlook('PATCH', pathOf(second?.id), { subject: 'Long stand-up' });
    await desk.outlook('PATCH', pathOf(third?.id), { start: local(14, '15:00'), end: local(14, '15:30') });
    await desk.outlook('DELETE', pathOf(first?.id));
    await settled();
    expect(await mastersOf('Stand-up')).toEqual([]);
    await desk.outlook('PATCH', pathOf(item.id), { categories });
    await settled();
    const [master, ...more] = await mastersOf('Stand-up');
    expect(more).toEqual([]);
    expect(master).toMatchObject({ recurrencepatterntype: 1, daysofweekmask: 2, occurrences: 5, _ownerid_value: anna.systemUserId });
    const rows = await rowsOf(master?.activityid);
    expect(rows.map(({ subject }) => subject)).toEqual(['Long stand-up', 'Stand-up', 'Stand-up', 'Stand-up']);
    expect(rows.map(({ scheduledstart }) => scheduledstart)).toEqual([at(7), at(14, '15:00'), at(21), at(28)]);
    expect(await desk.item(masters, String(master?.activityid))).toMatchObject({ id: item.id });
    await desk.change(masters, String(master?.activityid), { subject: 'Weekly' });
    await settled();
    expect((await instancesOf(anna, item.id)).map(({ subject }) => subject)).toEqual(['Long stand-up', 'Weekly', 'Weekly', 'Weekly']);
  });

  test('that has attendees mails nobody', async () => {
    const attendees = [{ type: 'required', emailAddress: { address: 'guest@fabrikam.example', name: 'A Guest' } }];
    await schedule('With guests', { attendees, categories });
    const sent = mails();
    await settled();
    expect(await mastersOf('With guests')).toHaveLength(1);
    expect(mails()).toBe(sent);
  });

  test('keeps a date of the past deleted in both, and none is made again', async () => {
    const item = await schedule('Long ago', {}, -28);
    const [first] = await instancesOf(anna, item.id, -30);
    await desk.outlook('DELETE', pathOf(first?.id));
    await desk.outlook('PATCH', pathOf(item.id), { categories });
    await settled();
    const [master] = await mastersOf('Long ago');
    expect((await rowsOf(master?.activityid)).map(({ scheduledstart }) => scheduledstart)).toEqual([at(-21), at(-14), at(-7), at(0)]);
    expect(await instancesOf(anna, item.id, -30)).toHaveLength(4);
  });

  test('that loses the category is let go, both stay, and is linked again once it has it again', async () => {
    const item = await schedule('On and off', { categories });
    await settled();
    const [master] = await mastersOf('On and off');
    await desk.outlook('PATCH', pathOf(item.id), { categories: [] });
    await settled();
    expect(await linkOf(master?.activityid)).toMatchObject({ state: 'released', reason: 'category-removed' });
    await desk.outlook('PATCH', pathOf(item.id), { subject: 'Renamed while off' });
    await settled();
    expect(await mastersOf('On and off')).toHaveLength(1);
    await desk.outlook('PATCH', pathOf(item.id), { categories });
    await settled();
    await desk.outlook('PATCH', pathOf(item.id), { subject: 'Renamed while on' });
    await settled();
    expect(await mastersOf('Renamed while on')).toMatchObject([{ activityid: master?.activityid }]);
  });

  test('is tracked by a single date that carries the category, as long as one does', async () => {
    const item = await schedule('By one date');
    await settled();
    const [, second] = await instancesOf(anna, item.id);
    await desk.outlook('PATCH', pathOf(second?.id), { categories });
    await settled();
    const [master, ...more] = await mastersOf('By one date');
    expect(more).toEqual([]);
    expect(await rowsOf(master?.activityid)).toHaveLength(5);
    const { value } = await world.crm(anna, 'GET', "appointments?$filter=subject eq 'By one date' and seriesid eq null");
    expect(value).toEqual([]);
    await desk.outlook('PATCH', pathOf(item.id), { location: { displayName: 'Room 7' } });
    await settled();
    expect(await linkOf(master?.activityid)).toMatchObject({ state: 'linked', tracked: true });
    await desk.outlook('PATCH', pathOf(second?.id), { categories: [] });
    await settled();
    expect(await linkOf(master?.activityid)).toMatchObject({ state: 'released', reason: 'category-removed' });
  });

  test('outside the window of the calendar is found by the sweep', async () => {
    await schedule('Far away', { categories }, 700);
    await world.settle();
    expect(await mastersOf('Far away')).toEqual([]);
    await world.cycle(anna, 'sweep');
    await settled();
    expect(await mastersOf('Far away')).toHaveLength(1);
  });

  test('that Dynamics cannot hold waits with a cure, and is made once it can', async () => {
    const recurrenceTimeZone = 'Pacific/Auckland';
    const start = { dateTime: `${date(0)}T18:00:00`, timeZone: recurrenceTimeZone };
    const end = { dateTime: `${date(0)}T18:30:00`, timeZone: recurrenceTimeZone };
    const range = { type: 'numbered', startDate: date(0), numberOfOccurrences: 5, recurrenceTimeZone };
    const item = await schedule('Elsewhere', { start, end, recurrence: { pattern: mondays, range }, categories });
    await world.settle();
    expect(await mastersOf('Elsewhere')).toEqual([]);
    const { parked } = await (await world.partition(anna)).state();
    expect(parked).toMatchObject([{ entity: 'series', code: 'refused', detail: expect.stringContaining('time zone') }]);
    const { start: here, end: until, recurrence } = series('Elsewhere');
    await desk.outlook('PATCH', pathOf(item.id), { start: here, end: until, recurrence });
    await settled();
    expect(await mastersOf('Elsewhere')).toHaveLength(1);
    expect((await (await world.partition(anna)).state()).parked).toEqual([]);
  });

  test.each(['skip', 'busyOnly'] as const)('that is private is not tracked under "%s"', async (privateItems) => {
    await world.configure({ privateItems });
    await schedule('Secret', { sensitivity: 'private', categories });
    await settled();
    const { value } = await world.crm(anna, 'GET', masters);
    expect(value).toEqual([]);
  });

  test('that is private is tracked like any other under "full"', async () => {
    await world.configure({ privateItems: 'full' });
    await schedule('No secret', { sensitivity: 'private', categories });
    await settled();
    expect(await mastersOf('No secret')).toHaveLength(1);
  });
});

describe('a series that several people have', () => {
  const attendees = [{ type: 'required', emailAddress: { address: ben.email } }];

  async function copyOf(who: typeof anna, subject: string): Promise<Json> {
    const { value } = await world.outlook(who, 'GET', 'events?$top=100');
    const [found] = (value as Json[]).filter((event) => event.subject === subject);
    return found ?? {};
  }

  test('and that an attendee tracks is made from the organizer’s item where she takes part, once', async () => {
    await world.enable(anna);
    await world.enable(ben);
    const item = await schedule('Both', { attendees });
    const sent = mails();
    await world.outlook(ben, 'PATCH', pathOf((await copyOf(ben, 'Both')).id), { categories });
    await settled();
    const [master, ...more] = await mastersOf('Both');
    expect(more).toEqual([]);
    expect(await linkOf(master?.activityid)).toMatchObject({ state: 'linked', itemId: item.id });
    expect(await linkOf(master?.activityid, ben)).toBeUndefined();
    await desk.outlook('PATCH', pathOf(item.id), { categories });
    await settled();
    expect(await mastersOf('Both')).toHaveLength(1);
    expect(mails()).toBe(sent);
  });

  test('lives where it was tracked while its organizer takes no part, and goes to her once she does', async () => {
    await world.enable(ben);
    const item = await schedule('Away', { attendees });
    await world.outlook(ben, 'PATCH', pathOf((await copyOf(ben, 'Away')).id), { categories });
    await settled();
    const [master] = await mastersOf('Away');
    expect(master).toMatchObject({ _ownerid_value: anna.systemUserId });
    await desk.outlook('PATCH', pathOf(item.id), { location: { displayName: 'Room 7' } });
    await settled();
    expect(await mastersOf('Away')).toMatchObject([{ location: 'Room 7' }]);
    await world.enable(anna);
    await settled();
    await world.cycle(ben, 'sweep');
    await settled();
    expect(await mastersOf('Away')).toHaveLength(1);
    expect(await linkOf(master?.activityid)).toMatchObject({ state: 'linked', itemId: item.id });
    expect((await linkOf(master?.activityid, ben))?.state).toBe('released');
  });
});
