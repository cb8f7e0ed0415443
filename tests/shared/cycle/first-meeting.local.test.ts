import { Desk, type Table } from './desk';
import { anna, ben, type Json, World } from './world';

let world: World;
let annas: Desk;

beforeEach(async () => {
  world = await World.start();
  annas = new Desk(world, anna);
});

afterEach(() => world.close());

const day = 86_400_000;
const due = new Date(Date.now() + 3 * day).toISOString().slice(0, 10);
const start = `${due}T09:00:00`;
const end = `${due}T10:00:00`;
const zoned = (dateTime: string) => ({ dateTime, timeZone: 'UTC' });
const guest = { type: 'required', emailAddress: { address: 'guest@fabrikam.example', name: 'A Guest' } };

async function taskList(): Promise<string> {
  const list = (await annas.lists()).find(({ wellknownListName }) => wellknownListName === 'defaultList');
  return `todo/lists/${encodeURIComponent(String(list?.id))}/tasks`;
}

const items = {
  contacts: (more: Json = {}) =>
    annas.outlook('POST', 'contacts', {
      givenName: 'Toni',
      surname: 'Poe',
      emailAddresses: [{ address: 'toni@fabrikam.example', name: 'Toni' }],
      ...more,
    }),
  tasks: async (more: Json = {}) =>
    annas.outlook('POST', await taskList(), { title: 'Call Adatum', dueDateTime: zoned(`${due}T00:00:00`), ...more }),
  appointments: (more: Json = {}) => annas.outlook('POST', 'events', { subject: 'Review', start: zoned(start), end: zoned(end), ...more }),
};

const records = {
  contacts: { firstname: 'Toni', lastname: 'Poe', emailaddress1: 'Toni@fabrikam.example' },
  tasks: { subject: 'Call Adatum', scheduledend: `${due}T12:00:00Z` },
  appointments: { subject: 'Review', scheduledstart: `${start}Z`, scheduledend: `${end}Z` },
} as const;

const tables = ['contacts', 'tasks', 'appointments'] as const;
const entityOf = { contacts: 'contact', tasks: 'task', appointments: 'appointment' } as const;

async function linkOf(table: (typeof tables)[number], recordId: string) {
  return [...(await (await world.partition(anna)).links([{ entity: entityOf[table], recordId }])).values()][0];
}

async function versionOf(table: Table, id: string): Promise<unknown> {
  return (await annas.record(table, id))['@odata.etag'];
}

describe.each(tables)('%s', (table) => {
  test('what was on both sides before is linked once, and Dynamics is not written to (promise 5)', async () => {
    const item = await items[table]();
    const id = await annas.make(table, records[table]);
    const before = await versionOf(table, id);
    await world.enable(anna);
    await world.settle();
    expect(await annas.items(table)).toHaveLength(1);
    expect(await linkOf(table, id)).toMatchObject({ itemId: item.id, state: 'linked', reason: 'first-meeting' });
    expect(await versionOf(table, id)).toBe(before);
    await world.expectQuiet();
  });

  test('a record that is made later finds its twin as well, unless the settings say otherwise', async () => {
    await world.enable(anna);
    await items[table]();
    await annas.inStep(table, records[table]);
    expect(await annas.items(table)).toHaveLength(1);
    await world.configure({ firstMeeting: 'create' });
    await items[table](table === 'contacts' ? { surname: 'Other' } : table === 'tasks' ? { title: 'Other' } : { subject: 'Other' });
    await annas.inStep(table, { ...records[table], ...(table === 'contacts' ? { lastname: 'Other' } : { subject: 'Other' }) });
    expect(await annas.items(table)).toHaveLength(3);
  });

  test('two items that fit, or two records, are nobody’s twin', async () => {
    await items[table]();
    await items[table]();
    const one = await annas.make(table, records[table]);
    await world.enable(anna);
    await world.settle();
    expect(await annas.items(table)).toHaveLength(3);
    expect(await linkOf(table, one)).toMatchObject({ reason: 'new-record' });
  });

  test('two records that fit one item get an item each', async () => {
    await items[table]();
    await annas.make(table, records[table]);
    await annas.make(table, table === 'contacts' ? { ...records[table], emailaddress2: 'other@fabrikam.example' } : records[table]);
    await world.enable(anna);
    await world.settle();
    expect(await annas.items(table)).toHaveLength(3);
  });

  test('where the tables were lost, an item that carries the marker of its record is taken up again (promise 5)', async () => {
    await world.enable(anna);
    const id = await annas.inStep(table, records[table]);
    const rename = table === 'contacts' ? { surname: 'Renamed' } : table === 'tasks' ? { title: 'Renamed' } : { subject: 'Renamed' };
    await annas.edit(table, id, rename);
    for (const name of ['links', 'homes'] as const) {
      const client = await world.services.tables.table(name);
      for await (const { partitionKey = '', rowKey = '' } of client.listEntities()) await client.deleteEntity(partitionKey, rowKey);
    }
    await world.services.mailboxes.update('contoso', anna.systemUserId, (row) => ({ ...row, status: 'loading' }));
    await world.cycle(anna, 'load');
    await world.settle();
    expect(await annas.items(table)).toHaveLength(1);
    expect(await annas.item(table, id)).toMatchObject(rename);
    expect(await linkOf(table, id)).toMatchObject({ state: 'linked', incarnation: 1 });
    await world.expectQuiet();
  });
});

