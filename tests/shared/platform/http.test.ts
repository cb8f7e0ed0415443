import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TandemError } from '../../../shared/platform/errors';
import { createHttp, type HttpOptions } from '../../../shared/platform/http';
import { errorOfReply, retryAfter } from '../../../shared/platform/reply-error';

const now = Date.parse('2026-10-05T08:00:00Z');
const secret = 'canary-token';

function http(fetchLike: typeof fetch, more: Partial<HttpOptions> = {}) {
  return createHttp({ service: 'Dynamics', timeoutMs: 1_000, now: () => now, fetch: fetchLike, ...more });
}

async function errorFrom(fetchLike: typeof fetch, more: Partial<HttpOptions> = {}): Promise<TandemError> {
  const headers = { Authorization: `Bearer ${secret}` };
  const error = await http(
    fetchLike,
    more,
  )({ method: 'GET', url: 'http://127.0.0.1/x', headers }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TandemError)) throw new Error('No TandemError was thrown.');
  expect(JSON.stringify({ ...error, cause: String(error.cause), message: error.message })).not.toContain(secret);
  return error;
}

const replying = (status: number, headers: Record<string, string> = {}, body = ''): typeof fetch => {
  return async () => new Response(body === '' ? null : body, { status, headers });
};

test.each([
  [302, 'unexpected-reply', 'later'],
  [304, 'unexpected-reply', 'later'],
  [400, 'refused', 'never'],
  [401, 'unauthorized', 'later'],
  [403, 'forbidden', 'never'],
  [404, 'gone', 'now'],
  [405, 'refused', 'never'],
  [408, 'timeout', 'later'],
  [409, 'stale', 'now'],
  [410, 'cursor-expired', 'now'],
  [412, 'stale', 'now'],
  [429, 'throttled', 'later'],
  [500, 'unavailable', 'later'],
  [503, 'unavailable', 'later'],
])('a reply of %d is %s, to be tried again %s', async (status, code, retry) => {
  expect(await errorFrom(replying(status))).toMatchObject({ code, retry, status });
});

test('a reply of 2xx is handed over whole', async () => {
  const reply = await http(replying(200, { etag: 'x' }, '{}'))({ method: 'GET', url: 'http://127.0.0.1/', headers: {} });
  expect(reply).toMatchObject({ status: 200, text: '{}' });
  expect(reply.headers.get('etag')).toBe('x');
});

test('a service that is busy says how long to wait, in seconds or as a date', async () => {
  expect(await errorFrom(replying(429, { 'retry-after': '17' }))).toMatchObject({ retryAfterMs: 17_000 });
  expect(await errorFrom(replying(503, { 'retry-after': 'Mon, 05 Oct 2026 08:01:30 GMT' }))).toMatchObject({ retryAfterMs: 90_000 });
  expect(retryAfter('Mon, 05 Oct 2026 07:00:00 GMT', now)).toBe(0);
  expect(retryAfter('soon', now)).toBeUndefined();
  expect(retryAfter(null, now)).toBeUndefined();
});

test('what the service says in its body counts more than the status', async () => {
  const error = errorOfReply('Dynamics', { status: 400, headers: new Headers(), text: 'x' }, now, (_, body) => ({
    code: 'cursor-expired',
    detail: `said ${body}`,
    fix: 'Do this.',
  }));
  expect(error).toMatchObject({ code: 'cursor-expired', message: 'cursor-expired: said x', fix: 'Do this.', retry: 'now' });
});

test('a request that gets no answer in time is a time-out', async () => {
  const silent: typeof fetch = (_, init) =>
    new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
  expect(await errorFrom(silent, { timeoutMs: 20 })).toMatchObject({ code: 'timeout', retry: 'later' });
});

test('a header that fetch refuses does not appear in the error, token and all', async () => {
  const send = createHttp({ service: 'Dynamics', timeoutMs: 1_000, now: () => now });
  const error: unknown = await send({ method: 'GET', url: 'http://127.0.0.1/', headers: { Authorization: `Bearer ${secret}\n\nx` } }).catch(
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(TandemError);
  expect(`${error} ${JSON.stringify(error)} ${error instanceof Error ? error.cause : ''}`).not.toContain(secret);
});

describe('on a socket', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/cut') return void request.socket.destroy();
      response.writeHead(200, { 'content-length': '100' });
      response.write('half of it');
      if (request.url === '/cutBody') setImmediate(() => request.socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const send = (path: string, timeoutMs = 5_000) =>
    createHttp({ service: 'Dynamics', timeoutMs, now: () => now })({ method: 'GET', url: `${url}${path}`, headers: {} });

  test('a connection that is cut before or in an answer is unavailable', async () => {
    await expect(send('/cut')).rejects.toMatchObject({ code: 'unavailable', retry: 'later' });
    await expect(send('/cutBody')).rejects.toMatchObject({ code: 'unavailable', retry: 'later' });
  });

  test('an answer whose body does not end in time is a time-out', async () => {
    await expect(send('/slow', 200)).rejects.toMatchObject({ code: 'timeout', retry: 'later' });
  });

  test('nobody listening is unavailable', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const http = createHttp({ service: 'Dynamics', timeoutMs: 5_000, now: () => now });
    await expect(http({ method: 'GET', url: `http://127.0.0.1:${port}/`, headers: {} })).rejects.toMatchObject({
      code: 'unavailable',
      detail: 'ECONNREFUSED',
    });
  });
});
