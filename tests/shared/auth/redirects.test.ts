import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clientSecretGrant } from '../../../shared/auth/client-secret-grant';
import { createGraph } from '../../../shared/exchange/graph';
import { systemClock } from '../../../shared/platform/clock';
import { createHttp } from '../../../shared/platform/http';
import { testConfig } from '../test-config';

const secret = 'token-canary';
const timeoutMs = 5_000;

let elsewhere: Site;
let service: Site;
const heard: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];

interface Site {
  readonly url: string;
  readonly server: Server;
}

/** The service sends everybody on to another address, which remembers what it is told. */
beforeAll(async () => {
  elsewhere = await site((headers, body) => {
    heard.push({ headers, body });
    return { status: 200 };
  });
  service = await site(() => ({ status: 307, location: `${elsewhere.url}/stolen` }));
});
afterAll(() => Promise.all([elsewhere, service].map(({ server }) => new Promise((resolve) => server.close(resolve)))));
beforeEach(() => heard.splice(0));

function site(reply: (headers: IncomingHttpHeaders, body: string) => { status: number; location?: string }): Promise<Site> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += String(part);
    });
    request.on('end', () => {
      const { status, location } = reply(request.headers, body);
      response.writeHead(status, { connection: 'close', ...(location === undefined ? {} : { location }) }).end('{}');
    });
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve({ server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })),
  );
}

const ways: readonly (readonly [string, () => Promise<unknown>])[] = [
  [
    'Dynamics',
    () =>
      createHttp({ service: 'Dynamics', timeoutMs, now: Date.now })({
        method: 'GET',
        url: service.url,
        headers: { authorization: `Bearer ${secret}` },
      }),
  ],
  [
    'Graph',
    () =>
      createGraph({ baseUrl: service.url, timeoutMs, clock: systemClock, getToken: async () => secret }).batch(
        [{ method: 'GET', url: '/me', headers: {} }],
        'chained',
      ),
  ],
  ['the sign-in service', () => clientSecretGrant(testConfig({ AUTHORITY_URL: service.url }), secret, fetch, systemClock)('scope')],
];

test.each(ways)('a redirect by %s takes no token and no secret elsewhere (RFC 9700, 4.9.1)', async (_, ask) => {
  await expect(ask()).rejects.toBeDefined();
  expect(JSON.stringify(heard)).not.toContain(secret);
});
