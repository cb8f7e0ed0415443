import { play } from '../../local/simulation/play';
import { storyOf } from '../../local/simulation/story-of';

const base = 1_000;
const seeds = Number(process.env.SEEDS ?? 300);

test('whatever people do and whatever goes wrong, the promises hold (promises 1 to 8)', async () => {
  const found: object[] = [];
  for (let seed = base; seed < base + seeds; seed += 1) {
    const { wrong } = await play(storyOf(seed));
    if (wrong.length > 0) found.push({ seed, wrong });
  }
  expect(found).toEqual([]);
}, 1_800_000);

test('the same seed makes the same trace', async () => {
  const [one, other] = [await play(storyOf(7)), await play(storyOf(7))];
  expect(other.trace).toBe(one.trace);
  expect(other.lines).toEqual(one.lines);
});
