import { DateTime } from 'luxon';
import { person } from '../../../local/company/people';
import { Desk } from './desk';
import { anna, beginning, ben, type Json, World } from './world';

let world: World;
let annas: Desk;
let bens: Desk;

beforeAll(async () => {
  world = await World.start();
  for (const who of [anna, ben]) await world.enable(who);
  annas = new Desk(world, anna);
  bens = new Desk(world, ben);
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

const inStep = (columns: Json, desk = annas): Promise<string> => desk.inStep('appointments', { ...from(3), ...columns });

describe('homes and deletion', () => {
  const organizedBy = (who: typeof anna): Json => ({
    appointment_activity_parties: [{ participationtypemask: 7, 'partyid_systemuser@odata.bind': `/systemusers(${who.systemUserId})` }],
  });

  test('an appointment with another organizer changes mailboxes', async () => {
    const id = await inStep({ subject: 'Taken over' });
    await annas.change('appointments', id, organizedBy(ben));
    await world.settle();
    expect(await annas.item('appointments', id)).toBeNull();
    await bens.edit('appointments', id, { location: { displayName: 'At Ben’s' } });
    await world.settle();
    expect(await annas.record('appointments', id)).toMatchObject({ location: 'At Ben’s' });
    await world.expectQuiet();
  });

  test('a past appointment stays where it was when its organizer changes, and is taken up there when he comes back (promise 5)', async () => {
    const id = await inStep({ subject: 'Long over', ...from(-3) });
    await annas.change('appointments', id, organizedBy(ben));
    await world.settle();
    expect(await annas.itemOf('appointments', id)).toMatchObject({ subject: 'Long over' });
    expect(await bens.itemOf('appointments', id)).toMatchObject({ subject: 'Long over' });
    await annas.change('appointments', id, organizedBy(anna));
    await world.settle();
    await annas.change('appointments', id, { subject: 'Long over, and back' });
    await world.settle();
    expect(await annas.itemOf('appointments', id)).toMatchObject({ subject: 'Long over, and back' });
    await world.expectQuiet();
  });

  test('an appointment that nobody or nobody who takes part organizes goes nowhere', async () => {
    const nobodys = await world.crm(anna, 'POST', 'appointments', { subject: 'Nobody’s', ...from(3) });
    const chloes = await new Desk(world, person('chloe')).make('appointments', { subject: 'Chloe’s', ...from(3) });
    await world.settle();
    for (const desk of [annas, bens])
      for (const id of [String(nobodys.activityid), chloes]) expect(await desk.item('appointments', id)).toBeNull();
    await world.expectQuiet();
  });

  test('a future appointment deleted in Dynamics goes from Exchange; a past one stays', async () => {
    const [future, past] = [await inStep({ subject: 'Future' }), await inStep({ subject: 'Past', ...from(-3) })];
    await annas.drop('appointments', future);
    await annas.drop('appointments', past);
    await world.settle();
    expect(await annas.item('appointments', future)).toBeNull();
    expect(await annas.itemOf('appointments', past)).toMatchObject({ subject: 'Past' });
    await world.expectQuiet();
  });

  test('a future appointment deleted in Exchange goes from Dynamics; a past one stays (promise 3)', async () => {
    const [future, past] = [await inStep({ subject: 'Future' }), await inStep({ subject: 'Past', ...from(-3) })];
    await annas.discard('appointments', future);
    await annas.discard('appointments', past);
    await world.settle();
    expect(await annas.hasRecord('appointments', future)).toBe(false);
    expect(await annas.record('appointments', past)).toMatchObject({ subject: 'Past' });
    await annas.change('appointments', past, { subject: 'Past, edited' });
    await world.expectQuiet();
    expect(await annas.item('appointments', past)).toBeNull();
  });

  test('an event born in Exchange stays there', async () => {
    await annas.outlook('POST', 'events', { subject: 'Dentist', start: utc(at(2)), end: utc(at(2, '10:00:00')) });
    await world.expectQuiet();
    expect((await world.crm(anna, 'GET', "appointments?$filter=subject eq 'Dentist'")).value).toEqual([]);
  });
});

describe('outside the calendar’s window', () => {
  test('an appointment a year ahead is created, and an edit of either side still finds the other’s', async () => {
    const id = await inStep({ subject: 'Next year', ...from(300) });
    await annas.edit('appointments', id, { location: { displayName: 'From Exchange' } });
    await annas.change('appointments', id, { subject: 'Next year, renamed' });
    await world.settle();
    expect(await annas.record('appointments', id)).toMatchObject({ subject: 'Next year, renamed', location: 'From Exchange' });
    expect(await annas.itemOf('appointments', id)).toMatchObject({ subject: 'Next year, renamed' });
    await world.expectQuiet();
  });

  test('an edit in Exchange that no feed tells is found by the sweep', async () => {
    const id = await inStep({ subject: 'Far away', ...from(300) });
    await annas.edit('appointments', id, { location: { displayName: 'Late news' } });
    await world.cycle(anna, 'sweep');
    expect(await annas.record('appointments', id)).toMatchObject({ location: 'Late news' });
    await world.expectQuiet();
  });

  test('an event that is moved out of the window is moved in Dynamics, not deleted (promise 3)', async () => {
    const id = await inStep({ subject: 'Put off' });
    await annas.edit('appointments', id, { start: utc(at(300)), end: utc(at(300, '10:00:00')) });
    await world.settle();
    expect(await annas.record('appointments', id)).toMatchObject({ scheduledstart: `${at(300)}Z` });
    await world.expectQuiet();
  });

  test('a deletion outside the window is found by the sweep', async () => {
    const id = await inStep({ subject: 'Never mind next year', ...from(300) });
    await annas.discard('appointments', id);
    await world.cycle(anna, 'sweep');
    expect(await annas.hasRecord('appointments', id)).toBe(false);
    await world.expectQuiet();
  });
});
