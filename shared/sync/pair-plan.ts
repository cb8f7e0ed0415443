import type { Derived } from '../model/derived';
import type { Values } from '../model/values';
import type { Decision, Hold } from './decision';
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
  /** What an admin decided about this pair; absent where nobody did. */
  readonly decision?: Decision;
}

export type RecordAction =
  | { readonly kind: 'none' }
  /** Under the pair's id, which is worked out from the item: a create that is sent again makes no second record. */
  | { readonly kind: 'create'; readonly values: Values }
  | { readonly kind: 'update'; readonly changes: Values }
  | { readonly kind: 'delete' };

export type ItemAction =
  | { readonly kind: 'none' }
  | { readonly kind: 'create'; readonly values: Values; readonly derived: Derived }
  | {
      readonly kind: 'update';
      readonly changes: Values;
      readonly derived: Derived;
      /** Present where the item is also told which record it belongs to. */
      readonly mark?: true;
    }
  | { readonly kind: 'delete' };

/** What becomes of the link once the writes are done. */
export type Ending =
  | { readonly kind: 'untouched' }
  | {
      readonly kind: 'linked';
      readonly withheld: boolean;
      readonly hold: Hold | null;
      /** Fields of the item that the record could not be given at once: they are news in the next slice, which follows. */
      readonly again?: readonly string[];
    }
  /** A released pair stays as it is; only whether its item carries the tracking category is remembered. */
  | { readonly kind: 'noted'; readonly tracked: boolean }
  | {
      readonly kind: 'released';
      readonly reason: Reason;
      /** Fields that the item changed and that its closed record was not given: both bases stay there, so that they are news if the record is opened again. */
      readonly untold: readonly string[];
    }
  | { readonly kind: 'forgotten' }
  /** The link stays as it is, bases and all, until an admin decides. */
  | { readonly kind: 'stopped'; readonly state: 'held' | 'frozen'; readonly hold: Hold };

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

/** The plan of a pair that is stopped before anything is written. */
export function stopped(plan: PairPlan, state: 'held' | 'frozen', hold: Hold): PairPlan {
  return {
    ...plan,
    toRecord: nothing,
    toItem: nothing,
    lost: [],
    mails: [],
    ending: { kind: 'stopped', state, hold },
    reason: hold.reason,
  };
}
