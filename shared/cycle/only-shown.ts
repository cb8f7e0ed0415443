import type { SeenRecord } from '../model/seen';
import { type Entity, elementsOf, isBlank, type Value } from '../model/values';
import type { Link } from '../sync/link';
import type { Session } from './session';

/** A record without the fields that may only seem to have been emptied. */
export type OnlyShown = (record: SeenRecord, link: Link | null) => Promise<SeenRecord>;

/**
 * Leaves out what a secured column hides: it reads as empty to whoever may not see it, and that must blank nothing on the other side (promise 1). Which columns
 * are secured is asked once, and only where a field lost a value. A secured field that was really emptied keeps its value in Exchange.
 */
export function onlyShown(session: Session, entity: Entity): OnlyShown {
  let asked: Promise<ReadonlySet<string>> | undefined;
  return async (record, link) => {
    const base = link?.bases?.dynamics ?? {};
    const emptied = Object.keys(record.values).filter((field) => hasLost(base[field], record.values[field]));
    if (emptied.length === 0) return record;
    asked ??= session.dynamics.securedFields(entity);
    const secured = await asked;
    const shown = Object.entries(record.values).filter(([field]) => !emptied.includes(field) || !secured.has(field));
    return { ...record, values: Object.fromEntries(shown) };
  };
}

function hasLost(before: Value | undefined, now: Value | undefined): boolean {
  if (isBlank(before)) return false;
  return isBlank(now) || elementsOf(now).length < elementsOf(before).length;
}
