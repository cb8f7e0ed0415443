import type { TransactionAction } from '@azure/data-tables';
import type { Sealer } from '../platform/seal';
import type { Departures } from '../sync/brake';
import type { Link } from '../sync/link';
import { type HeldRow, holdRow, type UndoRow, undoRow } from './hold-rows';
import {
  type CursorRow,
  cursorRow,
  departuresRow,
  type Intent,
  intentRow,
  keys,
  linkRow,
  type PairKey,
  type Parked,
  parkedRow,
} from './link-rows';
import { type MailChange, mailActions } from './mail-rows';
import { type Row, transactionRows } from './rows';

/** One thing to change in a mailbox's partition. */
export type LinkChange =
  | {
      readonly put: 'link';
      readonly link: Link;
      readonly formerItemId: string | null;
      /** The record to which the item was linked before, where it is another one: that link goes. */
      readonly formerRecordId?: string;
    }
  /** A link whose writes are about to happen; its item is known already. */
  | { readonly put: 'pending'; readonly link: Link }
  | { readonly put: 'parked'; readonly parked: Parked }
  | { readonly put: 'hold'; readonly hold: HeldRow }
  /** What the brake has counted. */
  | { readonly put: 'departures'; readonly departures: Departures }
  | { readonly put: 'cursor'; readonly cursor: CursorRow }
  /** Inserted, never upserted; `renew` replaces one that this worker found and searched. */
  | { readonly put: 'intent'; readonly intent: Intent; readonly renew: boolean }
  | { readonly drop: 'link'; readonly link: Link }
  | { readonly put: 'undo'; readonly undo: UndoRow }
  | { readonly drop: 'intent' | 'hold' | 'decision' | 'undo'; readonly pair: PairKey }
  | { readonly drop: 'parked'; readonly parked: Parked }
  | { readonly drop: 'cursor'; readonly feed: CursorRow['feed'] }
  | MailChange;

/** A transaction takes 4 MiB; this leaves room for its envelope. */
const transactionCharacters = 2_500_000;

/** What a change means to the table. */
export function actionsOf(change: LinkChange, partitionKey: string, sealer: Sealer): TransactionAction[] {
  if ('mail' in change) return mailActions(change, partitionKey);
  const gone = (rowKey: string): TransactionAction => ['delete', { partitionKey, rowKey }];
  if ('put' in change) {
    switch (change.put) {
      case 'link': {
        const { link, formerItemId } = change;
        const item: Row = { partitionKey, rowKey: keys.item(link.itemId), v: 1, entity: link.entity, recordId: link.recordId };
        const former = formerItemId === null || formerItemId === link.itemId ? [] : [gone(keys.item(formerItemId))];
        const { formerRecordId } = change;
        const formerLink = formerRecordId === undefined ? [] : [gone(keys.link({ entity: link.entity, recordId: formerRecordId }))];
        return [['upsert', linkRow(partitionKey, link, sealer), 'Replace'], ['upsert', item, 'Replace'], ...former, ...formerLink];
      }
      case 'pending':
        return [['upsert', linkRow(partitionKey, change.link, sealer), 'Replace']];
      case 'parked':
        return [['upsert', parkedRow(partitionKey, change.parked), 'Replace']];
      case 'hold':
        return [['upsert', holdRow(partitionKey, change.hold, sealer), 'Replace']];
      case 'departures':
        return [['upsert', departuresRow(partitionKey, change.departures), 'Replace']];
      case 'undo':
        return [['upsert', undoRow(partitionKey, change.undo, sealer), 'Replace']];
      case 'cursor':
        return [['upsert', cursorRow(partitionKey, change.cursor), 'Replace']];
      case 'intent':
        return change.renew
          ? [['update', intentRow(partitionKey, change.intent, sealer), 'Replace']]
          : [['create', intentRow(partitionKey, change.intent, sealer)]];
    }
  }
  switch (change.drop) {
    case 'link':
      return [gone(keys.link(change.link)), gone(keys.item(change.link.itemId))];
    case 'intent':
      return [gone(keys.intent(change.pair))];
    case 'hold':
      return [gone(keys.hold(change.pair))];
    case 'decision':
      return [gone(keys.decision(change.pair))];
    case 'undo':
      return [gone(keys.undo(change.pair))];
    case 'parked':
      return [gone(keys.parked(change.parked))];
    case 'cursor':
      return [gone(keys.cursor(change.feed))];
  }
}

/**
 * The same actions without deletions of what another of them writes or of what is known to be gone, and with each other deletion once: an item that one pair gives
 * up and another takes is the other's, a transaction names a row only once, and the deletion of a row that is not there fails all of it.
 */
export function reconciled(groups: readonly (readonly TransactionAction[])[], isGone: (rowKey: string) => boolean): TransactionAction[][] {
  const written = new Set(groups.flat().flatMap(([kind, { rowKey }]) => (kind === 'delete' ? [] : [rowKey])));
  const taken = new Set<string>();
  return groups.map((group) =>
    group.filter(([kind, { rowKey }]) => {
      if (kind !== 'delete') return true;
      if (written.has(rowKey) || taken.has(rowKey) || isGone(rowKey)) return false;
      taken.add(rowKey);
      return true;
    }),
  );
}

/** Groups packed into transactions with room for the fence; a group stays whole. */
export function packed(groups: readonly TransactionAction[][]): TransactionAction[][] {
  const transactions: TransactionAction[][] = [];
  let current: TransactionAction[] = [];
  let currentSize = 0;
  for (const group of groups) {
    const size = JSON.stringify(group).length;
    if (current.length > 0 && (current.length + group.length > transactionRows - 1 || currentSize + size > transactionCharacters)) {
      transactions.push(current);
      current = [];
      currentSize = 0;
    }
    current.push(...group);
    currentSize += size;
  }
  return [...transactions, current];
}
