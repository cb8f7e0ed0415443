import { DateTime } from 'luxon';
import { person } from '../../../local/company/people';
import { Desk } from './desk';
import { anna, beginning, type Json, World } from './world';

let world: World;
let annas: Desk;

beforeAll(async () => {
  world = await World.start();
  await world.enable(anna);
  annas = new Desk(world, anna);
});

afterAll(() => world.close());

const day = 86_400_000;
/** Tests look at one day, however long they take. */
const today = beginning;
const dateIn = (days: number): string => new Date(today + days * day).toISOString().slice(0, 10);
const utc = (date: string): Json => ({ dateTime: `${date}T00:00:00`, timeZone: 'UTC' });

/** Makes a task of Anna's that is in step. */
const inStep = (columns: Json): Promise<string> => annas.inStep('tasks', columns);

describe('fields (server-side synchronization 3.4)', () => {
  test('every field of a task reaches Exchange', async () => {
    const due = dateIn(3);
    const account = await world.crm(anna, 'POST', 'accounts', { name: 'Fabrikam' });
    const id = await inStep({
      subject: 'Send the offer',
      description: 'Two pages,\nno more.',
      scheduledstart: `${dateIn(1)}T10:00:00Z`,
      scheduledend: `${due}T14:30:00Z`,
      prioritycode: 2,
      statuscode: 3,
      'regardingobjectid_account_task@odata.bind': `/accounts(${String(account.accountid)})`,
    });
    expect(await annas.itemOf('tasks', id)).toMatchObject({
      title: 'Send the offer',
      body: { content: expect.stringContaining('Two pages,') },
      startDateTime: { dateTime: `${dateIn(1)}T00:00:00.0000000` },
      dueDateTime: { dateTime: `${due}T00:00:00.0000000` },
      isReminderOn: true,
      reminderDateTime: { dateTime: `${due}T14:30:00.0000000`, timeZone: 'UTC' },
      importance: 'high',
      status: 'inProgress',
      linkedResources: [expect.objectContaining({ displayName: 'Fabrikam' })],
    });
    await world.expectQuiet();
  });

  test('every field of a task reaches Dynamics, and a new due date keeps its time of day', async () => {
    const id = await inStep({ subject: 'Old', scheduledstart: `${dateIn(1)}T08:15:00Z`, scheduledend: `${dateIn(2)}T15:45:00Z` });
    await annas.edit('tasks', id, {
      title: 'New',
      body: { contentType: 'text', content: 'Line one\nLine two' },
      startDateTime: utc(dateIn(4)),
      dueDateTime: utc(dateIn(6)),
      importance: 'low',
      status: 'waitingOnOthers',
    });
    await world.settle();
    expect(await annas.record('tasks', id)).toMatchObject({
      subject: 'New',
      description: 'Line one\nLine two',
      scheduledstart: `${dateIn(4)}T08:15:00Z`,
      scheduledend: `${dateIn(6)}T15:45:00Z`,
      prioritycode: 0,
      statecode: 0,
      statuscode: 4,
    });
    expect(await annas.itemOf('tasks', id)).toMatchObject({ reminderDateTime: { dateTime: `${dateIn(6)}T15:45:00.0000000` } });
    await world.expectQuiet();
  });

  test('a due time that changes alone moves the reminder and not the date', async () => {
    const due = dateIn(5);
    const id = await inStep({ subject: 'Call', scheduledend: `${due}T09:00:00Z` });
    await annas.change('tasks', id, { scheduledend: `${due}T11:00:00Z` });
    await world.settle();
    expect(await annas.itemOf('tasks', id)).toMatchObject({
      dueDateTime: { dateTime: `${due}T00:00:00.0000000` },
      reminderDateTime: { dateTime: `${due}T11:00:00.0000000` },
    });
    await world.expectQuiet();
  });

  test('fields that are emptied on one side are emptied on the other', async () => {
    const id = await inStep({ subject: 'Empty me', description: 'Text', scheduledend: `${dateIn(2)}T09:00:00Z` });
    await annas.edit('tasks', id, { dueDateTime: null });
    await annas.change('tasks', id, { description: null });
    await world.settle();
    expect(await annas.record('tasks', id)).toMatchObject({ scheduledend: null, description: null });
    const { body, dueDateTime, isReminderOn } = await annas.itemOf('tasks', id);
    expect({ body, dueDateTime, isReminderOn }).toMatchObject({ body: { content: '' }, isReminderOn: false });
    expect(dueDateTime ?? null).toBeNull();
    await world.expectQuiet();
  });

  test.each([
    [2, 'notStarted'],
    [3, 'inProgress'],
    [4, 'waitingOnOthers'],
    [7, 'deferred'],
  ] as const)('status %i of Dynamics is %s in Exchange, both ways (3.5)', async (statuscode, status) => {
    const there = await inStep({ subject: `To ${status}`, statuscode });
    const back = await inStep({ subject: `From ${status}`, statuscode: statuscode === 2 ? 3 : 2 });
    await annas.edit('tasks', back, { status });
    await world.settle();
    expect(await annas.itemOf('tasks', there)).toMatchObject({ status });
    expect(await annas.record('tasks', back)).toMatchObject({ statuscode, statecode: 0 });
  });

  test.each([
    ['david', 'America/New_York'],
    ['emi', 'Asia/Tokyo'],
  ])('a due date of %s is the date in her or his own zone, both ways (3.7)', async (key, zone) => {
    const desk = new Desk(world, person(key));
    await world.enable(desk.who);
    const localDue = DateTime.fromMillis(world.clock.now(), { zone })
      .plus({ days: 4 })
      .set({ hour: 22, minute: 30, second: 0, millisecond: 0 });
    const stamp = (time: DateTime): string => time.toUTC().toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'");
    const id = await desk.inStep('tasks', { subject: 'Late in the evening', scheduledend: stamp(localDue) });
    expect(await desk.itemOf('tasks', id)).toMatchObject({
      dueDateTime: { dateTime: `${localDue.toISODate()}T00:00:00.0000000` },
      reminderDateTime: { dateTime: `${localDue.toUTC().toFormat("yyyy-MM-dd'T'HH:mm:ss")}.0000000` },
    });
    await desk.edit('tasks', id, { dueDateTime: utc(localDue.plus({ days: 1 }).toISODate() ?? '') });
    await world.settle();
    expect(await desk.record('tasks', id)).toMatchObject({ scheduledend: stamp(localDue.plus({ days: 1 })) });
    await world.expectQuiet();
  });
});
