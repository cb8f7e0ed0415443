import { anna, type Body, type GraphWorld, segment, startWorld } from './graph-support';

let world: GraphWorld;
let tasks: string;
let other: Body;

beforeAll(async () => {
  world = await startWorld();
  const { body } = await world.call('GET', `${anna}/todo/lists`);
  const usual = body.value.find((list) => list.wellknownListName === 'defaultList');
  tasks = `${anna}/todo/lists/${segment(usual?.id ?? '')}/tasks`;
  other = (await world.call('POST', `${anna}/todo/lists`, { displayName: 'Other' })).body;
});
afterAll(() => world.close());

async function create(task: object): Promise<Body> {
  const { status, body } = await world.call('POST', tasks, task);
  expect(status).toBe(201);
  return body;
}

describe('To Do lists', () => {
  test('begin with the default list and the flagged e-mails, which cannot be changed', async () => {
    const { body } = await world.call('GET', 'users/ben@contoso.example/todo/lists');
    expect(body.value.map((list) => list.wellknownListName)).toEqual(['defaultList', 'flaggedEmails']);
    const path = `users/ben@contoso.example/todo/lists/${segment(body.value[0]?.id ?? '')}`;
    expect((await world.call('DELETE', path)).status).toBe(400);
  });

  test('can be made, renamed and deleted with their tasks', async () => {
    const { body } = await world.call('POST', `${anna}/todo/lists`, { displayName: 'Short' });
    const path = `${anna}/todo/lists/${segment(body.id)}`;
    await world.call('POST', `${path}/tasks`, { title: 'Inside' });
    expect((await world.call('PATCH', path, { displayName: 'Longer' })).body.displayName).toBe('Longer');
    expect((await world.call('DELETE', path)).status).toBe(204);
    expect((await world.call('GET', `${path}/tasks`)).status).toBe(404);
  });
});

