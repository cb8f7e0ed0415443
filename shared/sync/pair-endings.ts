import { startOf } from '../model/appointment';
import { chosenFields, hasSeveralHomes, isMeeting, kindOf } from '../model/entity';
import type { SeenRecord } from '../model/seen';
import { seriesEnd } from '../model/series';
import { type Entity, elementsOf, type Side, type Values } from '../model/values';
import { discards } from './decision';
import { gate, hasValues, mailsOf } from './gated-write';
import { keepsUntoldDate } from './keyed';
import type { ItemSide, Link, Pair } from './link';
import { keepsUntold, pushClosed } from './living-pair';
import type { MailAnswer } from './mail-gate';
import { hasMoved } from './merge';
import { itemValues, mergeNow } from './merged-pair';
import { type Draft, type Ending, nothing, type PlanContext, type RecordAction, released } from './pair-plan';
import type { Reason } from './reasons';
import type { SyncRules } from './rules';

/**
 * A record that is closed has no copy in its new home, so the one here ends with it; one that an admin is to let go waits for that all the same, unless its user
 * has edited it, for a closed record takes no edits and they stay in the copy.
 */
export function movedHome(pair: Pair, record: SeenRecord, link: Link, context: PlanContext): Draft {
  const leaving = lettingGo(pair, link, context, 'moved-home');
  const isAsked = leaving.ending.kind === 'linked' || context.decision !== undefined;
  const waits = link.state === 'held' && isAsked && (leaving.toRecord ?? nothing).kind === 'none';
  return record.standing === 'closed' && !waits ? recordClosed(pair, record, link, context) : leaving;
}

/** What becomes of a copy whose record was closed: it gets the record's last state and is let go, or goes where the rules say so of a canceled meeting. */
export function recordClosed(pair: Pair, record: SeenRecord, link: Link, context: PlanContext): Draft {
  const { entity, item } = pair;
  if (item.kind === 'deleted') return letGo('closed');
  const last = pushClosed(record, item, link, context);
  if (!goesWhenCanceled(pair, record, link, context)) return last;
  const current = itemValues(item, link);
  const answer = gate(entity, { action: 'delete', changes: {}, current, withheld: link.withheld }, context);
  if (answer.kind === 'hold') return isDiscarded(context) ? last : { ...last, ending: heldEnding(link, answer, []), reason: 'would-mail' };
  return { toItem: { kind: 'delete' }, ending: released('canceled'), mails: mailsOf(answer), reason: 'canceled' };
}

/** True for a future meeting that was canceled where the rules ask for its deletion, and that nobody has edited in Exchange since (promise 1). */
function goesWhenCanceled({ entity, item }: Pair, record: SeenRecord, link: Link, { rules, now }: PlanContext): boolean {
  if (rules.appointmentCanceledInDynamics === 'free' || record.values.status !== 'canceled') return false;
  if (!isMeeting(entity) || hasSeveralHomes(entity)) return false;
  return item.kind !== 'changed' && !wasEdited(rules, entity, item, link) && isOwnFuture(entity, itemValues(item, link), now);
}

/** A record that leaves this home or the filters first takes what its user changed; then its copy goes, or with the filters' setting stays. */
export function lettingGo(pair: Pair, link: Link, context: PlanContext, reason: 'moved-home' | 'left-filter' | 'category-removed'): Draft {
  if (pair.item.kind === 'deleted') return letGo(reason);
  const merged = mergeNow(pair, link, context);
  const toRecord: RecordAction = hasValues(merged.toRecord) ? { kind: 'update', changes: merged.toRecord } : nothing;
  const kept = { toRecord, lost: merged.lost, reason };
  const stays = reason === 'category-removed' || (reason === 'left-filter' && context.rules.leftFilter === 'release');
  if (stays || !leavesWithHome(pair, merged.item, context.now)) return { ...kept, ending: released(reason) };
  const answer = gate(pair.entity, { action: 'delete', changes: {}, current: merged.item, withheld: link.withheld }, context);
  if (answer.kind === 'hold' && isDiscarded(context)) return { ...kept, ending: released(reason) };
  if (answer.kind === 'hold') return { ...kept, ending: heldEnding(link, answer, Object.keys(merged.toItem)), reason: 'would-mail' };
  const gone = reason === 'left-filter' ? 'left-filter-deleted' : reason;
  return { ...kept, toItem: { kind: 'delete' }, ending: released(gone), reason: gone, mails: mailsOf(answer) };
}

/** Completed tasks, past appointments and the meetings of other organizers stay with whoever had them. */
function leavesWithHome({ entity }: Pair, item: Values, now: number): boolean {
  switch (kindOf(entity)) {
    case 'contact':
      return true;
    case 'task':
      return item.status !== 'completed';
    case 'event':
    case 'series':
      return isOwnFuture(entity, item, now);
  }
}

