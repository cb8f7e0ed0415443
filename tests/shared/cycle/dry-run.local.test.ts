import { dryRun } from '../../../shared/cycle/dry-run';
import { describeMailbox } from '../../../shared/mailboxes/enable';
import { anna, World } from './world';

let world: World;

beforeAll(async () => {
  world = await World.start();
});

afterAll(() => world.close());

function count(run: Awaited<ReturnType<typeof dryRun>>, entity: string, action: string): number {
  return run.actions.filter((row) => row.entity === entity && row.action === action).reduce((sum, row) => sum + row.count, 0);
}

async function runIt(isEnabled: boolean, withValues = false): ReturnType<typeof dryRun> {
  const mailbox = isEnabled ? await world.mailbox(anna) : await describeMailbox(world.services, world.integration, anna.systemUserId);
  world.counters.reset();
  return dryRun(world.services, world.integration, mailbox, { isEnabled, withValues });
}

test('a dry run of a mailbox that is not enabled says what its first load would do, and writes nothing', async () => {
  await world.crm(anna, 'POST', 'tasks', { subject: 'Call the printer' });
  await world.crm(anna, 'POST', 'contacts', { firstname: 'Ada', lastname: 'Byron', telephone1: '+44 1' });

  const run = await runIt(false);

  expect(count(run, 'task', 'createItem')).toBe(1);
  expect(count(run, 'contact', 'createItem')).toBe(1);
  expect(run.fields.contact).toMatchObject({ lastName: 1, businessPhones: 1 });
  expect(run.complete).toBe(true);
  expect(world.writes()).toBe(0);
  expect(JSON.stringify(run)).not.toContain('Byron');
});

test('a record whose twin is in the mailbox already would be linked with it, not made a second time', async () => {
  const address = 'toni@fabrikam.example';
  await world.outlook(anna, 'POST', 'contacts', { givenName: 'Toni', surname: 'Poe', emailAddresses: [{ address, name: 'Toni' }] });
  const before = count(await runIt(false), 'contact', 'createItem');
  await world.crm(anna, 'POST', 'contacts', { firstname: 'Toni', lastname: 'Poe', emailaddress1: address });

  const run = await runIt(false);

  expect(count(run, 'contact', 'createItem')).toBe(before);
  expect(run.actions.filter(({ reason }) => reason === 'first-meeting').reduce((sum, row) => sum + row.count, 0)).toBe(1);
  expect(world.writes()).toBe(0);
});

test('a dry run of an enabled mailbox shows edits that wait on either side, and reads no delta link', async () => {
  await world.enable(anna);
  await world.settle();
  const contacts = (await world.outlook(anna, 'GET', 'contacts')).value as { id: string }[];
  await world.outlook(anna, 'PATCH', `contacts/${contacts[0]?.id}`, { jobTitle: 'Countess' });
  const tasks = (await world.crm(anna, 'GET', `tasks?$filter=subject eq 'Call the printer'&$select=activityid`)).value as {
    activityid: string;
  }[];
  await world.crm(anna, 'PATCH', `tasks(${tasks[0]?.activityid})`, { subject: 'Call the printer again' });

  const run = await runIt(true);

  expect(count(run, 'contact', 'updateRecord')).toBe(1);
  expect(count(run, 'task', 'updateItem')).toBe(1);
  expect(Object.keys(world.counters.snapshot().endpoints.graph ?? {}).filter((label) => label.includes('delta'))).toEqual([]);
  expect(world.writes()).toBe(0);
});

test('the pairs are shown one by one, and what their fields hold only where that is asked for', async () => {
  const named = await runIt(true);
  expect(named.pairs).toContainEqual(
    expect.objectContaining({ entity: 'task', actions: ['updateItem'], fields: [{ field: 'subject', side: 'exchange' }] }),
  );
  const told = await runIt(true, true);
  const values = { before: 'Call the printer', after: 'Call the printer again' };
  expect(told.pairs.flatMap(({ fields }) => fields)).toContainEqual({ field: 'subject', side: 'exchange', values });
});

test('a dry run shows what would be made from items that their users track, and claims nothing', async () => {
  const categories = ['Tracked to Dynamics 365'];
  await world.settle();
  await world.outlook(anna, 'POST', 'contacts', { givenName: 'Tessa', surname: 'Tracked', categories });
  const zone = 'W. Europe Standard Time';
  const time = { start: { dateTime: '2027-03-01T09:00:00', timeZone: zone }, end: { dateTime: '2027-03-01T10:00:00', timeZone: zone } };
  const pattern = { type: 'weekly', interval: 1, daysOfWeek: ['monday'], firstDayOfWeek: 'monday' };
  const range = { type: 'numbered', startDate: '2027-03-01', numberOfOccurrences: 3, recurrenceTimeZone: zone };
  await world.outlook(anna, 'POST', 'events', { subject: 'Tracked series', ...time, recurrence: { pattern, range }, categories });
  const invited = { subject: 'From outside', ...time, attendees: [{ type: 'required', emailAddress: { address: anna.email } }] };
  world.control('graph', 'invite', { user: anna.email, organizer: { name: 'Olga', address: 'olga@outside.example' }, event: invited });
  const events = (await world.outlook(anna, 'GET', 'events?$top=100')).value as { id: string; subject: string }[];
  await world.outlook(anna, 'PATCH', `events/${events.find(({ subject }) => subject === 'From outside')?.id}`, { categories });

  const before = await world.rows();
  const run = await runIt(true);

  for (const entity of ['contact', 'series', 'appointment']) expect(count(run, entity, 'createRecord')).toBe(1);
  expect(run.fields.series).toMatchObject({ recurrence: 1 });
  expect(run.complete).toBe(true);
  expect(world.writes()).toBe(0);
  expect(await world.rows()).toEqual(before);
  expect(JSON.stringify(run)).not.toContain('Tessa');
  expect(Object.keys(world.counters.snapshot().endpoints.graph ?? {}).filter((label) => label.includes('delta'))).toEqual([]);

  await world.settle();
  expect((await runIt(true)).actions.filter(({ action }) => action !== 'nothing')).toEqual([]);
});

test('a dry run is not complete where more items wait for a record than it takes up', async () => {
  for (let index = 0; index < 201; index += 1)
    await world.outlook(anna, 'POST', 'contacts', { surname: `Waits ${index}`, categories: ['Tracked to Dynamics 365'] });
  const run = await runIt(true);
  expect(run.complete).toBe(false);
  expect(count(run, 'contact', 'createRecord')).toBe(200);
});
