import { person } from '../../../local/company/people';
import type { RouteName } from '../../../shared/auth/route-roles';
import type { Dynamics } from '../../../shared/dynamics/dynamics';
import { IntegrationConnection } from '../../../shared/model/integration-connection';
import { IntegrationSettings } from '../../../shared/model/integration-settings';
import { type Organization, startOrganization } from '../../shared/dynamics/organization';
import { aMailbox } from '../../shared/mailboxes/mailboxes';
import { AdminWorld, type Answered, type Asked } from './admin-world';
import '../../../functions/index';

/** Without a host the library would warn at every registration. */
jest.mock('@azure/functions-core', () => ({ setProgrammingModel() {}, registerHook() {}, registerFunction() {} }), { virtual: true });

const [annaHere, benHere] = [person('anna'), person('ben')];

let organization: Organization;
let world: AdminWorld;
let token: string;
let keys = 0;

beforeAll(async () => {
  organization = await startOrganization();
  const dynamics: Dynamics = organization.client();
  world = await AdminWorld.start({}, { dynamics: () => dynamics, dynamicsAs: () => dynamics });
  token = await world.token('anna@contoso.example');
  await world.services.integrations.put({
    id: 'contoso',
    name: 'Contoso',
    baseUrl: organization.standIn.url,
    connection: IntegrationConnection.parse({}),
    settings: IntegrationSettings.parse({}),
  });
  for (const app of ['tasks', 'accounts', 'create-task', 'opportunities'])
    await world.services.grants.put('contoso', app, { who: annaHere.objectId, at: 0 });
});

afterAll(async () => {
  await world.close();
  await organization.close();
});

function asAnna(name: RouteName, asked: Asked): Promise<Answered> {
  return world.call(name, token, asked);
}

function page(app: string, id: string, query: Readonly<Record<string, string>> = {}, headers = {}): Promise<Answered> {
  return asAnna('getPage', { params: { app, page: id }, query, headers });
}

function newKey(): string {
  keys += 1;
  return `key-number-${keys}`;
}

function run(app: string, action: string, body: object, key = newKey()): Promise<Answered> {
  return asAnna('runAction', { params: { app, action }, headers: { 'idempotency-key': key }, body });
}

async function rowsOn(app: string, id: string): Promise<{ id: string; cells: string[] }[]> {
  const { body } = await page(app, id);
  return (body.list as { rows: { id: string; cells: string[] }[] }).rows;
}

async function newTask(values: object = {}): Promise<{ id: string; version: string }> {
  const { status, body } = await run('create-task', 'createTask', { values: { subject: 'Write', ...values } });
  expect(status).toBe(200);
  return { id: String(body.id), version: String(body.version) };
}

test('what was not granted, or is not there, answers 404', async () => {
  expect((await page('leads', 'my-open-leads')).status).toBe(404);
  expect((await page('tasks', 'nothing')).status).toBe(404);
  expect((await page('nothing', 'my-open-tasks')).status).toBe(404);
  expect((await run('leads', 'createLead', {})).status).toBe(404);
  expect((await run('tasks', 'createAccount', {})).status).toBe(404);
  expect((await asAnna('lookUpRows', { params: { app: 'accounts', table: 'lead' } })).status).toBe(404);
  const ben = await world.token('ben@contoso.example');
  expect((await world.call('getPage', ben, { params: { app: 'tasks', page: 'my-open-tasks' } })).status).toBe(404);
});

test('a record that was made is on its list when the reply arrives, and goes from it when it is completed', async () => {
  const task = await newTask({ subject: 'Fresh' });
  expect(await rowsOn('tasks', 'my-open-tasks')).toContainEqual(expect.objectContaining({ id: task.id, cells: ['Fresh', '', ''] }));
  expect((await run('tasks', 'markComplete', { record: task })).status).toBe(200);
  expect((await rowsOn('tasks', 'my-open-tasks')).map(({ id }) => id)).not.toContain(task.id);
});

test('a repeated call gets the same reply and makes nothing twice; its key is good for nothing else', async () => {
  const body = { values: { subject: 'Once' } };
  const first = await run('create-task', 'createTask', body, 'the-same-key');
  const again = await run('create-task', 'createTask', body, 'the-same-key');
  expect([again.status, again.body]).toEqual([200, first.body]);
  const other = await run('create-task', 'createTask', { values: { subject: 'Twice' } }, 'the-same-key');
  expect([other.status, other.body.code]).toEqual([422, 'key-reused']);
  expect((await rowsOn('tasks', 'my-open-tasks')).filter(({ cells }) => cells[0] === 'Once')).toHaveLength(1);
});

test('what breaks a rule is refused with its field, and the key may be used again', async () => {
  const bad = await run('create-task', 'createTask', { values: { subject: '' } }, 'one-more-key');
  expect([bad.status, bad.body.errors]).toEqual([400, [{ field: 'body.values.subject', rule: 'is required' }]]);
  expect((await run('create-task', 'createTask', { values: { subject: 'Good' } }, 'one-more-key')).status).toBe(200);
  expect((await asAnna('runAction', { params: { app: 'tasks', action: 'cancel' }, body: {} })).status).toBe(400);
});

