import { availableParallelism } from 'node:os';
import { play } from '../../local/simulation/play';
import { readOptions } from '../../local/simulation/runner/options';
import { share } from '../../local/simulation/runner/share';
import { storyOf } from '../../local/simulation/story-of';
import { built } from './build';

const base = 1_000;
const seeds = Number(process.env.SEEDS ?? 300);
const workers = Math.min(2, availableParallelism());

test('whatever people do and whatever goes wrong, the promises hold (promises 1 to 8)', async () => {
  const said: string[] = [];
  const options = readOptions(['--seeds', `${seeds}`, '--from', `${base}`, '--workers', `${workers}`]);
  const summary = await share(options, built('local/simulation/main.js'), (line) => said.push(line));
  expect(said).toEqual([]);
  expect(summary).toMatchObject({ seeds, failed: 0 });
}, 1_800_000);

test('the same seed makes the same trace', async () => {
  const [one, other] = [await play(storyOf(7)), await play(storyOf(7))];
  expect(other.trace).toBe(one.trace);
  expect(other.lines).toEqual(one.lines);
});
