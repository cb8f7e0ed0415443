import '../../../functions/index';
import { person } from '../../../local/company/people';
import type { RouteName } from '../../../shared/auth/route-roles';
import type { WorkspaceRecord } from '../../../shared/workspace/record';
import { AdminWorld, type Answered, type Asked } from './admin-world';

/** Without a host the library would warn at every registration. */
jest.mock('@azure/functions-core', () => ({ setProgrammingModel() {}, registerHook() {}, registerFunction() {} }), { virtual: true });

const contoso = { name: 'Contoso', baseUrl: 'https://contoso.crm4.dynamics.com' };
const { systemUserId: anna, objectId: annaInEntra } = person('anna');
const aRecord: WorkspaceRecord = {
  table: 'task',
  id: '11111111-0000-4000-8000-000000000001',
  version: '1',
  owner: { table: 'systemuser', id: anna, name: 'Anna' },
  state: 0,
  createdAt: 1,
  modifiedAt: 1,
  createdBy: null,
  modifiedBy: null,
  values: { subject: 'Call back' },
};

let world: AdminWorld;
let lena: string;
beforeAll(async () => {
  world = await AdminWorld.start();
  lena = await world.token('lena@contoso.example');
});
afterAll(() => world.close());

const asLena = (name: RouteName, asked?: Asked): Promise<Answered> => world.call(name, lena, asked);
const create = (body: object): Promise<Answered> => asLena('createIntegration', { body: { template: 'http', ...contoso, ...body } });
const read = (id: string): Promise<Answered> => asLena('getIntegration', { params: { id } });
const tagOf = ({ headers }: Answered): string => headers.get('etag') ?? '';
const put = (id: string, body: unknown, headers: Asked['headers'] = {}): Promise<Answered> =>
  asLena('putIntegration', { params: { id }, body, headers });
const remove = (id: string, etag: string): Promise<Answered> =>
  asLena('deleteIntegration', { params: { id }, headers: { 'if-match': etag } });

describe('from first to last', () => {
  test('one is made, read, changed, listed and removed, each time with its entity tag', async () => {
    const made = await create({ id: 'whole' });
    expect(made).toMatchObject({ status: 201, body: { id: 'whole', ...contoso, settings: { attendeeMail: 'never' } } });
    expect(made.headers.get('location')).toBe('/admin/api/whole');
    expect(tagOf(made)).toMatch(/^"[\w-]{27}"$/);

    const changed = await put('whole', { ...contoso, settings: { attendeeMail: 'invite' } }, { 'if-match': tagOf(made) });
    expect(changed).toMatchObject({ status: 200, body: { settings: { attendeeMail: 'invite' } } });
    expect(tagOf(changed)).not.toBe(tagOf(made));
    const again = await read('whole');
    expect([again.body, tagOf(again)]).toEqual([changed.body, tagOf(changed)]);
    expect((await asLena('listIntegrations')).body).toEqual({ items: [changed.body], next: null });

    expect((await remove('whole', tagOf(changed))).status).toBe(204);
    expect((await read('whole')).status).toBe(404);
  });

  test('one is made by PUT as well, and its environment stays', async () => {
    const made = await put('fixed', { ...contoso, baseUrl: 'https://CONTOSO.crm4.dynamics.com/' });
    expect(made).toMatchObject({ status: 201, body: contoso });
    const elsewhere = { ...contoso, baseUrl: 'https://other.crm4.dynamics.com' };
    expect((await put('fixed', elsewhere, { 'if-match': tagOf(made) })).status).toBe(409);
  });
});

