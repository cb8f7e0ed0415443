import { undo } from '../../../shared/mailboxes/undo';
import { Desk } from '../cycle/desk';
import { anna, beginning, type Json, World } from '../cycle/world';

let world: World;
let desk: Desk;

beforeAll(async () => {
  world = await World.start();
  desk = new Desk(world, anna);
  await world.enable(anna);
});

afterAll(() => world.close());

const masters = 'recurringappointmentmasters';
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

async function takeBack(recordId: string) {
  const ref = { integration: world.integration.id, id: anna.systemUserId };
  const answer = await undo(world.services, ref, { of: 'pair', entity: 'series', recordId }, false);
  await world.settle();
  return answer;
}

test('a name that Tandem replaced in a series comes back', async () => {
  const id = await desk.inStep(masters, series);
  await desk.edit(masters, id, { subject: 'From Outlook' });
  await world.settle();
  expect((await takeBack(id)).refused).toEqual([]);
  expect(await desk.record(masters, id)).toMatchObject({ subject: 'Stand-up' });
  expect(await desk.itemOf(masters, id)).toMatchObject({ subject: 'From Outlook' });
  await world.expectQuiet();
});

test('a series that Tandem took out of the calendar is made again with all its dates', async () => {
  const id = await desk.inStep(masters, series);
  await desk.drop(masters, id);
  await world.settle();
  expect((await takeBack(id)).refused).toEqual([]);
  expect(await desk.itemOf(masters, id)).toMatchObject({ subject: 'Stand-up', type: 'seriesMaster' });
  await world.expectQuiet();
});

test('a series that Tandem deleted in Dynamics is made again under its id, or the answer says what stands in the way', async () => {
  const id = await desk.inStep(masters, series);
  await desk.discard(masters, id);
  await world.settle();
  expect(await desk.hasRecord(masters, id)).toBe(false);
  const { undoing, refused } = await takeBack(id);
  expect([undoing.length, refused.length].toSorted()).toEqual([0, 1]);
  expect(await desk.hasRecord(masters, id)).toBe(undoing.length === 1);
  expect((await (await world.partition(anna)).state()).parked).toEqual([]);
  await world.expectQuiet();
});
