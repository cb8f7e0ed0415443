import { Desk, everyNinthDay } from './desk';
import { anna, type Json, World } from './world';

let world: World;

beforeAll(async () => {
  world = await World.start();
  await world.enable(anna);
  await world.settle();
});

afterAll(() => world.close());

test.each(['timeout', 'cutBefore', 'cutAfter'] as const)(
  'a series whose deleted date met a %s right after its making lacks the date on both sides in the end (promise 6)',
  async (kind) => {
    const series = await new Desk(world, anna).make('recurringappointmentmasters', { ...everyNinthDay, subject: `Met a ${kind}` });
    const { value } = await world.crm(anna, 'GET', `appointments?$filter=seriesid eq ${series}&$orderby=scheduledstart`);
    const second = (value as Json[])[1];
    await world.crm(anna, 'DELETE', `appointments(${String(second?.activityid)})`);
    world.faults.add({ service: 'graph', method: 'DELETE', path: '/events/', kind, times: 1 });
    await world.settle(2 * 3_600_000);
    const events = (await world.outlook(anna, 'GET', 'events?$top=100')).value as Json[];
    const masters = events.filter(({ subject, type }) => subject === `Met a ${kind}` && type === 'seriesMaster');
    expect(masters).toHaveLength(1);
    const window = 'startDateTime=2026-11-01T00:00:00Z&endDateTime=2027-06-01T00:00:00Z';
    const shown = (await world.outlook(anna, 'GET', `events/${encodeURIComponent(String(masters[0]?.id))}/instances?${window}`))
      .value as Json[];
    const days = shown.map(({ start }) => String((start as { dateTime: string }).dateTime).slice(0, 10)).sort();
    expect(days).toEqual(['2026-12-01', '2026-12-19', '2026-12-28', '2027-01-06']);
    await world.expectQuiet();
  },
);

/** The dates of a series in Dynamics, in order. */
async function datesOf(series: string): Promise<Json[]> {
  const { value } = await world.crm(anna, 'GET', `appointments?$filter=seriesid eq ${series}&$orderby=scheduledstart`);
  return value as Json[];
}

/** The dates of a series in Outlook, in order. */
async function instancesOf(series: string): Promise<Json[]> {
  const master = await new Desk(world, anna).itemOf('recurringappointmentmasters', series);
  const window = 'startDateTime=2026-11-01T00:00:00Z&endDateTime=2027-06-01T00:00:00Z';
  const page = await world.outlook(anna, 'GET', `events/${encodeURIComponent(String(master.id))}/instances?${window}`);
  return (page.value as Json[]).sort((left, right) => startOf(left).localeCompare(startOf(right)));
}

const startOf = ({ start }: Json): string => (start as { dateTime: string }).dateTime;

const place = (text: string): Json => ({ location: { displayName: text } });

test.each([
  ['dynamics', 'cutAfter', /appointments\(/.source],
  ['dynamics', 'cutBefore', /appointments\(/.source],
  ['graph', 'cutAfter', '/events/'],
  ['graph', 'cutBefore', '/events/'],
] as const)(
  'what both sides changed on one date is on both sides in the end, although a write to %s met a %s (promise 6)',
  async (service, kind, path) => {
    const subject = `Both, ${service} ${kind}`;
    const series = await new Desk(world, anna).inStep('recurringappointmentmasters', { ...everyNinthDay, subject });
    const first = async (): Promise<Json> => (await datesOf(series))[0] ?? {};
    const shown = async (): Promise<Json> => (await instancesOf(series))[0] ?? {};
    await world.outlook(anna, 'PATCH', `events/${encodeURIComponent(String((await shown()).id))}`, place('Oslo'));
    await world.crm(anna, 'PATCH', `appointments(${String((await first()).activityid)})`, { subject: 'Another subject' });
    world.faults.add({ service, method: 'PATCH', path, kind, times: 1 });
    await world.settle(2 * 3_600_000);
    expect(await first()).toMatchObject({ subject: 'Another subject', location: 'Oslo' });
    expect(await shown()).toMatchObject({ subject: 'Another subject', ...place('Oslo') });
    await world.expectQuiet();
  },
);

test('a date that one side changed and the other deleted is as it was changed once it is there again, although the write to Exchange failed (promise 6)', async () => {
  const desk = new Desk(world, anna);
  const series = await desk.inStep('recurringappointmentmasters', { ...everyNinthDay, subject: 'Deleted and there again' });
  const event = (item: Json | undefined): string => `events/${encodeURIComponent(String(item?.id))}`;
  await world.crm(anna, 'PATCH', `appointments(${String((await datesOf(series))[0]?.activityid)})`, { location: 'Oslo' });
  await world.outlook(anna, 'DELETE', event((await instancesOf(series))[0]));
  await world.settle();
  await world.outlook(anna, 'PATCH', event((await instancesOf(series)).at(-1)), place('Lima'));
  await world.settle();
  const range = { type: 'endDate', startDate: '2026-12-01', endDate: '2027-02-01' };
  await desk.edit('recurringappointmentmasters', series, { recurrence: { pattern: { type: 'daily', interval: 20 }, range } });
  world.faults.add({ service: 'graph', method: 'PATCH', path: '/events/', kind: 'cutBefore', times: 1 });
  await world.settle(2 * 3_600_000);
  expect((await datesOf(series))[0]).toMatchObject({ location: 'Oslo' });
  expect((await instancesOf(series))[0]).toMatchObject(place('Oslo'));
  await world.expectQuiet();
});