describe('a record that is made later', () => {
  const others = {
    contacts: (index: number) => annas.outlook('POST', 'contacts', { givenName: 'No', surname: `Twin ${index}` }),
    tasks: async (index: number) => annas.outlook('POST', await taskList(), { title: `No twin ${index}` }),
    appointments: (index: number) =>
      annas.outlook('POST', 'events', { subject: `No twin ${index}`, start: zoned(`${due}T07:00:00`), end: zoned(`${due}T08:00:00`) }),
  };

  /** What making a record costs in Exchange, with all that follows. */
  async function costOf(table: (typeof tables)[number], columns: Json): Promise<number> {
    world.counters.reset();
    await annas.inStep(table, columns);
    const { graph = {} } = world.counters.snapshot().endpoints;
    return Object.values(graph).reduce((sum, { operations }) => sum + operations, 0);
  }

  beforeEach(async () => {
    await world.enable(anna);
    await world.settle();
  });

  test.each(tables)('asks once for its twin, however much the folder holds: %s', async (table) => {
    for (let index = 0; index < 120; index += 1) await others[table](index);
    await world.settle();
    await world.configure({ firstMeeting: 'create' });
    const unasked = await costOf(table, { ...records[table], ...(table === 'contacts' ? { lastname: 'Other' } : { subject: 'Other' }) });
    await world.configure({ firstMeeting: 'link' });
    expect(await costOf(table, records[table])).toBe(unasked + 1);
  });

  test('asks nothing where it has no natural key', async () => {
    await world.configure({ firstMeeting: 'create' });
    const unasked = await costOf('contacts', { firstname: 'No', lastname: 'Address' });
    await world.configure({ firstMeeting: 'link' });
    expect(await costOf('contacts', { firstname: 'Without', lastname: 'Address' })).toBe(unasked);
  });

  test('finds its twin by listing the folder where Exchange refuses the question', async () => {
    world.control('graph', 'switches', { titleFilter: 'refuse' });
    await items.tasks();
    const id = await annas.inStep('tasks', records.tasks);
    expect(await annas.items('tasks')).toHaveLength(1);
    expect(await linkOf('tasks', id)).toMatchObject({ reason: 'first-meeting' });
  });

  test('finds its twin among many that come at once', async () => {
    await items.contacts();
    for (let index = 0; index < 30; index += 1)
      await annas.make('contacts', { firstname: 'New', lastname: String(index), emailaddress1: `new${index}@fabrikam.example` });
    await annas.inStep('contacts', records.contacts);
    expect(await annas.items('contacts')).toHaveLength(31);
  });
});

