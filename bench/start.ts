import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import * as nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../local/stack/root';
import { type Figure, figure } from './figures';
import type { Loaded } from './load-once';

const run = promisify(execFile);

/** Of each way to load; they take turns, so that a busy moment of the machine meets all of them. */
const rounds = 11;
const ratioLimit = 0.333;
const megabytesLimit = 5;

/** A way to load the app: its entry point, and what it loads for the first token. */
interface Way {
  readonly name: string;
  readonly entry: string;
  readonly identity: string;
  readonly how: 'require' | 'import';
  /** Where V8 keeps what it compiled, if it does. */
  readonly compileCache?: string;
}

/**
 * Goal 10: how long a fresh process takes to load what is deployed, beside the same app as built from its sources with its packages in node_modules. Files
 * are in the page cache. The compile cache, where Node has one (22 and later), is filled before; it is told as evidence, because an instance that has
 * just been made has none.
 */
export async function start(evidence: (window: string, facts: Readonly<Record<string, number>>) => void): Promise<Figure[]> {
  const root = projectRoot();
  const directory = await mkdtemp(join(tmpdir(), 'tandem-start-'));
  try {
    const out = join(directory, 'package');
    await run(process.execPath, [join(root, 'build', 'package.mjs'), '--out', out]);
    const packaged = { name: 'package', entry: join(out, 'index.js'), identity: join(out, 'azure-identity.js'), how: 'require' } as const;
    const unbundled = {
      name: 'dist and node_modules',
      entry: join(root, 'dist', 'functions', 'index.js'),
      identity: '@azure/identity',
      how: 'import',
    } as const;
    const cached = hasCompileCache()
      ? [packaged, unbundled].map((way) => ({ ...way, name: `${way.name}, compiled before`, compileCache: directory }))
      : [];

    const took = await measure([packaged, unbundled, ...cached]);
    const median = (way: Way, what: keyof Loaded): number => medianOf((took.get(way.name) ?? []).map((each) => each[what]));
    for (const way of [packaged, unbundled, ...cached]) {
      evidence(`loading: ${way.name}`, { startMs: whole(median(way, 'startMs')), withIdentityMs: whole(median(way, 'withIdentityMs')) });
    }
    const ratio = (what: keyof Loaded): number => median(packaged, what) / median(unbundled, what);
    return [
      figure(10, 'loading the package: time / time of loading dist and node_modules', ratio('startMs'), ratioLimit),
      figure(10, 'the same, with what the first token of a managed identity loads', ratio('withIdentityMs'), ratioLimit),
      figure(10, 'size of the package, MB', (await bytesIn(out)) / 1_000_000, megabytesLimit),
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function measure(ways: readonly Way[]): Promise<Map<string, Loaded[]>> {
  const took = new Map<string, Loaded[]>(ways.map(({ name }) => [name, []]));
  for (const way of ways) await load(way);
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ways) took.get(way.name)?.push(await load(way));
  }
  return took;
}

async function load({ entry, identity, how, compileCache }: Way): Promise<Loaded> {
  const { PATH } = process.env;
  const env = { PATH, ...(compileCache === undefined ? {} : { NODE_COMPILE_CACHE: compileCache }) };
  const { stdout } = await run(process.execPath, [join(__dirname, 'load-once.js'), entry, identity, how], { env });
  return JSON.parse(stdout) as Loaded;
}

function hasCompileCache(): boolean {
  return 'enableCompileCache' in nodeModule;
}

function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function whole(ms: number): number {
  return Math.round(ms);
}

async function bytesIn(directory: string): Promise<number> {
  const sizes = await Promise.all((await readdir(directory)).map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