describe('which version is changed', () => {
  let first: string;
  let second: string;
  beforeAll(async () => {
    first = tagOf(await create({ id: 'versions' }));
    second = tagOf(await put('versions', contoso, { 'if-match': first }));
  });

  test.each<[string, () => Asked['headers'], number]>([
    ['says nothing', () => ({}), 428],
    ['names an old version', () => ({ 'if-match': first }), 412],
    ['names a version that never was', () => ({ 'if-match': '"x"' }), 412],
    ['names the version as a weak one', () => ({ 'if-match': `W/${second}` }), 412],
    ['wants to make a new one', () => ({ 'if-none-match': '*' }), 412],
    ['sends no entity tag at all', () => ({ 'if-match': 'yes' }), 400],
    ['wants anything but this version', () => ({ 'if-none-match': second }), 400],
    ['wants both', () => ({ 'if-match': second, 'if-none-match': '*' }), 400],
  ])('a change that %s is refused', async (_, headers, status) => {
    expect((await put('versions', contoso, headers())).status).toBe(status);
    expect((await asLena('deleteIntegration', { params: { id: 'versions' }, headers: headers() ?? {} })).status).toBe(status);
    expect(tagOf(await read('versions'))).toBe(second);
  });

  test('a change names the version, one of several, or any', async () => {
    const third = await put('versions', contoso, { 'if-match': `"old", ${second}` });
    expect(third.status).toBe(200);
    expect((await put('versions', contoso, { 'if-match': '*' })).status).toBe(200);
    expect((await put('nowhere', contoso, { 'if-match': '*' })).status).toBe(412);
    expect((await remove('nowhere', '*')).status).toBe(404);
  });

  test('of many who change the same version at once, one does', async () => {
    const tag = tagOf(await read('versions'));
    const names = ['a', 'b', 'c', 'd', 'e'];
    const replies = await Promise.all(names.map((name) => put('versions', { ...contoso, name }, { 'if-match': tag })));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412]);
    const winner = replies.find(({ status }) => status === 200);
    expect((await read('versions')).body.name).toBe(winner?.body.name);
  });

  test('of many who make the same at once, one does', async () => {
    const replies = await Promise.all(['a', 'b', 'c'].map((name) => create({ id: 'made-once', name })));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });
});

describe('what does not fit', () => {
  test.each<[string, string, unknown]>([
    ['an id in capitals', 'Contoso', contoso],
    ['no address', 'x', { name: 'x' }],
    ['an address on plain http', 'x', { ...contoso, baseUrl: 'http://contoso.crm4.dynamics.com' }],
    ['an address with a path', 'x', { ...contoso, baseUrl: 'https://contoso.crm4.dynamics.com/api' }],
    ['a private address', 'x', { ...contoso, baseUrl: 'https://10.0.0.1' }],
    ['an address of the machine on which Tandem runs, which no setting allows', 'x', { ...contoso, baseUrl: 'http://localhost:1' }],
    ['a setting that nobody knows', 'x', { ...contoso, settings: { mail: true } }],
    ['a field that nobody knows', 'x', { ...contoso, secret: 'x' }],
    ['no JSON', 'x', '{'],
    ['nothing', 'x', ''],
  ])('%s is refused', async (_, id, body) => {
    expect(await put(id, body)).toMatchObject({ status: 400, body: { code: 'bad-request' } });
    expect((await read('x')).status).toBe(404);
  });

  test.each([{ limit: '0' }, { limit: '201' }, { limit: 'many' }, { cursor: '' }])('a page of %j is refused', async (query) => {
    expect((await asLena('listIntegrations', { query })).status).toBe(400);
  });
});

