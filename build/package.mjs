import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleApp } from './bundle.mjs';
import { problemsOf, sizeOf } from './check.mjs';

const help = `npm run package -- [--out DIR]

  --out DIR   where what is deployed is put (dist/package); what was there goes. Source maps are put into DIR-maps`;

const root = dirname(import.meta.dirname);

/** Makes the directory that is deployed. Nothing is left there where it may not be deployed. */
async function main() {
  const { values } = parseArgs({ options: { out: { type: 'string', default: join('dist', 'package') }, help: { type: 'boolean' } } });
  if (values.help) return console.log(help);
  const out = resolve(root, values.out);
  const maps = `${out}-maps`;
  for (const directory of [out, maps]) await rm(directory, { recursive: true, force: true });

  const bundles = await bundleApp(root);
  const files = new Map([
    ...bundles.map(({ name, code }) => [name, code]),
    ['host.json', await readFile(join(root, 'host.json'), 'utf8')],
    ['package.json', await packageJson()],
  ]);
  const problems = problemsOf({ files, bundles, lock: await json('package-lock.json') });
  if (problems.length > 0) throw new Error(`The package may not be deployed:\n${problems.join('\n')}`);

  await write(out, files);
  await write(maps, new Map(bundles.map(({ name, map }) => [`${name}.map`, map])));
  console.log(report(out, files, bundles));
}

/** All that the host reads of it is the entry point. There is nothing to install, so there are no dependencies. */
async function packageJson() {
  const { name, version } = await json('package.json');
  return `${JSON.stringify({ name, version, private: true, main: 'index.js' }, null, 2)}\n`;
}

async function json(name) {
  return JSON.parse(await readFile(join(root, name), 'utf8'));
}

async function write(directory, files) {
  await mkdir(directory, { recursive: true });
  for (const [name, text] of files) await writeFile(join(directory, name), text);
}

function report(out, files, bundles) {
  const lines = [...files].map(([name, text]) => `${kilobytes(Buffer.byteLength(text))}  ${name}`);
  const biggest = bundles.map(
    ({ name, output }) =>
      `\nBiggest parts of ${name}, kB: ${partsOf(output)
        .slice(0, 12)
        .map(([part, bytes]) => `${part} ${Math.round(bytes / 1_000)}`)
        .join(', ')}`,
  );
  return `${lines.join('\n')}\n${kilobytes(sizeOf(files))}  in ${out}; source maps for "node build/where.mjs" in ${basename(out)}-maps\n${biggest.join('\n')}`;
}

/** Bytes by package, the biggest first. */
function partsOf({ inputs }) {
  const parts = new Map();
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const part = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path.split('/')[0];
    parts.set(part, (parts.get(part) ?? 0) + bytesInOutput);
  }
  return [...parts].sort(([, one], [, other]) => other - one);
}

function kilobytes(bytes) {
  return `${(bytes / 1_000).toFixed(0).padStart(6)} kB`;
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