/** What becomes of an item whose record was deleted: it goes too, unless somebody edited it since, it is past, or it is somebody else's. */
export function recordDeleted({ entity, item }: Pair, link: Link, context: PlanContext): Draft {
  if (item.kind === 'deleted') return { ending: { kind: 'forgotten' }, reason: 'both-gone' };
  if (item.kind === 'changed' || wasEdited(context.rules, entity, item, link) || keepsDates(link, 'exchange'))
    return letGo('deleted-but-edited');
  const current = itemValues(item, link);
  if (!goesWithRecord(entity, current, context)) return letGo('deleted-in-dynamics');
  const answer = gate(entity, { action: 'delete', changes: {}, current, withheld: link.withheld }, context);
  if (answer.kind === 'hold' && isDiscarded(context)) return letGo('deleted-in-dynamics');
  if (answer.kind === 'hold') return { ending: heldEnding(link, answer, []), reason: 'would-mail' };
  return { toItem: { kind: 'delete' }, ending: { kind: 'forgotten' }, mails: mailsOf(answer), reason: 'record-deleted' };
}

/** Completed tasks and events that are past or somebody else's stay when their record is deleted; contacts as the settings say. */
function goesWithRecord(entity: Entity, item: Values, { rules, now }: PlanContext): boolean {
  switch (kindOf(entity)) {
    case 'contact':
      return rules.contactDeletedInDynamics === 'delete';
    case 'task':
      return item.status !== 'completed';
    case 'event':
    case 'series':
      return isOwnFuture(entity, item, now);
  }
}

/** True where a side of a series had changed a date that the other had deleted or closed. */
function keepsDates({ bases }: Link, side: Side): boolean {
  const held = (of: Side): readonly string[] => elementsOf(bases?.[of].occurrences);
  return keepsUntoldDate(held(side), held(side === 'dynamics' ? 'exchange' : 'dynamics'));
}

/** The user removed the item. Her wish reaches the record only where the rules say so and nobody has edited the record since. */
export function itemDeleted({ entity, record }: Pair, link: Link, context: PlanContext): Draft {
  const stays: Draft = letGo('deleted-in-exchange');
  if (deletedInExchange(entity, context) === 'release') return stays;
  const isUnseen = record.kind !== 'same' || record.record?.version !== link.recordVersion;
  if (isUnseen || keepsDates(link, 'dynamics')) return letGo('deleted-but-edited');
  if (isMeeting(entity) && !takesRecordAlong(entity, link.bases?.exchange ?? {}, context.now)) return stays;
  if (keepsUntold(entity, link, context.rules)) return letGo('deleted-but-edited');
  return { toRecord: { kind: 'delete' }, ending: { kind: 'forgotten' }, reason: 'item-deleted' };
}

/** What the rules say about a record whose item its user removed; her copy of a service activity is nobody else's business. */
function deletedInExchange(entity: Entity, { rules }: PlanContext): 'delete' | 'release' {
  switch (entity) {
    case 'contact':
    case 'serviceappointment':
      return 'release';
    case 'task':
    case 'phonecall':
    case 'letter':
    case 'fax':
      return rules.taskDeletedInExchange;
    case 'appointment':
    case 'series':
      return rules.appointmentDeletedInExchange;
  }
}

/** True where any field that Exchange knows differs from what was agreed, even one that does not travel: the deletion of the record has not seen it. */
function wasEdited(rules: SyncRules, entity: Entity, item: ItemSide, link: Link): boolean {
  const base = link.bases?.exchange ?? {};
  return hasMoved(
    chosenFields(entity, rules).filter(({ name }) => name in base),
    base,
    itemValues(item, link),
  );
}

/** True for a meeting that this mailbox organizes and that is still to come, or a series of which a date is. */
function isOwnFuture(entity: Entity, item: Values, now: number): boolean {
  return (entity === 'series' ? seriesEnd(item) : startOf(item.time)) > now && item.organizedHere !== false;
}

/** True for a meeting whose removal its organizer means for the record too. Of a series it is not asked whether it is past (server-side synchronization docs). */
function takesRecordAlong(entity: Entity, item: Values, now: number): boolean {
  return entity === 'series' ? item.organizedHere !== false : isOwnFuture(entity, item, now);
}

/** A pair that is let go without a word to either side. */
export function letGo(reason: Reason): Draft {
  return { ending: released(reason), reason };
}

/** A deletion that waits. `untold` are fields whose new values the item was not given because it is to go: should the pair live on, they are still news. */
function heldEnding(link: Link, answer: Extract<MailAnswer, { kind: 'hold' }>, untold: readonly string[]): Ending {
  return {
    kind: 'linked',
    withheld: link.withheld,
    hold: { reason: 'would-mail', action: 'deleteItem', fields: untold, whom: answer.whom },
  };
}

/** True where an admin wants the item to stay, although its record is gone from here. */
function isDiscarded({ decision }: PlanContext): boolean {
  return discards(decision, { reason: 'would-mail', action: 'deleteItem' });
}
