import { connectCompany } from './demo/connect';
import { whenAskedToEnd } from './demo/ending';
import { liveLine } from './demo/live-lines';
import { readOptions, type StartOptions, usage } from './demo/options';
import { statusTable, whatToTry } from './demo/screen';
import { type Stack, StackProblem, startStack } from './stack';

/** `npm start`: the whole of Tandem on one machine, with the demo company connected, until Ctrl-C. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) return console.log(usage);

  let stack: Stack | undefined;
  whenAskedToEnd(() => {
    // What is still starting ends with this process.
    if (stack === undefined) process.exit(0);
    console.log('Stopping.');
    stack.close().then(() => process.exit(0), failed);
  });

  stack = await startStack(stackOptions(options));
  await connectCompany(stack);
  console.log(`${statusTable(stack.parts)}\n\nReady after ${process.uptime().toFixed(1)} s. ${await whatToTry(stack)}\n`);
}

function stackOptions({ port, dataDirectory, traceFile, isEmpty, isQuiet }: StartOptions): Parameters<typeof startStack>[0] {
  return {
    usualPorts: true,
    ports: port === undefined ? {} : { functions: port },
    seed: isEmpty ? 'empty-company' : 'company',
    log: (line) => {
      const text = isQuiet ? null : liveLine(line);
      if (text !== null) console.log(text);
    },
    ...(dataDirectory === undefined ? {} : { dataDirectory }),
    ...(traceFile === undefined ? {} : { traceFile }),
  };
}

/** Children end with this process, however it ends. */
function failed(error: unknown): void {
  console.error(error instanceof StackProblem ? error.message : error);
  process.exit(1);
}

main().catch(failed);
