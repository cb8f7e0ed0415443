import { Desk, everyNinthDay } from './desk';
import { anna, beginning, ben, type Json, World } from './world';

let world: World;
let annas: Desk;

beforeAll(async () => {
  world = await World.start();
  annas = new Desk(world, anna);
  await world.enable(anna);
  await world.settle();
});

afterEach(() => world.faults.clear());
afterAll(() => world.close());

const later = 2 * 3_600_000;
const start = new Date(beginning + 3 * 86_400_000).toISOString().slice(0, 10);
const times: Json = { scheduledstart: `${start}T09:00:00Z`, scheduledend: `${start}T10:00:00Z` };

/** The only event of this subject, or of one of these. */
async function eventOf(...subjects: readonly string[]): Promise<Json> {
  const events = ((await world.outlook(anna, 'GET', 'events?$top=100')).value as Json[]).filter(
    ({ subject, type }) => subjects.includes(String(subject)) && (type === 'seriesMaster' || type === 'singleInstance'),
  );
  if (events.length !== 1) throw new Error(`There are ${events.length} events.`);
  return events[0] as Json;
}

async function days(event: Json): Promise<string[]> {
  const window = 'startDateTime=2026-11-01T00:00:00Z&endDateTime=2027-06-01T00:00:00Z';
  const shown = (await world.outlook(anna, 'GET', `events/${encodeURIComponent(String(event.id))}/instances?${window}`)).value as Json[];
  return shown.map(({ start }) => String((start as { dateTime: string }).dateTime).slice(0, 10)).sort();
}

describe.each([
  ['throttle', 429],
  ['error', 400],
  ['error', 503],
] as const)('a series whose deleted date is refused (%s %i) once the series is made', (kind, status) => {
  /** The series in Dynamics, and in Exchange without its deleted date. */
  async function halfMade(subject: string): Promise<string> {
    const series = await annas.make('recurringappointmentmasters', { ...everyNinthDay, subject });
    const { value } = await world.crm(anna, 'GET', `appointments?$filter=seriesid eq ${series}&$orderby=scheduledstart`);
    await world.crm(anna, 'DELETE', `appointments(${String((value as Json[])[1]?.activityid)})`);
    world.faults.add({ service: 'graph', method: 'DELETE', path: '/events/', kind, status, times: 1 });
    await world.poll();
    await world.cycle(anna);
    world.advance(5_000);
    return series;
  }

  const left = ['2026-12-01', '2026-12-19', '2026-12-28', '2027-01-06'];

  test('takes what is edited in Dynamics before it is finished (promise 1)', async () => {
    const subject = `Edited there ${status}`;
    const series = await halfMade(subject);
    await annas.change('recurringappointmentmasters', series, { subject: `${subject} since` });
    await world.settle(later);
    expect(await annas.record('recurringappointmentmasters', series)).toMatchObject({ subject: `${subject} since` });
    expect(await days(await eventOf(`${subject} since`))).toEqual(left);
    await world.expectQuiet();
  });

  test('gives what is edited in Exchange before it is finished (promise 1)', async () => {
    const subject = `Edited here ${status}`;
    const series = await halfMade(subject);
    await annas.outlook('PATCH', `events/${encodeURIComponent(String((await eventOf(subject)).id))}`, { subject: `${subject} since` });
    await world.settle(later);
    expect(await annas.record('recurringappointmentmasters', series)).toMatchObject({ subject: `${subject} since` });
    expect(await days(await eventOf(`${subject} since`))).toEqual(left);
    await world.expectQuiet();
  });
});

test('a task that was made although nobody heard of it, and moved to another list, is found there and stays the only one (promise 5)', async () => {
  const id = await annas.make('tasks', { subject: 'Unheard task' });
  world.faults.add({ service: 'graph', method: 'POST', path: '/tasks$', kind: 'cutAfter', times: 1 });
  await world.poll();
  await world.cycle(anna);
  const toListId = String((await annas.outlook('POST', 'todo/lists', { displayName: 'Another list' })).id);
  world.control('graph', 'moveTask', { user: anna.objectId, taskId: String((await annas.itemOf('tasks', id)).id), toListId });
  world.advance(5_000);
  await annas.change('tasks', id, { subject: 'Unheard task since' });
  await world.settle(later);
  expect(await annas.itemOf('tasks', id)).toMatchObject({ title: 'Unheard task since', listId: toListId });
  await world.expectQuiet();
});

test('a task whose new copy was made although nobody heard of it, and whose record was edited since, is taken up by one cycle', async () => {
  const id = await annas.inStep('tasks', { subject: 'Came back' });
  const owner = (systemUserId: string): Json => ({ 'ownerid@odata.bind': `/systemusers(${systemUserId})` });
  await annas.change('tasks', id, owner(ben.systemUserId));
  await world.settle();
  expect(await annas.item('tasks', id)).toBeNull();
  world.advance(5_000);
  await annas.change('tasks', id, owner(anna.systemUserId));
  world.faults.add({ service: 'graph', method: 'POST', path: '/tasks$', kind: 'cutAfter', times: 1 });
  await world.poll();
  await world.cycle(anna);
  await annas.change('tasks', id, { subject: 'Came back since' });
  await world.poll();
  world.advance(later);
  await world.cycle(anna);
  expect(await annas.itemOf('tasks', id)).toMatchObject({ title: 'Came back since' });
  const [link] = [...(await (await world.partition(anna)).links([{ entity: 'task', recordId: id }])).values()];
  expect(link).toMatchObject({ state: 'linked' });
  expect(link).not.toHaveProperty('pending');
  await world.settle();
  await world.expectQuiet();
});

