import { readOptions } from '../../local/simulation/runner/options';
import { shrink } from '../../local/simulation/runner/shrink';
import { storyOf } from '../../local/simulation/story-of';

test('the options say what they are, and what is wrong with them', () => {
  expect(readOptions(['--seeds', '20', '--from', '7', '--twice'])).toMatchObject({
    seeds: 20,
    from: 7,
    workers: 1,
    twice: true,
    story: null,
  });
  expect(readOptions(['--story', '9', '--steps', '1,4', '--faults='])).toMatchObject({ story: 9, steps: [1, 4], faults: [] });
  expect(() => readOptions(['--seeds', 'many'])).toThrow("--seeds takes whole numbers from 1 to 10000000, not 'many'.");
});

test('the same seed tells the same story, and another seed another one', () => {
  expect(storyOf(11)).toEqual(storyOf(11));
  expect(storyOf(12).steps).not.toEqual(storyOf(11).steps);
});

test('a story is shrunk to the steps and faults without which it no longer fails', async () => {
  const story = storyOf(2);
  const needed = [story.steps[1]?.id, story.steps.at(-1)?.id];
  const fault = story.faults[0]?.id;
  const fails = async ({ steps, faults }: typeof story) =>
    needed.every((id) => steps.some((step) => step.id === id)) && faults.some(({ id }) => id === fault);
  const small = await shrink(story, fails, { until: 1, now: () => 0 });
  expect(small.steps.map(({ id }) => id)).toEqual(needed);
  expect(small.faults.map(({ id }) => id)).toEqual([fault]);
});

test('a search for a smaller story ends when its time is up', async () => {
  const story = storyOf(2);
  let asked = 0;
  const fails = async () => {
    asked += 1;
    return false;
  };
  expect(await shrink(story, fails, { until: 3, now: () => asked })).toEqual(story);
  expect(asked).toBe(3);
});
