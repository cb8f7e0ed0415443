import type { Around, Effect } from './worker';

export class Crash extends Error {}

/** How much of the effect at which a process dies still happens: nothing, all of it, or the first half of a batch. */
export const moments = ['before', 'after', 'half way'] as const;
export type Moment = (typeof moments)[number];

/** A place in the life of a process: the n-th effect of one kind, such as the second `journal submitTransaction`. */
export interface Point {
  /** Null counts effects of every kind. */
  readonly what: string | null;
  readonly nth: number;
  readonly moment: Moment;
}

/** A process that dies at a point, and does nothing more. Without a point it lives and only remembers what it did. */
export class Mortal {
  readonly effects: Effect[] = [];
  dead = false;
  private left: number;

  constructor(private readonly point: Point | null) {
    this.left = point?.nth ?? 0;
  }

  readonly around: Around = async (effect, run) => {
    if (this.dead) throw new Crash();
    if (!effect.writes) return run();
    this.effects.push(effect);
    const counts = this.point !== null && (this.point.what === null || this.point.what === effect.what);
    if (counts && --this.left === 0) return this.die(effect, run);
    const result = await run();
    if (this.dead) throw new Crash();
    return result;
  };

  private async die(effect: Effect, run: () => Promise<unknown>): Promise<never> {
    this.dead = true;
    if (this.point?.moment === 'after') await run();
    if (this.point?.moment === 'half way') await effect.half();
    throw new Crash();
  }
}

/** Of one kind that a round does over and over, such as clearing inbox rows, so many are told apart. */
const mostAlike = 4;

/** The points at which a process that did all this could have died. Only a batch of several parts can be cut half way. */
export function pointsOf(effects: readonly Effect[]): Point[] {
  const counts = new Map<string, number>();
  return effects.flatMap(({ what, parts }) => {
    const nth = (counts.get(what) ?? 0) + 1;
    counts.set(what, nth);
    if (nth > mostAlike) return [];
    return moments.filter((moment) => moment !== 'half way' || parts > 1).map((moment) => ({ what, nth, moment }));
  });
}

/** Numbers from 0 up to 1 that follow from a seed (Tommy Ettinger's mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The items in an order that chance gives them. */
export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((left, right) => left.at - right.at)
    .map(({ item }) => item);
}
