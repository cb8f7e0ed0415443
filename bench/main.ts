import { parseArgs } from 'node:util';
import { feed } from './feed';
import { type Figure, type Goal, heading, lineOf } from './figures';
import { type IdleCounts, idle } from './idle';
import { overhead } from './overhead';
import { perChange } from './per-change';
import { push } from './push';
import { recordLoad } from './record-load';
import type { AppRequest } from './requests';
import { start } from './start';

const goals: readonly Goal[] = [3, 4, 5, 6, 7, 9, 10];
/** About what a request to a service in the same region of the cloud takes. */
const usualLatencyMs = '60';
const leastRecords = 100;

const help = `npm run bench -- [--json] [--records N] [start] [--only 3,4,5,6,7,9,10] [--latency MS] [--evidence]

  start         the same as --only 10
  --json        one line of JSON a figure
  --records N   records in step, at least ${leastRecords} (1000)
  --only LIST   goals to measure
  --latency MS  how long an operation of Dynamics and Exchange takes for goal 6 (${usualLatencyMs}); 0 is measured as well
  --evidence    also which requests were made, on standard error`;

interface Options {
  readonly json: boolean;
  readonly records: number;
  readonly only: readonly Goal[];
  readonly latencyMs: number;
  readonly evidence: boolean;
}

function readOptions(): Options | null {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      records: { type: 'string', default: '1000' },
      only: { type: 'string', default: goals.join(',') },
      latency: { type: 'string', default: usualLatencyMs },
      evidence: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const strange = positionals.find((each) => each !== 'start');
  if (strange !== undefined) throw new RangeError(`There is no "${strange}" to measure. --help tells what there is.`);
  const asked = positionals.includes('start') ? [10] : values.only.split(',').map(Number);
  const unknown = asked.find((goal) => !goals.some((each) => each === goal));
  if (unknown !== undefined) throw new RangeError(`--only takes ${goals.join(', ')}.`);
  return {
    json: values.json,
    records: whole('records', values.records, leastRecords),
    only: goals.filter((goal) => asked.includes(goal)),
    latencyMs: whole('latency', values.latency, 0),
    evidence: values.evidence,
  };
}

function whole(name: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least) throw new RangeError(`--${name} takes a whole number from ${least}.`);
  return number;
}

/** Prints each figure as soon as it is there. A missed limit is a result; only a measurement that fails makes the program fail. */
async function main(): Promise<void> {
  const options = readOptions();
  if (options === null) return console.log(help);
  if (!options.json) console.log(heading);
  for (const measure of measurements(options)) {
    try {
      for (const each of await measure()) console.log(lineOf(each, options.json));
    } catch (error) {
      process.exitCode = 1;
      console.error(error instanceof Error ? error.message : error);
    }
  }
}

function measurements({ records, only, latencyMs, evidence }: Options): (() => Promise<Figure[]>)[] {
  const tell = (window: string, facts: object): void => {
    if (evidence) console.error(`-- ${window}\n${JSON.stringify(facts, null, 2)}`);
  };
  const measuring = (goal: Goal): (() => Promise<Figure[]>)[] => {
    switch (goal) {
      case 3:
        return [() => push()];
      case 4:
        return [() => perChange({ records, evidence: (window, requests) => tell(window, summary(requests)) })];
      case 5:
        return [() => idle({ records, evidence: (window: string, counts: IdleCounts) => tell(window, counts) })];
      case 6:
        return [...new Set([latencyMs, 0])].map((each) => () => overhead({ records, latencyMs: each, evidence: tell }));
      case 7:
        return [() => recordLoad(tell)];
      case 9:
        return [() => feed(tell)];
      case 10:
        return [() => start(tell)];
    }
  };
  return only.flatMap(measuring);
}

/** How often what was asked, polls apart; ids and texts are left out. */
function summary(requests: readonly AppRequest[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind, method, path, service } of requests.flatMap(({ operations }) => operations)) {
    if (kind === 'poll') continue;
    const shape = path
      .replace(/(users|lists|tasks|events|(?<!Folders\/)contacts)\/(?!delta)[^/?]+/g, '$1/{}')
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, '{}')
      .replace(/(?<=token=)[^&]+/gi, '{}');
    const label = `${kind}: ${service} ${method} ${shape.replace(/(%7B%7D|\{\})(%22%2C%22|","|%2C)*/g, '{}').slice(0, 140)}`;
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return counts;
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  console.error(error instanceof Error ? error.message : error);
});
