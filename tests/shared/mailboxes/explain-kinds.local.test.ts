import type { Explanation, Question } from '../../../shared/mailboxes/explain';
import { Desk } from '../cycle/desk';
import { anna, beginning, ben, type Json, World } from '../cycle/world';
import { asked } from './asked';

let world: World;
let desk: Desk;

beforeAll(async () => {
  world = await World.start();
  desk = new Desk(world, anna);
  await world.enable(anna);
});

afterAll(() => world.close());

const ask = (question: Question): Promise<Explanation> => asked(world, question);

const item = (itemId: unknown): Question => ({ by: 'item', mailbox: anna.systemUserId, itemId: String(itemId) });
const day = 86_400_000;
const monday = beginning - (beginning % day) + 7 * day;
const date = (days: number): string => new Date(monday + days * day).toISOString().slice(0, 10);

const series: Json = {
  subject: 'Stand-up',
  recurrencepatterntype: 1,
  interval: 1,
  daysofweekmask: 2,
  patternstartdate: `${date(0)}T00:00:00Z`,
  patternendtype: 2,
  occurrences: 5,
  starttime: `${date(0)}T12:00:00Z`,
  endtime: `${date(0)}T12:30:00Z`,
};

describe('a series', () => {
  const masters = 'recurringappointmentmasters';
  let id: string;
  let itemId: string;

  beforeAll(async () => {
    id = await desk.inStep(masters, series);
    itemId = String((await desk.itemOf(masters, id)).id);
  });

  test('is explained by its record and by its item alike', async () => {
    const answer = await ask({ by: 'record', entity: 'series', recordId: id });
    expect(answer).toMatchObject({ state: 'linked', itemId, reason: 'new-record', next: { actions: ['nothing'] }, differences: [] });
    expect(await ask(item(itemId))).toEqual(answer);
  });

  test('one of its dates is a part of it, in Dynamics as in Exchange, and never a pair of its own', async () => {
    const { value } = await world.crm(anna, 'GET', `appointments?$filter=seriesid eq ${id}&$orderby=originalstartdate`);
    const [row] = value as Json[];
    const ofRow = await ask({ by: 'record', entity: 'appointment', recordId: String(row?.activityid) });
    expect(ofRow).toMatchObject({ state: 'unlinked', reason: 'part-of-series', next: null });
    const window = `startDateTime=${date(-1)}T00:00:00Z&endDateTime=${date(80)}T00:00:00Z`;
    const dates = await desk.outlook('GET', `events/${encodeURIComponent(itemId)}/instances?${window}`);
    expect(await ask(item((dates.value as Json[])[0]?.id))).toMatchObject({ state: 'unlinked', reason: 'part-of-series' });
  });

  test('that was made in Exchange is not tracked', async () => {
    const zoned = (dateTime: string) => ({ dateTime, timeZone: 'UTC' });
    const made = await desk.outlook('POST', 'events', {
      subject: 'Her own',
      start: zoned(`${date(0)}T15:00:00`),
      end: zoned(`${date(0)}T16:00:00`),
      recurrence: {
        pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday'], firstDayOfWeek: 'monday' },
        range: { type: 'noEnd', startDate: date(0), recurrenceTimeZone: 'UTC' },
      },
    });
    expect(await ask(item(made.id))).toMatchObject({ state: 'unlinked', reason: 'not-tracked' });
  });
});

test('a service activity of several people is explained where one of them takes part', async () => {
  const parties = [ben, anna].map((who) => ({
    'partyid_systemuser@odata.bind': `/systemusers(${who.systemUserId})`,
    participationtypemask: 10,
  }));
  const row = await world.crm(anna, 'POST', 'serviceappointments', {
    subject: 'Visit',
    scheduledstart: `${date(1)}T09:00:00Z`,
    scheduledend: `${date(1)}T10:00:00Z`,
    serviceappointment_activity_parties: parties,
  });
  const question: Question = { by: 'record', entity: 'serviceappointment', recordId: String(row.activityid) };
  expect(await ask(question)).toMatchObject({ mailbox: anna.systemUserId, next: { actions: ['createItem'] } });
  await world.settle();
  expect(await ask(question)).toMatchObject({ state: 'linked', next: { actions: ['nothing'] } });
});

test('differences name the fields that sync here, added columns too, and no others', async () => {
  const customFields = { contact: [{ column: 'employeeid', property: 'Employee', kind: 'text', direction: 'toExchange' }] } as const;
  await world.configure({ contactAddresses: 'mailing', customFields: { contact: [...customFields.contact] } });
  const id = await desk.inStep('contacts', { lastname: 'Poe', employeeid: '17', address2_city: 'Graz' });
  const named = 'String {00020329-0000-0000-C000-000000000046} Name Employee';
  await desk.edit('contacts', id, {
    homeAddress: { city: 'Linz' },
    singleValueExtendedProperties: [{ id: named, value: '18' }],
  });
  await world.settle();
  expect((await ask({ by: 'record', entity: 'contact', recordId: id })).differences).toEqual(['custom.employeeid']);
});
