import type { ColumnRights } from '../model/column-rights';
import type { SeenRecord } from '../model/seen';
import { type Entity, elementsOf, isBlank, type Value } from '../model/values';
import type { Link } from '../sync/link';
import { askRights, withoutFields, withoutHidden } from './rights';
import type { Session } from './session';

/** A record without the fields that may only seem to have been emptied. */
export type OnlyShown = (record: SeenRecord, link: Link | null) => Promise<SeenRecord>;

/**
 * Leaves out what a secured column hides: it reads as empty to whoever may not see it, and that must blank nothing on the other side (promise 1). What was known of
 * the rights may be old, so they are asked once more where a hidden field shows a value, and where a field lost one: only who may read it before and after has
 * seen it emptied. To be made before the records are read.
 */
export function onlyShown(session: Session, entity: Entity): OnlyShown {
  const before = session.rights[entity];
  let asked: Promise<Readonly<Partial<Record<Entity, ColumnRights>>>> | undefined;
  return async (read, link) => {
    const shows = before?.hidden.some((field) => !isBlank(read.values[field])) === true;
    if (shows && !wasAskedIn(session)) asked ??= askRights(session);
    if (shows) await asked;
    const record = withoutHidden(read, shows ? session.rights[entity] : before);
    const base = link?.bases?.dynamics ?? {};
    const emptied = Object.keys(record.values).filter((field) => hasLost(base[field], record.values[field]));
    if (emptied.length === 0) return record;
    asked ??= askRights(session);
    const now = (await asked)[entity];
    const doubtful = new Set([...(now?.hidden ?? []), ...(now?.unsure ?? [])]);
    return withoutFields(
      record,
      emptied.filter((field) => doubtful.has(field)),
    );
  };
}

/** Whether the rights were learned by this very cycle. */
function wasAskedIn({ rightsAt, drainedAt }: Session): boolean {
  return rightsAt !== null && rightsAt >= drainedAt;
}

function hasLost(before: Value | undefined, now: Value | undefined): boolean {
  if (isBlank(before)) return false;
  return isBlank(now) || elementsOf(now).length < elementsOf(before).length;
}
