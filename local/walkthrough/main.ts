import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startStack } from '../stack';
import { Evidence } from './evidence';
import { Office } from './office';
import { story } from './story';

/** Everything is asked for once a second, so that the story takes a minute and not an hour. */
const everySecond = {
  POLL_DYNAMICS_SCHEDULE: '* * * * * *',
  POLL_EXCHANGE_SCHEDULE: '* * * * * *',
  POLL_PERIOD_SECONDS: '1',
  EXCHANGE_BUSY_SECONDS: '1',
  EXCHANGE_TYPICAL_SECONDS: '1',
  EXCHANGE_QUIET_SECONDS: '1',
  EXCHANGE_TASKS_SECONDS: '1',
  WAKE_UP_SLOT_SECONDS: '1',
  REQUEST_TIMEOUT_SECONDS: '5',
  RETRY_FIRST_SECONDS: '1',
};

interface StepResult {
  readonly step: number;
  readonly what: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly why?: string;
}

/** Plays the story on a stack of its own, with the app of `--app` or the project's build, and prints a line a step. Exits with 1 if any step failed. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean' }, verbose: { type: 'boolean' }, trace: { type: 'string' }, app: { type: 'string' } },
  });
  const evidence = new Evidence();
  const stack = await startStack({
    settings: everySecond,
    ...(values.trace === undefined ? {} : { traceFile: values.trace }),
    ...(values.app === undefined ? {} : { appDirectory: resolve(values.app) }),
    messages: (_queue, message) => evidence.note('a queue', message),
    log: (line) => {
      evidence.note('the log of the functions host', line);
      if (values.verbose === true) console.error(line);
    },
  });
  let failed = 0;
  try {
    const office = new Office(stack, evidence);
    for (const [index, { what, play }] of story.entries()) {
      const began = Date.now();
      const why = await play(office).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      if (why !== undefined) failed += 1;
      print(
        { step: index + 1, what, ok: why === undefined, ms: Date.now() - began, ...(why === undefined ? {} : { why }) },
        values.json === true,
      );
    }
  } finally {
    await stack.close();
  }
  process.exitCode = failed === 0 ? 0 : 1;
}

function print(result: StepResult, asJson: boolean): void {
  console.log(asJson ? JSON.stringify(result) : inWords(result));
}

function inWords({ step, what, ok, ms, why }: StepResult): string {
  return `${ok ? 'ok  ' : 'FAIL'} ${String(step).padStart(2)}  ${what}  (${ms} ms)${why === undefined ? '' : `\n         ${why}`}`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
