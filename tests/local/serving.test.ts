import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Counters } from '../../local/serving/counters';
import { Faults } from '../../local/serving/faults';
import { expireCursorHeader, type Service, startService } from '../../local/serving/service';
import { openTrace, type TraceLine, withoutCredentials } from '../../local/serving/trace';
import { CutConnection, jsonBody, Refusal, type WireRequest } from '../../local/serving/wire';

let clock: number;
let faults: Faults;
let counters: Counters;
let service: Service;
let served: WireRequest[];

beforeEach(async () => {
  clock = 0;
  faults = new Faults(() => clock);
  counters = new Counters();
  served = [];
  service = await startService({
    name: 'graph',
    surroundings: { faults, counters },
    handle: (request) => {
      served.push(request);
      if (request.url.pathname === '/refused') throw new Refusal({ status: 409, body: { error: 'conflict' } });
      if (request.url.pathname === '/json') return { status: 200, body: { read: jsonBody(request, { status: 400 }) } };
      return { status: 200, body: 'done' };
    },
    endpointOf: ({ method, url }) => `${method} ${url.pathname.replace(/\d+/, '{}')}`,
  });
});
afterEach(() => service.close());

async function statuses(count: number, path = '/users/1', init: RequestInit = {}): Promise<number[]> {
  const found: number[] = [];
  for (let call = 0; call < count; call += 1) found.push((await fetch(service.url + path, init)).status);
  return found;
}

describe('A fault', () => {
  test('hits from the call it names, for as many calls as it names', async () => {
    faults.add({ service: 'graph', kind: 'error', from: 2, times: 2 });
    expect(await statuses(5)).toEqual([200, 503, 503, 200, 200]);
  });

  test('ends when its time is over', async () => {
    faults.add({ service: 'graph', kind: 'error', status: 500, forMs: 1_000 });
    expect(await statuses(1)).toEqual([500]);
    clock = 1_000;
    expect(await statuses(1)).toEqual([200]);
    expect(faults.list()).toEqual([]);
  });

  test('hits only the service, method and path that it names, and counts only those', async () => {
    faults.add({ service: 'dynamics', kind: 'error' });
    faults.add({ service: 'graph', method: 'POST', path: '^/users/\\d+\\?x=1$', kind: 'error', status: 502, from: 2 });
    expect(await statuses(2, '/users/1?x=1')).toEqual([200, 200]);
    expect(await statuses(2, '/users/1', { method: 'POST' })).toEqual([200, 200]);
    expect(await statuses(2, '/users/1?x=1', { method: 'POST' })).toEqual([200, 502]);
    expect(faults.list().map(({ calls }) => calls)).toEqual([0, 2]);
  });

  test('is over when everything is cleared', async () => {
    faults.add({ service: 'graph', kind: 'error' });
    faults.clear();
    expect(await statuses(1)).toEqual([200]);
  });

  test('that throttles says for how long', async () => {
    faults.add({ service: 'graph', kind: 'throttle', retryAfterSeconds: 9, times: 1 });
    const response = await fetch(`${service.url}/users/1`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '9']);
    expect(served).toHaveLength(0);
  });

  test('that cuts before does nothing, and one that cuts after has done the work', async () => {
    faults.add({ service: 'graph', kind: 'cutBefore', times: 1 });
    await expect(fetch(`${service.url}/users/1`, { method: 'POST' })).rejects.toThrow();
    expect(served).toHaveLength(0);
    faults.clear();
    faults.add({ service: 'graph', kind: 'cutAfter', times: 1 });
    await expect(fetch(`${service.url}/users/1`, { method: 'POST' })).rejects.toThrow();
    expect(served).toHaveLength(1);
  });

  test('that times out never answers, and does not keep the service from closing', async () => {
    faults.add({ service: 'graph', kind: 'timeout', times: 1 });
    await expect(fetch(`${service.url}/users/1`, { signal: AbortSignal.timeout(20) })).rejects.toThrow();
    expect(served).toHaveLength(0);
  });

  test('that expires a cursor lets the request through and marks it', async () => {
    faults.add({ service: 'graph', kind: 'expireCursor', times: 1 });
    expect(await statuses(2)).toEqual([200, 200]);
    expect(served.map(({ headers }) => headers[expireCursorHeader])).toEqual(['true', undefined]);
  });

  test.each([{ kind: 'explode' }, { kind: 'error', status: 200 }, { kind: 'error', from: 0 }])(
    'is refused where it makes no sense: %j',
    (rule) => {
      expect(() => faults.add({ service: 'graph', ...rule } as Parameters<Faults['add']>[0])).toThrow();
    },
  );
});

