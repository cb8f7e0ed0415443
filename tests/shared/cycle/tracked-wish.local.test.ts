import { Desk } from './desk';
import { anna, ben, type Json, World } from './world';

const category = 'Tracked to Dynamics 365';
const renamed = 'Customer work';

let world: World;
let desk: Desk;

beforeEach(async () => {
  world = await World.start();
  desk = new Desk(world, anna);
});

afterEach(() => world.close());

async function settled(): Promise<void> {
  await world.settle();
  world.counters.reset();
  await world.settle();
  expect(world.writes()).toBe(0);
}

async function tasksOf(subject: string): Promise<Json[]> {
  return (await world.crm(anna, 'GET', `tasks?$filter=subject eq '${subject}'`)).value as Json[];
}

/** A task that is tracked in To Do, by the id of its record. */
async function tracked(subject: string): Promise<string> {
  const list = (await desk.lists()).find(({ wellknownListName }) => wellknownListName === 'defaultList');
  await desk.outlook('POST', `todo/lists/${String(list?.id)}/tasks`, { title: subject, categories: [category] });
  await settled();
  const [row] = await tasksOf(subject);
  return String(row?.activityid);
}

async function linkOf(recordId: string, entity: 'task' | 'appointment' = 'task', who = anna) {
  return [...(await (await world.partition(who)).links([{ entity, recordId }])).values()][0];
}

describe('where filters leave out what somebody tracks', () => {
  async function onlyUrgent(): Promise<void> {
    const urgent = { name: 'Urgent', filter: { column: 'prioritycode', operator: 'eq' as const, value: 2 }, active: true };
    await world.configure({ filters: { task: [urgent] } });
  }

  test('its record is made, and stays linked in the cycles and the sweep that follow', async () => {
    await onlyUrgent();
    await world.enable(anna);
    const id = await tracked('Not urgent');
    await desk.edit('tasks', id, { title: 'Not urgent at all' });
    await settled();
    expect(await tasksOf('Not urgent at all')).toHaveLength(1);
    await desk.change('tasks', id, { subject: 'Still not urgent' });
    await settled();
    await world.cycle(anna, 'sweep');
    await settled();
    expect(await desk.itemOf('tasks', id)).toMatchObject({ title: 'Still not urgent' });
    expect(await linkOf(id)).toMatchObject({ state: 'linked' });
  });

  test('taking the category off lets it go, and filters that come later do not', async () => {
    await world.enable(anna);
    const kept = await tracked('Kept');
    const other = await desk.inStep('tasks', { subject: 'Not asked for' });
    await onlyUrgent();
    await world.cycle(anna, 'sweep');
    await settled();
    expect(await linkOf(kept)).toMatchObject({ state: 'linked' });
    expect(await linkOf(other)).toMatchObject({ state: 'released', reason: 'left-filter' });
    await desk.edit('tasks', kept, { categories: [] });
    await settled();
    expect(await linkOf(kept)).toMatchObject({ state: 'released', reason: 'category-removed' });
  });
});

describe('where the setting names another category', () => {
  beforeEach(() => world.enable(anna));

  test('what was tracked stays linked, through edits and the sweep, and follows when Outlook renames it', async () => {
    const id = await tracked('Old name');
    await world.configure({ trackingCategory: renamed });
    await desk.edit('tasks', id, { title: 'Edited' });
    await settled();
    await world.cycle(anna, 'sweep');
    await settled();
    expect(await linkOf(id)).toMatchObject({ state: 'linked', tracked: true, trackedAs: category });
    await desk.edit('tasks', id, { categories: [renamed] });
    await settled();
    await desk.edit('tasks', id, { title: 'Edited again' });
    await settled();
    expect(await linkOf(id)).toMatchObject({ state: 'linked', tracked: true, trackedAs: renamed });
    await desk.edit('tasks', id, { categories: [] });
    await settled();
    expect(await linkOf(id)).toMatchObject({ state: 'released', reason: 'category-removed' });
  });

  test('taking the old one off still lets a pair go', async () => {
    const id = await tracked('Untracked later');
    await world.configure({ trackingCategory: renamed });
    await desk.edit('tasks', id, { categories: ['Red category'] });
    await settled();
    expect(await linkOf(id)).toMatchObject({ state: 'released', reason: 'category-removed' });
  });

  test('and back, nothing that was let go is made again', async () => {
    const id = await tracked('Deleted in Dynamics');
    await desk.edit('tasks', id, { status: 'completed' });
    await settled();
    const { id: itemId, listId } = await desk.itemOf('tasks', id);
    await desk.drop('tasks', id);
    await settled();
    for (const trackingCategory of [renamed, category]) {
      await world.configure({ trackingCategory });
      await desk.outlook('PATCH', `todo/lists/${String(listId)}/tasks/${String(itemId)}`, {
        importance: trackingCategory === renamed ? 'high' : 'low',
      });
      await settled();
    }
    const { value } = await world.crm(anna, 'GET', 'tasks');
    expect(value).toEqual([]);
  });

  test('or tracking is switched off, an attendee’s meeting stays where it was tracked', async () => {
    await world.close();
    world = await World.start();
    await world.enable(ben);
    const time = { start: { dateTime: '2027-03-01T09:00:00', timeZone: 'UTC' }, end: { dateTime: '2027-03-01T10:00:00', timeZone: 'UTC' } };
    const attendees = [{ type: 'required', emailAddress: { address: ben.email } }];
    const { id } = await world.outlook(anna, 'POST', 'events', { subject: 'Hers', ...time, attendees });
    const [copy] = (await world.outlook(ben, 'GET', 'events?$top=100')).value as Json[];
    await world.outlook(ben, 'PATCH', `events/${String(copy?.id)}`, { categories: [category] });
    await settled();
    const [row] = (await world.crm(anna, 'GET', "appointments?$filter=subject eq 'Hers'")).value as Json[];
    for (const [index, settings] of [{ trackingCategory: renamed }, { trackCategorizedItems: false }].entries()) {
      await world.configure(settings);
      await world.outlook(anna, 'PATCH', `events/${String(id)}`, { location: { displayName: `Room ${index}` } });
      await settled();
      await world.cycle(ben, 'sweep');
      await settled();
      expect(await linkOf(String(row?.activityid), 'appointment', ben)).toMatchObject({ state: 'linked', tracked: true });
      expect(await world.crm(anna, 'GET', `appointments(${String(row?.activityid)})`)).toMatchObject({ location: `Room ${index}` });
    }
  });
});
