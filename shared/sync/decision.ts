/** Why something waits for an admin. */
export const holdReasons = ['would-mail', 'brake', 'frozen'] as const;
export type HoldReason = (typeof holdReasons)[number];

/** What would be done if nothing held it back; `rewrite`: the same values would be written once more. */
export const holdActions = ['update', 'deleteItem', 'deleteRecord', 'release', 'rewrite'] as const;
export type HoldAction = (typeof holdActions)[number];

/** What waits for an admin instead of being done. */
export interface Hold {
  readonly reason: HoldReason;
  readonly action: HoldAction;
  /** Fields whose new values the item was not given. */
  readonly fields: readonly string[];
  /** Whom Exchange would write to. */
  readonly whom: readonly string[];
}

/** What an admin decided about a hold, with the hold as it stood then: it is planned again, and more than this is not covered. */
export interface Decision extends Hold {
  readonly verdict: 'approve' | 'discard';
}

/** True where the admin approved all that would be done now: no more people, no more fields, no other action. */
export function approves(decision: Decision | undefined, hold: Hold): boolean {
  return decision?.verdict === 'approve' && isSame(decision, hold) && isWithin(hold.whom, decision.whom) && coversFields(decision, hold);
}

/** True where the admin decided that this is not to be done. Nothing happens to anybody, so whom it would have concerned does not matter. */
export function discards(decision: Decision | undefined, hold: Pick<Hold, 'reason' | 'action'>): boolean {
  return decision?.verdict === 'discard' && isSame(decision, hold);
}

function isSame(decision: Decision, { reason, action }: Pick<Hold, 'reason' | 'action'>): boolean {
  return decision.reason === reason && decision.action === action;
}

/** Of what is deleted no field matters. */
function coversFields(decision: Decision, { action, fields }: Hold): boolean {
  return action !== 'update' || isWithin(fields, decision.fields);
}

function isWithin(some: readonly string[], all: readonly string[]): boolean {
  return some.every((each) => all.includes(each));
}
