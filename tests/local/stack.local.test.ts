import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TableClient } from '@azure/data-tables';
import { tokenForPerson } from '../../local/identity/sign-in';
import type { TraceLine } from '../../local/serving/trace';
import { type Stack, StackProblem, startStack } from '../../local/stack';
import { readConfig } from '../../shared/platform/config';
import { isAlive } from './until';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stack-'));
});

afterAll(() => rm(directory, { recursive: true }));

function control(stack: Stack, path: string, method = 'GET', body?: unknown): Promise<Response> {
  return fetch(stack.control.url + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

/** A request of Anna's to Dynamics. */
async function dynamics(stack: Stack, path: string, init: RequestInit = {}): Promise<Response> {
  const authorization = `Bearer ${await tokenForPerson(stack.identity, 'anna', stack.dynamics.url)}`;
  const headers = { authorization, 'content-type': 'application/json', prefer: 'return=representation' };
  return fetch(`${stack.dynamics.url}/api/data/v9.2/${path}`, { ...init, headers });
}

describe('A stack without the Functions host', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack({ host: false, settings: { SLICE_ACTIONS: '7' } });
  });

  afterAll(() => stack.close());

  test('has all its parts on ports of their own, and says what each stands in for', async () => {
    const names = ['control', 'identity', 'dynamics', 'graph', 'keyVault', 'serviceBus', 'tables', 'queues', 'blobs'];
    expect(stack.parts.map(({ name }) => name)).toEqual(names);
    expect(new Set(stack.parts.map(({ url }) => new URL(url).port)).size).toBe(names.length);
    expect(await (await control(stack, '/parts')).json()).toEqual(stack.parts);
  });

  test('gives the app settings with which it can work, and those that were asked for', () => {
    const config = readConfig(stack.settings);
    expect(config).toMatchObject({ authorityUrl: stack.identity.url, graphUrl: stack.graph.url, keyVaultUrl: stack.keyVault.url });
    expect(config).toMatchObject({ apiAudience: 'api://tandem', sliceActions: 7, pollPeriodMs: 2_000 });
  });

  test('leaves no setting open that the environment could fill', () => {
    expect(stack.settings).toMatchObject({
      Tables__serviceUri: '',
      ServiceBus__fullyQualifiedNamespace: '',
      SWEEP_SCHEDULE: '0 0 * * * *',
    });
  });

  test('counts what its services serve, and forgets it when asked', async () => {
    await control(stack, '/counters', 'DELETE');
    await dynamics(stack, 'tasks?$top=1');
    const counters = await (await control(stack, '/counters')).json();
    expect(counters).toMatchObject({ endpoints: { dynamics: { 'GET tasks': { requests: 1, operations: 1 } } } });
    await control(stack, '/counters', 'DELETE');
    expect(await (await control(stack, '/counters')).json()).toEqual({ endpoints: {}, peaks: {} });
  });

  test('misbehaves by rule, until the rules are cleared', async () => {
    const rule = { service: 'dynamics', kind: 'throttle', path: '/tasks', retryAfterSeconds: 9 };
    expect(await (await control(stack, '/faults', 'POST', rule)).json()).toEqual({ id: expect.any(Number) });
    const response = await dynamics(stack, 'tasks?$top=1');
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '9']);
    expect(await (await control(stack, '/faults')).json()).toMatchObject([{ rule, calls: 1 }]);
    await control(stack, '/faults', 'DELETE');
    expect((await dynamics(stack, 'tasks?$top=1')).status).toBe(200);
  });

  test.each([
    ['a rule that it does not understand', { service: 'dynamics', kind: 'sulk' }, 'kind'],
    ['a pattern that is none', { service: 'graph', kind: 'error', path: '(' }, 'Invalid regular expression'],
  ])('refuses %s, and says why', async (_what, rule, reason) => {
    const response = await control(stack, '/faults', 'POST', rule);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.stringContaining(reason) });
    expect(await (await control(stack, '/faults')).json()).toEqual([]);
  });

  test('passes on what each stand-in lets one do to it', async () => {
    expect(await (await control(stack, '/graph/mail', 'POST')).json()).toEqual({ count: 0, entries: [] });
    expect(await (await control(stack, '/keyVault/names', 'POST')).json()).toEqual({ living: [], deleted: [] });
    expect(await (await control(stack, '/serviceBus/counts', 'POST', { queue: 'wakeups' })).json()).toMatchObject({ active: 0 });
    const wrong = await control(stack, '/graph/moveTask', 'POST', { user: 'anna' });
    expect([wrong.status, await wrong.json()]).toEqual([400, { error: expect.stringContaining('taskId') }]);
  });

  test.each([
    ['POST', '/graph/sing', 'moveTask'],
    ['POST', '/outlook/mail', 'keyVault'],
    ['POST', '/toString/mail', 'keyVault'],
    ['GET', '/nothing', 'GET /parts'],
    ['GET', '/tokens/anna/paris', 'tandem'],
    ['GET', '/tokens/zoe/graph', 'anna, ben'],
  ])('answers %s %s with what there is', async (method, path, list) => {
    const response = await control(stack, path, method);
    expect([response.status, await response.json()]).toEqual([404, { error: expect.stringContaining(list) }]);
  });

  test('hands out tokens for people who try things', async () => {
    const token = await (await control(stack, '/tokens/ben/graph')).text();
    const me = await fetch(`${stack.graph.url}/v1.0/me/contacts?$top=1`, { headers: { authorization: `Bearer ${token}` } });
    expect(me.status).toBe(200);
  });
});

