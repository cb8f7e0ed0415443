import type { Random } from './random';

/** What Tandem gets time for after a step: nothing (the next step follows at once), one poll, one poll and what it wakes, or an hour and more. */
export const rests = ['none', 'poll', 'round', 'hour'] as const;
export type Rest = (typeof rests)[number];

/** One thing that somebody does, as data: numbers are drawn when the story is told, so that a story with a step less is still the same story. */
export interface Step {
  readonly id: number;
  readonly kind: string;
  /** The story's name of what it is done to or makes; null where it is done to nothing. */
  readonly on: string | null;
  /** Who does it: a place in the cast, counted round. */
  readonly who: number;
  /** Whatever else has to be chosen. */
  readonly pick: number;
  /** How long after the step before, ms. */
  readonly gapMs: number;
  readonly rest: Rest;
}

/** One way in which the world misbehaves from a step on. */
export interface PlannedFault {
  readonly id: number;
  readonly kind: string;
  /** The step before which it is armed. */
  readonly before: number;
  readonly pick: number;
  readonly pick2: number;
}

/** A whole life of a small company, as data: the same seed tells the same story. */
export interface Story {
  readonly seed: number;
  /** How the services behave throughout, and what the admin has decided. */
  readonly ways: Readonly<Record<string, number>>;
  readonly steps: readonly Step[];
  readonly faults: readonly PlannedFault[];
}

/** What a kind of step tells the storyteller. */
export interface KindOfStep {
  readonly name: string;
  readonly weight: number;
  /** `makes`: something that has a name from then on; `touches`: something that has one; `alone`: neither. */
  readonly about: 'makes' | 'touches' | 'alone';
}

export interface KindOfFault {
  readonly name: string;
  readonly weight: number;
}

const second = 1_000;
const largest = 2 ** 30;
/** Most lives are short: what can go wrong goes wrong within a few steps, and many short ones meet more of it than a few long ones. The rest is for what takes time. */
const isShort = 0.7;

/** Tells the story of a seed. */
export function tell(
  random: Random,
  seed: number,
  kinds: readonly KindOfStep[],
  faultKinds: readonly KindOfFault[],
  ways: readonly string[],
): Story {
  const names: string[] = [];
  const steps: Step[] = [];
  const makers = kinds.filter(({ about }) => about === 'makes');
  const count = random.chance(isShort) ? random.between(5, 14) : random.between(15, 36);
  for (let id = 0; id < count; id += 1) {
    const kind = id < 3 ? random.weighted(makers) : random.weighted(kinds);
    const on = kind.about === 'makes' ? `e${id}` : kind.about === 'touches' ? favourite(random, names) : null;
    if (kind.about === 'makes') names.push(`e${id}`);
    steps.push({ id, kind: kind.name, on, who: random.between(0, 11), pick: random.between(0, largest), ...pause(random) });
  }
  const faults: PlannedFault[] = [];
  const faulty = random.chance(0.85) ? random.between(1, 7) : 0;
  for (let id = 0; id < faulty; id += 1) {
    const kind = random.weighted(faultKinds).name;
    faults.push({ id, kind, before: random.between(0, count - 1), pick: random.between(0, largest), pick2: random.between(0, largest) });
  }
  return { seed, ways: Object.fromEntries(ways.map((way) => [way, random.between(0, largest)])), steps, faults };
}

/** Most of what happens is about the few things that everybody works on. */
function favourite(random: Random, names: readonly string[]): string {
  return random.chance(0.6) ? random.pick(names.slice(0, 3)) : random.pick(names);
}

/** People work in bursts: most steps follow the one before within seconds, some after a quiet hour or night. */
function pause(random: Random): Pick<Step, 'gapMs' | 'rest'> {
  const draw = random.next();
  if (draw < 0.35) return { gapMs: random.between(1, 8) * second, rest: 'none' };
  if (draw < 0.5) return { gapMs: random.between(3, 30) * second, rest: 'poll' };
  if (draw < 0.92) return { gapMs: random.between(3, 90) * second, rest: 'round' };
  return { gapMs: random.between(60, 30_000) * second, rest: 'hour' };
}
