import { DateTime } from 'luxon';
import { person } from '../../../local/company/people';
import { regardingProperty } from '../../../shared/exchange/extended';
import { Desk, extended } from './desk';
import { anna, beginning, type Json, World } from './world';

const david = person('david');
const emi = person('emi');

let world: World;
let annas: Desk;

beforeAll(async () => {
  world = await World.start();
  for (const who of [anna, david, emi]) await world.enable(who);
  annas = new Desk(world, anna);
});

afterAll(() => world.close());

const hour = 3_600_000;
const day = 24 * hour;
/** Tests look at one day, however long they take. */
const today = beginning;
const at = (days: number, time = '09:00:00'): string => `${new Date(today + days * day).toISOString().slice(0, 10)}T${time}`;
const from = (days: number, time?: string): Json => ({
  scheduledstart: `${at(days, time)}Z`,
  scheduledend: DateTime.fromISO(`${at(days, time)}Z`, { zone: 'UTC' })
    .plus({ hours: 1 })
    .toISO({ suppressMilliseconds: true }),
});
const utc = (dateTime: string): Json => ({ dateTime, timeZone: 'UTC' });
const shown = (dateTime: string): Json => ({ dateTime: `${dateTime}.0000000` });

const inStep = (columns: Json, desk = annas): Promise<string> => desk.inStep('appointments', { ...from(3), ...columns });

describe('fields (server-side synchronization 3.2)', () => {
  test('every field of an appointment reaches Exchange', async () => {
    const account = await world.crm(anna, 'POST', 'accounts', { name: 'Fabrikam' });
    const id = await inStep({
      subject: 'Kick-off',
      description: 'Agenda:\nOne',
      location: 'Room 1',
      prioritycode: 2,
      statecode: 0,
      statuscode: 2,
      'regardingobjectid_account_appointment@odata.bind': `/accounts(${String(account.accountid)})`,
    });
    const item = await annas.itemOf('appointments', id);
    expect(item).toMatchObject({
      subject: 'Kick-off',
      location: { displayName: 'Room 1' },
      start: shown(at(3)),
      end: shown(at(3, '10:00:00')),
      isAllDay: false,
      importance: 'high',
      showAs: 'tentative',
      isReminderOn: true,
      isOrganizer: true,
      attendees: [],
    });
    expect(
      String((item.body as Json).content)
        .replaceAll('\r', '')
        .trim(),
    ).toBe('Agenda:\nOne');
    expect(extended(item, regardingProperty)).toBe('Fabrikam');
    await world.expectQuiet();
  });

  test('every field of an appointment reaches Dynamics', async () => {
    const id = await inStep({ subject: 'Old' });
    await annas.edit('appointments', id, {
      subject: 'New',
      body: { contentType: 'html', content: '<p>Hello</p><p><b>World</b></p>' },
      location: { displayName: 'Room 2' },
      start: utc(at(4, '13:00:00')),
      end: utc(at(4, '14:30:00')),
      importance: 'low',
      showAs: 'oof',
    });
    await world.settle();
    expect(await annas.record('appointments', id)).toMatchObject({
      subject: 'New',
      description: expect.stringMatching(/^Hello\n+World$/),
      location: 'Room 2',
      scheduledstart: `${at(4, '13:00:00')}Z`,
      scheduledend: `${at(4, '14:30:00')}Z`,
      prioritycode: 0,
      statecode: 3,
      statuscode: 6,
    });
    await world.expectQuiet();
  });

  test('an appointment moves from either side', async () => {
    const id = await inStep({ subject: 'Mover' });
    await annas.change('appointments', id, from(5, '11:00:00'));
    await world.settle();
    expect(await annas.itemOf('appointments', id)).toMatchObject({ start: shown(at(5, '11:00:00')), end: shown(at(5, '12:00:00')) });
    await annas.edit('appointments', id, { start: utc(at(6, '07:00:00')), end: utc(at(6, '07:15:00')) });
    await world.settle();
    expect(await annas.record('appointments', id)).toMatchObject({
      scheduledstart: `${at(6, '07:00:00')}Z`,
      scheduledend: `${at(6, '07:15:00')}Z`,
    });
    await world.expectQuiet();
  });

  test('the way to join an online meeting is kept, whatever is written above it', async () => {
    const id = await inStep({ subject: 'Online', description: 'Plain' });
    await annas.edit('appointments', id, { isOnlineMeeting: true, body: { contentType: 'html', content: '<p>Join here</p>' } });
    await world.settle();
    await annas.change('appointments', id, { description: 'Something else', subject: 'Online, renamed' });
    await world.settle();
    const item = await annas.itemOf('appointments', id);
    expect(item).toMatchObject({
      subject: 'Online, renamed',
      isOnlineMeeting: true,
      body: { content: expect.stringMatching(/^Something else\s+_{80}.*meetup-join.*_{80}\s*$/s) },
    });
    await world.expectQuiet();
  });

  test('a body that Exchange keeps as HTML is not flattened by an edit of another field', async () => {
    const id = await inStep({ subject: 'Formatted' });
    await annas.edit('appointments', id, { body: { contentType: 'html', content: '<p>Very <b>bold</b></p>' } });
    await world.settle();
    await annas.change('appointments', id, { location: 'Elsewhere' });
    await world.settle();
    const { id: itemId } = await annas.itemOf('appointments', id);
    const html = await world.outlook(anna, 'GET', `events/${String(itemId)}?$select=body`, undefined, { prefer: 'IdType="ImmutableId"' });
    expect(html).toMatchObject({ body: { contentType: 'html', content: expect.stringContaining('<b>bold</b>') } });
    await world.expectQuiet();
  });
});

