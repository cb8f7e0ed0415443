import type { SeenItem } from '../model/seen';
import type { TandemError } from '../platform/errors';
import type { DecisionRow, UndoRow } from '../storage/hold-rows';
import type { InboxRow, Intent, PairKey, Parked } from '../storage/link-rows';
import type { ItemSide, Link, RecordSide } from '../sync/link';

/** What a delta said about an item that is linked, or that its user tracks. */
export type Heard =
  | { readonly kind: 'changed'; readonly item: SeenItem }
  | { readonly kind: 'removed' }
  /** It is not linked and carries the tracking category. */
  | { readonly kind: 'tracked'; readonly item: SeenItem }
  /** Its user tracks it, and it is what was linked under another id: a task that was moved before it carried its marker. */
  | { readonly kind: 'moved'; readonly item: SeenItem };

/** A pair that a slice takes up, and why: what was heard of its item, its inbox row, an old intent, a parked row that is due, an admin's decision. */
export interface PairWork {
  readonly key: PairKey;
  readonly link: Link | null;
  readonly heard: Heard | null;
  readonly inbox: InboxRow | null;
  readonly parked: Parked | null;
  readonly intent: Intent | null;
  readonly decision: DecisionRow | null;
  /** What an admin wants taken back. */
  readonly undo: UndoRow | null;
  /** The pair whose record is gone and from whose item a new one is made, under an id of its own; absent otherwise. */
  readonly former?: PairKey;
}

/** True for a pair that a first load brought, however often it had to be parked since: nobody is invited to it (promise 2). */
export function isFirstLoad({ inbox, parked }: Pick<PairWork, 'inbox' | 'parked'>): boolean {
  return inbox?.firstLoad === true || parked?.firstLoad === true;
}

/** A pair whose both sides are known, ready to be planned. */
export interface ReadPair {
  readonly work: PairWork;
  /** The link, or one adopted from an old intent whose item was found. */
  readonly link: Link | null;
  readonly record: RecordSide;
  readonly item: ItemSide;
}

/** A pair that cannot be planned now, and when to look again, UTC ms. */
export interface LaterPair {
  readonly work: PairWork;
  readonly due: number;
  readonly why: Parked['why'];
  /** What the other side said when this pair alone could not be read. */
  readonly error: TandemError | null;
}

/** A pair that turned out to be our own echo: nothing to read, nothing to do. */
export interface EchoPair {
  readonly work: PairWork;
}
