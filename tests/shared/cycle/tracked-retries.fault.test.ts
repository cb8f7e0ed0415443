import { Desk } from './desk';
import { anna, type Json, World } from './world';

const categories = ['Tracked to Dynamics 365'];
const hour = 3_600_000;

let world: World;
let desk: Desk;
let rounds = 0;

beforeAll(async () => {
  world = await World.start();
  desk = new Desk(world, anna);
  await world.enable(anna);
  await world.settle();
});

afterEach(() => world.faults.clear());
afterAll(() => world.close());

type Tracked = readonly [table: 'tasks' | 'contacts' | 'appointments' | 'recurringappointmentmasters', column: string, name: string];

/** An item of each kind that its user tracks, by the name that its record has to have. */
async function trackItems(): Promise<readonly Tracked[]> {
  const tag = `retried ${rounds++}`;
  const list = (await desk.lists()).find(({ wellknownListName }) => wellknownListName === 'defaultList');
  const start = { dateTime: '2027-03-01T09:00:00', timeZone: anna.timeZone };
  const end = { dateTime: '2027-03-01T10:00:00', timeZone: anna.timeZone };
  const pattern = { type: 'weekly', interval: 1, daysOfWeek: ['monday'], firstDayOfWeek: 'monday' };
  const range = { type: 'numbered', startDate: '2027-03-01', numberOfOccurrences: 4, recurrenceTimeZone: anna.timeZone };
  await world.outlook(anna, 'POST', `todo/lists/${String(list?.id)}/tasks`, { title: `${tag} task`, categories });
  await world.outlook(anna, 'POST', 'contacts', { givenName: 'Ada', surname: `${tag} contact`, categories });
  await world.outlook(anna, 'POST', 'events', { subject: `${tag} event`, start, end, categories });
  await world.outlook(anna, 'POST', 'events', { subject: `${tag} series`, start, end, recurrence: { pattern, range }, categories });
  return [
    ['tasks', 'subject', `${tag} task`],
    ['contacts', 'lastname', `${tag} contact`],
    ['appointments', 'subject', `${tag} event`],
    ['recurringappointmentmasters', 'subject', `${tag} series`],
  ];
}

async function rowsOf([table, column, name]: Tracked): Promise<Json[]> {
  return (await world.crm(anna, 'GET', `${table}?$filter=${column} eq '${name}'`)).value as Json[];
}

/** What is wrong in the end with one tracked item: it has one record, whose marker it carries. */
async function wrongWith(tracked: Tracked): Promise<string[]> {
  const [table, , name] = tracked;
  const rows = await rowsOf(tracked);
  const [row] = rows;
  if (row === undefined || rows.length > 1) return [`${name}: ${rows.length} records`];
  const id = String(row[table === 'contacts' ? 'contactid' : 'activityid']);
  return (await desk.item(table, id)) === null ? [`${name}: its item carries no marker`] : [];
}

const refusals = [
  ['an overloaded service', { kind: 'error', status: 503 }],
  ['a newer version', { kind: 'error', status: 412 }],
  ['a request to wait', { kind: 'throttle', retryAfterSeconds: 20 }],
  ['a cut request', { kind: 'cutBefore' }],
  ['a cut reply', { kind: 'cutAfter' }],
] as const;

const edits = {
  'nobody does anything': async () => {},
  'somebody edits the record': async (tracked: readonly Tracked[]) => {
    for (const each of tracked)
      for (const row of await rowsOf(each)) {
        const [table] = each;
        const id = String(row[table === 'contacts' ? 'contactid' : 'activityid']);
        await desk.change(table, id, { description: 'added in Dynamics' });
      }
  },
};

describe.each(Object.entries(edits))('while %s', (_name, edit) => {
  test.each(refusals)(
    'a tracked item whose create got no answer and whose marker then met %s ends with its marker (promise 5)',
    async (_what, refusal) => {
      const tracked = await trackItems();
      for (const [table] of tracked)
        world.faults.add({ service: 'dynamics', path: `/${table}\\(`, method: 'PATCH', kind: 'cutAfter', times: 2 });
      for (const method of ['PATCH', 'POST'])
        for (const path of ['/events/', '/contacts/', '/linkedResources', '/tasks/'])
          world.faults.add({ service: 'graph', method, path, ...refusal, times: 2 });
      await world.settle();
      const resume = world.faults.suspend();
      await edit(tracked);
      resume();
      await world.settle();
      world.faults.clear();
      await world.settle(2 * hour);
      expect((await Promise.all(tracked.map(wrongWith))).flat()).toEqual([]);
      await world.expectQuiet();
    },
  );
});

test('a tracked item whose record was made unheard, seen, and deleted before it could be written to is not made into another record (promise 5)', async () => {
  const [task] = await trackItems();
  if (task === undefined) throw new Error('No task was tracked.');
  world.faults.add({ service: 'dynamics', path: '/tasks\\(', method: 'PATCH', kind: 'cutAfter', times: 1 });
  await world.cycle(anna);
  world.faults.clear();
  const [made] = await rowsOf(task);
  const list = (await desk.lists()).find(({ wellknownListName }) => wellknownListName === 'defaultList');
  const { value } = await world.outlook(anna, 'GET', `todo/lists/${String(list?.id)}/tasks?$filter=title eq '${task[2]}'`);
  const [item] = value as Json[];
  await world.outlook(anna, 'PATCH', `todo/lists/${String(list?.id)}/tasks/${String(item?.id)}`, { importance: 'high' });
  world.faults.add({ service: 'dynamics', path: '/tasks\\(', method: 'PATCH', kind: 'error', status: 503 });
  await world.settle(90_000);
  world.faults.clear();
  await desk.drop('tasks', String(made?.activityid));
  await world.settle(2 * hour);
  expect(await rowsOf(task)).toEqual([]);
  await world.expectQuiet();
});

test('a tracked item whose record was deleted before its marker could be written goes with it, and is not made into another record (promise 5)', async () => {
  const tracked = (await trackItems()).filter(([table]) => table !== 'recurringappointmentmasters');
  for (const path of ['/events/', '/contacts/', '/linkedResources', '/tasks/'])
    for (const method of ['PATCH', 'POST']) world.faults.add({ service: 'graph', method, path, kind: 'error', status: 503 });
  await world.cycle(anna);
  world.faults.clear();
  const rows = await Promise.all(tracked.map(async (each) => ({ table: each[0], made: await rowsOf(each) })));
  expect(rows.map(({ made }) => made.length)).toEqual([1, 1, 1]);
  for (const { table, made } of rows) await desk.drop(table, String(made[0]?.[table === 'contacts' ? 'contactid' : 'activityid']));
  await world.settle(2 * hour);
  expect((await Promise.all(tracked.map(rowsOf))).map(({ length }) => length)).toEqual([0, 0, 0]);
  await world.expectQuiet();
});