describe('secrets', () => {
  const canary = 'canary~of.the-client';
  const signIn = { by: 'authorizationCode', clientId: 'c' };
  const withSecret = (clientSecret: string, expiresAt: string | null = null) => ({
    connection: { service: signIn },
    secrets: { service: { clientSecret, expiresAt } },
  });

  test('they go to Key Vault, and the reply says only that they are set, since when and until when', async () => {
    const until = '2099-01-01T00:00:00.000Z';
    const made = await create({ id: 'secret', ...withSecret(canary, until) });
    expect(made.body.secrets).toEqual({ service: { setAt: expect.any(String), expiresAt: until }, action: null, certificate: null });
    expect(await world.services.clientSecrets.read('secret', 'service')).toBe(canary);
    const told = [made, await read('secret'), await asLena('listIntegrations', { query: { limit: '200' } })];
    expect(JSON.stringify(told.map(({ body }) => body))).not.toContain(canary);
    const table = await world.services.tables.table('integrations');
    for await (const row of table.listEntities()) expect(JSON.stringify(row)).not.toContain(canary);
  });

  test('what a change leaves out stays, a new one replaces it, and null removes it', async () => {
    const made = await create({ id: 'kept', ...withSecret('one') });
    const kept = await put('kept', { ...contoso, connection: { service: signIn } }, { 'if-match': tagOf(made) });
    expect(kept.body.secrets).toEqual(made.body.secrets);
    const replaced = await put('kept', { ...contoso, ...withSecret('two') }, { 'if-match': tagOf(kept) });
    expect(await world.services.clientSecrets.read('kept', 'service')).toBe('two');
    const removed = await put('kept', { ...contoso, secrets: { service: null } }, { 'if-match': tagOf(replaced) });
    expect(removed.body.secrets).toMatchObject({ service: null });
    expect(await world.services.clientSecrets.read('kept', 'service')).toBeNull();
  });

  test('a change that is refused leaves them as they were', async () => {
    const made = await create({ id: 'untouched', ...withSecret('one') });
    await put('untouched', { ...contoso, ...withSecret('two') }, { 'if-match': '"old"' });
    await put('untouched', { ...contoso, ...withSecret('two') });
    await put('untouched', { ...contoso, baseUrl: 'https://other.crm4.dynamics.com', ...withSecret('two') }, { 'if-match': tagOf(made) });
    await create({ id: 'untouched', ...withSecret('two') });
    expect(await world.services.clientSecrets.read('untouched', 'service')).toBe('one');
  });

  test.each<[string, object, string]>([
    ['one with a space', { service: { clientSecret: 'a b' } }, 'secrets.service.clientSecret'],
    ['an empty one', { action: { clientSecret: '' } }, 'secrets.action.clientSecret'],
    ['one that has ended', { service: { clientSecret: canary, expiresAt: '2020-01-01T00:00:00Z' } }, 'secrets.service.expiresAt'],
    ['a certificate that is none', { certificate: { pem: canary } }, 'secrets.certificate.pem'],
  ])('%s is refused by its field, and not repeated', async (_, secrets, field) => {
    const refused = await create({ id: 'refused', secrets });
    expect(refused).toMatchObject({ status: 400, body: { detail: expect.stringContaining(field) } });
    expect(JSON.stringify(refused.body)).not.toContain(canary);
  });
});

describe('the legacy template', () => {
  const legacy = {
    template: 'legacy',
    id: 'legacy',
    ...contoso,
    applicationId: '7A9DE300-0000-4000-8000-0000000000AA',
    key: 'canary-of-legacy',
  };

  test('an address, an application and its key are all it takes', async () => {
    const made = await asLena('createIntegration', { body: legacy });
    const signIn = {
      by: 'authorizationCode',
      clientId: legacy.applicationId.toLowerCase(),
      clientAuthentication: 'body',
      headerPrefix: 'Bearer',
    };
    expect(made).toMatchObject({
      status: 201,
      body: {
        connection: { template: 'legacy', service: signIn, action: signIn, fullLoad: { at: 'daily' }, incrementalLoad: { at: 'manual' } },
        secrets: { service: expect.any(Object), action: expect.any(Object), certificate: null },
      },
    });
    for (const use of ['service', 'action'] as const) expect(await world.services.clientSecrets.read('legacy', use)).toBe(legacy.key);
    expect(JSON.stringify(made.body)).not.toContain(legacy.key);
  });

  test('actions are done as the service where nobody is to sign in for them', async () => {
    const made = await asLena('createIntegration', { body: { ...legacy, id: 'legacy-two', userSignInForActions: false } });
    expect(made.body).toMatchObject({ connection: { action: { by: 'service' } }, secrets: { action: null } });
  });

  test('whatever else one wants to say is refused', async () => {
    expect((await asLena('createIntegration', { body: { ...legacy, connection: {} } })).status).toBe(400);
    expect((await asLena('createIntegration', { body: { ...legacy, template: 'other' } })).status).toBe(400);
  });
});

