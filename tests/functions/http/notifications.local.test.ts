import { person } from '../../../local/company/people';
import type { RouteName } from '../../../shared/auth/route-roles';
import type { Assignment } from '../../../shared/messaging/messages';
import { IntegrationConnection } from '../../../shared/model/integration-connection';
import { IntegrationSettings } from '../../../shared/model/integration-settings';
import { notifyOwner, tellAssignment } from '../../../shared/workspace/notify-owner';
import type { WorkspaceRecord } from '../../../shared/workspace/record';
import { AdminWorld, type Answered, type Asked } from './admin-world';
import '../../../functions/index';

/** Without a host the library would warn at every registration. */
jest.mock('@azure/functions-core', () => ({ setProgrammingModel() {}, registerHook() {}, registerFunction() {} }), { virtual: true });

const [annaHere, benHere] = [person('anna'), person('ben')];
const tasks = { id: 'contoso', app: 'tasks' };

let world: AdminWorld;
let lena: string;
let anna: string;
let ben: string;
beforeAll(async () => {
  world = await AdminWorld.start();
  const token = (name: string) => world.token(`${name}@contoso.example`);
  [lena, anna, ben] = await Promise.all([token('lena'), token('anna'), token('ben')]);
  await connect();
});
afterAll(() => world.close());

async function connect(): Promise<void> {
  const connection = IntegrationConnection.parse({});
  const settings = IntegrationSettings.parse({});
  await world.services.integrations.put({
    id: 'contoso',
    name: 'Contoso',
    baseUrl: 'https://contoso.crm4.dynamics.com',
    connection,
    settings,
  });
}

const asAnna = (name: RouteName, asked?: Asked): Promise<Answered> => world.call(name, anna, asked);
const items = ({ body }: Answered) => (Array.isArray(body.items) ? (body.items as Record<string, unknown>[]) : []);

/** Ben makes a task for Anna, a load sees it, and the queue is served. */
async function assign(id: string): Promise<void> {
  const now = Date.now();
  const record: WorkspaceRecord = {
    table: 'task',
    id,
    version: '100',
    owner: { table: 'systemuser', id: annaHere.systemUserId, name: 'Anna' },
    state: 0,
    createdAt: now,
    modifiedAt: now,
    createdBy: benHere.systemUserId,
    modifiedBy: benHere.systemUserId,
    values: { subject: 'Call back', scheduledend: '2026-06-16T10:00:00Z' },
  };
  const { before } = await world.services.records.save('contoso', record);
  const told: Assignment[] = [];
  const messenger = { ...world.services.messenger, notify: async (each: Assignment) => void told.push(each) };
  await tellAssignment({ messenger }, { integration: 'contoso', before, now: record, isFirstLoad: false });
  for (const each of told) await notifyOwner(each, { ...world.services, messenger });
}

test('who was granted nothing finds nothing: no microapp, no card', async () => {
  for (const name of ['listMicroapps', 'listNotifications'] as const) expect((await asAnna(name)).status).toBe(404);
});

describe('an administrator', () => {
  test('grants a microapp to a person and to everyone, lists that, and withdraws it', async () => {
    const put = await world.call('putGrant', lena, { params: { ...tasks, who: annaHere.objectId.toUpperCase() } });
    expect([put.status, put.body.who]).toEqual([200, annaHere.objectId]);
    await world.call('putGrant', lena, { params: { ...tasks, who: 'everyone' } });
    expect(items(await world.call('listGrants', lena, { params: tasks })).map(({ who }) => who)).toEqual(
      [annaHere.objectId, 'everyone'].sort(),
    );
    const first = await world.call('listGrants', lena, { params: tasks, query: { limit: '1' } });
    expect(items(await world.call('listGrants', lena, { params: tasks, query: { cursor: String(first.body.next) } }))).toHaveLength(1);
    expect((await world.call('deleteGrant', lena, { params: { ...tasks, who: 'everyone' } })).status).toBe(204);
    expect((await world.call('listMicroapps', ben)).status).toBe(404);
  });
  test('learns what is wrong with a grant', async () => {
    const status = async (params: Record<string, string>) => (await world.call('putGrant', lena, { params })).status;
    expect(await status({ ...tasks, who: 'anna' })).toBe(400);
    expect(await status({ ...tasks, app: 'invoices', who: 'everyone' })).toBe(404);
    expect(await status({ ...tasks, id: 'fabrikam', who: 'everyone' })).toBe(404);
  });
});

