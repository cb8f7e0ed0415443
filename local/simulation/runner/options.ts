import { parseArgs } from 'node:util';

/** What a run of simulations is asked for. */
export interface Options {
  /** How many stories, and the seed of the first. */
  readonly seeds: number;
  readonly from: number;
  /** Processes that share them. */
  readonly workers: number;
  /** One story to be told in full; null for a run over many. */
  readonly story: number | null;
  /** Of that story, the only steps and faults to be played; null for all. */
  readonly steps: readonly number[] | null;
  readonly faults: readonly number[] | null;
  /** Plays each story twice and wants the same trace. */
  readonly twice: boolean;
  /** Looks for a smaller story that fails as well. */
  readonly shrink: boolean;
}

const mostWorkers = 64;

/** Reads the command line. Throws an error that says what is wrong with it. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '100' },
      from: { type: 'string', default: '1' },
      workers: { type: 'string', default: '1' },
      story: { type: 'string' },
      steps: { type: 'string' },
      faults: { type: 'string' },
      twice: { type: 'boolean', default: false },
      'no-shrink': { type: 'boolean', default: false },
    },
  });
  return {
    seeds: whole('seeds', values.seeds, 1, 10_000_000),
    from: whole('from', values.from, 0, 2 ** 31),
    workers: whole('workers', values.workers, 1, mostWorkers),
    story: values.story === undefined ? null : whole('story', values.story, 0, 2 ** 31),
    steps: listOf('steps', values.steps),
    faults: listOf('faults', values.faults),
    twice: values.twice,
    shrink: !values['no-shrink'],
  };
}

function listOf(name: string, text: string | undefined): readonly number[] | null {
  if (text === undefined) return null;
  return text === '' ? [] : text.split(',').map((each) => whole(name, each, 0, 2 ** 31));
}

function whole(name: string, text: string, low: number, high: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < low || number > high)
    throw new Error(`--${name} takes whole numbers from ${low} to ${high}, not '${text}'.`);
  return number;
}