describe('A service', () => {
  test('answers with what was refused deep inside', async () => {
    const response = await fetch(`${service.url}/refused`);
    expect([response.status, await response.json()]).toEqual([409, { error: 'conflict' }]);
  });

  test('reads JSON, nothing, and refuses the rest', async () => {
    const post = (body: string) => fetch(`${service.url}/json`, { method: 'POST', body });
    expect(await (await post('{"a":1}')).json()).toEqual({ read: { a: 1 } });
    expect(await (await post('')).json()).toEqual({});
    expect((await post('{')).status).toBe(400);
  });

  test('serves a batch part without a socket, with the same faults', async () => {
    const part = { method: 'GET', url: new URL('/users/1', service.url), headers: {}, body: '', part: true };
    expect((await service.serve(part)).status).toBe(200);
    faults.add({ service: 'graph', kind: 'cutBefore', times: 1 });
    await expect(service.serve(part)).rejects.toBeInstanceOf(CutConnection);
  });

  test('listens on loopback only', () => expect(service.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/));
});

describe('The counters', () => {
  test('count requests and operations by endpoint, and a batch by its parts', async () => {
    await statuses(2);
    await fetch(`${service.url}/$batch`, { method: 'POST' });
    await service.serve({ method: 'GET', url: new URL('/users/2', service.url), headers: {}, body: '', part: true });
    expect(counters.snapshot().endpoints.graph).toEqual({
      'GET /users/{}': { requests: 2, operations: 3 },
      'POST /$batch': { requests: 1, operations: 0 },
    });
    counters.reset();
    expect(counters.snapshot()).toEqual({ endpoints: {}, peaks: {} });
  });

  test('know how much ran at once', () => {
    const endBatch = counters.begin('anna', 4);
    const endOne = counters.begin('anna');
    endBatch();
    endOne();
    counters.begin('anna', 2)();
    expect(counters.snapshot().peaks).toEqual({ anna: 5 });
  });
});

describe('The trace', () => {
  const canary = 'canary-4711';
  const line: TraceLine = {
    at: '2026-01-01T00:00:00.000Z',
    service: 'identity',
    method: 'POST',
    url: 'http://127.0.0.1:1/t',
    requestHeaders: {},
    requestBody: '',
    status: 200,
    responseHeaders: {},
    responseBody: '',
  };
  const form = `grant_type=x&code=${canary}&client_secret=${canary}&refresh_token=${canary}&password=${canary}&code_verifier=${canary}`;
  const json = JSON.stringify({ access_token: canary, id_token: canary, refresh_token: `${canary}"quoted`, client_secret: canary });

  test.each<[string, Partial<TraceLine>]>([
    ['a bearer token', { requestHeaders: { authorization: `Bearer ${canary}` } }],
    ['cookies', { requestHeaders: { cookie: `s=${canary}` }, responseHeaders: { 'Set-Cookie': `s=${canary}` } }],
    ['a function key', { requestHeaders: { 'x-functions-key': canary } }],
    ['a form', { requestBody: form }],
    ['a form that begins with it', { requestBody: `client_assertion=${canary}&x=1` }],
    ['a token answer', { responseBody: json }],
    ['a code in the URL', { url: `http://127.0.0.1:1/callback?state=s&code=${canary}` }],
    ['a code in a redirect', { responseHeaders: { location: `http://127.0.0.1:1/callback?code=${canary}&state=s` } }],
    ['a code in a fragment', { responseHeaders: { location: `http://127.0.0.1:1/callback#code=${canary}&state=s` } }],
    ['a code in a page that posts itself', { responseBody: `<input type="hidden" name="code" value="${canary}">` }],
    ['a secret on its way into the vault', { service: 'keyVault', requestBody: JSON.stringify({ value: canary }) }],
    ['a secret on its way out', { service: 'keyVault', responseBody: JSON.stringify({ value: canary, id: 'x' }) }],
  ])('never shows %s', (_what, part) => {
    const written = JSON.stringify(withoutCredentials({ ...line, ...part }));
    expect(written).not.toContain(canary);
    expect(written).toContain('***');
  });

  test('keeps what is no secret', () => {
    const written = withoutCredentials({ ...line, requestBody: form, responseBody: '{"value":[{"subject":"Lunch"}]}' });
    expect(written.requestBody).toContain('grant_type=x');
    expect(written.responseBody).toContain('Lunch');
    const failed = withoutCredentials({ ...line, responseBody: '{"error":{"code":"SyncStateNotFound"}}' });
    expect(failed.responseBody).toContain('SyncStateNotFound');
  });

  test('is one line of JSON for each request', async () => {
    const file = join(tmpdir(), `trace-${process.pid}-${Date.now()}.jsonl`);
    const trace = openTrace(file);
    const traced = await startService({ name: 'graph', surroundings: { faults, counters, trace }, handle: () => ({ status: 204 }) });
    await fetch(`${traced.url}/a`, { headers: { authorization: `Bearer ${canary}` } });
    await fetch(`${traced.url}/b`);
    await traced.close();
    await trace.close();
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines.map((each) => (JSON.parse(each) as TraceLine).url)).toEqual([`${traced.url}/a`, `${traced.url}/b`]);
    expect(lines.join()).not.toContain(canary);
    await rm(file);
  });
});
