import { chosenFields, hasSeveralHomes, isMeeting } from '../model/entity';
import type { SeenItem, SeenRecord } from '../model/seen';
import type { Entity } from '../model/values';
import { withoutJoiningBlock } from './joining';
import type { ItemSide, Link, RecordSide } from './link';
import { hasMoved } from './merge';
import { fieldsThatLeave, type SyncRules } from './rules';

/** Whose home this cycle serves. */
export interface HomeOwner {
  readonly systemUserId: string;
}

/** True where the record belongs to this person: she owns it, for appointments and series organizes it, for service activities is one of its resources. A date of a series has no home of its own. */
export function isHome(record: SeenRecord, owner: HomeOwner): boolean {
  if (record.partOf !== undefined) return false;
  if (hasSeveralHomes(record.entity)) return record.resources?.includes(owner.systemUserId) ?? false;
  return (isMeeting(record.entity) ? record.organizer : record.owner) === owner.systemUserId;
}

/**
 * What a record that was read means for its link. A version that is the one the link knows is no news; neither is a newer one whose synced fields equal
 * the record's own base.
 */
export function recordSide(record: SeenRecord, link: Link | null, owner: HomeOwner, rules: SyncRules): RecordSide {
  if (!isHome(record, owner) && !isTrackedHere(link)) return { kind: 'movedHome', record };
  if (record.standing === 'closed') return { kind: 'closed', record };
  if (record.standing === 'inactive' || record.standing === 'filtered') return { kind: 'filteredOut', record };
  return livingSide(record, link, rules);
}

/** What a record means that stands at home, open. */
export function livingSide(record: SeenRecord, link: Link | null, rules: SyncRules): RecordSide {
  if (link === null || link.bases === null || link.state === 'released') return { kind: 'created', record };
  const moved = hasMoved(fieldsThatMatter(record.entity, rules, 'dynamics'), link.bases.dynamics, record.values);
  return moved ? { kind: 'changed', record } : { kind: 'same', record };
}

/**
 * True for a meeting that somebody who does not organize it tracks. It lives in her mailbox as long as no mailbox that takes part organizes it, which the reading of
 * records sees to.
 */
function isTrackedHere(link: Link | null): boolean {
  return link !== null && link.state !== 'released' && link.tracked === true && link.bases?.exchange.organizedHere === false;
}

/** What an item that was read means for its link. Our own write is recognised by its version, and by its values where Exchange gave it a newer one. */
export function itemSide(item: SeenItem, link: Link, rules: SyncRules): ItemSide {
  if (link.bases === null) return { kind: 'same', item };
  const base = item.values.online === true ? withoutJoiningBlock(link.bases.exchange, rules.richText) : link.bases.exchange;
  const moved = hasMoved(fieldsThatMatter(link.entity, rules, 'exchange'), base, item.values);
  return moved ? { kind: 'changed', item } : { kind: 'same', item };
}

/** The fields whose change on a side is news: those that may leave it, and for Dynamics the time of day behind a due date. */
function fieldsThatMatter(entity: Entity, rules: SyncRules, side: 'dynamics' | 'exchange') {
  const leaving = fieldsThatLeave(rules, entity, side);
  return side === 'dynamics' ? [...leaving, ...chosenFields(entity, rules).filter(({ name }) => name === 'dueTime')] : leaving;
}
