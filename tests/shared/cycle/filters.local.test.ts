import type { Filter, NamedFilter } from '../../../shared/model/filter';
import type { IntegrationSettings } from '../../../shared/model/integration-settings';
import { Desk } from './desk';
import { anna, World } from './world';

let world: World;
let annas: Desk;

beforeAll(async () => {
  world = await World.start();
  await world.enable(anna);
  annas = new Desk(world, anna);
});

afterAll(() => world.close());

afterEach(async () => {
  await configure({});
  await own([]);
});

const named = (filter: Filter, active = true): NamedFilter => ({ name: 'A filter', filter, active });
const withPrefix = (start: string): Filter => ({ column: 'subject', operator: 'startswith', value: start });
const tasks = (...filters: NamedFilter[]): Partial<IntegrationSettings> => ({ filters: { task: filters } });

async function configure(settings: Partial<IntegrationSettings>): Promise<void> {
  await world.configure(settings);
}

async function own(task: readonly NamedFilter[]): Promise<void> {
  await world.services.mailboxes.update(world.integration.id, anna.systemUserId, (there) => ({ ...there, filters: { task } }));
}

async function sweep(): Promise<void> {
  await world.cycle(anna, 'sweep');
  await world.settle();
}

async function linkOf(recordId: string, entity: 'task' | 'contact' | 'appointment' = 'task') {
  const links = await (await world.partition(anna)).links([{ entity, recordId }]);
  return [...links.values()][0];
}

test('of a home, only records that pass a filter get an item; others get theirs when they come to pass', async () => {
  await configure(tasks(named(withPrefix('Sync'))));
  const [inside, outside] = [await annas.inStep('tasks', { subject: 'Sync me' }), await annas.inStep('tasks', { subject: 'Leave me' })];
  expect(await annas.item('tasks', inside)).not.toBeNull();
  expect(await annas.item('tasks', outside)).toBeNull();
  await annas.change('tasks', outside, { subject: 'Sync me, too' });
  await world.settle();
  expect(await annas.itemOf('tasks', outside)).toMatchObject({ title: 'Sync me, too' });
  await world.expectQuiet();
});

test('filters of the integration and of the person add up, and neither narrows the other', async () => {
  await configure(tasks(named(withPrefix('System'))));
  await own([named(withPrefix('Own'))]);
  const ids = [await annas.inStep('tasks', { subject: 'System' }), await annas.inStep('tasks', { subject: 'Own' })];
  const neither = await annas.inStep('tasks', { subject: 'Neither' });
  for (const id of ids) expect(await annas.item('tasks', id)).not.toBeNull();
  expect(await annas.item('tasks', neither)).toBeNull();
});

test('a record that leaves the filters is let go with its item; what its person wrote there before is kept, and it comes back to the same item', async () => {
  await configure(tasks(named(withPrefix('Sync'))));
  const id = await annas.inStep('tasks', { subject: 'Sync and leave' });
  const before = await annas.itemOf('tasks', id);
  await annas.edit('tasks', id, { importance: 'high' });
  await annas.change('tasks', id, { subject: 'Left' });
  await world.settle();
  expect(await linkOf(id)).toMatchObject({ state: 'released', reason: 'left-filter' });
  expect(await annas.record('tasks', id)).toMatchObject({ subject: 'Left', prioritycode: 2 });
  expect(await annas.itemOf('tasks', id)).toMatchObject({ id: before.id, title: 'Sync and leave' });
  await annas.change('tasks', id, { subject: 'Sync again' });
  await world.settle();
  expect(await annas.itemOf('tasks', id)).toMatchObject({ id: before.id });
  expect(await linkOf(id)).toMatchObject({ state: 'linked', reason: 'came-back' });
  await world.expectQuiet();
});

test('with the setting "delete" the item goes with its record, and a new one comes when the record does', async () => {
  await configure({ ...tasks(named(withPrefix('Sync'))), leftFilter: 'delete' });
  const id = await annas.inStep('tasks', { subject: 'Sync and go' });
  const before = await annas.itemOf('tasks', id);
  await annas.change('tasks', id, { subject: 'Gone' });
  await world.settle();
  expect(await annas.item('tasks', id)).toBeNull();
  expect(await annas.hasRecord('tasks', id)).toBe(true);
  expect(await linkOf(id)).toMatchObject({ state: 'released', reason: 'left-filter-deleted' });
  await annas.change('tasks', id, { subject: 'Sync once more' });
  await world.settle(3 * 60_000);
  expect((await annas.itemOf('tasks', id)).id).not.toBe(before.id);
  await world.expectQuiet();
});

