import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createDynamics } from '../../../shared/dynamics/client';
import { fetchOf, wayTo } from '../../../shared/dynamics/way';
import { IntegrationConnection } from '../../../shared/model/integration-connection';
import { systemClock } from '../../../shared/platform/clock';
import { certificates } from '../../local/certificates';

const me = '5a5e0e00-0000-4000-8000-000000000001';
const sts = 'https://sts.contoso.com/adfs';
const service = { by: 'authorizationCode', clientId: 'c', authorizationUrl: `${sts}/authorize`, tokenUrl: `${sts}/token` };

let server: Server;
let address: string;
let asked: string[];
let answer: 'whoAmI' | 'redirect' | 'nothing';

beforeAll(async () => {
  server = createServer({ key: certificates.serverKey, cert: certificates.server }, (request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`);
    if (answer === 'redirect') response.writeHead(302, { location: `${address}/elsewhere` }).end();
    else if (answer === 'whoAmI') response.setHeader('content-type', 'application/json').end(JSON.stringify({ UserId: me }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `https://localhost:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  asked = [];
  answer = 'whoAmI';
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** The client of an environment with these settings. */
function environment(connection: object, timeoutMs?: number) {
  const way = wayTo(IntegrationConnection.parse(connection));
  const more = timeoutMs === undefined ? way : { ...way, timeoutMs };
  return createDynamics({ baseUrl: address, getToken: async () => 'token', clock: systemClock, ...more }).users;
}

const trusting = { onPremises: { caBundle: certificates.authority }, service };

test('the authority of the bundle is trusted, and the Web API of an on-premises environment is asked in its version', async () => {
  expect(await environment(trusting).actingAs('service')).toBe(me);
  expect(asked).toEqual(['/api/data/v9.1/WhoAmI() Bearer token']);
});

test.each<[string, object]>([
  ['without a bundle', { onPremises: {}, service }],
  ['with that of another authority', { onPremises: { caBundle: certificates.otherAuthority }, service }],
  ['online', {}],
])('%s it is not trusted, and no token goes out', async (_, connection) => {
  await environment(trusting).actingAs('service');
  asked = [];
  await expect(environment(connection).actingAs('service')).rejects.toMatchObject({
    code: 'unavailable',
    detail: expect.stringMatching(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED/),
  });
  expect(asked).toEqual([]);
});

test('a redirect is not followed: the token goes to nobody else', async () => {
  answer = 'redirect';
  await expect(environment(trusting).actingAs('service')).rejects.toMatchObject({ code: 'unexpected-reply' });
  expect(asked).toHaveLength(1);
});

test('a request ends when its time is over', async () => {
  answer = 'nothing';
  await expect(environment(trusting, 50).actingAs('service')).rejects.toMatchObject({ code: 'timeout' });
  expect(wayTo(IntegrationConnection.parse({ timeoutSeconds: 7 })).timeoutMs).toBe(7_000);
});

test('a form is sent as what it is, and a reply without a body has none', async () => {
  const send = fetchOf(IntegrationConnection.parse(trusting));
  const reply = await send(`${address}/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'x' }) });
  expect(await reply.json()).toEqual({ UserId: me });
  await expect(send(new Request(address))).rejects.toThrow(TypeError);
});
