import { person, tandemApplication } from '../../local/company/people';
import { type Answer, type Dynamics, idOf, type Json, startWithTokens } from './dynamics-client';

let dynamics: Dynamics;
let clock = Date.parse('2026-03-11T09:30:00Z');
const day = 24 * 60 * 60 * 1_000;
const tracked = { prefer: 'odata.track-changes' };
const feed = 'tasks?$select=activityid,_ownerid_value';

beforeEach(async () => {
  dynamics = await startWithTokens({ seed: 'empty-company', now: () => clock });
});
afterEach(() => dynamics.close());

const create = async (subject: string) => idOf(await dynamics.send('POST', 'tasks', { body: { subject } }));
const update = (id: string, subject: string) => dynamics.send('PATCH', `tasks(${id})`, { body: { subject } });
const remove = (id: string) => dynamics.send('DELETE', `tasks(${id})`);
const keys = (answer: Answer) => answer.rows.map((row) => row.activityid ?? row.id);
const deltaOf = (answer: Answer) => String(answer.json['@odata.deltaLink']);

describe('a change feed', () => {
  test('begins with every row and ends with a delta link of version and time', async () => {
    const ids = [await create('one'), await create('two')];
    const first = await dynamics.get(feed, tracked);
    expect(keys(first)).toEqual(ids);
    expect(first.headers.get('preference-applied')).toBe('odata.track-changes');
    expect(first.json['@odata.context']).toBe(`${dynamics.base}$metadata#tasks(activityid,_ownerid_value)/$delta`);
    expect(deltaOf(first)).toMatch(/tasks\?\$select=activityid,_ownerid_value&\$deltatoken=\d+%2103%2f11%2f2026%2009%3a30%3a00$/);
  });

  test('tells later what was created or updated, in order, each row once, and then what was deleted', async () => {
    const [kept, gone] = [await create('kept'), await create('gone')];
    const link = deltaOf(await dynamics.get(feed, tracked));
    await remove(gone);
    const created = await create('new');
    await update(kept, 'changed');
    await update(kept, 'changed again');
    const delta = await dynamics.get(link);
    expect(keys(delta)).toEqual([created, kept, gone]);
    expect(delta.rows.at(-1)).toEqual({ '@odata.context': `${dynamics.base}$metadata#tasks/$deletedEntity`, id: gone, reason: 'deleted' });
    expect((await dynamics.get(deltaOf(delta))).rows).toEqual([]);
  });

  test('tells of a row that came and went after a first read that told of nothing at all yet', async () => {
    clock += day;
    dynamics.standIn.controls.setFeeds?.({ lagMs: 10 * day });
    const link = deltaOf(await dynamics.get(feed, tracked));
    expect(link).toContain('$deltatoken=0%21');
    const brief = await create('brief');
    await remove(brief);
    dynamics.standIn.controls.setFeeds?.({ lagMs: 0 });
    expect(keys(await dynamics.get(link))).toEqual([brief]);
  });

  test('tells of a row that came and went between two reads, and not of one that came back', async () => {
    const back = await create('back');
    const link = deltaOf(await dynamics.get(feed, tracked));
    const brief = await create('brief');
    await remove(brief);
    await remove(back);
    await dynamics.send('PATCH', `tasks(${back})`, { body: { subject: 'again' } });
    expect(keys(await dynamics.get(link))).toEqual([back, brief]);
  });

  test('comes in pages, and what changes meanwhile belongs to the next round', async () => {
    const ids = [await create('a'), await create('b'), await create('c'), await create('d'), await create('e')];
    const size = { prefer: 'odata.track-changes, odata.maxpagesize=2' };
    const first = await dynamics.get(feed, size);
    expect(first.json['@odata.deltaLink']).toBeUndefined();
    await update(ids[4] ?? '', 'changed');
    const second = await dynamics.get(String(first.json['@odata.nextLink']), { prefer: 'odata.maxpagesize=2' });
    expect([...keys(first), ...keys(second)]).toEqual(ids.slice(0, 4));
    expect(keys(await dynamics.get(deltaOf(second)))).toEqual([ids[4]]);
  });

  test('pages through deletions as well', async () => {
    const ids = [await create('a'), await create('b'), await create('c')];
    const link = deltaOf(await dynamics.get(feed, tracked));
    for (const id of ids) await remove(id);
    const first = await dynamics.get(link, { prefer: 'odata.maxpagesize=2' });
    const second = await dynamics.get(String(first.json['@odata.nextLink']), { prefer: 'odata.maxpagesize=2' });
    expect([...keys(first), ...keys(second)]).toEqual(ids);
    expect(deltaOf(second)).toContain('$deltatoken=');
  });

  test('counts what is waiting', async () => {
    const gone = await create('gone');
    const token = new URL(deltaOf(await dynamics.get(feed, tracked))).search.replace(/.*&/, '');
    await create('new');
    await remove(gone);
    expect((await dynamics.get(`tasks/$count?${token}`)).text).toBe('2');
  });

  test.each(['$filter=statecode eq 0', '$orderby=subject', '$expand=owninguser', '$top=5'])('refuses %s', async (option) => {
    const answer = await dynamics.get(`tasks?${option}`, tracked);
    expect([answer.status, answer.code]).toEqual([400, '0x80060888']);
    expect(String((answer.json.error as Json).message)).toContain(option.split('=')[0]);
  });

  test('reports an organizer change of an appointment as a change of the appointment', async () => {
    const id = idOf(await dynamics.send('POST', 'appointments', { body: { subject: 'Review' } }));
    const link = deltaOf(await dynamics.get('appointments?$select=activityid', tracked));
    const party = { 'partyid_systemuser@odata.bind': `/systemusers(${person('ben').systemUserId})`, participationtypemask: 7 };
    await dynamics.send('PATCH', `appointments(${id})`, { body: { appointment_activity_parties: [party] } });
    expect(keys(await dynamics.get(link))).toEqual([id]);
  });
});

