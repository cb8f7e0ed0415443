/** One step from an old list to a new one. */
type Step =
  | { readonly kind: 'replace'; readonly old: string; readonly fresh: string }
  | { readonly kind: 'remove'; readonly old: string }
  | { readonly kind: 'add'; readonly fresh: string };

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
 * Applies what changed in each of two lists, against its own base, to the other. An element that only one list holds and nobody removed stays where it
 * is; one that both replaced differently follows the winner, and the loser is named; a replacement beats a removal.
 */
export function mergeLists(left: Lists, right: Lists, winner: 'left' | 'right'): MergedLists {
  const leftSteps = steps(left);
  const rightSteps = steps(right);
  const lost: LostElement[] = [];
  const mergedRight = follow(right.now, leftSteps, rightSteps, (theirs) =>
    winner === 'left' ? void lost.push({ loser: 'right', value: theirs }) : 'keep',
  );
  const mergedLeft = follow(left.now, rightSteps, leftSteps, (theirs) =>
    winner === 'right' ? void lost.push({ loser: 'left', value: theirs }) : 'keep',
  );
  return {
    left: leftSteps.length === 0 && isReordered(right) ? inOrderOf(mergedLeft, right.now) : mergedLeft,
    right: rightSteps.length === 0 && isReordered(left) ? inOrderOf(mergedRight, left.now) : mergedRight,
    lost,
  };
}

function steps({ base, now }: Lists): Step[] {
  const removed = without(base, now);
  const added = without(now, base);
  const found: Step[] = [];
  for (const [index, old] of removed) {
    const fresh = added.get(index);
    if (fresh === undefined) found.push({ kind: 'remove', old });
    else {
      found.push({ kind: 'replace', old, fresh });
      added.delete(index);
    }
  }
  for (const fresh of added.values()) found.push({ kind: 'add', fresh });
  return found;
}

/** The elements of `list` that `other` lacks, by position; an element that stands twice counts twice. */
function without(list: readonly string[], other: readonly string[]): Map<number, string> {
  const rest = [...other];
  const missing = new Map<number, string>();
  for (const [index, element] of list.entries()) {
    const at = rest.indexOf(element);
    if (at < 0) missing.set(index, element);
    else rest.splice(at, 1);
  }
  return missing;
}

function follow(
  list: readonly string[],
  their: readonly Step[],
  own: readonly Step[],
  onClash: (mine: string) => 'keep' | undefined,
): string[] {
  const result = [...list];
  const put = (at: number, fresh: string): void => {
    if (result.includes(fresh)) result.splice(at, 1);
    else result[at] = fresh;
  };
  for (const step of their) {
    const mine = step.kind === 'add' ? undefined : own.find((each) => each.kind === 'replace' && each.old === step.old);
    if (mine?.kind === 'replace') {
      if (step.kind !== 'replace' || step.fresh === mine.fresh) continue;
      const at = result.indexOf(mine.fresh);
      if (at >= 0 && onClash(mine.fresh) !== 'keep') put(at, step.fresh);
      continue;
    }
    const at = step.kind === 'add' ? -1 : result.indexOf(step.old);
    if (step.kind === 'remove') {
      if (at >= 0) result.splice(at, 1);
    } else if (at >= 0) put(at, step.fresh);
    else if (!result.includes(step.fresh)) result.push(step.fresh);
  }
  return result;
}

function isReordered({ base, now }: Lists): boolean {
  return base.length !== now.length || base.some((element, index) => element !== now[index]);
}

/** The same elements, those that `order` names first and in its order. */
function inOrderOf(list: readonly string[], order: readonly string[]): string[] {
  const rest = [...list];
  const first: string[] = [];
  for (const element of order) {
    const at = rest.indexOf(element);
    if (at < 0) continue;
    rest.splice(at, 1);
    first.push(element);
  }
  return [...first, ...rest];
}
