import { undo } from '../../../shared/mailboxes/undo';
import type { Filter, NamedFilter } from '../../../shared/model/filter';
import { Desk, type Table } from './desk';
import { anna, type Json, World } from './world';

let world: World;
let annas: Desk;

beforeEach(async () => {
  world = await World.start();
  annas = new Desk(world, anna);
});

afterEach(() => world.close());

const category = 'Tracked to Dynamics 365';
const day = 86_400_000;
const due = new Date(Date.now() + 3 * day).toISOString().slice(0, 10);
const zoned = (dateTime: string) => ({ dateTime, timeZone: 'UTC' });
const named = (filter: Filter): NamedFilter => ({ name: 'A filter', filter, active: true });

const records = {
  contacts: { firstname: 'Toni', lastname: 'Poe', emailaddress1: 'toni@fabrikam.example' },
  tasks: { subject: 'Call Adatum', scheduledend: `${due}T12:00:00Z` },
  appointments: { subject: 'Review', scheduledstart: `${due}T09:00:00Z`, scheduledend: `${due}T10:00:00Z` },
} as const;
const tables = ['contacts', 'tasks', 'appointments'] as const;
const entityOf = { contacts: 'contact', tasks: 'task', appointments: 'appointment' } as const;

async function itemLike(table: (typeof tables)[number], more: Json = {}): Promise<Json> {
  switch (table) {
    case 'contacts':
      return annas.outlook('POST', 'contacts', {
        givenName: 'Toni',
        surname: 'Poe',
        emailAddresses: [{ address: 'toni@fabrikam.example', name: 'Toni' }],
        ...more,
      });
    case 'tasks': {
      const list = (await annas.lists()).find(({ wellknownListName }) => wellknownListName === 'defaultList');
      return annas.outlook('POST', `todo/lists/${encodeURIComponent(String(list?.id))}/tasks`, {
        title: 'Call Adatum',
        dueDateTime: zoned(`${due}T00:00:00`),
        ...more,
      });
    }
    case 'appointments':
      return annas.outlook('POST', 'events', {
        subject: 'Review',
        start: zoned(`${due}T09:00:00`),
        end: zoned(`${due}T10:00:00`),
        ...more,
      });
  }
}

async function rows(table: Table): Promise<Json[]> {
  const { value } = await world.crm(anna, 'GET', table);
  return value as Json[];
}

async function linkOf(table: (typeof tables)[number], recordId: string) {
  return [...(await (await world.partition(anna)).links([{ entity: entityOf[table], recordId }])).values()][0];
}

describe.each(tables)('an item of %s that Microsoft’s sync has marked with the tracking category', (table) => {
  test('is linked to the record that it belongs to, and no second record is made (promise 5)', async () => {
    await itemLike(table, { categories: [category] });
    const id = await annas.make(table, records[table]);
    await world.enable(anna);
    await world.settle();
    expect(await rows(table)).toHaveLength(1);
    expect(await annas.items(table)).toHaveLength(1);
    expect(await linkOf(table, id)).toMatchObject({ state: 'linked' });
    await world.expectQuiet();
  });

  test('and that is marked after the record was linked to another item becomes a record of its own', async () => {
    await world.enable(anna);
    await annas.inStep(table, records[table]);
    await itemLike(table, { categories: [category] });
    await world.settle();
    expect(await rows(table)).toHaveLength(2);
    expect(await annas.items(table)).toHaveLength(2);
    await world.expectQuiet();
  });
});

test('a contact that comes back into the filter while its person edits it keeps what she wrote (promise 1)', async () => {
  const fax = 'String 0x3A24';
  await world.enable(anna);
  await world.configure({ filters: { contact: [named({ column: 'jobtitle', operator: 'eq', value: 'Buyer' })] } });
  const id = await annas.inStep('contacts', { ...records.contacts, jobtitle: 'Buyer', fax: '1' });
  await annas.change('contacts', id, { jobtitle: 'None' });
  await world.settle();
  expect(await linkOf('contacts', id)).toMatchObject({ state: 'released', reason: 'left-filter' });
  await annas.edit('contacts', id, { nickName: 'T', singleValueExtendedProperties: [{ id: fax, value: '2' }] });
  await annas.change('contacts', id, { jobtitle: 'Buyer' });
  await world.settle();
  expect(await linkOf('contacts', id)).toMatchObject({ state: 'linked' });
  const item = await annas.itemOf('contacts', id);
  expect(item.singleValueExtendedProperties).toContainEqual(expect.objectContaining({ value: '2' }));
  await world.expectQuiet();
});

