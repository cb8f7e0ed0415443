import { dryRun } from '../../../shared/cycle/dry-run';
import { describeMailbox } from '../../../shared/mailboxes/enable';
import { anna, World } from './world';

let world: World;

beforeAll(async () => {
  world = await World.start();
});

afterAll(() => world.close());

function count(run: Awaited<ReturnType<typeof dryRun>>, entity: string, action: string): number {
  return run.actions.filter((row) => row.entity === entity && row.action === action).reduce((sum, row) => sum + row.count, 0);
}

async function runIt(isEnabled: boolean, withValues = false): ReturnType<typeof dryRun> {
  const mailbox = isEnabled ? await world.mailbox(anna) : await describeMailbox(world.services, world.integration, anna.systemUserId);
  world.counters.reset();
  return dryRun(world.services, world.integration, mailbox, { isEnabled, withValues });
}

test('a dry run of a mailbox that is not enabled says what its first load would do, and writes nothing', async () => {
  await world.crm(anna, 'POST', 'tasks', { subject: 'Call the printer' });
  await world.crm(anna, 'POST', 'contacts', { firstname: 'Ada', lastname: 'Byron', telephone1: '+44 1' });

  const run = await runIt(false);

  expect(count(run, 'task', 'createItem')).toBe(1);
  expect(count(run, 'contact', 'createItem')).toBe(1);
  expect(run.fields.contact).toMatchObject({ lastName: 1, businessPhones: 1 });
  expect(run.complete).toBe(true);
  expect(world.writes()).toBe(0);
  expect(JSON.stringify(run)).not.toContain('Byron');
});

test('a dry run of an enabled mailbox shows edits that wait on either side, and reads no delta link', async () => {
  await world.enable(anna);
  await world.settle();
  const contacts = (await world.outlook(anna, 'GET', 'contacts')).value as { id: string }[];
  await world.outlook(anna, 'PATCH', `contacts/${contacts[0]?.id}`, { jobTitle: 'Countess' });
  const tasks = (await world.crm(anna, 'GET', `tasks?$filter=subject eq 'Call the printer'&$select=activityid`)).value as {
    activityid: string;
  }[];
  await world.crm(anna, 'PATCH', `tasks(${tasks[0]?.activityid})`, { subject: 'Call the printer again' });

  const run = await runIt(true);

  expect(count(run, 'contact', 'updateRecord')).toBe(1);
  expect(count(run, 'task', 'updateItem')).toBe(1);
  expect(Object.keys(world.counters.snapshot().endpoints.graph ?? {}).filter((label) => label.includes('delta'))).toEqual([]);
  expect(world.writes()).toBe(0);
});

test('the pairs are shown one by one, and what their fields hold only where that is asked for', async () => {
  const named = await runIt(true);
  expect(named.pairs).toContainEqual(
    expect.objectContaining({ entity: 'task', actions: ['updateItem'], fields: [{ field: 'subject', side: 'exchange' }] }),
  );
  const told = await runIt(true, true);
  const values = { before: 'Call the printer', after: 'Call the printer again' };
  expect(told.pairs.flatMap(({ fields }) => fields)).toContainEqual({ field: 'subject', side: 'exchange', values });
});