test('what the item lacks is filled in, and where the two differ stays as it is until somebody edits it', async () => {
  await items.contacts({ jobTitle: 'Buyer' });
  const id = await annas.make('contacts', { ...records.contacts, jobtitle: 'Head of buying', department: 'Purchasing' });
  await world.enable(anna);
  await world.settle();
  expect((await annas.items('contacts'))[0]).toMatchObject({ jobTitle: 'Buyer', department: 'Purchasing' });
  expect(await annas.record('contacts', id)).toMatchObject({ jobtitle: 'Head of buying' });
  await annas.change('contacts', id, { jobtitle: 'Director' });
  await world.settle();
  expect((await annas.items('contacts'))[0]).toMatchObject({ jobTitle: 'Director' });
  await world.expectQuiet();
});

test('a meeting with guests is linked without a word to them (promise 2)', async () => {
  await items.appointments({ attendees: [guest] });
  world.control('graph', 'resetMail');
  await world.configure({ attendeeMail: 'invite' });
  const party = { participationtypemask: 5, addressused: 'second@fabrikam.example' };
  const id = await annas.make('appointments', { ...records.appointments, location: 'Room 1', parties: [party] });
  await world.enable(anna);
  await world.settle();
  expect(await annas.items('appointments')).toHaveLength(1);
  expect(await linkOf('appointments', id)).toMatchObject({ reason: 'first-meeting', withheld: true });
  expect((world.control('graph', 'mail') as { entries: unknown[] }).entries).toEqual([]);
  await world.expectQuiet();
});

test('a private event, and the copy of somebody else’s meeting, are nobody’s twin', async () => {
  await items.appointments({ sensitivity: 'private' });
  await world.outlook(ben, 'POST', 'events', {
    subject: 'Ben’s review',
    start: zoned(start),
    end: zoned(end),
    attendees: [{ type: 'required', emailAddress: { address: anna.email, name: 'Anna' } }],
  });
  await annas.make('appointments', records.appointments);
  await annas.make('appointments', { ...records.appointments, subject: 'Ben’s review' });
  await world.enable(anna);
  await world.settle();
  expect(await annas.items('appointments')).toHaveLength(4);
});

test('a meeting is known by its iCalUId, whatever it is called', async () => {
  const { iCalUId, id: itemId } = await items.appointments({ subject: 'Named otherwise' });
  const id = await annas.make('appointments', { ...records.appointments, globalobjectid: iCalUId });
  await world.enable(anna);
  await world.settle();
  expect(await annas.items('appointments')).toHaveLength(1);
  expect(await linkOf('appointments', id)).toMatchObject({ itemId });
});

test('a twin carries the marker from then on: a task that changes its list is not taken for deleted (promise 3)', async () => {
  await items.tasks();
  const id = await annas.make('tasks', records.tasks);
  await world.enable(anna);
  await world.settle();
  const task = await annas.itemOf('tasks', id);
  const list = await annas.outlook('POST', 'todo/lists', { displayName: 'Later' });
  world.control('graph', 'moveTask', { user: anna.email, taskId: task.id, toListId: list.id });
  await world.settle();
  world.advance(world.services.settings.taskRecheckMs);
  await world.settle();
  expect(await annas.hasRecord('tasks', id)).toBe(true);
  expect(await annas.itemOf('tasks', id)).toMatchObject({ title: 'Call Adatum', listId: list.id });
});

test('a pair that was let go is not found as a twin (promise 5)', async () => {
  await world.enable(anna);
  const id = await annas.inStep('contacts', records.contacts);
  await annas.discard('contacts', id);
  await world.settle();
  expect(await linkOf('contacts', id)).toMatchObject({ state: 'released' });
  await items.contacts();
  await annas.change('contacts', id, { jobtitle: 'Buyer' });
  await world.settle();
  expect(await linkOf('contacts', id)).toMatchObject({ state: 'released' });
  expect((await annas.items('contacts')).map(({ jobTitle }) => jobTitle ?? null)).toEqual([null]);
});
