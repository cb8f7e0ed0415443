import type { ReadPair } from '../../../shared/cycle/work';
import type { Derived } from '../../../shared/model/derived';
import type { Values } from '../../../shared/model/values';
import type { Link } from '../../../shared/sync/link';
import type { PairPlan } from '../../../shared/sync/pair-plan';

export type Person = 'me' | 'you';

export interface RecordModel {
  values: Values;
  owner: Person | 'nobody';
  inactive: boolean;
  readable: boolean;
  version: number;
  modifiedAt: number;
}

export interface ItemModel {
  readonly id: string;
  values: Values;
  version: number;
  modifiedAt: number;
  /** Who took it away; null while it is there. */
  goneBy: 'user' | 'sync' | null;
  reminder: Derived;
}

/** One person's mailbox with its part of the links, and what the poller put into its inbox. */
export interface Box {
  readonly who: Person;
  readonly items: ItemModel[];
  link: Link | null;
  inbox: { firstLoad: boolean } | null;
  hasHold: boolean;
  /** True where a write failed and the pair waits to be taken up again. */
  isParked: boolean;
}

/** What a cycle did about the pair, for a test to judge. */
export interface Done {
  readonly box: Box;
  readonly read: ReadPair;
  readonly plan: PairPlan;
  /** Both sides as they were before the writes. */
  readonly recordBefore: Values | null;
  readonly itemBefore: Values | null;
}

export function newBox(who: Person): Box {
  return { who, items: [], link: null, inbox: null, hasHold: false, isParked: false };
}
