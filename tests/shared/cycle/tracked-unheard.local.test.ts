import { Desk } from './desk';
import { anna, beginning, World } from './world';

const category = 'Tracked to Dynamics 365';
const day = new Date(beginning + 7 * 86_400_000).toISOString().slice(0, 10);
const start = { dateTime: `${day}T09:00:00`, timeZone: 'UTC' };
const end = { dateTime: `${day}T10:00:00`, timeZone: 'UTC' };
const daily = { pattern: { type: 'daily', interval: 1 }, range: { type: 'numbered', startDate: day, numberOfOccurrences: 3 } };

let world: World;
let desk: Desk;

beforeAll(async () => {
  world = await World.start();
  desk = new Desk(world, anna);
  await world.enable(anna);
});

afterAll(() => world.close());

test.each([
  ['appointments', {}],
  ['recurringappointmentmasters', { recurrence: daily }],
] as const)(
  'of %s one that was made of a tracked item and is deleted before any feed tells of it takes its item along (promise 6)',
  async (table, more) => {
    const subject = `Unheard of ${table}`;
    await world.outlook(anna, 'POST', 'events', { subject, start, end, categories: [category], ...more });
    await world.cycle(anna);
    const { value } = await world.crm(anna, 'GET', `${table}?$filter=subject eq '${subject}'`);
    const id = String((value as readonly { readonly activityid: string }[])[0]?.activityid);
    expect(await desk.item('appointments', id)).not.toBeNull();
    await world.crm(anna, 'DELETE', `${table}(${id})`);
    await world.settle();
    expect(await desk.item('appointments', id)).toBeNull();
    await world.expectQuiet();
  },
);
