import { isBlank, type Side, type Values } from '../model/values';
import type { JournalEntry } from '../storage/journal';
import { itemNow, itemPlace, type PlannedPair, recordNow } from './apply';

/** When a slice does something, UTC ms, and in which cycle. */
export interface JournalTime {
  readonly now: number;
  /** When the drain of the cycle began, UTC ms: its name in the journal. */
  readonly cycle: number;
}

/** What a slice is about to make, replace or remove, as journal entries: written before any of the writes (promise 1), and enough to take them back. */
export function journalEntries(pairs: readonly PlannedPair[], time: JournalTime): JournalEntry[] {
  return pairs.flatMap((planned) => [
    ...sideEntries(planned, 'dynamics', planned.plan.toRecord, recordNow(planned.read), time),
    ...sideEntries(planned, 'exchange', planned.plan.toItem, itemNow(planned.read), time),
  ]);
}

type Action = { readonly kind: 'none' | 'create' | 'delete' } | { readonly kind: 'update'; readonly changes: Values };

function sideEntries(
  { read, plan }: PlannedPair,
  side: Side,
  action: Action,
  current: Values,
  { now, cycle }: JournalTime,
): JournalEntry[] {
  const { entity, recordId } = read.work.key;
  const place = itemPlace(read);
  const seen = side === 'dynamics' ? ('record' in read.record ? read.record.record : null) : 'item' in read.item ? read.item.item : null;
  const version = seen?.version ?? (side === 'dynamics' ? read.link?.recordVersion : read.link?.itemVersion) ?? '';
  const facts = {
    at: seen?.modifiedAt ?? read.link?.at ?? now,
    entity,
    recordId,
    itemId: place?.id ?? null,
    side,
    version,
    reason: plan.reason,
    cycle,
  };
  switch (action.kind) {
    case 'none':
      return [];
    case 'create':
      return [{ ...facts, at: cycle, action: 'created', field: null, value: null, winner: null }];
    case 'delete':
      return [{ ...facts, action: 'deleted', field: null, value: JSON.stringify(current), winner: null }];
    case 'update': {
      // A field that no write names is lost all the same where a write of another one drops it, as a new pattern drops what was special about dates.
      const lost = new Set(plan.lost.flatMap((loser) => (loser.side === side ? [loser.field] : [])));
      return [...new Set([...Object.keys(action.changes), ...lost])].map((field) => {
        const value = current[field];
        const winner = lost.has(field) ? otherSide(side) : null;
        return { ...facts, action: 'replaced', field, value: isBlank(value) ? null : JSON.stringify(value), winner };
      });
    }
  }
}

function otherSide(side: Side): Side {
  return side === 'dynamics' ? 'exchange' : 'dynamics';
}
