import { type Deviation, deviationKey, deviationsOf, type OccurrenceField, occurrencesOf } from '../model/occurrences';

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
 * other stays as each has it, and once it is there again both have it as it was edited. A date that a side has closed takes no edits: they stay on the other side
 * until it is open again. Dates before `from` (UTC ms) stay as they are on both sides. A side that may not `tell` gives nothing to the other, and what it changed
 * itself gives way, named, to what the other did.
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
 * True where one side changed a date that the other had deleted or closed, so that it stayed as each has it: whoever deletes the whole series on that other side
 * has not seen the change (promise 1).
 */
export function keepsUntoldDate(one: readonly string[], other: readonly string[]): boolean {
  const [mine, theirs] = [byKey(one), byKey(other)];
  const keepsDeleted = ({ originalStart, field }: Deviation): boolean =>
    field !== 'deleted' && theirs.has(deviationKey({ originalStart, field: 'deleted' }));
  return [...mine.values()].some((each) => keepsDeleted(each) || untoldOf(each.originalStart, mine, theirs).length > 0);
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
    const isSeen = !hasMoved(date, sides[living]) && untoldOf(date, sides[living].base, sides[goneSide].base).length === 0;
    if (isNews && policy.tells[goneSide] && isSeen)
      outcome[living].set(deletedKey, { originalStart: date, field: 'deleted', value: 'true' });
    else if (!isNews && policy.tells[living] && sides[living].base.has(deletedKey)) revive(date, outcome[goneSide], sides[living].now);
    return;
  }
  const agreed = agreedSides(date, deletedKey, sides);
  for (const key of keysOf(date, agreed)) mergeKey(key, date, agreed, policy, outcome);
}

/** What was said of a date while the other side had it deleted or closed was never told, so where that date is there or open again, it is news. */
function agreedSides(date: string, deletedKey: string, { left, right }: Sides): Sides {
  const was = { left: left.base.has(deletedKey), right: right.base.has(deletedKey) };
  if (was.left === was.right) return { left: withUntold(date, left, right), right: withUntold(date, right, left) };
  const untold = ({ base, now }: SideNow): SideNow => ({
    base: new Map([...base].filter(([, { originalStart }]) => originalStart !== date)),
    now,
  });
  return was.left ? { left, right: untold(right) } : { left: untold(left), right };
}

function withUntold(date: string, mine: SideNow, theirs: SideNow): SideNow {
  if (isClosed(date, theirs.now)) return mine;
  const base = new Map(mine.base);
  for (const key of untoldOf(date, mine.base, theirs.base)) put(base, key, theirs.base.get(key));
  return { base, now: mine.now };
}

/** Fields of which a copy may hold something else without anybody's edit: how a closed date shows, and lists that are kept from whom they would mail. */
const apart: readonly OccurrenceField[] = ['status', 'requiredAttendees', 'optionalAttendees'];

/** What one side holds of a date that the other has closed, and could not be told. */
function untoldOf(date: string, mine: Deviations, theirs: Deviations): string[] {
  if (!isClosed(date, theirs)) return [];
  return [...mine].flatMap(([key, { originalStart, field, value }]) =>
    originalStart === date && !apart.includes(field) && theirs.get(key)?.value !== value ? [key] : [],
  );
}

/** True for a date that was completed or canceled by itself, which only Dynamics knows: its row takes no edits any more. */
function isClosed(date: string, side: Deviations): boolean {
  const status = side.get(statusOn(date))?.value;
  return status === 'completed' || status === 'canceled';
}

function statusOn(originalStart: string): string {
  return deviationKey({ originalStart, field: 'status' });
}

function mergeKey(key: string, date: string, sides: Sides, { winner, tells }: Policy, outcome: Outcome): void {
  const moved = { left: hasMovedAt(key, sides.left), right: hasMovedAt(key, sides.right) };
  const telling = (['left', 'right'] as const).filter((name) => moved[name] && tells[name]);
  // That a date is over is told whatever the other side says of how it shows, as of a whole record.
  const ender = key === statusOn(date) ? telling.find((name) => isClosed(date, sides[name].now)) : undefined;
  const giver = telling.length === 2 ? (ender ?? winner) : telling[0];
  if (giver === undefined) return;
  const taker = giver === 'left' ? 'right' : 'left';
  if (isClosed(date, sides[taker].now)) return;
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