test('a conflict tells what was seen and what is there, in her language, and writes nothing', async () => {
  const task = await newTask();
  await organization.patch(`tasks(${task.id})`, { subject: 'Somebody else' });
  const reply = await asAnna('runAction', {
    params: { app: 'tasks', action: 'updateTask' },
    headers: { 'idempotency-key': 'conflicting', 'accept-language': 'de' },
    body: { record: task, values: { subject: 'Mine' } },
  });
  expect(reply).toMatchObject({
    status: 409,
    body: { code: 'changed-meanwhile', fields: [{ field: 'subject', label: 'Betreff', seen: 'Write', now: 'Somebody else' }] },
  });
  const { id, version } = reply.body.record as { id: string; version: string };
  expect((await run('tasks', 'updateTask', { record: { id, version }, values: { subject: 'Mine' } })).status).toBe(200);
});

test('a record that she gives away goes from her list', async () => {
  const task = await newTask();
  expect((await run('tasks', 'assign', { record: task, values: { owner: benHere.systemUserId } })).status).toBe(200);
  expect((await rowsOn('tasks', 'my-open-tasks')).map(({ id }) => id)).not.toContain(task.id);
  const cached = await world.services.records.get('contoso', 'task', task.id);
  expect(cached?.owner?.id).toBe(benHere.systemUserId);
});

test('the mailboxes of who had a record and who has it are woken', async () => {
  const mailbox = (id: string) => aMailbox({ integration: 'contoso', id, systemUserId: id, status: 'on' });
  await world.services.mailboxes.insert(mailbox(benHere.systemUserId));
  const task = await newTask();
  const sent = () => world.bus.counts('wakeups').scheduled;
  const before = sent();
  await run('tasks', 'assign', { record: task, values: { owner: benHere.systemUserId } });
  expect(sent()).toBe(before + 1);
});

test('pages are data and a card, in the language that she reads', async () => {
  const { id } = await newTask({ 'scheduledend.date': '2026-06-15', 'scheduledend.time': '12:00' });
  const list = await page('tasks', 'my-open-tasks', { sort: 'subject descending', search: 'write' }, { 'accept-language': 'ja' });
  expect(list).toMatchObject({
    status: 200,
    body: { kind: 'list', card: { type: 'AdaptiveCard' }, list: { sort: { column: 'subject' } } },
  });
  expect(list.headers.get('content-language')).toBe('ja');
  const detail = await page('tasks', 'task-detail', { id });
  expect(detail.body).toMatchObject({ kind: 'detail', heading: 'Write', record: { id } });
  const labels = (detail.body.fields as { label: string; text: string }[]).map(({ label, text }) => `${label}: ${text}`);
  expect(labels).toContain('Status: Open');
  expect((await page('tasks', 'task-edit', { id })).body).toMatchObject({ kind: 'form', submit: { action: 'updateTask' } });
  expect((await page('tasks', 'task-detail')).status).toBe(400);
  await run('tasks', 'cancel', { record: detail.body.record as object });
  expect(await page('tasks', 'task-edit', { id })).toMatchObject({ status: 409, body: { code: 'conflict' } });
});

test('until a table was loaded for the first time, its list says so instead of that there is nothing', async () => {
  const { recordLoads, clock } = world.services;
  const notLoaded = expect.stringContaining('not all been loaded');
  expect((await page('opportunities', 'my-open-opportunities')).body).toMatchObject({ list: { rows: [], empty: notLoaded }, notice: null });
  await newTask();
  const partial = await page('tasks', 'my-open-tasks');
  expect(partial.body).toMatchObject({ list: { empty: null }, notice: notLoaded });
  expect(partial.text.match(/not all been loaded/g)).toHaveLength(2);
  const loadedAt = clock.now();
  const table = { loadedAt, columns: [], deltaLink: null, since: loadedAt, comparedAt: null, last: null };
  const { state, etag } = await recordLoads.read('contoso');
  const loaded = await recordLoads.save('contoso', { ...state, tables: { opportunity: table, task: table } }, etag);
  const empty = await page('opportunities', 'my-open-opportunities');
  expect(empty.body).toMatchObject({ list: { rows: [], empty: 'No data to display' }, notice: null });
  expect((await page('tasks', 'my-open-tasks')).body).toMatchObject({ notice: null });
  await recordLoads.save('contoso', state, loaded);
});

test('a look-up finds rows and users', async () => {
  await organization.create('accounts', { name: "O'Neill & Sons", address1_city: 'Cork' });
  const found = await asAnna('lookUpRows', { params: { app: 'create-task', table: 'account' }, query: { q: "o'ne" } });
  expect(found.body.items).toMatchObject([{ name: "O'Neill & Sons", beside: 'Cork' }]);
  const users = await asAnna('lookUpRows', { params: { app: 'tasks', table: 'systemuser' }, query: { q: benHere.firstName } });
  expect(users.body.items).toMatchObject([{ id: benHere.systemUserId, beside: benHere.email }]);
});

test('an opportunity shows its money in its currency and the labels of its choices', async () => {
  const account = await organization.create('accounts', { name: 'Contoso' });
  const id = await organization.create('opportunities', {
    name: 'Big deal',
    'customerid_account@odata.bind': `/accounts(${account})`,
    opportunityratingcode: 1,
    budgetamount: 10.5,
  });
  const { body } = await page('opportunities', 'opportunity-detail', { id });
  const texts = (body.fields as { text: string }[]).map(({ text }) => text);
  expect(texts).toEqual(expect.arrayContaining(['Contoso', 'Hot', '10.50']));
});