describe('a person', () => {
  test('sees her microapps in her language', async () => {
    const { body, headers } = await asAnna('listMicroapps', { headers: { 'accept-language': 'de-AT, en;q=0.5' } });
    expect(headers.get('content-language')).toBe('de');
    expect(body).toMatchObject({ integration: 'contoso', items: [{ id: 'tasks', icon: 'task', start: 'my-open-tasks' }] });
  });

  test('gets cards, as data and as Adaptive Cards, and hears that nothing has changed', async () => {
    await assign('11111111-0000-4000-8000-000000000001');
    const feed = await asAnna('listNotifications');
    expect(feed.body).toMatchObject({ unread: 1, next: null, pollAfterSeconds: 30 });
    expect(items(feed)).toMatchObject([{ title: 'Task assigned to you', state: 'unread', card: { type: 'AdaptiveCard' } }]);
    expect(feed.headers.get('cache-control')).toBe('private, max-age=30');
    const known = { 'if-none-match': feed.headers.get('etag') ?? '' };
    const same = await asAnna('listNotifications', { headers: known });
    expect([same.status, same.text, same.headers.get('etag')]).toEqual([304, '', feed.headers.get('etag')]);
    expect((await asAnna('listNotifications', { headers: { ...known, 'accept-language': 'ja' } })).status).toBe(200);
  });

  test('marks her own cards, and nobody else’s', async () => {
    const [card] = items(await asAnna('listNotifications'));
    const asked = (state: string) => ({ params: { id: String(card?.id) }, body: { state } });
    expect((await asAnna('markNotification', asked('read'))).body).toEqual({ id: card?.id, state: 'read' });
    expect((await asAnna('listNotifications')).body).toMatchObject({ unread: 0, items: [{ state: 'read' }] });
    expect((await world.call('markNotification', ben, asked('dismissed'))).status).toBe(404);
    expect((await asAnna('markNotification', asked('unread'))).status).toBe(400);
    await asAnna('markNotification', asked('dismissed'));
    expect(items(await asAnna('listNotifications'))).toEqual([]);
  });

  test('is told what is wrong with a cursor', async () => {
    expect((await asAnna('listNotifications', { query: { cursor: "x' or true" } })).status).toBe(400);
  });

  test('keeps nothing of an integration that is disconnected', async () => {
    await assign('22222222-0000-4000-8000-000000000002');
    await asAnna('listNotifications');
    const { etag } = (await world.call('getIntegration', lena, { params: { id: 'contoso' } })).body;
    const gone = await world.call('deleteIntegration', lena, { params: { id: 'contoso' }, headers: { 'if-match': String(etag) } });
    expect(gone.status).toBe(204);
    await connect();
    expect((await asAnna('listNotifications')).status).toBe(404);
    await world.call('putGrant', lena, { params: { ...tasks, who: annaHere.objectId } });
    expect(items(await asAnna('listNotifications'))).toEqual([]);
  });

  test('loses everything with the last grant, at once', async () => {
    const before = await asAnna('listNotifications');
    await world.call('deleteGrant', lena, { params: { ...tasks, who: annaHere.objectId } });
    const known = { 'if-none-match': before.headers.get('etag') ?? '' };
    expect((await asAnna('listNotifications', { headers: known })).status).toBe(404);
  });
});
