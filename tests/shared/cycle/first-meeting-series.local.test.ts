import { Desk } from './desk';
import { anna, beginning, ben, type Json, World } from './world';

let world: World;
let annas: Desk;

beforeEach(async () => {
  world = await World.start();
  annas = new Desk(world, anna);
});

afterEach(() => world.close());

const masters = 'recurringappointmentmasters';
const day = 86_400_000;
const monday = beginning - (beginning % day) + 7 * day;
const date = (days: number): string => new Date(monday + days * day).toISOString().slice(0, 10);
const at = (days: number, time = '12:00'): string => `${date(days)}T${time}:00Z`;
const utc = (dateTime: string): Json => ({ dateTime: dateTime.replace('Z', ''), timeZone: 'UTC' });
const guest = { type: 'required', emailAddress: { address: 'guest@fabrikam.example', name: 'A Guest' } };

/** Mondays at noon UTC, five times. */
const record: Json = {
  subject: 'Stand-up',
  recurrencepatterntype: 1,
  interval: 1,
  daysofweekmask: 2,
  patternstartdate: at(0, '00:00'),
  patternendtype: 2,
  occurrences: 5,
  starttime: at(0),
  endtime: at(0, '12:30'),
};
const weekly = { type: 'weekly', interval: 1, daysOfWeek: ['monday'], firstDayOfWeek: 'monday' };
const fiveTimes = { type: 'numbered', startDate: date(0), numberOfOccurrences: 5, recurrenceTimeZone: 'UTC' };

const schedule = (more: Json = {}): Promise<Json> =>
  annas.outlook('POST', 'events', {
    subject: 'Stand-up',
    start: utc(at(0)),
    end: utc(at(0, '12:30')),
    recurrence: { pattern: weekly, range: fiveTimes },
    ...more,
  });

async function linkOf(recordId: string) {
  return [...(await (await world.partition(anna)).links([{ entity: 'series', recordId }])).values()][0];
}

async function instances(itemId: unknown): Promise<Json[]> {
  const window = `startDateTime=${date(-1)}T00:00:00Z&endDateTime=${date(80)}T00:00:00Z`;
  return (await annas.outlook('GET', `events/${encodeURIComponent(String(itemId))}/instances?${window}&$top=100`)).value as Json[];
}

async function meet(): Promise<void> {
  await world.enable(anna);
  await world.settle();
}

test('a series that was on both sides before is linked once, and Dynamics is not written to (promise 5)', async () => {
  const item = await schedule();
  const id = await annas.make(masters, record);
  const before = (await annas.record(masters, id))['@odata.etag'];
  await meet();
  expect(await annas.items(masters)).toHaveLength(1);
  expect(await linkOf(id)).toMatchObject({ itemId: item.id, state: 'linked', reason: 'first-meeting' });
  expect((await annas.record(masters, id))['@odata.etag']).toBe(before);
  await world.expectQuiet();
  await annas.edit(masters, id, { subject: 'Weekly' });
  await world.settle();
  expect(await annas.record(masters, id)).toMatchObject({ subject: 'Weekly' });
});

test.each<[string, Json]>([
  ['goes on in another way', { recurrence: { pattern: { ...weekly, interval: 2 }, range: fiveTimes } }],
  ['ends otherwise', { recurrence: { pattern: weekly, range: { ...fiveTimes, numberOfOccurrences: 6 } } }],
  ['begins at another time', { start: utc(at(0, '13:00')), end: utc(at(0, '13:30')) }],
  ['is private', { sensitivity: 'private' }],
])('a series that %s is nobody’s twin', async (_what, more) => {
  await schedule(more);
  await annas.make(masters, record);
  await meet();
  expect(await annas.items(masters)).toHaveLength(2);
});

test('a single event that begins at the same time, and the copy of somebody else’s series, are nobody’s twin', async () => {
  await annas.outlook('POST', 'events', { subject: 'Stand-up', start: utc(at(0)), end: utc(at(0, '12:30')) });
  await world.outlook(ben, 'POST', 'events', {
    subject: 'Stand-up',
    start: utc(at(0)),
    end: utc(at(0, '12:30')),
    recurrence: { pattern: weekly, range: fiveTimes },
    attendees: [{ type: 'required', emailAddress: { address: anna.email, name: 'Anna' } }],
  });
  const id = await annas.make(masters, record);
  await meet();
  expect(await annas.items(masters)).toHaveLength(3);
  expect(await linkOf(id)).toMatchObject({ reason: 'new-record' });
});

test('two series that fit, or two records, are nobody’s twin', async () => {
  await schedule();
  const one = await annas.make(masters, record);
  await annas.make(masters, record);
  await meet();
  expect(await annas.items(masters)).toHaveLength(3);
  expect(await linkOf(one)).toMatchObject({ reason: 'new-record' });
});

test('dates that differ stay as each side has them: none goes, moves or comes (promise 1)', async () => {
  const item = await schedule();
  const id = await annas.make(masters, record);
  const { value } = await world.crm(anna, 'GET', `appointments?$filter=seriesid eq ${id}&$orderby=originalstartdate`);
  const [first, second] = value as Json[];
  await world.crm(anna, 'DELETE', `appointments(${String(first?.activityid)})`);
  await world.crm(anna, 'PATCH', `appointments(${String(second?.activityid)})`, { subject: 'Long stand-up' });
  await meet();
  expect(await linkOf(id)).toMatchObject({ itemId: item.id, reason: 'first-meeting' });
  expect((await instances(item.id)).map(({ subject }) => subject)).toEqual(Array(5).fill('Stand-up'));
  await world.expectQuiet();
});

test('a series with guests is linked without a word to them (promise 2)', async () => {
  await schedule({ attendees: [guest] });
  world.control('graph', 'resetMail');
  await world.configure({ attendeeMail: 'invite' });
  const id = await annas.make(masters, { ...record, location: 'Room 1' });
  await meet();
  expect(await annas.items(masters)).toHaveLength(1);
  expect(await linkOf(id)).toMatchObject({ reason: 'first-meeting', withheld: true });
  expect((world.control('graph', 'mail') as { entries: unknown[] }).entries).toEqual([]);
  await world.expectQuiet();
});

test('a series that Microsoft’s sync has marked with the tracking category is linked to its record, and no second one is made (promise 5)', async () => {
  const item = await schedule({ categories: ['Tracked to Dynamics 365'] });
  const id = await annas.make(masters, record);
  await meet();
  expect(await annas.items(masters)).toHaveLength(1);
  expect((await world.crm(anna, 'GET', masters)).value).toHaveLength(1);
  expect(await linkOf(id)).toMatchObject({ itemId: item.id, state: 'linked' });
  await world.expectQuiet();
});

test('where the tables were lost, a series that carries the marker of its record is taken up again (promise 5)', async () => {
  await world.enable(anna);
  const id = await annas.inStep(masters, record);
  await annas.edit(masters, id, { subject: 'Renamed' });
  for (const name of ['links', 'homes'] as const) {
    const client = await world.services.tables.table(name);
    for await (const { partitionKey = '', rowKey = '' } of client.listEntities()) await client.deleteEntity(partitionKey, rowKey);
  }
  await world.services.mailboxes.update('contoso', anna.systemUserId, (row) => ({ ...row, status: 'loading' }));
  await world.cycle(anna, 'load');
  await world.settle();
  expect(await annas.items(masters)).toHaveLength(1);
  expect(await annas.item(masters, id)).toMatchObject({ subject: 'Renamed' });
  expect(await linkOf(id)).toMatchObject({ state: 'linked', incarnation: 1 });
  await world.expectQuiet();
});
