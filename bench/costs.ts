import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../local/stack/root';
import { countOccasions } from './cost-counts';
import { readFigures } from './cost-figures';
import { costPage } from './cost-page';

const help = `node dist/bench/costs.js [--figures FILE] [--measure]

  Prints docs/costs.md: what 100, 1,000 and 10,000 mailboxes take and cost in a month.

  --figures FILE  what was measured: a list, or the lines of \`npm run bench -- --json\` and of --measure (bench/figures.json)
  --measure       counts on the local stack instead, and prints a line of JSON an occasion`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { figures: { type: 'string' }, measure: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return console.log(help);
  if (values.measure) {
    for (const count of await countOccasions()) console.log(JSON.stringify(count));
    return;
  }
  const { counts, figures } = readFigures(await readFile(values.figures ?? join(projectRoot(), 'bench', 'figures.json'), 'utf8'));
  process.stdout.write(costPage(counts, figures));
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  console.error(error instanceof Error ? error.message : error);
});