describe('status (server-side synchronization 3.5)', () => {
  test.each([
    [{ statecode: 0, statuscode: 1 }, 'free', false],
    [{ statecode: 0, statuscode: 2 }, 'tentative', true],
    [{ statecode: 3, statuscode: 5 }, 'busy', true],
    [{ statecode: 3, statuscode: 6 }, 'oof', true],
  ])('%j shows as %s, and back', async (status, showAs, isReminderOn) => {
    const there = await inStep({ subject: 'To Exchange', ...status });
    const back = await inStep({ subject: 'To Dynamics', ...(showAs === 'busy' ? { statecode: 0, statuscode: 2 } : {}) });
    await annas.edit('appointments', back, { showAs });
    await world.settle();
    expect(await annas.itemOf('appointments', there)).toMatchObject({ showAs, isReminderOn });
    expect(await annas.record('appointments', back)).toMatchObject(status);
    expect((await annas.itemOf('appointments', back)).isReminderOn).toBe(isReminderOn);
  });

  test('working elsewhere is free in Dynamics, and stays as it is in Exchange', async () => {
    const id = await inStep({ subject: 'At the lake' });
    await annas.edit('appointments', id, { showAs: 'workingElsewhere' });
    await world.settle();
    expect(await annas.record('appointments', id)).toMatchObject({ statecode: 0, statuscode: 1 });
    await annas.change('appointments', id, { location: 'Lake' });
    await world.settle();
    expect(await annas.itemOf('appointments', id)).toMatchObject({ showAs: 'workingElsewhere', location: { displayName: 'Lake' } });
    await world.expectQuiet();
  });

  test.each([
    ['completed', { statecode: 1, statuscode: 3 }],
    ['canceled', { statecode: 2, statuscode: 4 }],
  ])('an appointment %s in Dynamics shows as free without a reminder, and is let go', async (_name, status) => {
    const id = await inStep({ subject: 'Closing' });
    await annas.change('appointments', id, status);
    await world.settle();
    expect(await annas.itemOf('appointments', id)).toMatchObject({ showAs: 'free', isReminderOn: false });
    await annas.edit('appointments', id, { showAs: 'busy', subject: 'Ignored' });
    await world.settle();
    expect(await annas.record('appointments', id)).toMatchObject({ subject: 'Closing', ...status });
    await world.expectQuiet();
  });

  test('an appointment that is opened again is taken up again, with the same event', async () => {
    const id = await inStep({ subject: 'Reopened' });
    const before = await annas.itemOf('appointments', id);
    await annas.change('appointments', id, { statecode: 1, statuscode: 3 });
    await world.settle();
    await annas.change('appointments', id, { statecode: 3, statuscode: 5 });
    await world.settle();
    expect(await annas.itemOf('appointments', id)).toMatchObject({ id: before.id, showAs: 'busy', isReminderOn: true });
    await annas.edit('appointments', id, { subject: 'Reopened, and heard' });
    await world.settle();
    expect(await annas.record('appointments', id)).toMatchObject({ subject: 'Reopened, and heard' });
    await world.expectQuiet();
  });
});