test('A stopped stack leaves no process, no port and no file', async () => {
  const files = async () => (await readdir(process.cwd())).filter((name) => name.includes('azurite'));
  const before = await files();
  const stack = await startStack({ host: false });
  const { parts } = stack;
  await stack.close();
  for (const { pid } of parts) if (pid !== undefined) expect(isAlive(pid)).toBe(false);
  for (const { url } of parts) await expect(listen(Number(new URL(url).port)).then(close)).resolves.toBeUndefined();
  expect(await files()).toEqual(before);
  await expect(stack.close()).resolves.toBeUndefined();
});

test('A port that is taken is named in one line, and nothing stays running', async () => {
  const taken = await listen(0);
  const { port } = taken.address() as { port: number };
  const starting = startStack({ host: false, ports: { graph: port } });
  await expect(starting).rejects.toThrow(StackProblem);
  await expect(starting).rejects.toThrow(`Port ${port}, wanted for graph, is taken. End what listens there, or give another port.`);
  await close(taken);
});

test('A trace that cannot be written is said at once', async () => {
  await expect(startStack({ host: false, traceFile: join(directory, 'no', 'trace.jsonl') })).rejects.toThrow('cannot be written');
});

test('The trace has a line of JSON for each request, and no credential', async () => {
  const traceFile = join(directory, 'trace.jsonl');
  const stack = await startStack({ host: false, traceFile });
  const token = await tokenForPerson(stack.identity, 'anna', stack.dynamics.url);
  await dynamics(stack, 'tasks', { method: 'POST', body: JSON.stringify({ subject: 'Buy ink' }) });
  await control(stack, '/parts');
  await stack.close();
  const text = await readFile(traceFile, 'utf8');
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TraceLine);
  const posted = lines.find(({ service, method }) => service === 'dynamics' && method === 'POST');
  expect(posted).toMatchObject({ url: `${stack.dynamics.url}/api/data/v9.2/tasks`, requestBody: '{"subject":"Buy ink"}', status: 201 });
  expect(lines.map(({ service }) => service)).toEqual(expect.arrayContaining(['identity', 'dynamics']));
  expect(lines.map(({ service }) => service)).not.toContain('control');
  expect(text).not.toContain(token);
});

test('With a data directory everything is there again after a stop, at the same addresses', async () => {
  const dataDirectory = join(directory, 'data');
  const first = await startStack({ host: false, dataDirectory });
  const created = await dynamics(first, 'tasks', { method: 'POST', body: JSON.stringify({ subject: 'Survive' }) });
  const { activityid } = (await created.json()) as { activityid: string };
  await tableOf(first).createTable();
  await tableOf(first).createEntity({ partitionKey: 'a', rowKey: 'b', value: 'kept' });
  await first.close();

  const second = await startStack({ host: false, dataDirectory });
  expect(second.parts.map(({ url }) => url)).toEqual(first.parts.map(({ url }) => url));
  expect(await (await dynamics(second, `tasks(${activityid})?$select=subject`)).json()).toMatchObject({ subject: 'Survive' });
  expect(await tableOf(second).getEntity('a', 'b')).toMatchObject({ value: 'kept' });
  await second.close();
  expect((await stat(join(dataDirectory, 'keyVault.json'))).mode & 0o077).toBe(0);
});

test('A data directory that was damaged says so, and what to do', async () => {
  const dataDirectory = join(directory, 'damaged');
  const stack = await startStack({ host: false, dataDirectory });
  await stack.close();
  for (const content of ['{"version":1,', '{"version":0}']) {
    await writeFile(join(dataDirectory, 'graph.json'), content);
    const starting = startStack({ host: false, dataDirectory });
    await expect(starting).rejects.toThrow(StackProblem);
    await expect(starting).rejects.toThrow(`Delete ${dataDirectory} to begin anew.`);
  }
});

function tableOf({ azurite }: Stack): TableClient {
  return TableClient.fromConnectionString(azurite.connectionString, 'kept', { allowInsecureConnection: true });
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