test.each(['create', 'duplicate'])(
  'an appointment that is restored after it went with its event gets an event again, as often as that happens, if Exchange answers the old id with %s (promise 3)',
  async (transactionIdAfterDelete) => {
    world.control('graph', 'switches', { transactionIdAfterDelete });
    const columns = { subject: `Restored, ${transactionIdAfterDelete}`, ...times };
    const id = await annas.inStep('appointments', columns);
    for (const time of ['once', 'twice']) {
      await annas.discard('appointments', id);
      await world.settle();
      expect(await annas.hasRecord('appointments', id)).toBe(false);
      await annas.make('appointments', { activityid: id, ...columns, description: time });
      await world.settle();
      expect(await annas.itemOf('appointments', id)).toMatchObject({ subject: columns.subject });
      await world.cycle(anna, 'sweep');
      expect(await annas.hasRecord('appointments', id)).toBe(true);
      await world.expectQuiet();
    }
    world.control('graph', 'switches', { transactionIdAfterDelete: 'create' });
  },
);

test('an appointment whose file is refused once its event is made gives what is edited in Exchange before it is finished (promise 1)', async () => {
  world.configure({ appointmentAttachments: true });
  const id = await annas.make('appointments', { subject: 'With a file', ...times });
  const file: Json = { filename: 'agenda.txt', mimetype: 'text/plain', body: Buffer.from('Agenda').toString('base64') };
  const holder = { objecttypecode: 'appointment', 'objectid_activitypointer@odata.bind': `/appointments(${id})` };
  await world.crm(anna, 'POST', 'activitymimeattachments', { ...file, ...holder });
  world.faults.add({ service: 'graph', method: 'POST', path: '/attachments', kind: 'throttle', times: 1 });
  await world.poll();
  await world.cycle(anna);
  world.advance(5_000);
  await annas.edit('appointments', id, { subject: 'With a file since' });
  await world.settle(later);
  expect(await annas.record('appointments', id)).toMatchObject({ subject: 'With a file since' });
  const path = `events/${encodeURIComponent(String((await annas.itemOf('appointments', id)).id))}/attachments`;
  expect((await world.outlook(anna, 'GET', path)).value).toMatchObject([{ name: 'agenda.txt' }]);
  await world.expectQuiet();
  world.configure({});
});

describe('an appointment whose event was made although nobody heard of it, and moved to another calendar', () => {
  async function unheard(subject: string): Promise<{ readonly id: string; readonly event: string }> {
    const id = await annas.make('appointments', { subject, ...times });
    world.faults.add({ service: 'graph', method: 'POST', path: '/events$', kind: 'cutAfter', times: 1 });
    await world.poll();
    await world.cycle(anna);
    const eventId = String((await eventOf(subject)).id);
    const calendar = await annas.outlook('POST', 'calendars', { name: `Calendar of ${subject}` });
    world.control('graph', 'moveEvent', { user: anna.objectId, eventId, toCalendarId: calendar.id });
    world.advance(5_000);
    return { id, event: `events/${encodeURIComponent(eventId)}` };
  }

  test('takes what was edited in Dynamics since (promise 1)', async () => {
    const { id, event } = await unheard('Unheard there');
    await annas.change('appointments', id, { subject: 'Unheard there since' });
    await world.settle(later);
    expect(await annas.outlook('GET', event)).toMatchObject({ subject: 'Unheard there since' });
    expect(await annas.record('appointments', id)).toMatchObject({ subject: 'Unheard there since' });
    await world.expectQuiet();
  });

  test('gives what was edited in Exchange since (promise 1)', async () => {
    const { id, event } = await unheard('Unheard here');
    await annas.outlook('PATCH', event, { subject: 'Unheard here since' });
    await world.settle(later);
    expect(await annas.outlook('GET', event)).toMatchObject({ subject: 'Unheard here since' });
    expect(await annas.record('appointments', id)).toMatchObject({ subject: 'Unheard here since' });
    await world.expectQuiet();
  });

  test('merges what both sides edited (promise 1)', async () => {
    const { id, event } = await unheard('Unheard of both');
    await annas.outlook('PATCH', event, { location: { displayName: 'Room 9' } });
    await annas.change('appointments', id, { subject: 'Unheard of both since' });
    await world.settle(later);
    expect(await annas.outlook('GET', event)).toMatchObject({ subject: 'Unheard of both since', location: { displayName: 'Room 9' } });
    expect(await annas.record('appointments', id)).toMatchObject({ subject: 'Unheard of both since', location: 'Room 9' });
    await world.expectQuiet();
  });
});