test('a completed task is told its end before anybody asks whether it left the filters', async () => {
  await configure({ ...tasks(named({ column: 'statecode', operator: 'eq', value: 0 })), leftFilter: 'delete' });
  const id = await annas.inStep('tasks', { subject: 'Done in time' });
  await annas.change('tasks', id, { statecode: 1, statuscode: 5 });
  await world.settle();
  expect(await annas.itemOf('tasks', id)).toMatchObject({ status: 'completed' });
});

test('where no filter of an entity is active nothing of it syncs, and other entities go on', async () => {
  await configure({});
  const [task, contact] = [
    await annas.inStep('tasks', { subject: 'Sync no more' }),
    await annas.inStep('contacts', { lastname: 'Goes on' }),
  ];
  await configure(tasks(named(withPrefix('Sync'), false)));
  await sweep();
  const fresh = await annas.inStep('tasks', { subject: 'Sync never' });
  expect(await linkOf(task)).toMatchObject({ state: 'released', reason: 'left-filter' });
  expect(await annas.item('tasks', fresh)).toBeNull();
  expect(await linkOf(contact, 'contact')).toMatchObject({ state: 'linked' });
  await configure({});
  await sweep();
  expect(await linkOf(task)).toMatchObject({ state: 'linked', reason: 'came-back' });
  expect(await annas.item('tasks', fresh)).not.toBeNull();
  await world.expectQuiet();
});

test('a yes/no column that says whether to sync a record works as a filter', async () => {
  await configure({ filters: { appointment: [named({ column: 'isalldayevent', operator: 'eq', value: true })] } });
  const at = (day: number): string => new Date(Math.floor(world.clock.now() / 86_400_000 + day) * 86_400_000).toISOString();
  const marked = await annas.inStep('appointments', { subject: 'Marked', scheduledstart: at(3), scheduledend: at(4), isalldayevent: true });
  const plain = await annas.inStep('appointments', { subject: 'Plain', scheduledstart: at(3), scheduledend: at(4) });
  expect(await annas.item('appointments', marked)).not.toBeNull();
  expect(await annas.item('appointments', plain)).toBeNull();
});

test('a filter cannot bring in somebody else’s record, and its person is whoever syncs', async () => {
  await configure(
    tasks(
      named({
        or: [
          { column: 'ownerid', operator: 'eq-userid' },
          { column: 'subject', operator: 'not-null' },
        ],
      }),
    ),
  );
  const hers = await annas.inStep('tasks', { subject: 'Hers' });
  const his = await annas.inStep('tasks', { subject: 'His', 'ownerid@odata.bind': '/systemusers(5a5e0e00-0000-4000-8000-000000000003)' });
  expect(await annas.item('tasks', hers)).not.toBeNull();
  expect(await annas.item('tasks', his)).toBeNull();
});

test('a filter that Dynamics does not take stops its entity alone, says so, and lets nothing go', async () => {
  const [task, contact] = [
    await annas.inStep('tasks', { subject: 'Still linked' }),
    await annas.inStep('contacts', { lastname: 'Goes on' }),
  ];
  await configure(tasks(named({ column: 'no_such_column', operator: 'eq', value: true })));
  await annas.change('tasks', task, { subject: 'Still linked, edited' });
  await annas.change('contacts', contact, { jobtitle: 'Goes on' });
  await world.settle();
  await sweep();
  expect(await annas.itemOf('contacts', contact)).toMatchObject({ jobTitle: 'Goes on' });
  expect(await linkOf(task)).toMatchObject({ state: 'linked' });
  expect((await world.mailbox(anna)).health).toMatchObject({ code: 'settings', fix: expect.stringContaining('filters') });
  await configure({});
  world.advance(3_600_000);
  await world.settle();
  expect(await annas.itemOf('tasks', task)).toMatchObject({ title: 'Still linked, edited' });
  expect((await world.mailbox(anna)).health).toBeNull();
  await world.expectQuiet();
});
