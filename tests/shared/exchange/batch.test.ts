import { runChain } from '../../../shared/exchange/batch';
import { createGraph, type GraphPart } from '../../../shared/exchange/graph';
import { get } from '../../../shared/exchange/requests';
import { systemClock } from '../../../shared/platform/clock';
import { brokenGraph, fakeGraph, refusal } from './fake-graph';

const parts = (count: number): GraphPart[] => Array.from({ length: count }, (_, index) => get(`/users/u/things/${index}`));
const codes = async (answers: ReturnType<typeof runChain>) => (await answers).map((answer) => (answer.ok ? 'ok' : answer.error.code));

test('every part waits for the one before it, and replies are found by id', async () => {
  const { graph, sent, headers } = fakeGraph(({ url }) => ({ status: 200, body: { url } }));
  const answers = await runChain(graph, parts(3));
  expect(answers).toEqual([0, 1, 2].map((index) => ({ ok: true, body: { url: `/users/u/things/${index}` } })));
  expect(sent[0]?.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
    ['1', undefined],
    ['2', ['1']],
    ['3', ['2']],
  ]);
  expect(sent[0]?.every((part) => part.headers.Prefer?.includes('IdType="ImmutableId"'))).toBe(true);
  expect(headers[0]?.get('authorization')).toBe('Bearer token');
});

test('more than twenty parts are several batches', async () => {
  const { graph, sent } = fakeGraph(() => ({ status: 200, body: {} }));
  expect(await codes(runChain(graph, parts(45)))).toEqual(Array(45).fill('ok'));
  expect(sent.map((batch) => batch.length)).toEqual([20, 20, 5]);
});

test('what a failed part held up is sent again without it', async () => {
  const { graph, sent } = fakeGraph(({ url }) => (url.endsWith('/1') ? refusal(404, 'ErrorItemNotFound') : { status: 200, body: {} }));
  expect(await codes(runChain(graph, parts(4)))).toEqual(['ok', 'gone', 'ok', 'ok']);
  expect(sent.map((batch) => batch.map(({ url }) => url))).toEqual([
    ['/users/u/things/0', '/users/u/things/1', '/users/u/things/2', '/users/u/things/3'],
    ['/users/u/things/2', '/users/u/things/3'],
  ]);
});

test.each([
  ['throttled', refusal(429, 'ApplicationThrottled', { 'Retry-After': '7' }), 7_000],
  ['unavailable', refusal(503, 'ServiceUnavailable'), undefined],
])('after a part that was %s the rest of the chain is not sent and shares the error', async (code, reply, retryAfterMs) => {
  const { graph, sent } = fakeGraph(({ url }) => (url.endsWith('/1') ? reply : { status: 200, body: {} }));
  const answers = await runChain(graph, parts(30));
  expect(answers.map((answer) => (answer.ok ? 'ok' : answer.error.code))).toEqual(['ok', ...Array(29).fill(code)]);
  expect(answers[29]).toMatchObject({ error: { retry: 'later', retryAfterMs } });
  expect(sent).toHaveLength(1);
});

test('a mailbox that is throttled does not hold up the others in its chain', async () => {
  const { graph, sent } = fakeGraph(({ url }) => (url === '/users/a/1' ? refusal(429, 'ApplicationThrottled') : { status: 200, body: {} }));
  const mixed = ['a/1', 'b/1', 'a/2', 'b/2'].map((path) => get(`/users/${path}`));
  expect(await codes(runChain(graph, mixed))).toEqual(['throttled', 'ok', 'throttled', 'ok']);
  expect(sent).toHaveLength(2);
});

test('a chain whose request as a whole fails tells every part so', async () => {
  const throttled = brokenGraph(async () =>
    Response.json({ error: { code: 'TooManyRequests' } }, { status: 429, headers: { 'retry-after': '3' } }),
  );
  expect(await runChain(throttled, parts(2))).toMatchObject(
    Array(2).fill({ ok: false, error: { code: 'throttled', retryAfterMs: 3_000 } }),
  );

  const cut = brokenGraph(async () => Promise.reject(new TypeError('fetch failed')));
  expect(await codes(runChain(cut, parts(2)))).toEqual(['unavailable', 'unavailable']);

  const silly = brokenGraph(async () => new Response('<html>', { status: 200 }));
  expect(await codes(runChain(silly, parts(1)))).toEqual(['unexpected-reply']);
});

test('a request that is not answered in time is a time-out, and nobody knows whether it happened', async () => {
  const never: typeof fetch = (_url, init) =>
    new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
  const graph = createGraph({ baseUrl: 'http://127.0.0.1:1', getToken: async () => 't', timeoutMs: 20, clock: systemClock, fetch: never });
  const alive = setInterval(() => {}, 1_000);
  const found = await codes(runChain(graph, parts(1)));
  clearInterval(alive);
  expect(found).toEqual(['timeout']);
});

test('a link is followed only to where Graph is', () => {
  const { graph } = fakeGraph(() => ({ status: 200 }));
  expect(graph.relative('https://graph.example/v1.0/users/u/contacts?$skip=10')).toBe('/users/u/contacts?$skip=10');
  expect(graph.relative('/users/u/contacts')).toBe('/users/u/contacts');
  for (const link of [
    'https://evil.example/v1.0/users/u',
    'https://graph.example.evil.example/v1.0/users',
    'https://graph.example/beta/users',
  ]) {
    expect(() => graph.relative(link)).toThrow('unexpected-reply');
  }
});
