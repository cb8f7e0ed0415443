import { type Played, play } from '../play';
import type { Story } from '../story';
import { storyOf } from '../story-of';
import type { Options } from './options';
import { only, shrink } from './shrink';

/** The last line of a run. */
export interface Summary {
  readonly seeds: number;
  readonly failed: number;
  readonly perSecond: number;
}

type Say = (line: string) => void;

const shrinkMs = 90_000;
/** So many failures are looked into; more only say that they are there. */
const mostShrunk = 5;
/** A long run says how far it is. */
const tellEvery = 500;

/** Plays the stories of a range of seeds and tells of each that fails. */
export async function run(options: Options, say: Say): Promise<Summary> {
  const begun = performance.now();
  let failed = 0;
  for (let seed = options.from; seed < options.from + options.seeds; seed += 1) {
    const played = await playOnce(storyOf(seed), options.twice);
    if (played.wrong.length > 0) {
      failed += 1;
      await report(played, say, options.shrink && failed <= mostShrunk);
    }
    const done = seed - options.from + 1;
    if (done % tellEvery === 0 && done < options.seeds) say(`${done} of the ${options.seeds} seeds from ${options.from}: ${failed} failed`);
  }
  return { seeds: options.seeds, failed, perSecond: perSecond(options.seeds, performance.now() - begun) };
}

/** Plays one story, or what is left of it, and tells all of it. */
export async function tellOne(seed: number, { steps, faults, twice }: Options, say: Say): Promise<Summary> {
  const begun = performance.now();
  const story = only(storyOf(seed), steps === null ? null : new Set(steps), faults === null ? null : new Set(faults));
  const played = await playOnce(story, twice);
  for (const line of played.lines) say(line);
  say(`${played.requests} requests, trace ${played.trace}`);
  for (const line of played.wrong) say(`  ${line}`);
  return { seeds: 1, failed: played.wrong.length > 0 ? 1 : 0, perSecond: perSecond(1, performance.now() - begun) };
}

export function perSecond(seeds: number, ms: number): number {
  return Math.round((seeds / Math.max(1, ms)) * 100_000) / 100;
}

/** Plays a story; twice where asked, and then another trace is a failure too. */
async function playOnce(story: Story, twice: boolean): Promise<Played> {
  const played = await play(story);
  if (!twice) return played;
  const again = await play(story);
  if (again.trace === played.trace) return played;
  return { ...played, wrong: [...played.wrong, `the same seed made another trace: ${played.trace}, then ${again.trace}`] };
}

async function report({ story, wrong }: Played, say: Say, isShrunk: boolean): Promise<void> {
  const { seed } = story;
  say(`seed ${seed} failed:`);
  for (const line of wrong) say(`  ${line}`);
  say(`  replay it: npm run simulate -- --story ${seed}`);
  if (!isShrunk) return;
  const first = kindOf(wrong);
  const fails = async (smaller: Story): Promise<boolean> => kindOf((await play(smaller)).wrong) === first;
  const small = await shrink(story, fails, { until: performance.now() + shrinkMs, now: () => performance.now() });
  const played = await play(small);
  say(`  a smaller one, ${small.steps.length} of ${story.steps.length} steps and ${small.faults.length} of ${story.faults.length} faults:`);
  for (const line of [...played.lines, ...played.wrong]) say(`    ${line}`);
  const ids = (parts: readonly { readonly id: number }[]): string => parts.map(({ id }) => id).join(',');
  say(`  replay it: npm run simulate -- --story ${seed} --steps ${ids(small.steps)} --faults=${ids(small.faults)}`);
}

/** What a failure is about: the promise, without its particulars. */
function kindOf(wrong: readonly string[]): string {
  return /^promise \d/.exec(wrong[0] ?? '')?.[0] ?? (wrong.length === 0 ? '' : 'other');
}
