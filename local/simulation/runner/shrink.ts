import type { Story } from '../story';

/** What a story consists of that it may do without. */
interface Part {
  readonly of: 'steps' | 'faults';
  readonly id: number;
}

export interface Bounds {
  /** When to stop looking, in real time, ms. */
  readonly until: number;
  readonly now: () => number;
}

/** The smallest story that was found to fail too, by leaving out ever smaller runs of steps and faults (delta debugging). */
export async function shrink(story: Story, fails: (story: Story) => Promise<boolean>, { until, now }: Bounds): Promise<Story> {
  let parts: readonly Part[] = [...partsOf(story, 'faults'), ...partsOf(story, 'steps')];
  for (let size = Math.ceil(parts.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    let at = 0;
    while (at < parts.length && now() < until) {
      const fewer = parts.toSpliced(at, size);
      if (await fails(withParts(story, fewer))) parts = fewer;
      else at += size;
    }
  }
  return withParts(story, parts);
}

function partsOf(story: Story, of: Part['of']): Part[] {
  return story[of].map(({ id }) => ({ of, id }));
}

function withParts(story: Story, parts: readonly Part[]): Story {
  const ids = (of: Part['of']): ReadonlySet<number> => new Set(parts.flatMap((part) => (part.of === of ? [part.id] : [])));
  return only(story, ids('steps'), ids('faults'));
}

/** The story with only these steps and faults; a fault whose step is left out comes before the next one. */
export function only(story: Story, steps: ReadonlySet<number> | null, faults: ReadonlySet<number> | null): Story {
  return {
    ...story,
    steps: story.steps.filter(({ id }) => steps === null || steps.has(id)),
    faults: story.faults.filter(({ id }) => faults === null || faults.has(id)),
  };
}
