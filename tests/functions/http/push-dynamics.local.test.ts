import '../../../functions/index';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openKeyVault } from '../../../shared/storage/key-vault';
import { until } from '../../local/until';
import { anna, type Organization, startOrganization } from '../../shared/dynamics/organization';
import { AdminWorld, type Answered } from './admin-world';

jest.mock('@azure/functions-core', () => ({ setProgrammingModel() {}, registerHook() {}, registerFunction() {} }), { virtual: true });

const params = { id: 'contoso' };
/** Ids that the stand-in gives every organization. */
const organizationId = '0c9a0000-0000-4000-8000-000000000001';

let world: AdminWorld;
let organization: Organization;
let server: Server;
let lena: string;
/** What Dynamics called with, and how it was answered. */
const calls: { readonly key: string; readonly message: Record<string, unknown>; readonly status: number }[] = [];

beforeAll(async () => {
  server = createServer((message, response) => {
    void taken(message).then((status) => response.writeHead(status).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  [world, organization] = await Promise.all([AdminWorld.start({ PUBLIC_URL: publicUrl, WAKE_UP_SLOT_SECONDS: '20' }), startOrganization()]);
  Object.assign(world.services, { dynamics: () => organization.client() });
  lena = await world.token('lena@contoso.example');
  const body = { name: 'Contoso', baseUrl: 'https://contoso.crm4.dynamics.com', settings: { entities: { fax: false } } };
  await world.call('putIntegration', lena, { params, body });
});

afterAll(async () => {
  await organization.close();
  await world.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
  calls.length = 0;
});

/** Hands what Dynamics sends to the route, as the host would. */
async function taken(message: IncomingMessage): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const body: Record<string, unknown> = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  const key = String(message.headers['x-tandem-key'] ?? '');
  const integration = /^\/app\/api\/push\/dynamics\/([\w-]+)$/.exec(message.url ?? '')?.[1] ?? '';
  const { status } = await push(body, key, integration);
  calls.push({ key, message: body, status });
  return status;
}

const push = (body: unknown, key: string, integration = 'contoso'): Promise<Answered> =>
  world.call('pushFromDynamics', null, { params: { integration }, headers: { 'x-tandem-key': key }, body });

const told = { PrimaryEntityName: 'task', PrimaryEntityId: anna.systemUserId, OrganizationId: organizationId, MessageName: 'Update' };

function polls(): number {
  const { active, scheduled } = world.bus.counts('polls');
  return active + scheduled;
}

/** Waits until a slot for pushes lasts for ten seconds more, so that what follows falls into one. */
async function roomInSlot(): Promise<void> {
  const { wakeUpSlotMs } = world.services.config;
  await until(() => Date.now() % wakeUpSlotMs < wakeUpSlotMs / 2);
}

test('nobody is told before somebody asks for it', async () => {
  expect((await world.call('getWebhooks', lena, { params })).body).toEqual({ registered: false, url: null, steps: [] });
  expect((await push(told, 'guessed')).status).toBe(401);
  expect((await push(told, '', 'nowhere')).status).toBe(401);
});

test('registering makes one endpoint, and a step for each message of each table that syncs; doing it again changes nothing', async () => {
  const { status, body } = await world.call('registerWebhooks', lena, { params });
  expect(status).toBe(200);
  const steps = body.steps as { table: string; message: string; enabled: boolean }[];
  expect(new Set(steps.map(({ table }) => table))).toEqual(
    new Set(['task', 'phonecall', 'letter', 'contact', 'appointment', 'serviceappointment', 'recurringappointmentmaster']),
  );
  expect(new Set(steps.map(({ message }) => message))).toEqual(
    new Set(['Create', 'Update', 'Delete', 'Assign', 'SetState', 'SetStateDynamicEntity']),
  );
  expect(steps.every(({ enabled }) => enabled)).toBe(true);
  const again = await world.call('registerWebhooks', lena, { params });
  expect(again.body).toEqual(body);
  const endpoints = (await organization.get('serviceendpoints')).value as Record<string, unknown>[];
  expect(endpoints).toMatchObject([{ contract: 8, authtype: 5, authvalue: null }]);
});

test('a change in Dynamics asks for the feed of its table, once however many changes there are', async () => {
  await roomInSlot();
  const before = polls();
  const id = await organization.create('tasks', { subject: 'Pushed' });
  await organization.patch(`tasks(${id})`, { subject: 'Pushed again' });
  await until(() => calls.length >= 2);
  expect(calls.map(({ status, message }) => [status, message.MessageName])).toEqual([
    [200, 'Create'],
    [200, 'Update'],
  ]);
  expect(calls[0]?.message).toMatchObject({ PrimaryEntityName: 'task', PrimaryEntityId: id, OrganizationId: organizationId });
  expect(polls() - before).toBe(1);
});

test('a deletion is told too', async () => {
  const id = await organization.create('contacts', { lastname: 'Gone' });
  await organization.remove(`contacts(${id})`);
  await until(() => calls.some(({ message }) => message.MessageName === 'Delete'));
});

test('what does not sync is taken and asks for nothing: another table, another organization', async () => {
  await organization.create('tasks', { subject: 'For the key' });
  await until(() => calls.length > 0);
  const key = calls[0]?.key ?? '';
  const before = polls();
  expect((await push({ ...told, PrimaryEntityName: 'fax' }, key)).status).toBe(200);
  expect((await push({ ...told, PrimaryEntityName: 'account' }, key)).status).toBe(200);
  expect((await push({ ...told, OrganizationId: anna.systemUserId }, key)).status).toBe(200);
  expect((await push(told, `${key}x`)).status).toBe(401);
  expect((await push({ ...told, PrimaryEntityId: 'no id' }, key)).status).toBe(400);
  expect((await push('nonsense', key)).status).toBe(400);
  expect(polls()).toBe(before);
});

test('a step that somebody switched off or removed is mended by registering again', async () => {
  const [first, second] = (await organization.get('sdkmessageprocessingsteps')).value as Record<string, unknown>[];
  await organization.patch(`sdkmessageprocessingsteps(${first?.sdkmessageprocessingstepid})`, { statecode: 1 });
  await organization.remove(`sdkmessageprocessingsteps(${second?.sdkmessageprocessingstepid})`);
  const before = (await world.call('getWebhooks', lena, { params })).body.steps as { enabled: boolean }[];
  expect(before.filter(({ enabled }) => !enabled).length).toBe(1);
  const after = (await world.call('registerWebhooks', lena, { params })).body.steps as { enabled: boolean }[];
  expect([after.length, after.every(({ enabled }) => enabled)]).toEqual([before.length + 1, true]);
});

test('removing takes everything along, its key no longer counts, and it can be registered again', async () => {
  await organization.create('tasks', { subject: 'For the old key' });
  await until(() => calls.length > 0);
  const old = calls[0]?.key ?? '';
  expect((await world.call('removeWebhooks', lena, { params })).status).toBe(204);
  expect((await world.call('removeWebhooks', lena, { params })).status).toBe(204);
  expect((await organization.get('serviceendpoints')).value).toEqual([]);
  expect((await organization.get('sdkmessageprocessingsteps')).value).toEqual([]);
  expect((await push(told, old)).status).toBe(401);
  await world.call('registerWebhooks', lena, { params });
  expect((await push(told, old)).status).toBe(401);
  calls.length = 0;
  await organization.create('tasks', { subject: 'For the new key' });
  await until(() => calls.length > 0);
  expect(calls[0]?.status).toBe(200);
});

test('an integration that is removed takes its webhook and its key along', async () => {
  const id = 'leaving';
  const body = { name: 'Leaving', baseUrl: 'https://contoso.crm4.dynamics.com' };
  const made = await world.call('putIntegration', lena, { params: { id }, body });
  const before = (await organization.get('serviceendpoints')).value as unknown[];
  await world.call('registerWebhooks', lena, { params: { id } });
  const vault = openKeyVault(world.services.config, world.services.tokens);
  expect((await vault.getSecret(`webhook-${id}-1`)).value).toBe(await world.services.webhooks.key(id));
  const key = (await world.services.webhooks.key(id)) ?? '';
  expect((await push(told, key, id)).status).toBe(200);

  const gone = await world.call('deleteIntegration', lena, { params: { id }, headers: { 'if-match': made.headers.get('etag') ?? '' } });
  expect(gone.status).toBe(204);
  expect((await organization.get('serviceendpoints')).value).toEqual(before);
  await expect(vault.getSecret('webhook-leaving-1')).rejects.toMatchObject({ statusCode: 404 });
  expect((await push(told, key, id)).status).toBe(401);
});

test('an integration whose environment does not answer any more can be removed all the same, and so is the key of its webhook', async () => {
  const id = 'silent';
  const body = { name: 'Silent', baseUrl: 'https://contoso.crm4.dynamics.com' };
  const made = await world.call('putIntegration', lena, { params: { id }, body });
  await world.call('registerWebhooks', lena, { params: { id } });
  const vault = openKeyVault(world.services.config, world.services.tokens);
  expect((await vault.getSecret(`webhook-${id}-1`)).value).toBe(await world.services.webhooks.key(id));
  const { dynamics } = world.services;
  Object.assign(world.services, { dynamics: () => ({ webhooks: { remove: () => Promise.reject(new Error('no answer')) } }) });
  const gone = await world.call('deleteIntegration', lena, { params: { id }, headers: { 'if-match': made.headers.get('etag') ?? '' } });
  Object.assign(world.services, { dynamics });
  expect(gone.status).toBe(204);
  await expect(vault.getSecret('webhook-silent-1')).rejects.toMatchObject({ statusCode: 404 });
});

test('an integration that is not there has no webhooks', async () => {
  for (const route of ['getWebhooks', 'registerWebhooks', 'removeWebhooks'] as const)
    expect((await world.call(route, lena, { params: { id: 'nowhere' } })).status).toBe(404);
});
