import type { Entity } from '../../../shared/model/values';
import { readFeed } from '../../../shared/polling/feed';
import { anna, ben, type Json, World } from './world';

let world: World;

beforeAll(async () => {
  world = await World.start();
  await world.enable(anna);
  await world.enable(ben);
});

beforeEach(async () => {
  for (const entity of ['series', 'appointment'] as const) await feed(entity);
  for (const who of [anna, ben]) {
    const partition = await world.partition(who);
    await partition.clearInbox(await partition.inbox(1_000));
  }
  await world.settle();
  world.wakes.waiting.length = 0;
});

afterAll(() => world.close());

const organizer = ({ systemUserId }: { readonly systemUserId: string }) => ({
  'partyid_systemuser@odata.bind': `/systemusers(${systemUserId})`,
  participationtypemask: 7,
});

/** Five days in a row, organized by somebody. */
async function series(who: typeof anna, columns: Json = {}): Promise<string> {
  const row = await world.crm(who, 'POST', 'recurringappointmentmasters', {
    subject: 'Stand-up',
    recurrencepatterntype: 0,
    interval: 1,
    patternstartdate: '2026-11-02T00:00:00Z',
    patternendtype: 2,
    occurrences: 5,
    starttime: '2026-11-02T09:00:00Z',
    endtime: '2026-11-02T10:00:00Z',
    recurringappointmentmaster_activity_parties: [organizer(who)],
    ...columns,
  });
  return String(row.activityid);
}

async function datesOf(id: string): Promise<string[]> {
  const { value } = await world.crm(anna, 'GET', `appointments?$filter=seriesid eq ${id}`);
  return (value as Json[]).map(({ activityid }) => `appointments(${String(activityid)})`);
}

async function feed(entity: Entity): Promise<void> {
  await readFeed(world.services, world.integration, entity);
  for (let poll = world.wakes.polls.shift(); poll !== undefined; poll = world.wakes.polls.shift())
    await readFeed(world.services, world.integration, entity);
}

async function inboxOf(who: typeof anna): Promise<object[]> {
  return (await (await world.partition(who)).inbox(100)).map(({ etag: _, ...row }) => row);
}

async function homesOf(entity: Entity, id: string): Promise<readonly string[] | undefined> {
  return (await world.services.homes.getMany('contoso', entity, [id])).get(id)?.homes;
}

const woken = () => [...new Set(world.wakes.waiting.map(({ wakeUp }) => wakeUp.mailbox))];
const ofPart = (recordId: string) => ({ entity: 'series', recordId, version: '', partsChanged: true, firstLoad: false });

test('a series goes to the inbox of its organizer and has its home there', async () => {
  const id = await series(anna);
  await feed('series');
  expect(await inboxOf(anna)).toEqual([{ entity: 'series', recordId: id, version: expect.stringMatching(/^\d+$/), firstLoad: false }]);
  expect(await homesOf('series', id)).toEqual([anna.systemUserId]);
  expect(woken()).toEqual([anna.systemUserId]);
});

test('a series of which only its dates were told is heard of when it is deleted (promise 6)', async () => {
  const id = await series(anna);
  await feed('appointment');
  await world.cycle(anna);
  await world.crm(anna, 'DELETE', `recurringappointmentmasters(${id})`);
  await feed('series');
  expect(await inboxOf(anna)).toEqual([{ entity: 'series', recordId: id, version: '', firstLoad: false }]);
  expect(await homesOf('series', id)).toBeUndefined();
});

test('the dates of a series wake the series once, claim no version of it, and have no home of their own', async () => {
  const id = await series(anna);
  await feed('appointment');
  expect(await inboxOf(anna)).toEqual([ofPart(id)]);
  expect(woken()).toEqual([anna.systemUserId]);
  const [date = ''] = await datesOf(id);
  expect(await homesOf('appointment', date.slice(13, -1))).toBeUndefined();
  expect(await homesOf('series', id)).toEqual([anna.systemUserId]);
});

test('what was heard of a date is not forgotten over an echo of the series', async () => {
  const id = await series(anna);
  await feed('appointment');
  await feed('series');
  expect(await inboxOf(anna)).toEqual([{ ...ofPart(id), version: expect.stringMatching(/^\d+$/) }]);
});

test('a date whose series has moved is heard in the home that the series had and in the one that it has', async () => {
  const id = await series(anna);
  await feed('series');
  const [date = ''] = await datesOf(id);
  await world.crm(anna, 'PATCH', `recurringappointmentmasters(${id})`, { recurringappointmentmaster_activity_parties: [organizer(ben)] });
  await world.crm(anna, 'PATCH', date, { subject: 'Other' });
  await feed('appointment');
  expect((await inboxOf(ben)).at(0)).toEqual(ofPart(id));
  expect((await inboxOf(anna)).at(0)).toMatchObject({ recordId: id, partsChanged: true });
  expect(woken().sort()).toEqual([anna.systemUserId, ben.systemUserId].sort());
});

test('a date that is deleted is told by its series alone', async () => {
  const id = await series(anna);
  await feed('series');
  await feed('appointment');
  const partition = await world.partition(anna);
  await partition.clearInbox(await partition.inbox(100));
  const [date = ''] = await datesOf(id);
  await world.crm(anna, 'DELETE', date);
  await feed('appointment');
  expect(await inboxOf(anna)).toEqual([]);
  await feed('series');
  expect(await inboxOf(anna)).toMatchObject([{ entity: 'series', recordId: id, version: expect.stringMatching(/^\d+$/) }]);
});

test('dates wake their series where single appointments do not sync, and nobody where series do not', async () => {
  const { settings } = world.integration;
  const reading = (off: 'appointment' | 'series') =>
    readFeed(
      world.services,
      { ...world.integration, settings: { ...settings, entities: { ...settings.entities, [off]: false } } },
      'appointment',
    );
  const id = await series(anna);
  const single = await world.crm(anna, 'POST', 'appointments', {
    subject: 'Once',
    scheduledstart: '2026-11-02T09:00:00Z',
    scheduledend: '2026-11-02T10:00:00Z',
    appointment_activity_parties: [organizer(anna)],
  });
  await reading('appointment');
  expect(await inboxOf(anna)).toEqual([ofPart(id)]);
  const partition = await world.partition(anna);
  await partition.clearInbox(await partition.inbox(100));

  const [date = ''] = await datesOf(id);
  await world.crm(anna, 'PATCH', date, { subject: 'Other' });
  await world.crm(anna, 'PATCH', `appointments(${String(single.activityid)})`, { subject: 'Other' });
  await reading('series');
  expect(await inboxOf(anna)).toMatchObject([{ entity: 'appointment', recordId: single.activityid }]);
});

test('a series that regenerates is parked with a cure, and goes on waiting', async () => {
  const id = await series(anna, { isregenerate: true });
  await feed('series');
  await world.cycle(anna);
  const { parked } = await (await world.partition(anna)).state();
  expect(parked).toMatchObject([
    { entity: 'series', recordId: id, why: 'failed', code: 'refused', fix: expect.stringContaining('fixed dates') },
  ]);
});