describe('a task', () => {
  test('loses the time of day of its dates, and keeps that of its reminder', async () => {
    const at = (dateTime: string) => ({ dateTime, timeZone: 'W. Europe Standard Time' });
    const task = await create({
      title: 'Call',
      dueDateTime: at('2026-10-07T17:30:00'),
      startDateTime: at('2026-10-06T08:00:00'),
      reminderDateTime: at('2026-10-07T15:00:00'),
    });
    expect(task.dueDateTime).toEqual({ dateTime: '2026-10-07T00:00:00.0000000', timeZone: 'UTC' });
    expect(task.startDateTime).toEqual({ dateTime: '2026-10-06T00:00:00.0000000', timeZone: 'UTC' });
    expect(task.reminderDateTime).toEqual({ dateTime: '2026-10-07T13:00:00.0000000', timeZone: 'UTC' });
    world.control('switches', { taskDates: 'zoneMidnight' });
    const zoned = await world.call('PATCH', `${tasks}/${segment(task.id)}`, { dueDateTime: at('2026-10-07T17:30:00') });
    expect(zoned.body.dueDateTime).toEqual({ dateTime: '2026-10-06T22:00:00.0000000', timeZone: 'UTC' });
    world.control('switches', { taskDates: 'utcMidnight' });
    const cleared = await world.call('PATCH', `${tasks}/${segment(task.id)}`, { dueDateTime: null });
    expect(cleared.body).not.toHaveProperty('dueDateTime');
  });

  test('is told in UTC, whatever zone is preferred', async () => {
    const reminderDateTime = { dateTime: '2026-10-07T15:00:00', timeZone: 'UTC' };
    const { id } = await create({ title: 'UTC', reminderDateTime });
    const { body, headers } = await world.call('GET', `${tasks}/${segment(id)}`, undefined, {
      prefer: 'outlook.timezone="Tokyo Standard Time"',
    });
    expect(body.reminderDateTime).toEqual({ dateTime: '2026-10-07T15:00:00.0000000', timeZone: 'UTC' });
    expect(headers.get('preference-applied')).toBeNull();
  });

  test('gets a completed date with the status completed, and loses it with another', async () => {
    const { id } = await create({ title: 'Finish' });
    const done = await world.call('PATCH', `${tasks}/${segment(id)}`, { status: 'completed' });
    expect(done.body.completedDateTime).toEqual({ dateTime: '2026-10-05T00:00:00.0000000', timeZone: 'UTC' });
    const open = await world.call('PATCH', `${tasks}/${segment(id)}`, { status: 'inProgress' });
    expect(open.body).not.toHaveProperty('completedDateTime');
  });

  test('has a weak etag and no change key, and does not look at If-Match unless a switch says so', async () => {
    const task = await create({ title: 'Tagged' });
    expect(task['@odata.etag']).toMatch(/^W\/"/);
    expect(task).not.toHaveProperty('changeKey');
    const stale = { 'if-match': 'W/"stale"' };
    const patched = await world.call('PATCH', `${tasks}/${segment(task.id)}`, { title: 'New' }, stale);
    expect(patched.status).toBe(200);
    expect(patched.body['@odata.etag']).not.toBe(task['@odata.etag']);
    world.control('switches', { taskIfMatch: 'enforce' });
    expect((await world.call('PATCH', `${tasks}/${segment(task.id)}`, { title: 'Newer' }, stale)).status).toBe(412);
    world.control('switches', { taskIfMatch: 'ignore' });
  });

  test('has a title of 1 to 255 characters, and no recurrence or steps here', async () => {
    for (const task of [{}, { title: '' }, { title: 'x'.repeat(256) }]) expect((await world.call('POST', tasks, task)).status).toBe(400);
    expect((await world.call('POST', tasks, { title: 'x'.repeat(255) })).status).toBe(201);
    for (const task of [
      { title: 'x', recurrence: {} },
      { title: 'x', checklistItems: [] },
    ])
      expect((await world.call('POST', tasks, task)).status).toBe(501);
  });

  test('has one id, whatever ids are preferred', async () => {
    const { id } = await create({ title: 'One id' });
    const read = await world.call('GET', `${tasks}/${segment(id)}`, undefined, { prefer: 'IdType="ImmutableId"' });
    expect(read.body.id).toBe(id);
  });

  test('that was deleted is gone at once', async () => {
    const { id } = await create({ title: 'Gone' });
    expect((await world.call('DELETE', `${tasks}/${segment(id)}`)).status).toBe(204);
    const { status, body } = await world.call('GET', `${tasks}/${segment(id)}`);
    expect([status, body.error.code]).toEqual([404, 'ErrorItemNotFound']);
  });

  test('gets another id in another list, and takes its linked resources along unless told otherwise', async () => {
    const linkedResources = [{ externalId: 'record-1', applicationName: 'Tandem', displayName: 'Record', webUrl: 'https://x.example' }];
    const { id } = await create({ title: 'Mover', linkedResources });
    const move = (taskId: string, more = {}) =>
      (world.control('moveTask', { user: 'anna@contoso.example', taskId, toListId: other.id, ...more }) as { id: string }).id;
    const moved = move(id);
    expect(moved).not.toBe(id);
    const there = `${anna}/todo/lists/${segment(other.id)}/tasks`;
    expect((await world.call('GET', `${tasks}/${segment(id)}`)).status).toBe(404);
    expect((await world.call('GET', `${tasks}/${segment(moved)}`)).status).toBe(404);
    expect((await world.call('GET', `${there}/${segment(moved)}?$expand=linkedResources`)).body.linkedResources).toMatchObject(
      linkedResources,
    );
    const again = move(moved, { keepLinkedResources: false });
    expect((await world.call('GET', `${there}/${segment(again)}?$expand=linkedResources`)).body.linkedResources).toEqual([]);
  });
});

describe('linked resources', () => {
  test('are made with a task, shown only when asked for, and changed one by one', async () => {
    const task = await create({ title: 'Linked', linkedResources: [{ externalId: 'a' }] });
    expect(task.linkedResources).toHaveLength(1);
    const path = `${tasks}/${segment(task.id)}`;
    expect((await world.call('GET', path)).body).not.toHaveProperty('linkedResources');
    const second = await world.call('POST', `${path}/linkedResources`, { externalId: 'b' });
    expect(second.status).toBe(201);
    await world.call('PATCH', `${path}/linkedResources/${second.body.id}`, { externalId: 'c' });
    const list = await world.call('GET', `${path}/linkedResources`);
    expect(list.body.value.map((linked) => linked.externalId)).toEqual(['a', 'c']);
    expect((await world.call('DELETE', `${path}/linkedResources/${second.body.id}`)).status).toBe(204);
    const after = await world.call('GET', `${path}?$expand=linkedResources`);
    expect(after.body.linkedResources.map((linked) => linked.externalId)).toEqual(['a']);
    expect(after.body['@odata.etag']).not.toBe(task['@odata.etag']);
  });

  test('are no documented filter, so it is refused unless a switch says so', async () => {
    await create({ title: 'Found', linkedResources: [{ externalId: 'find-me' }] });
    const path = `${tasks}?$filter=${encodeURIComponent("linkedResources/any(l:l/externalId eq 'find-me')")}`;
    expect((await world.call('GET', path)).status).toBe(400);
    world.control('switches', { linkedResourcesFilter: 'honour' });
    expect((await world.call('GET', path)).body.value.map((task) => task.title)).toEqual(['Found']);
    expect((await world.call('GET', `${tasks}?$filter=title eq 'found'`)).body.value).toHaveLength(1);
  });
});
