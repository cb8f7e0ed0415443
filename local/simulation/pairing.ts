import type { AllHeld, Entry } from './ledger';
import { type Entity, fieldsFollowed, itemKindOf } from './people/fields';
import type { ItemSeen } from './people/items';

/** The values that nobody else has written; times of day and rules of series come again after a while. */
export function tellingValues({ entity, held }: { readonly entity: Entity; readonly held: AllHeld }): string[] {
  return fieldsFollowed(entity).flatMap(({ kind, name }) => (kind === 'clock' || kind === 'rule' ? [] : (held[name] ?? [])));
}

/** True where anything that a person wrote into it stands there. */
export function holdsAny(seen: { readonly entity: Entity; readonly held: AllHeld }, { edits }: Entry): boolean {
  const values = new Set(tellingValues(seen));
  return edits.some(({ value }) => values.has(value));
}

/** True for the item of an entry: it carries the record's marker, or is what the entry began with. No copy that somebody made by hand is. */
export function isItemOf(entry: Entry, item: ItemSeen, byHand: ReadonlySet<string>): boolean {
  if (!item.isOwn || itemKindOf(item.entity) !== itemKindOf(entry.entity) || byHand.has(item.id)) return false;
  if (item.recordId !== null && entry.id !== '') return item.recordId === entry.id;
  return entry.beganWith !== null && holdsAny(item, entry);
}
