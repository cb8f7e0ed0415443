import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Part } from '../../local/stack';
import { isAlive, until } from './until';

const root = join(__dirname, '../..');

/** What `npm start` runs, on the build that `npm test` has made. */
class Started {
  private said = '';
  private readonly child: ChildProcess;

  constructor(args: readonly string[] = [], environment: NodeJS.ProcessEnv = process.env) {
    const program = join(root, 'dist', 'local', 'main.js');
    this.child = spawn(process.execPath, [program, ...args], { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
  }

  get output(): string {
    return this.said;
  }

  /** The addresses of the status table, by part. */
  async ready(): Promise<Record<string, string>> {
    await until(() => this.said.includes('Ctrl-C') || this.child.exitCode !== null);
    return Object.fromEntries([...this.said.matchAll(/^(\w+) +(\w+:\/\/\S+)/gm)].map(([, name, url]) => [name, url]));
  }

  /** Sends a signal, or only waits, and resolves with the exit code. */
  async ended(signal?: NodeJS.Signals): Promise<number | null> {
    const exited = this.child.exitCode === null && this.child.signalCode === null ? once(this.child, 'exit') : Promise.resolve();
    if (signal !== undefined) this.child.kill(signal);
    await exited;
    return this.child.exitCode;
  }
}

let started: Started | undefined;

afterEach(async () => {
  await started?.ended('SIGKILL');
});

async function json<T>(url: string, init?: RequestInit): Promise<T> {
  return (await fetch(url, init)).json() as Promise<T>;
}

async function asAnna(
  urls: Record<string, string>,
  service: 'graph' | 'dynamics',
): Promise<{ authorization: string; 'content-type': string }> {
  const token = await (await fetch(`${urls.control}/tokens/anna/${service}`)).text();
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
}

/** The titles of all tasks in Anna's mailbox. */
async function annasTasks(urls: Record<string, string>): Promise<string[]> {
  const headers = await asAnna(urls, 'graph');
  const lists = await json<{ value: { id: string }[] }>(`${urls.graph}/v1.0/me/todo/lists`, { headers });
  const tasks = lists.value.map(({ id }) =>
    json<{ value: { title: string }[] }>(`${urls.graph}/v1.0/me/todo/lists/${id}/tasks?$top=100`, { headers }),
  );
  return (await Promise.all(tasks)).flatMap(({ value }) => value.map(({ title }) => title));
}

async function pids(urls: Record<string, string>): Promise<number[]> {
  const parts = await json<Part[]>(`${urls.control}/parts`);
  return parts.flatMap(({ pid }) => pid ?? []);
}

test('what is made in Dynamics appears in Exchange, also after the host was killed, and Ctrl-C ends everything', async () => {
  started = new Started(['--empty']);
  const urls = await started.ready();
  expect(await (await fetch(`${urls.functions}/health`)).json()).toEqual({ status: 'ok' });

  const create = async (subject: string) => {
    const headers = await asAnna(urls, 'dynamics');
    return fetch(`${urls.dynamics}/api/data/v9.2/tasks`, { method: 'POST', headers, body: JSON.stringify({ subject }) });
  };
  expect((await create('Call Fabrikam')).status).toBe(204);
  await until(async () => (await annasTasks(urls)).includes('Call Fabrikam'));

  const [before = 0] = await pids(urls);
  await fetch(`${urls.control}/host/kill`, { method: 'POST' });
  expect(isAlive(before)).toBe(false);
  await create('Call Adatum');
  expect(await json(`${urls.control}/host/start`, { method: 'POST' })).toEqual({ url: urls.functions });
  await until(async () => (await annasTasks(urls)).includes('Call Adatum'));
  await until(() => /^\d\d:\d\d:\d\d {2}Anna: 1 × /m.test(started?.output ?? ''));

  const children = await pids(urls);
  expect(await started.ended('SIGINT')).toBe(0);
  expect(children.filter(isAlive)).toEqual([]);
});

test('its children end with it, even when it is killed', async () => {
  started = new Started(['--quiet']);
  const children = await pids(await started.ready());
  expect(new Set(children).size).toBe(2);
  await started.ended('SIGKILL');
  await until(() => !children.some(isAlive));
});

test('when npm is gone it ends by itself, because npm passes no signal on', async () => {
  const shell = spawn('sh', ['-c', `"${process.execPath}" dist/local/main.js; true`], {
    cwd: root,
    env: { ...process.env, npm_lifecycle_event: 'start' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  shell.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until(() => said.includes('Ctrl-C'));
  const children = await pids({ control: /control +(\S+)/.exec(said)?.[1] ?? '' });
  shell.kill('SIGKILL');
  await until(() => said.includes('Stopping.') && !children.some(isAlive));
});

test('a wrong option is said in words, with a list of what there is', async () => {
  started = new Started(['--speed', '9']);
  expect(await started.ended()).toBe(1);
  expect(started.output).toContain("Unknown option '--speed'");
  expect(started.output).toContain('--data DIR');
  expect(started.output).not.toContain('    at ');
});

test('settings of the environment do not reach the app', async () => {
  const elsewhere = {
    TENANT_ID: 'wrong',
    Tables__serviceUri: 'https://contoso.example',
    AzureWebJobsServiceBus: 'Endpoint=sb://contoso.example',
  };
  started = new Started(['--empty'], { ...process.env, ...elsewhere });
  const urls = await started.ready();
  expect((await fetch(`${urls.functions}/health`)).status).toBe(200);
});

test('with a data directory a second start goes on where the first stopped, and connects nobody twice', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'start-'));
  started = new Started(['--empty', '--data', directory]);
  const first = await started.ready();
  await fetch(`${first.dynamics}/api/data/v9.2/tasks`, {
    method: 'POST',
    headers: await asAnna(first, 'dynamics'),
    body: JSON.stringify({ subject: 'Call Fabrikam' }),
  });
  await until(async () => (await annasTasks(first)).includes('Call Fabrikam'));
  expect(await started.ended('SIGTERM')).toBe(0);

  started = new Started(['--data', directory]);
  const second = await started.ready();
  expect(second).toEqual(first);
  expect(await annasTasks(second)).toEqual(['Call Fabrikam']);
  await fetch(`${second.dynamics}/api/data/v9.2/tasks`, {
    method: 'POST',
    headers: await asAnna(second, 'dynamics'),
    body: JSON.stringify({ subject: 'Call Adatum' }),
  });
  await until(async () => (await annasTasks(second)).length === 2);
  expect(await started.ended('SIGTERM')).toBe(0);
  await rm(directory, { recursive: true });
});
