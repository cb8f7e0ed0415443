import { readOptions } from './runner/options';
import { run, tellOne } from './runner/run';
import { share } from './runner/share';

/** `npm run simulate -- --seeds N [--from S]`: plays seeded stories and says which promises did not hold. The last line is JSON; exit code 1 where any failed. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const say = (line: string): void => console.log(line);
  const summary =
    options.story !== null
      ? await tellOne(options.story, options, say)
      : options.workers > 1
        ? await share(options, __filename, say)
        : await run(options, say);
  say(JSON.stringify(summary));
  process.exitCode = summary.failed > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
