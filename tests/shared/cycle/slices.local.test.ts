import { runCycle } from '../../../shared/cycle/cycle';
import type { WakeUp } from '../../../shared/messaging/messages';
import { atOnce } from '../../../shared/platform/at-once';
import { Desk } from './desk';
import { anna, World } from './world';

let world: World;
let annas: Desk;

/** More than one page of a delta. */
const many = 130;

beforeAll(async () => {
  world = await World.start({ cycle: { sliceActions: 40 } });
  annas = new Desk(world, anna);
});

afterAll(() => world.close());

const ids: string[] = [];

function sync(): WakeUp | undefined {
  return { kind: 'work', integration: 'contoso', mailbox: anna.systemUserId, reason: 'syncNow', sentAt: world.clock.now() };
}

test('a first load takes as many slices as it needs, and makes each item once (promise 5)', async () => {
  const numbers = Array.from({ length: many }, (_, number) => number);
  ids.push(...(await atOnce(3, numbers, (number) => annas.make('tasks', { subject: `Task ${number}` }))));
  await world.enable(anna);
  const titles = (await annas.items('tasks')).map(({ title }) => title);
  expect(titles).toHaveLength(many);
  expect(new Set(titles).size).toBe(many);
  await world.expectQuiet();
});

test('an edit in Exchange that stands on a later page of the delta is known before its record is written (promise 1)', async () => {
  const items = await annas.items('tasks');
  const last = ids[many - 1] ?? '';
  await annas.change('tasks', last, { subject: 'From Dynamics' });
  world.advance(5_000);
  const others = items.filter(({ title }) => title !== `Task ${many - 1}`);
  await atOnce(3, others, ({ id, listId }) =>
    annas.outlook('PATCH', `todo/lists/${String(listId)}/tasks/${String(id)}`, { importance: 'high' }),
  );
  await annas.edit('tasks', last, { title: 'From Exchange, later' });
  await world.settle();
  expect(await annas.record('tasks', last)).toMatchObject({ subject: 'From Exchange, later' });
  expect(await annas.itemOf('tasks', last)).toMatchObject({ title: 'From Exchange, later' });
  const lost = (await world.journal(anna)).filter(({ recordId, winner }) => recordId === last && winner !== null);
  expect(lost).toEqual([expect.objectContaining({ field: 'subject', value: '"From Dynamics"', winner: 'exchange' })]);
  const { value } = await world.crm(anna, 'GET', 'tasks?$select=prioritycode&$filter=prioritycode eq 2');
  expect(value).toHaveLength(many - 1);
  await world.expectQuiet();
});

test('a cycle whose time is up goes on in a wake-up of its own, and each gets further', async () => {
  await atOnce(3, await annas.items('tasks'), ({ id, listId }) =>
    annas.outlook('PATCH', `todo/lists/${String(listId)}/tasks/${String(id)}`, { body: { contentType: 'text', content: 'Again' } }),
  );
  world.wakes.waiting.length = 0;
  const services = { ...world.services, settings: { ...world.services.settings, cycleMs: 0 } };
  const served: string[] = [];
  for (let wakeUp = sync(); wakeUp !== undefined && served.length < 20; wakeUp = world.wakes.next()?.wakeUp) {
    served.push(wakeUp.kind === 'work' ? wakeUp.reason : 'look');
    await runCycle(wakeUp, services);
  }
  expect([...new Set(served)]).toEqual(['syncNow', 'more']);
  const { value } = await world.crm(anna, 'GET', "tasks?$select=activityid&$filter=description eq 'Again'");
  expect(value).toHaveLength(many);
  await world.expectQuiet();
});
