import type { SeenItem } from '../model/seen';
import { sameValue, type Values } from '../model/values';
import { fieldsThatLeave, type SyncRules } from '../sync/rules';
import { type AppliedPair, itemNow, itemPlace, recordNow } from './apply';

/** What one side is known to hold once the writes are done: its next base, and the version that will not be news. */
export interface Agreed {
  readonly version: string;
  readonly values: Values;
}

/** The record's side: what was read, with what the write returned. */
export function agreedRecord(applied: AppliedPair, rules: SyncRules): Agreed {
  const { read, plan } = applied.planned;
  const before = { version: seenVersion(applied) ?? read.link?.recordVersion ?? '', values: recordNow(read) };
  if (plan.toRecord.kind === 'create' && applied.record !== null) return { version: applied.record.version, values: applied.record.values };
  const written = plan.toRecord.kind === 'update' ? Object.keys(plan.toRecord.changes) : [];
  return applied.record === null ? before : taken(applied, 'dynamics', before, applied.record, written, rules);
}

/** The item's side, in the same way, with the place where it now is; null where there is no item. */
export function agreedItem(applied: AppliedPair, rules: SyncRules): (Agreed & Pick<SeenItem, 'id' | 'feed'>) | null {
  const { read, plan } = applied.planned;
  const place = itemPlace(read);
  const { item } = applied;
  if (item === null) return place === null ? null : { ...place, values: itemNow(read) };
  const { id, feed } = item;
  if (plan.toItem.kind !== 'update' || place === null)
    return { id, feed, version: item.version, values: { ...itemNow(read), ...item.values } };
  const before = { version: place.version, values: itemNow(read) };
  return { id, feed, ...taken(applied, 'exchange', before, item, Object.keys(plan.toItem.changes), rules) };
}

/**
 * The answer to a write shows the whole object. A field that was not written and is not as it was read was changed by somebody else in between: its base and
 * the version stay those that were read, so that the change is news when the feed tells of it (promise 1).
 */
function taken(
  { planned }: AppliedPair,
  side: 'dynamics' | 'exchange',
  before: Agreed,
  after: Agreed,
  written: readonly string[],
  rules: SyncRules,
): Agreed {
  const foreign = fieldsThatLeave(rules, planned.read.work.key.entity, side)
    .map(({ name }) => name)
    .filter((name) => !written.includes(name) && name in before.values && name in after.values)
    .filter((name) => !sameValue(before.values[name], after.values[name]));
  const unseen = Object.fromEntries(foreign.map((name) => [name, before.values[name] ?? null]));
  return { version: foreign.length > 0 ? before.version : after.version, values: { ...before.values, ...after.values, ...unseen } };
}

function seenVersion({ planned }: AppliedPair): string | undefined {
  const { record } = planned.read;
  return 'record' in record && record.record !== null ? record.record.version : undefined;
}
