import { parseArgs } from 'node:util';
import { messageOf, StackProblem } from '../stack/problem';

export interface StartOptions {
  /** The port of the Functions host. */
  readonly port: number | undefined;
  readonly dataDirectory: string | undefined;
  readonly traceFile: string | undefined;
  readonly isEmpty: boolean;
  readonly isQuiet: boolean;
}

export const usage = [
  'npm start -- [options]',
  '  --port N      port of the Functions host (7071 where it is free, else any)',
  '  --data DIR    keep all state in DIR, and go on from it (in memory otherwise)',
  '  --trace FILE  append each request that the stand-ins serve to FILE, a line of JSON each',
  '  --empty       people only: no accounts, contacts, tasks or appointments',
  '  --quiet       no line for each thing that syncs',
  '  --help        this list',
].join('\n');

/** Reads the command line; null where only help is wanted. Throws StackProblem with the list of what there is. */
export function readOptions(args: readonly string[]): StartOptions | null {
  const values = parse(args);
  if (values.help === true) return null;
  return {
    port: values.port === undefined ? undefined : portOf(values.port),
    dataDirectory: values.data,
    traceFile: values.trace,
    isEmpty: values.empty ?? false,
    isQuiet: values.quiet ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        trace: { type: 'string' },
        empty: { type: 'boolean' },
        quiet: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    return values;
  } catch (error) {
    const [reason = ''] = messageOf(error).split('. ');
    throw new StackProblem(`${reason}. There is:\n${usage}`);
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new StackProblem(`--port ${text} is no port. Write a number from 1 to 65535.`);
}
