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
const at = (days: number, time = '09:00:00'): string => `${new Date(beginning + days * day).toISOString().slice(0, 10)}T${time}Z`;
const from = (days: number): Json => ({ scheduledstart: at(days), scheduledend: at(days, '10:00:00') });

test('a draft becomes an event when it is sent, and until then it says why it waits', async () => {
  const id = await annas.inStep('appointments', { subject: 'Not yet', ...from(3), isdraft: true });
  expect(await annas.item('appointments', id)).toBeNull();
  const { parked } = await (await world.partition(anna)).state();
  expect(parked).toEqual([expect.objectContaining({ recordId: id, detail: 'the appointment is a draft' })]);
  await annas.change('appointments', id, { isdraft: false });
  await world.settle();
  expect(await annas.itemOf('appointments', id)).toMatchObject({ subject: 'Not yet' });
  await world.expectQuiet();
});

test('what is changed in a draft waits, and nothing of either side is lost when it is sent (promise 1)', async () => {
  const id = await annas.inStep('appointments', { subject: 'As agreed', ...from(4) });
  await annas.change('appointments', id, { isdraft: true, subject: 'In the making' });
  await annas.edit('appointments', id, { location: { displayName: 'Room 7' } });
  await world.settle();
  expect(await annas.itemOf('appointments', id)).toMatchObject({ subject: 'As agreed' });
  await annas.change('appointments', id, { isdraft: false });
  await world.settle();
  expect(await annas.itemOf('appointments', id)).toMatchObject({ subject: 'In the making', location: { displayName: 'Room 7' } });
  expect(await annas.record('appointments', id)).toMatchObject({ subject: 'In the making', location: 'Room 7' });
  await world.expectQuiet();
});
