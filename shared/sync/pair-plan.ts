import type { Derived } from '../model/derived';
import type { Values } from '../model/values';
import type { Pair } from './link';
import type { Loser } from './merge';
import type { Reason } from './reasons';
import type { SyncRules } from './rules';

/** What the planner may know besides the pair. */
export interface PlanContext {
  readonly rules: SyncRules;
  /** Now, UTC ms. */
  readonly now: number;
  /** The person's IANA zone. */
  readonly zone: string;
  /** True while a mailbox is loaded for the first time: nobody is invited to what has long been agreed. */
  readonly firstLoad: boolean;
}

export type RecordAction = { readonly kind: 'none' } | { readonly kind: 'update'; readonly changes: Values } | { readonly kind: 'delete' };

export type ItemAction =
  | { readonly kind: 'none' }
  | { readonly kind: 'create'; readonly values: Values; readonly derived: Derived }
  | { readonly kind: 'update'; readonly changes: Values; readonly derived: Derived }
  | { readonly kind: 'delete' };

/** What waits for an admin instead of being written. */
export interface Hold {
  readonly reason: 'would-mail';
  readonly fields: readonly string[];
  readonly whom: readonly string[];
}

/** What becomes of the link once the writes are done. */
export type Ending =
  | { readonly kind: 'untouched' }
  | { readonly kind: 'linked'; readonly withheld: boolean; readonly hold: Hold | null }
  | {
      readonly kind: 'released';
      readonly reason: Reason;
      /** Fields that the item alone changed and that its closed record was not given: the item's base stays there, so that they are news if the record is opened again. */
      readonly untold: readonly string[];
    }
  | { readonly kind: 'forgotten' };

/** What to do about one pair, as data. The record is written first, then the item, then the link. */
export interface PairPlan {
  readonly pair: Pair;
  readonly toRecord: RecordAction;
  readonly toItem: ItemAction;
  readonly ending: Ending;
  /** Values that policy gave up; journaled before anything is written. */
  readonly lost: readonly Loser[];
  /** Whom Exchange will write to. */
  readonly mails: readonly string[];
  readonly reason: Reason;
}

/** A plan without what is the same for every pair: nothing to write, nobody to mail. */
export type Draft = Pick<PairPlan, 'ending' | 'reason'> & Partial<Pick<PairPlan, 'toRecord' | 'toItem' | 'lost' | 'mails'>>;

export const nothing = { kind: 'none' } as const;

/** The end of a pair that is let go with nothing left to tell. */
export function released(reason: Reason): Ending {
  return { kind: 'released', reason, untold: [] };
}

/** A pair of which nothing is written and nothing changes. */
export function leave(reason: Reason): Draft {
  return { ending: { kind: 'untouched' }, reason };
}