describe('a delta token that is too old', () => {
  test('is refused after seven days', async () => {
    const link = deltaOf(await dynamics.get(feed, tracked));
    clock += 7 * day + 1_000;
    const answer = await dynamics.get(link);
    expect([answer.status, answer.code]).toEqual([400, '0x80044352']);
  });

  test('is refused when an administrator says so, with the status that was chosen, until a full round', async () => {
    const link = deltaOf(await dynamics.get(feed, tracked));
    const other = deltaOf(await dynamics.get('contacts?$select=contactid', tracked));
    dynamics.standIn.controls.expireChangeTracking?.({ table: 'task', status: 410 });
    expect((await dynamics.get(link)).status).toBe(410);
    expect((await dynamics.get(other)).status).toBe(200);
    expect((await dynamics.get(deltaOf(await dynamics.get(feed, tracked)))).status).toBe(200);
  });

  test('is refused once when a fault says so', async () => {
    const link = deltaOf(await dynamics.get(feed, tracked));
    dynamics.faults.add({ service: 'dynamics', kind: 'expireCursor', path: 'deltatoken', times: 1 });
    expect((await dynamics.get(link)).code).toBe('0x80044352');
    expect((await dynamics.get(link)).status).toBe(200);
  });

  test('that was made up is a bad request', async () => {
    expect((await dynamics.get('tasks?$deltatoken=yesterday')).code).toBe('0x80040203');
  });
});

describe('who may read a change feed', () => {
  test('only who may read every row of the table', async () => {
    dynamics.standIn.controls.setPrivilege?.({ systemUserId: tandemApplication.systemUserId, table: 'task', verb: 'read', depth: 'user' });
    const answer = await dynamics.get(feed, tracked);
    expect([answer.status, answer.code]).toEqual([403, '0x80040220']);
    expect((await dynamics.get(feed)).status).toBe(200);
  });

  test('nobody where the table has change tracking off', async () => {
    dynamics.standIn.controls.setChangeTracking?.({ table: 'task', enabled: false });
    expect((await dynamics.get(feed, tracked)).status).toBe(400);
  });
});

describe('a change feed that misbehaves', () => {
  test('names what it told last once more, and the rest in another order', async () => {
    dynamics.standIn.controls.setFeeds?.({ replays: true, order: 'newestFirst' });
    const [told, gone] = [await create('told'), await create('gone')];
    const link = deltaOf(await dynamics.get(feed, tracked));
    const [second, third] = [await create('second'), await create('third')];
    await remove(gone);
    expect(keys(await dynamics.get(link))).toEqual([told, gone, third, second]);
  });

  test('tells of a change when it has grown old enough, and never skips it', async () => {
    dynamics.standIn.controls.setFeeds?.({ lagMs: 60_000 });
    const first = await dynamics.get(feed, tracked);
    const id = await create('late');
    const early = await dynamics.get(deltaOf(first));
    expect(keys(early)).toEqual([]);
    clock += 61_000;
    expect(keys(await dynamics.get(deltaOf(early)))).toEqual([id]);
  });

  test('counts what a snapshot holds as old enough', async () => {
    const id = await create('saved');
    const saved: unknown = JSON.parse(JSON.stringify(dynamics.standIn.snapshot()));
    await dynamics.close();
    dynamics = await startWithTokens({ snapshot: saved, now: () => clock });
    dynamics.standIn.controls.setFeeds?.({ lagMs: 60_000 });
    expect(keys(await dynamics.get(feed, tracked))).toEqual([id]);
  });
});
