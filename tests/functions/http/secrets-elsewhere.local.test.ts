import '../../../functions/index';
import { AdminWorld, type Answered } from './admin-world';

/** Without a host the library would warn at every registration. */
jest.mock('@azure/functions-core', () => ({ setProgrammingModel() {}, registerHook() {}, registerFunction() {} }), { virtual: true });

const contoso = { name: 'Contoso', baseUrl: 'https://crm.contoso.example' };
const adfs = (host: string) => ({
  by: 'authorizationCode',
  clientId: 'tandem',
  authorizationUrl: `https://${host}/adfs/oauth2/authorize`,
  tokenUrl: `https://${host}/adfs/oauth2/token`,
});
const at = (host: string) => ({ onPremises: {}, service: adfs(host), action: adfs(host) });
const secret = { clientSecret: 'canary-of-the-company' };

let world: AdminWorld;
let lena: string;
beforeAll(async () => {
  world = await AdminWorld.start();
  lena = await world.token('lena@contoso.example');
});
afterAll(() => world.close());

const put = (id: string, connection: object, secrets: object = {}): Promise<Answered> =>
  world.call('putIntegration', lena, { params: { id }, headers: { 'if-match': '*' }, body: { ...contoso, connection, secrets } });

async function made(id: string): Promise<void> {
  const body = { template: 'http', id, ...contoso, connection: at('sts.contoso.example'), secrets: { service: secret, action: secret } };
  expect((await world.call('createIntegration', lena, { body })).status).toBe(201);
}

const kept = (id: string) => world.services.clientSecrets.read(id, 'service');

test('a secret that nobody is shown is not sent to another sign-in service either: there it has to be given anew', async () => {
  await made('moved');
  const refused = await put('moved', at('sts.elsewhere.example'));
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'body.secrets.service' }, { field: 'body.secrets.action' }] } });
  expect((await world.services.integrations.get('moved'))?.connection.service).toMatchObject(adfs('sts.contoso.example'));
  expect(await kept('moved')).toBe(secret.clientSecret);

  const other = { clientSecret: 'of-the-other-service' };
  expect((await put('moved', at('sts.elsewhere.example'), { service: other, action: null })).status).toBe(200);
  expect(await kept('moved')).toBe(other.clientSecret);
});

test('nor by way of a sign-in that needs none', async () => {
  await made('detour');
  expect((await put('detour', { service: { by: 'application' }, action: { by: 'service' } })).status).toBe(200);
  expect((await put('detour', at('sts.elsewhere.example'))).status).toBe(400);
});

test('a change that leaves the sign-in where it is needs no secret', async () => {
  await made('same');
  expect((await put('same', { ...at('sts.contoso.example'), logRequests: true })).status).toBe(200);
  expect(await kept('same')).toBe(secret.clientSecret);
});
