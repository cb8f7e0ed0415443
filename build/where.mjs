import { readFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

const help = `node build/where.mjs FILE:LINE:COLUMN... [--maps DIR]

Says where a place in the deployed package comes from, such as index.js:22870:17 in a stack trace of the log.
  --maps DIR   the source maps of exactly that package (dist/package-maps)`;

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { maps: { type: 'string', default: join('dist', 'package-maps') }, help: { type: 'boolean' } },
  });
  if (values.help || positionals.length === 0) return console.log(help);
  for (const place of positionals) console.log(await sourceOf(place, values.maps));
}

async function sourceOf(place, maps) {
  const [, file, line, column] = /^\(?(.+?):(\d+):(\d+)\)?$/.exec(place) ?? [];
  if (file === undefined) throw new Error(`${place} is no place. Write FILE:LINE:COLUMN, as in a stack trace.`);
  const name = `${basename(file)}.map`;
  const map = new SourceMap(JSON.parse(await readFile(join(maps, name), 'utf8')));
  const { originalSource, originalLine, originalColumn } = map.findEntry(Number(line) - 1, Number(column) - 1);
  if (originalSource === undefined) return `${place} is not in ${name}`;
  return `${originalSource}:${originalLine + 1}:${originalColumn + 1}`;
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
