import '../../../functions/index';
import { saveIntegration, type Wish } from '../../../shared/integrations/save';
import { IntegrationConnection } from '../../../shared/model/integration-connection';
import { IntegrationSettings } from '../../../shared/model/integration-settings';
import { errorCodes, TandemError } from '../../../shared/platform/errors';
import type { Integrations } from '../../../shared/storage/integrations';
import { AdminWorld, type Answered, type Asked } from './admin-world';

/** Without a host the library would warn at every registration. */
jest.mock('@azure/functions-core', () => ({ setProgrammingModel() {}, registerHook() {}, registerFunction() {} }), { virtual: true });

const contoso = { name: 'Contoso', baseUrl: 'https://contoso.crm4.dynamics.com' };
const signIn = { by: 'authorizationCode', clientId: 'c' };
const connection = { service: signIn, action: signIn };
const canary = 'canary~of.the-client';

let world: AdminWorld;
let lena: string;
beforeAll(async () => {
  world = await AdminWorld.start();
  lena = await world.token('lena@contoso.example');
});
afterEach(() => world.faults.clear());
afterAll(() => world.close());

const secretsOf = (value: string) => ({ service: { clientSecret: `${value}-1` }, action: { clientSecret: `${value}-2` } });
const put = (id: string, value: string, headers: Asked['headers'] = {}): Promise<Answered> =>
  world.call('putIntegration', lena, { params: { id }, headers, body: { ...contoso, connection, secrets: secretsOf(value) } });
const read = (id: string): Promise<Answered> => world.call('getIntegration', lena, { params: { id } });
const held = (id: string) => Promise.all((['service', 'action'] as const).map((use) => world.services.clientSecrets.read(id, use)));

test('where Key Vault is away nothing is made, and a later try makes all of it', async () => {
  world.faults.add({ service: 'keyVault', kind: 'error', status: 403 });
  const refused = await put('away', canary);
  expect(refused.status).toBe(502);
  expect(refused.text).not.toContain(canary);
  expect((await read('away')).status).toBe(404);
  world.faults.clear();
  expect((await put('away', 'later')).status).toBe(201);
  expect(await held('away')).toEqual(['later-1', 'later-2']);
});

test('where Key Vault goes away between two secrets, both are as before, and so is the integration', async () => {
  const made = await put('between', 'old');
  world.faults.add({ service: 'keyVault', kind: 'error', status: 403, method: 'PUT', path: 'action' });
  const refused = await put('between', 'new', { 'if-match': made.headers.get('etag') ?? '' });
  expect(refused.status).toBe(502);
  world.faults.clear();
  expect(await held('between')).toEqual(['old-1', 'old-2']);
  expect((await read('between')).headers.get('etag')).toBe(made.headers.get('etag'));
});

/** What the admin API saves, with another table of integrations. */
function save(id: string, value: string, integrations: Integrations, expectation: Wish['expectation']) {
  const integration = { id, ...contoso, settings: IntegrationSettings.parse({}), connection: IntegrationConnection.parse(connection) };
  const secrets = [{ use: 'service' as const, to: 'value' as const, value, expiresAt: null }];
  return saveIntegration({ ...world.services, integrations }, { integration, secrets, expectation });
}

test('where the row cannot be written the secrets are as before', async () => {
  await put('row', 'old');
  const failing: Integrations = {
    ...world.services.integrations,
    put: () => Promise.reject(new TandemError(errorCodes.unavailable, { retry: 'later', fix: 'Wait.' })),
  };
  await expect(save('row', 'new', failing, { is: 'present' })).rejects.toMatchObject({ code: 'unavailable' });
  expect((await held('row'))[0]).toBe('old-1');
  await expect(save('never-made', 'new', failing, { is: 'new' })).rejects.toMatchObject({ code: 'unavailable' });
  expect((await held('never-made'))[0]).toBeNull();
});

test('whoever lost her turn to another leaves the secrets to her', async () => {
  await put('turn', 'old');
  const { integrations, turns, tables, clientSecrets } = world.services;
  const overtaken: Integrations = {
    ...integrations,
    async put() {
      // So much time passes that the turn is over, and another takes hers.
      await (await tables.table('integrations')).deleteEntity('turn', 'turn');
      await turns.take('turn', () => clientSecrets.put('turn', 'service', 'of the other', null));
      throw new TandemError(errorCodes.stale, { retry: 'now', fix: 'Read it again.' });
    },
  };
  await expect(save('turn', 'mine', overtaken, { is: 'present' })).rejects.toMatchObject({ code: 'stale' });
  expect((await held('turn'))[0]).toBe('of the other');
});

test('a turn that a process did not live to give back ends by itself', async () => {
  const made = await put('dead', 'old');
  const table = await world.services.tables.table('integrations');
  await table.createEntity({ partitionKey: 'turn', rowKey: 'dead', until: '2020-01-01T00:00:00.000Z' });
  expect((await put('dead', 'new', { 'if-match': made.headers.get('etag') ?? '' })).status).toBe(200);
});

test('a removal that was cut short can be asked for again', async () => {
  const made = await put('removed', 'old');
  const headers = { 'if-match': made.headers.get('etag') ?? '' };
  world.faults.add({ service: 'keyVault', kind: 'error', status: 403, times: 1 });
  expect((await world.call('deleteIntegration', lena, { params: { id: 'removed' }, headers })).status).toBe(502);
  expect((await read('removed')).status).toBe(200);
  expect((await world.call('deleteIntegration', lena, { params: { id: 'removed' }, headers })).status).toBe(204);
  expect(await held('removed')).toEqual([null, null]);
});
