import { runCycle } from '../../../shared/cycle/cycle';
import type { CycleServices } from '../../../shared/cycle/services';
import { Desk } from './desk';
import { groundOnTheWire } from './wire-ground';
import { anna, type Json, World } from './world';

let world: World;

beforeAll(async () => {
  world = await World.start({ ground: groundOnTheWire });
  await world.enable(anna);
});

afterAll(() => world.close());

/** The services of a process that dies when it is about to commit what it has written. */
function dyingBeforeCommit(): CycleServices {
  return {
    ...world.services,
    async links(mailbox) {
      const partition = await world.services.links(mailbox);
      let commits = 0;
      return {
        ...partition,
        commit(fence, groups, next) {
          commits += 1;
          return commits === 1 ? partition.commit(fence, groups, next) : Promise.reject(new Error('the process died'));
        },
      };
    },
  };
}

async function linkedContact(lastname: string): Promise<{ readonly row: string; readonly item: string }> {
  const { contactid } = await world.crm(anna, 'POST', 'contacts', { firstname: 'Una', lastname, department: 'first' });
  await world.settle();
  const items = (await world.outlook(anna, 'GET', 'contacts?$top=100')).value as Json[];
  return { row: `contacts(${String(contactid)})`, item: `contacts/${String(items.find(({ surname }) => surname === lastname)?.id)}` };
}

async function departments({ row, item }: { readonly row: string; readonly item: string }): Promise<unknown[]> {
  return [(await world.crm(anna, 'GET', `${row}?$select=department`)).department, (await world.outlook(anna, 'GET', item)).department];
}

async function cycleThatDies(): Promise<void> {
  const sentAt = world.clock.now();
  await runCycle(
    { kind: 'work', integration: world.integration.id, mailbox: anna.systemUserId, reason: 'syncNow', sentAt },
    dyingBeforeCommit(),
  );
}

test('an edit made in Exchange just after an older one was written to Dynamics and not committed still wins (promise 1)', async () => {
  const contact = await linkedContact('Confirmed');
  await world.outlook(anna, 'PATCH', contact.item, { department: 'second' });
  await cycleThatDies();
  expect(await departments(contact)).toEqual(['second', 'second']);
  await world.outlook(anna, 'PATCH', contact.item, { department: 'third' });
  await world.settle();
  expect(await departments(contact)).toEqual(['third', 'third']);
  await world.expectQuiet();
});

test('an edit made in Dynamics just after an older one was written to Exchange and not committed still wins (promise 1)', async () => {
  const contact = await linkedContact('Confided');
  await world.crm(anna, 'PATCH', contact.row, { department: 'second' });
  await world.poll();
  await cycleThatDies();
  expect(await departments(contact)).toEqual(['second', 'second']);
  await world.crm(anna, 'PATCH', contact.row, { department: 'third' });
  await world.settle();
  expect(await departments(contact)).toEqual(['third', 'third']);
  await world.expectQuiet();
});

test('an edit of another field that was made meanwhile is merged as ever', async () => {
  const contact = await linkedContact('Concurred');
  await world.outlook(anna, 'PATCH', contact.item, { department: 'second' });
  await cycleThatDies();
  await world.crm(anna, 'PATCH', contact.row, { jobtitle: 'Clerk' });
  await world.settle();
  expect(await departments(contact)).toEqual(['second', 'second']);
  expect((await world.outlook(anna, 'GET', contact.item)).jobTitle).toBe('Clerk');
  await world.expectQuiet();
});

describe('a reminder goes by a due date that was moved in Exchange, although the write of the reminder was refused', () => {
  test.each([
    ['and the process went on', () => world.cycle(anna), 0],
    ['and was refused once more', () => world.cycle(anna), 1],
    ['and the process died', cycleThatDies, 0],
  ])('%s (promise 6)', async (_name, cycle, more) => {
    const desk = new Desk(world, anna);
    const id = await desk.inStep('tasks', { subject: `Call ${_name}`, scheduledend: '2026-12-04T09:15:00Z' });
    await desk.edit('tasks', id, { dueDateTime: { dateTime: '2026-12-08T00:00:00', timeZone: 'UTC' } });
    world.faults.add({ service: 'graph', method: 'PATCH', path: '/tasks/', kind: 'error', status: 503 });
    await cycle();
    world.faults.clear();
    expect(await desk.record('tasks', id)).toMatchObject({ scheduledend: '2026-12-08T09:15:00Z' });
    if (more > 0) {
      world.faults.add({ service: 'graph', method: 'PATCH', path: '/tasks/', kind: 'error', status: 503 });
      await world.settle(120_000);
      world.faults.clear();
    }
    await world.settle(2 * 3_600_000);
    expect(await desk.itemOf('tasks', id)).toMatchObject({ reminderDateTime: { dateTime: '2026-12-08T09:15:00.0000000' } });
    await world.expectQuiet();
  });
});