describe('removing one', () => {
  test('waits until no mailbox takes part, and takes everything of its own along and nothing else', async () => {
    const secrets = { service: { clientSecret: 'mine' } };
    await create({ id: 'neighbour', secrets });
    const tag = tagOf(await create({ id: 'leaving', secrets }));
    const { integrations, homes, mailboxes, clientSecrets, records, tokenVault } = world.services;
    const home = { id: anna, homes: [anna], owner: anna, organizer: null, version: '1', round: null };
    for (const id of ['leaving', 'neighbour']) {
      await integrations.saveFeedState(id, 'task', { cursor: { at: 'end', link: 'x' }, round: null }, null);
      await homes.upsertMany(id, 'task', [home]);
      await records.save(id, aRecord);
      const tokens = { accessToken: 'access', refreshToken: null, expiresAt: Date.now() + 3_600_000 };
      const integration = await integrations.get(id);
      if (integration !== null) await tokenVault.keep(integration, { objectId: annaInEntra }, 'client', { tokens, account: annaInEntra });
    }
    await asLena('enableMailbox', { body: { integration: 'leaving', systemUserId: anna } });
    expect(await remove('leaving', tag)).toMatchObject({ status: 409, body: { fix: expect.stringContaining('Disable its mailboxes') } });
    expect(await clientSecrets.read('leaving', 'service')).toBe('mine');

    await asLena('disableMailbox', { params: { integration: 'leaving', id: anna } });
    expect((await remove('leaving', tag)).status).toBe(204);
    expect(await mailboxes.get('leaving', anna)).toBeNull();
    for (const [id, isThere] of [
      ['leaving', false],
      ['neighbour', true],
    ] as const) {
      expect((await integrations.readFeedState(id, 'task')).cursor !== null).toBe(isThere);
      expect((await homes.getMany(id, 'task', [anna])).size > 0).toBe(isThere);
      expect((await clientSecrets.read(id, 'service')) !== null).toBe(isThere);
      expect((await records.get(id, 'task', aRecord.id)) !== null).toBe(isThere);
      expect((await tokenVault.describe(id, { objectId: annaInEntra }))?.state).toBe(isThere ? 'in' : 'out');
    }
  });

  test('one of the same name that comes later begins with nothing of it', async () => {
    const { integrations, clientSecrets } = world.services;
    await integrations.saveFeedState('reborn', 'task', { cursor: { at: 'end', link: 'of another environment' }, round: null }, null);
    await clientSecrets.put('reborn', 'service', 'of a making that was cut short', null);
    const made = await create({ id: 'reborn' });
    expect(made.body.secrets).toEqual({ service: null, action: null, certificate: null });
    expect((await integrations.readFeedState('reborn', 'task')).cursor).toBeNull();
  });
});

describe('before it is connected, and after', () => {
  test("the templates have the tenant's sign-in addresses filled in, and the environment's where it is told", async () => {
    const { authorityUrl, tenantId } = world.services.config;
    const plain = await asLena('listTemplates');
    expect(plain.body).toMatchObject({
      items: [
        { template: 'http', recommended: true, presets: { service: { tokenUrl: `${authorityUrl}/${tenantId}/oauth2/v2.0/token` } } },
        { template: 'legacy' },
      ],
      next: null,
    });
    const told = await asLena('listTemplates', { query: { baseUrl: contoso.baseUrl } });
    expect(told.text).toContain(`${contoso.baseUrl}/user_impersonation`);
    expect((await asLena('listTemplates', { query: { baseUrl: 'contoso' } })).status).toBe(400);
  });

  test('a connection is tried, and what failed is told in a reply that says so', async () => {
    await create({ id: 'tried', baseUrl: 'http://127.0.0.1:1' });
    const report = await asLena('testIntegration', { params: { id: 'tried' } });
    expect(report).toMatchObject({ status: 200, body: { ok: false } });
    expect(report.body.steps).toContainEqual(expect.objectContaining({ step: 'address', outcome: 'failed' }));
    expect((await asLena('testIntegration', { params: { id: 'nowhere' } })).status).toBe(404);
  });
});
