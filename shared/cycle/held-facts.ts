import type { Held } from '../storage/mailboxes';
import { holdReasons } from '../sync/decision';
import type { Session } from './session';

/** What the mailbox has waiting for an admin, by reason; absent where that is nothing. */
export function heldIn({ holds }: Pick<Session, 'holds'>): Held | undefined {
  const all = [...holds.values()];
  const facts = holdReasons.flatMap((reason) => {
    const times = all.filter((each) => each.reason === reason).map(({ at }) => at);
    return times.length === 0 ? [] : [[reason, { count: times.length, since: Math.min(...times) }] as const];
  });
  return facts.length === 0 ? undefined : Object.fromEntries(facts);
}

/** True where both say the same. */
export function sameHeld(left: Held | undefined, right: Held | undefined): boolean {
  return holdReasons.every(
    (reason) => left?.[reason]?.count === right?.[reason]?.count && left?.[reason]?.since === right?.[reason]?.since,
  );
}
