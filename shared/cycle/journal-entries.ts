import { isBlank, type Side, type Values } from '../model/values';
import type { JournalEntry } from '../storage/journal';
import { itemNow, itemPlace, type PlannedPair, recordNow } from './apply';

/** What a slice is about to replace or remove, as journal entries: written before any of the writes (promise 1). */
export function journalEntries(pairs: readonly PlannedPair[], now: number): JournalEntry[] {
  return pairs.flatMap((planned) => [
    ...sideEntries(planned, 'dynamics', planned.plan.toRecord, recordNow(planned.read), now),
    ...sideEntries(planned, 'exchange', planned.plan.toItem, itemNow(planned.read), now),
  ]);
}

type Action = { readonly kind: 'none' | 'create' | 'delete' } | { readonly kind: 'update'; readonly changes: Values };

function sideEntries({ read, plan }: PlannedPair, side: Side, action: Action, current: Values, now: number): JournalEntry[] {
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
    versionAt: seen?.modifiedAt ?? now,
    reason: plan.reason,
  };
  switch (action.kind) {
    case 'none':
    case 'create':
      return [];
    case 'delete':
      return [{ ...facts, action: 'deleted', field: null, value: JSON.stringify(current), winner: null }];
    case 'update':
      return Object.keys(action.changes)
        .filter((field) => !isBlank(current[field]))
        .map((field) => {
          const lost = plan.lost.some((loser) => loser.field === field && loser.side === side);
          return { ...facts, action: 'replaced', field, value: JSON.stringify(current[field]), winner: lost ? otherSide(side) : null };
        });
  }
}

function otherSide(side: Side): Side {
  return side === 'dynamics' ? 'exchange' : 'dynamics';
}