describe('zones (server-side synchronization 3.7)', () => {
  const midnight = (date: string, zone: string): string =>
    DateTime.fromISO(date, { zone }).toUTC().toISO({ suppressMilliseconds: true }) ?? '';
  const dateIn = (days: number): string => at(days).slice(0, 10);

  test.each([
    ['anna', 'Europe/Berlin', 'W. Europe Standard Time'],
    ['david', 'America/New_York', 'Eastern Standard Time'],
    ['emi', 'Asia/Tokyo', 'Tokyo Standard Time'],
  ])('whole days of %s are the same dates on both sides', async (key, zone, windowsZone) => {
    const desk = new Desk(world, person(key));
    const [first, last] = [dateIn(10), dateIn(12)];
    const days = { isalldayevent: true, scheduledstart: midnight(first, zone), scheduledend: midnight(last, zone) };
    const id = await inStep({ subject: 'Two days off', ...days }, desk);
    expect(await desk.itemOf('appointments', id)).toMatchObject({
      isAllDay: true,
      start: shown(`${first}T00:00:00`),
      end: shown(`${last}T00:00:00`),
    });
    const zoned = (date: string): Json => ({ dateTime: `${date}T00:00:00`, timeZone: windowsZone });
    await desk.edit('appointments', id, { isAllDay: true, start: zoned(dateIn(11)), end: zoned(dateIn(12)) });
    await world.settle();
    expect(await desk.record('appointments', id)).toMatchObject({
      isalldayevent: true,
      scheduledstart: midnight(dateIn(11), zone),
      scheduledend: midnight(dateIn(12), zone),
    });
    await desk.change('appointments', id, { isalldayevent: false, ...from(11) });
    await world.settle();
    expect(await desk.itemOf('appointments', id)).toMatchObject({ isAllDay: false, start: shown(at(11)), end: shown(at(11, '10:00:00')) });
    await world.expectQuiet();
  });

  test.each(['Europe/Berlin', 'America/New_York'])('the day on which the clocks of %s change is one day', async (zone) => {
    const desk = new Desk(world, zone === 'Europe/Berlin' ? anna : david);
    let edge = DateTime.fromMillis(world.clock.now(), { zone }).startOf('day');
    while (edge.plus({ days: 1 }).diff(edge, 'hours').hours === 24) edge = edge.plus({ days: 1 });
    const [first, last] = [edge.toISODate() ?? '', edge.plus({ days: 1 }).toISODate() ?? ''];
    const days = { isalldayevent: true, scheduledstart: midnight(first, zone), scheduledend: midnight(last, zone) };
    const id = await inStep({ subject: 'An hour more or less', ...days }, desk);
    expect(await desk.itemOf('appointments', id)).toMatchObject({
      isAllDay: true,
      start: shown(`${first}T00:00:00`),
      end: shown(`${last}T00:00:00`),
    });
    await desk.edit('appointments', id, { subject: 'Renamed on the edge' });
    await desk.change('appointments', id, { location: 'Here' });
    await world.cycle(desk.who, 'sweep');
    await world.settle();
    expect(await desk.record('appointments', id)).toMatchObject({ subject: 'Renamed on the edge', ...days });
    await world.expectQuiet();
  });
});
