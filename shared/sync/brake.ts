import { type Decision, discards, type HoldAction } from './decision';
import { nothing, type PairPlan, released, stopped } from './pair-plan';

/**
 * The brake (promise 8). A departure is a pair that a plan takes apart because something is gone or has left: a side that is deleted, or a release for any
 * reason but the end of the record itself (completed, canceled) or an undo, which an admin has asked for. A pair of which both sides are gone already departs
 * nowhere.
 */
export function departureOf({ toRecord, toItem, ending, reason }: Departing): HoldAction | null {
  if (reason === 'undone') return null;
  if (toRecord.kind === 'delete') return 'deleteRecord';
  if (toItem.kind === 'delete') return 'deleteItem';
  return ending.kind === 'released' && ending.reason !== 'closed' ? 'release' : null;
}

type Departing = Pick<PairPlan, 'toRecord' | 'toItem' | 'ending' | 'reason'>;

/** Departures by the hour in which they were counted: hours since 1970 as text. */
export type Departures = Readonly<Record<string, number>>;

/** Both have to be exceeded: a number, and a share in percent of the linked pairs. */
export interface BrakeLimits {
  readonly number: number;
  readonly percent: number;
}

const hourMs = 3_600_000;
const hoursKept = 24;

/** The departures of the last 24 hours. An hour counts as long as any of it lies within: up to an hour too long, never too short. */
export function countOf(departures: Departures, now: number): number {
  return Object.entries(departures).reduce((sum, [hour, count]) => (isKept(hour, now) ? sum + count : sum), 0);
}

/** With so many more counted now; what is too old to count is left out. */
export function counted(departures: Departures, more: number, now: number): Departures {
  const hour = String(Math.floor(now / hourMs));
  const kept = Object.fromEntries(Object.entries(departures).filter(([each]) => isKept(each, now)));
  return { ...kept, [hour]: (kept[hour] ?? 0) + more };
}

/** A clock that runs ahead elsewhere must not hide what it counted, so hours to come count as well. */
function isKept(hour: string, now: number): boolean {
  return (Number(hour) + 1) * hourMs > now - hoursKept * hourMs;
}

/**
 * How many more may depart, where so many did in the last 24 hours and so many pairs are still linked. The share is of the pairs that there were: those that
 * are linked and those that departed.
 */
export function roomFor({ number, percent }: BrakeLimits, departed: number, linked: number): number {
  return Math.max(0, Math.max(number, Math.floor(((linked + departed) * percent) / 100)) - departed);
}

/** What the brake has to know of a pair beside its plan. */
export interface BrakeFacts {
  /** What an admin decided about the pair; absent where nobody did. */
  readonly decision: Decision | undefined;
  /** What the brake holds of the pair already; null for nothing. */
  readonly held: HoldAction | null;
  /** True where this departure was counted already and did not come about. */
  readonly isCounted: boolean;
}

export type BrakeAnswer =
  /** Not the brake's business, or decided: it goes on. */
  | { readonly kind: 'goes' }
  /** It goes on if there is room, and is counted. */
  | { readonly kind: 'counts' }
  | { readonly kind: 'stops'; readonly action: HoldAction }
  /** An admin decided that nothing is to be deleted: the pair is let go as both sides are. */
  | { readonly kind: 'lets go' };

/** What the brake says to one plan before it looks at the numbers. */
export function askBrake(plan: PairPlan, { decision, held, isCounted }: BrakeFacts): BrakeAnswer {
  const action = departureOf(plan);
  if (action === null) return { kind: 'goes' };
  if (discards(decision, { reason: 'brake', action })) return { kind: 'lets go' };
  if (isApproved(decision, action) || isCounted) return { kind: 'goes' };
  return held === null ? { kind: 'counts' } : { kind: 'stops', action };
}

/** Who approved that an item is deleted although people are written to has looked at this very deletion. A release is less than any deletion. */
function isApproved(decision: Decision | undefined, action: HoldAction): boolean {
  if (decision?.verdict !== 'approve') return false;
  if (decision.reason === 'would-mail') return decision.action === 'deleteItem' && action === 'deleteItem';
  return decision.reason === 'brake' && (decision.action === action || action === 'release');
}

/** The plan of a pair that the brake stops: nothing is written, and the link keeps all that it knows. */
export function braked(plan: PairPlan, action: HoldAction): PairPlan {
  return stopped(plan, 'held', { reason: 'brake', action, fields: [], whom: [] });
}

/** The plan of a pair that an admin takes apart without a deletion. */
export function letGoAsIs(plan: PairPlan): PairPlan {
  const reason =
    plan.ending.kind === 'released' ? plan.ending.reason : plan.toRecord.kind === 'delete' ? 'deleted-in-exchange' : 'deleted-in-dynamics';
  return { ...plan, toRecord: nothing, toItem: nothing, lost: [], mails: [], ending: released(reason), reason };
}
