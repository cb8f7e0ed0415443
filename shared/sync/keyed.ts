import { type Deviation, deviationKey, deviationsOf, occurrencesOf } from '../model/occurrences';

interface Lists {
  readonly base: readonly string[];
  readonly now: readonly string[];
}

/** A deviation that both sides changed differently: the losing side's element, as it stood. */
export interface LostDeviation {
  readonly loser: Name;
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
 * other stays as each has it, and once it is there again both have it as it was edited. Dates before `from` (UTC ms) stay as they are on both sides. A side that
 * may not `tell` gives nothing to the other, and what it changed itself gives way, named, to what the other did.
 */
export function mergeOccurrences(left: Lists, right: Lists, winner: Name, from: number, tells: Tells = everybody): MergedOccurrences {
  const sides = { left: sideOf(left), right: sideOf(right) };
  const result = { left: new Map(sides.left.now), right: new Map(sides.right.now) };
  const lost: LostDeviation[] = [];
  for (const date of datesOf([left.now, right.now, left.base, right.base])) {
    if (!(Date.parse(date) >= from)) continue;
    mergeDate(date, sides, { winner, tells }, { ...result, lost });
  }
  return { left: listed(left.now, result.left), right: listed(right.now, result.right), lost };
}

/**
 * True where one side changed a date that the other had deleted, so that it stayed as each has it: whoever deletes the whole series on that other side has not
 * seen the change (promise 1).
 */
export function keepsDeletedDate(one: readonly string[], other: readonly string[]): boolean {
  const deleted = new Set(deviationsOf(other).flatMap(({ originalStart, field }) => (field === 'deleted' ? [originalStart] : [])));
  return deviationsOf(one).some(({ originalStart, field }) => field !== 'deleted' && deleted.has(originalStart));
}

type Name = 'left' | 'right';
type Tells = Readonly<Record<Name, boolean>>;

const everybody: Tells = { left: true, right: true };

interface Policy {
  readonly winner: Name;
  readonly tells: Tells;
}

type Deviations = ReadonlyMap<string, Deviation>;

interface SideNow {
  readonly base: Deviations;
  readonly now: Deviations;
}

type Sides = Readonly<Record<Name, SideNow>>;

interface Outcome extends Readonly<Record<Name, Map<string, Deviation>>> {
  readonly lost: LostDeviation[];
}

function mergeDate(date: string, sides: Sides, policy: Policy, outcome: Outcome): void {
  const deletedKey = deviationKey({ originalStart: date, field: 'deleted' });
  const gone = { left: sides.left.now.has(deletedKey), right: sides.right.now.has(deletedKey) };
  if (gone.left && gone.right) return;
  if (gone.left || gone.right) {
    const [goneSide, living] = gone.left ? (['left', 'right'] as const) : (['right', 'left'] as const);
    const isNews = !sides[goneSide].base.has(deletedKey);
    if (isNews && policy.tells[goneSide] && !hasMoved(date, sides[living]))
      outcome[living].set(deletedKey, { originalStart: date, field: 'deleted', value: 'true' });
    else if (!isNews && policy.tells[living] && sides[living].base.has(deletedKey)) revive(date, outcome[goneSide], sides[living].now);
    return;
  }
  const agreed = agreedSides(date, deletedKey, sides);
  for (const key of keysOf(date, agreed)) mergeKey(key, agreed, policy, outcome);
}

/** What was said of a date while the other side had it deleted was never told, so where that date is there again, all of it is news. */
function agreedSides(date: string, deletedKey: string, { left, right }: Sides): Sides {
  const was = { left: left.base.has(deletedKey), right: right.base.has(deletedKey) };
  if (was.left === was.right) return { left, right };
  const untold = ({ base, now }: SideNow): SideNow => ({
    base: new Map([...base].filter(([, { originalStart }]) => originalStart !== date)),
    now,
  });
  return was.left ? { left, right: untold(right) } : { left: untold(left), right };
}

function mergeKey(key: string, sides: Sides, { winner, tells }: Policy, outcome: Outcome): void {
  const moved = { left: hasMovedAt(key, sides.left), right: hasMovedAt(key, sides.right) };
  const telling = (['left', 'right'] as const).filter((name) => moved[name] && tells[name]);
  const giver = telling.length === 2 ? winner : telling[0];
  if (giver === undefined) return;
  const taker = giver === 'left' ? 'right' : 'left';
  const [given, before] = [sides[giver].now.get(key), sides[taker].now.get(key)];
  if (moved[taker] && before !== undefined && before.value !== given?.value) outcome.lost.push({ loser: taker, value: elementOf(before) });
  put(outcome[taker], key, given);
}

function put(side: Map<string, Deviation>, key: string, deviation: Deviation | undefined): void {
  if (deviation === undefined) side.delete(key);
  else side.set(key, deviation);
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
