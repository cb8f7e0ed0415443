import { isBlank, sameValue, type Values } from '../model/values';

/** What one side holds, and what it held when both last agreed. */
export interface SideNow {
  readonly now: Values;
  readonly base: Values;
}

/**
 * What a side holds, for a merge with the other: without a due date that nobody chose. Dynamics and Outlook both fill an empty one in with the start date; such a
 * date goes on where nothing speaks against it, but it neither wins over nor contradicts one that somebody set on the other side.
 */
export function withoutFilledIn(own: SideNow, other: SideNow): Values {
  return isFilledIn(own) && wasChosen(other) ? { ...own.now, dueDate: null } : own.now;
}

function isFilledIn({ now, base }: SideNow): boolean {
  return isBlank(base.dueDate) && sameValue(now.dueDate, now.startDate);
}

function wasChosen(side: SideNow): boolean {
  return !sameValue(side.now.dueDate, side.base.dueDate) && !isFilledIn(side);
}
