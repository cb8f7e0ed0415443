/** One step from an old list to a new one: a removal (`fresh` is null), an addition (`old` is null), or a replacement in place. */
interface Step {
  readonly old: string | null;
  readonly fresh: string | null;
}

type Replacement = Step & { readonly fresh: string };

/** An element that both sides replaced differently: the losing side's value. */
export interface LostElement {
  readonly loser: 'left' | 'right';
  readonly value: string;
}

export interface MergedLists {
  readonly left: readonly string[];
  readonly right: readonly string[];
  readonly lost: readonly LostElement[];
}

interface Lists {
  readonly base: readonly string[];
  readonly now: readonly string[];
}

/**
 * Applies what changed in each of two lists, against its own base, to the other. An element that only one list holds and nobody removed is never taken away;
 * one that both replaced differently follows the winner, and the loser is named; an addition or a replacement beats a removal. An element that stands
 * twice counts once.
 */
export function mergeLists(left: Lists, right: Lists, winner: 'left' | 'right'): MergedLists {
  const lost: LostElement[] = [];
  const give = (loser: 'left' | 'right') => (value: string) => void lost.push({ loser, value });
  const mergedLeft = follow(left, right, winner === 'left' ? null : give('left'));
  const mergedRight = follow(right, left, winner === 'right' ? null : give('right'));
  const giver = orderFrom(left, right, winner);
  if (!isReordered(giver === 'left' ? left : right) && !agreeInOrder(left.base, right.base))
    return { left: mergedLeft, right: mergedRight, lost };
  return giver === 'left'
    ? { left: mergedLeft, right: inOrderOf(mergedRight, mergedLeft), lost }
    : { left: inOrderOf(mergedLeft, mergedRight), right: mergedRight, lost };
}

/** The same for lists whose order means nothing and of whose elements none takes another one's place; sorted. */
export function mergeSets(left: Lists, right: Lists): Omit<MergedLists, 'lost'> {
  return { left: united(left, right), right: united(right, left) };
}

function united(mine: Lists, theirs: Lists): string[] {
  const kept = mine.now.filter((each) => !mine.base.includes(each) || !theirs.base.includes(each) || theirs.now.includes(each));
  const added = theirs.now.filter((each) => !theirs.base.includes(each));
  return distinct([...kept, ...added]).sort();
}

/** The first list after what the second one did. `giveUp` takes what the first has to give up where both replaced the same; null where it wins. */
function follow(mine: Lists, theirs: Lists, giveUp: ((value: string) => void) | null): string[] {
  const own = steps(mine);
  const added = new Set(own.map(({ fresh }) => fresh));
  const result = [...mine.now];
  const exchange = (at: number, fresh: string | null): void => {
    if (fresh !== null && !result.includes(fresh)) result.splice(at < 0 ? result.length : at, 1, fresh);
    else if (at >= 0) result.splice(at, 1);
  };
  const placeOf = (element: string | null): number => (element === null || theirs.now.includes(element) ? -1 : result.indexOf(element));

  for (const { old, fresh } of steps(theirs)) {
    const rival = old === null ? undefined : own.find((step): step is Replacement => step.old === old && step.fresh !== null);
    if (rival === undefined) exchange(added.has(old) ? -1 : placeOf(old), fresh);
    else if (fresh !== null && giveUp !== null) {
      const at = placeOf(rival.fresh);
      if (at >= 0) giveUp(rival.fresh);
      exchange(at, fresh);
    }
  }
  return result;
}

/** What was done to a list. An element that went and one that came in the same place are a replacement. */
function steps({ base, now }: Lists): Step[] {
  const removed = lackedBy(now, base);
  const added = lackedBy(base, now);
  const found: Step[] = [];
  for (const [index, old] of removed) found.push({ old, fresh: added.get(index) ?? null });
  for (const [index, fresh] of added) if (!removed.has(index)) found.push({ old: null, fresh });
  return found;
}

/** The elements of `list` that `other` lacks, each once, by position. */
function lackedBy(other: readonly string[], list: readonly string[]): Map<number, string> {
  return new Map([...list.entries()].filter(([index, element]) => !other.includes(element) && list.indexOf(element) === index));
}

/** Whose order both lists take: of the side that alone changed or alone moved what stayed, otherwise of the winner. */
function orderFrom(left: Lists, right: Lists, winner: 'left' | 'right'): 'left' | 'right' {
  for (const moved of [isReordered, hasSteps]) if (moved(left) !== moved(right)) return moved(left) ? 'left' : 'right';
  return winner;
}

function hasSteps(lists: Lists): boolean {
  return steps(lists).length > 0;
}

/** True where elements that stayed stand in another order. */
function isReordered({ base, now }: Lists): boolean {
  return !agreeInOrder(base, now);
}

/** True where the elements that both lists hold stand in the same order. */
function agreeInOrder(one: readonly string[], other: readonly string[]): boolean {
  const shared = distinct(other).filter((element) => one.includes(element));
  const ofOne = distinct(one).filter((element) => other.includes(element));
  return ofOne.every((element, index) => element === shared[index]);
}

/** The same elements, those that `order` names first and in its order. A list that stands in that order already stays as it is. */
function inOrderOf(list: readonly string[], order: readonly string[]): readonly string[] {
  if (agreeInOrder(list, order)) return list;
  const named = distinct(order).flatMap((element) => list.filter((each) => each === element));
  return [...named, ...list.filter((element) => !order.includes(element))];
}

function distinct(list: readonly string[]): string[] {
  return [...new Set(list)];
}
