import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type Stack, startStack } from '../local/stack';

const run = promisify(execFile);
const root = join(__dirname, '..');

let directory: string;
let packaged: string;
let report: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tandem-package-'));
  packaged = join(directory, 'package');
  const { stdout } = await run(process.execPath, [join(root, 'build', 'package.mjs'), '--out', packaged]);
  report = stdout;
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('the package holds what runs and nothing else, and source maps lie beside it', async () => {
  expect((await readdir(packaged)).sort()).toEqual(['azure-identity.js', 'azure-monitor.js', 'host.json', 'index.js', 'package.json']);
  expect((await readdir(`${packaged}-maps`)).sort()).toEqual(['azure-identity.js.map', 'azure-monitor.js.map', 'index.js.map']);
  expect(await readFile(join(packaged, 'host.json'), 'utf8')).toBe(await readFile(join(root, 'host.json'), 'utf8'));
});

test('its package.json names the entry point and asks for nothing to be installed', async () => {
  const { name, version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  expect(JSON.parse(await readFile(join(packaged, 'package.json'), 'utf8'))).toEqual({ name, version, private: true, main: 'index.js' });
});

test('it has at most five megabytes, and says what takes them', async () => {
  const sizes = await Promise.all((await readdir(packaged)).map(async (name) => (await stat(join(packaged, name))).size));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(5_000_000);
  expect(report).toMatch(/Biggest parts of index\.js, kB: .*@azure\/service-bus \d+/);
});

test('what does not belong into it is found by name', async () => {
  const inputs = [
    'functions/index.ts',
    'tests/a.ts',
    'local/b.ts',
    'node_modules/jest/c.js',
    'node_modules/zod/d.js',
    'node_modules/e/node_modules/f/g.js',
  ];
  const made = {
    bundles: [
      {
        name: 'index.js',
        output: { inputs: Object.fromEntries(inputs.map((input) => [input, {}])), imports: [{ path: 'left-pad', external: true }] },
      },
    ],
    lock: { packages: { 'node_modules/jest': { dev: true }, 'node_modules/zod': {} } },
  };
  const script = `import { problemsOf } from ${JSON.stringify(pathToFileURL(join(root, 'build', 'check.mjs')).href)};
    const files = new Map([['index.js', 'x'.repeat(5_000_001)]]);
    console.log(problemsOf({ ...${JSON.stringify(made)}, files }).join('\\n'));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: root });
  expect(stdout.trim().split('\n')).toEqual([
    expect.stringContaining('5000001 bytes, more than 5000000'),
    'index.js contains tests/a.ts, which is no part of the app.',
    'index.js contains local/b.ts, which is no part of the app.',
    'index.js contains node_modules/jest/c.js, a package for development only.',
    'index.js contains node_modules/e/node_modules/f/g.js, which package-lock.json does not know.',
    'index.js needs left-pad, which is not there.',
    expect.stringContaining('Nothing asks the host for @azure/functions-core'),
  ]);
});

test('a place in the bundle is found in its source', async () => {
  const lines = (await readFile(join(packaged, 'index.js'), 'utf8')).split('\n');
  const line = lines.findIndex((text) => text.startsWith('function createParts(')) + 1;
  const { stdout } = await run(process.execPath, [join(root, 'build', 'where.mjs'), `index.js:${line}:10`, '--maps', `${packaged}-maps`]);
  expect(stdout).toMatch(/^shared[\\/]services\.ts:\d+:\d+$/m);
});

test('it starts in the functions host, with every function of the project, and is healthy', async () => {
  const lines: string[] = [];
  const stack: Stack = await startStack({ appDirectory: packaged, seed: 'empty-company', log: (line) => lines.push(line) });
  try {
    const answer = await fetch(`${stack.hostUrl}/health`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
    const started = lines.filter((line) => line.includes('functions: ')).join('\n');
    for (const name of ['pollDynamics', 'pollExchange', 'heartbeat', 'dailySweep', 'pollSource', 'syncMailbox', 'enableMailbox']) {
      expect(started).toContain(`functions: ${name} (`);
    }
  } finally {
    await stack.close();
  }
});

test('the library for managed identities is loaded from its own file', () => {
  const own = require(join(packaged, 'azure-identity.js'));
  expect(new own.ManagedIdentityCredential({ clientId: '00000000-0000-4000-8000-000000000001' })).toHaveProperty('getToken');
});