test('tracked items of a first load that breaks off are linked to their records all the same (promise 5)', async () => {
  await itemLike('tasks', { categories: [category] });
  await itemLike('contacts', { categories: [category] });
  const ids = { tasks: await annas.make('tasks', records.tasks), contacts: await annas.make('contacts', records.contacts) };
  world.faults.add({
    service: 'graph',
    method: 'GET',
    path: '/(tasks|contacts)/[^/?]+\\?',
    kind: 'throttle',
    retryAfterSeconds: 60,
    times: 2,
  });
  await world.enable(anna);
  expect(await linkOf('tasks', ids.tasks)).toBeUndefined();
  await world.settle(3_600_000);
  for (const table of ['tasks', 'contacts'] as const) {
    expect(await rows(table)).toHaveLength(1);
    expect(await annas.items(table)).toHaveLength(1);
    expect(await linkOf(table, ids[table])).toMatchObject({ state: 'linked' });
  }
  await world.expectQuiet();
});

test('a table that the environment lacks, or that its user may not read, is nobody’s rival: first meetings go on', async () => {
  await itemLike('tasks');
  const id = await annas.make('tasks', records.tasks);
  world.control('dynamics', 'setTable', { table: 'fax', there: false });
  world.control('dynamics', 'setPrivilege', { systemUserId: anna.systemUserId, table: 'letter', verb: 'read', depth: 'none' });
  await world.enable(anna);
  expect(await linkOf('tasks', id)).toMatchObject({ state: 'linked', reason: 'first-meeting' });
  expect(await annas.items('tasks')).toHaveLength(1);
});

test('taking back what Tandem made leaves an item alone that somebody has edited since in an added column (promise 1)', async () => {
  const named = 'String {00020329-0000-0000-C000-000000000046} Name ';
  await world.enable(anna);
  await world.configure({
    customFields: { contact: [{ column: 'employeeid', property: 'Employee', kind: 'text', direction: 'toExchange' }] },
  });
  const id = await annas.inStep('contacts', { lastname: 'Added', employeeid: '17' });
  await annas.edit('contacts', id, { singleValueExtendedProperties: [{ id: `${named}Employee`, value: 'Her own' }] });
  const wish = { of: 'pair', entity: 'contact', recordId: id } as const;
  const { refused } = await undo(world.services, { integration: world.integration.id, id: anna.systemUserId }, wish, false);
  await world.settle();
  expect(refused).toMatchObject([{ obstacle: 'edited-since' }]);
  expect(await annas.item('contacts', id)).not.toBeNull();
});

test('an item that its user deletes while the mailbox is loaded takes no record along (promise 3)', async () => {
  const { id: itemId } = await itemLike('appointments');
  const other = await annas.make('appointments', { ...records.appointments, subject: 'Other' });
  await world.enable(anna);
  expect(await linkOf('appointments', other)).toMatchObject({ state: 'linked' });
  const id = await annas.make('appointments', records.appointments);
  await annas.outlook('DELETE', `events/${encodeURIComponent(String(itemId))}`);
  await world.settle();
  await world.cycle(anna, 'sweep');
  await world.settle();
  expect(await annas.hasRecord('appointments', id)).toBe(true);
});

describe('taking back a record that Tandem made of a tracked item', () => {
  const wishFor = (recordId: unknown) => ({ of: 'pair', entity: 'task', recordId: String(recordId) }) as const;
  const ask = (recordId: unknown) =>
    undo(world.services, { integration: world.integration.id, id: anna.systemUserId }, wishFor(recordId), false);

  test('deletes it, and the item stays', async () => {
    await world.enable(anna);
    await itemLike('tasks', { categories: [category] });
    await world.settle();
    const [row] = await rows('tasks');
    expect((await ask(row?.activityid)).undoing).toMatchObject([{ actions: ['deleteRecord', 'release'] }]);
    await world.expectQuiet();
    expect(await rows('tasks')).toEqual([]);
    expect(await annas.items('tasks')).toHaveLength(1);
  });

  test('is refused where somebody has edited it since, even in a column that does not sync (promise 1)', async () => {
    await world.enable(anna);
    await itemLike('tasks', { categories: [category] });
    await world.settle();
    const [row] = await rows('tasks');
    await annas.change('tasks', String(row?.activityid), { category: 'Hers' });
    expect((await ask(row?.activityid)).refused).toMatchObject([{ obstacle: 'edited-since' }]);
    await world.settle();
    expect(await rows('tasks')).toHaveLength(1);
  });
});
