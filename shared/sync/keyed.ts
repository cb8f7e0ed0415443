import { type Deviation, deviationKey, deviationsOf, occurrencesOf } from '../model/occurrences';

interface Lists {
  readonly base: readonly string[];
  readonly now: readonly string[];
}

/** A deviation that both sides changed differently: the losing side's element, as it stood. */
export interface LostDeviation {
  readonly loser: 'left' | 'right';
  readonly value: string;
}

export interface MergedOccurrences {
  readonly left: readonly string[];
  readonly right: readonly string[];
  readonly lost: readonly LostDeviation[];
}

/**
 * Merges what two sides say about single dates of a series, three-way for each date and field, each side against its own base. Changed on one side: copied.
 * Changed on both: the winner's, and the loser is named. A deletion takes no edit along that it has not seen: a date deleted on one side and edited on the
 * other stays as each has it. Dates before `from` (UTC ms) stay as they are on both sides.
 */
export function mergeOccurrences(left: Lists, right: Lists, winner: 'left' | 'right', from: number): MergedOccurrences {
  const sides = { left: sideOf(left), right: sideOf(right) };
  const result = { left: new Map(sides.left.now), right: new Map(sides.right.now) };
  const lost: LostDeviation[] = [];
  for (const date of datesOf([left.now, right.now, left.base, right.base])) {
    if (!(Date.parse(date) >= from)) continue;
    mergeDate(date, sides, winner, { ...result, lost });
  }
  return { left: listed(left.now, result.left), right: listed(right.now, result.right), lost };
}

type Deviations = ReadonlyMap<string, Deviation>;

interface SideNow {
  readonly base: Deviations;
  readonly now: Deviations;
}

interface Sides {
  readonly left: SideNow;
  readonly right: SideNow;
}

interface Outcome {
  readonly left: Map<string, Deviation>;
  readonly right: Map<string, Deviation>;
  readonly lost: LostDeviation[];
}

function mergeDate(date: string, sides: Sides, winner: 'left' | 'right', outcome: Outcome): void {
  const deletedKey = deviationKey({ originalStart: date, field: 'deleted' });
  const gone = { left: sides.left.now.has(deletedKey), right: sides.right.now.has(deletedKey) };
  if (gone.left && gone.right) return;
  if (gone.left || gone.right) {
    const [goneSide, living] = gone.left ? (['left', 'right'] as const) : (['right', 'left'] as const);
    const isNews = !sides[goneSide].base.has(deletedKey);
    if (isNews && !hasMoved(date, sides[living])) remove(date, outcome[living], { originalStart: date, field: 'deleted', value: 'true' });
    else if (!isNews && sides[living].base.has(deletedKey)) revive(date, outcome[goneSide], sides[living].now);
    return;
  }
  for (const key of keysOf(date, sides)) mergeKey(key, sides, winner, outcome);
}

function mergeKey(key: string, { left, right }: Sides, winner: 'left' | 'right', outcome: Outcome): void {
  const moved = { left: hasMovedAt(key, left), right: hasMovedAt(key, right) };
  if (moved.left && moved.right) {
    if (left.now.get(key)?.value === right.now.get(key)?.value) return;
    const loser = winner === 'left' ? 'right' : 'left';
    const given = (loser === 'left' ? left : right).now.get(key);
    if (given !== undefined) outcome.lost.push({ loser, value: elementOf(given) });
    put(outcome[loser], key, (winner === 'left' ? left : right).now.get(key));
  } else if (moved.left) put(outcome.right, key, left.now.get(key));
  else if (moved.right) put(outcome.left, key, right.now.get(key));
}

function put(side: Map<string, Deviation>, key: string, deviation: Deviation | undefined): void {
  if (deviation === undefined) side.delete(key);
  else side.set(key, deviation);
}

/** A date goes with everything that was said about it. */
function remove(date: string, side: Map<string, Deviation>, deletion: Deviation): void {
  for (const [key, { originalStart }] of side) if (originalStart === date) side.delete(key);
  side.set(deviationKey(deletion), deletion);
}

/** A date that was deleted on both sides and is there again on one, as that side has it. */
function revive(date: string, side: Map<string, Deviation>, living: Deviations): void {
  side.delete(deviationKey({ originalStart: date, field: 'deleted' }));
  for (const [key, deviation] of living) if (deviation.originalStart === date) side.set(key, deviation);
}

/** True where a side said something new about a date, other than that it is gone. */
function hasMoved(date: string, side: SideNow): boolean {
  return keysOf(date, { left: side, right: side }).some((key) => hasMovedAt(key, side));
}

function hasMovedAt(key: string, { base, now }: SideNow): boolean {
  return base.get(key)?.value !== now.get(key)?.value;
}

function keysOf(date: string, { left, right }: Sides): string[] {
  const all = [left.now, left.base, right.now, right.base].flatMap((deviations) => [...deviations]);
  return [...new Set(all.filter(([, { originalStart }]) => originalStart === date).map(([key]) => key))];
}

function datesOf(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flatMap((list) => deviationsOf(list).map(({ originalStart }) => originalStart)))];
}

function sideOf({ base, now }: Lists): SideNow {
  return { base: byKey(base), now: byKey(now) };
}

function byKey(list: readonly string[]): Deviations {
  return new Map(deviationsOf(list).map((each) => [deviationKey(each), each]));
}

/** A list that did not change stays the very same, even where it holds what nobody here can read. */
function listed(before: readonly string[], deviations: Deviations): readonly string[] {
  const after = occurrencesOf([...deviations.values()]);
  const unchanged = occurrencesOf(deviationsOf(before));
  return after.length === unchanged.length && after.every((each, index) => each === unchanged[index]) ? before : after;
}

function elementOf(deviation: Deviation): string {
  return `${deviationKey(deviation)}|${deviation.value}`;
}
