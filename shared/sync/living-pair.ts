import { startOf } from '../model/appointment';
import { chosenFields, kindOf } from '../model/entity';
import type { SeenRecord } from '../model/seen';
import { type Entity, type FieldRule, isBlank, sameValue, type Value, type Values } from '../model/values';
import { derive } from './derive';
import { type GatedUpdate, gate, gatedUpdate, hasValues, mailsOf, withoutAttendees } from './gated-write';
import type { Bases, ItemSide, Link, Pair } from './link';
import { attendeesOf } from './mail-gate';
import {
  type Agreement,
  goesBothWays,
  heldValues,
  isEnd,
  isEndOf,
  itemMoved,
  type MergedNow,
  mergeNow,
  versionsMoved,
} from './merged-pair';
import { type Draft, type Ending, leave, nothing, type PlanContext, released } from './pair-plan';
import type { Reason } from './reasons';
import { directionOf, fieldsThatLeave, type SyncRules } from './rules';

export function createItem(record: SeenRecord, reason: Reason, context: PlanContext): Draft {
  const values = sendable(record, context.rules);
  const derived = derive(record.entity, record.values, context.zone, context.now);
  const answer = gate(record.entity, { action: 'create', changes: values, current: {}, withheld: context.firstLoad }, context);
  const withheld = answer.kind === 'withhold';
  return {
    toItem: { kind: 'create', values: withheld ? withoutAttendees(values, {}) : values, derived },
    ending: { kind: 'linked', withheld, hold: null },
    mails: mailsOf(answer),
    reason,
  };
}

/** What the record may send: its fields that travel to Exchange, as Exchange can hold them, without the empty ones. */
export function sendable(record: SeenRecord, rules: SyncRules): Values {
  const values: Record<string, Value> = {};
  for (const field of chosenFields(record.entity, rules)) {
    if (!['both', 'toExchange'].includes(directionOf(rules, record.entity, field))) continue;
    const value = record.values[field.name] ?? null;
    const fitted = field.inExchange === undefined ? value : field.inExchange(value);
    if (!isBlank(fitted)) values[field.name] = fitted;
  }
  return values;
}

/** Merges a pair of which both sides live. One that is held is judged only with its record at hand, for that knows what is waiting. */
export function mergeSides(pair: Pair, link: Link, context: PlanContext): Draft {
  if (link.state === 'held' && pair.record.kind === 'same' && pair.record.record === null) return leave(link.reason);
  const merged = mergeNow(pair, link, context);
  const after = { ...merged.record, ...merged.toRecord };
  const toItem = isPastEdit(pair, after, merged.item, context) ? untouched : gatedUpdate(pair, link, merged.toItem, after, merged, context);
  const closes = kindOf(pair.entity) === 'task' && isEnd(after.status);
  const newVersion = versionsMoved(pair, link);
  const writes = hasValues(merged.toRecord) || toItem.action.kind !== 'none';
  if (!writes && toItem.hold === null && !newVersion && link.state === 'linked') return leave('agreed');
  return {
    toRecord: hasValues(merged.toRecord) ? { kind: 'update', changes: merged.toRecord } : nothing,
    toItem: toItem.action,
    ending: closes ? released('closed') : linkedBy(link, toItem),
    lost: merged.lost,
    mails: toItem.mails,
    reason: toItem.hold === null ? editedReason(pair, writes) : 'would-mail',
  };
}

const untouched: GatedUpdate = { action: nothing, listKept: false, hold: null, mails: [] };

/** True where the rules keep what was edited in Dynamics from an appointment that has begun, and that the edit does not move into the future. */
function isPastEdit({ entity }: Pair, record: Values, item: Values, { rules, now }: PlanContext): boolean {
  if (kindOf(entity) !== 'event' || rules.pastAppointmentEditedInDynamics === 'update') return false;
  return startOf(record.time) <= now && startOf(item.time) <= now;
}

/** A closed record takes no more edits: its last state is written, what the item alone changed stays in the item, and the pair is let go. */
export function pushClosed(record: SeenRecord, item: ItemSide, link: Link, context: PlanContext): Draft {
  const pair: Pair = { entity: record.entity, recordId: record.id, link, record: { kind: 'closed', record }, item };
  const merged = mergeNow(pair, link, context, 'dynamics');
  const toItem = gatedUpdate(pair, link, merged.toItem, merged.record, merged, context);
  const untold = fieldsThatLeave(context.rules, record.entity, 'exchange')
    .filter((field) => !isEndOf(field.name) && itemMoved(field.name, merged.bases, merged.item) && !agree(field, merged))
    .map(({ name }) => name);
  return {
    toItem: toItem.action,
    ending: toItem.hold === null ? { kind: 'released', reason: 'closed', untold } : linkedBy(link, toItem),
    lost: merged.lost,
    mails: toItem.mails,
    reason: toItem.hold === null ? 'closed' : 'would-mail',
  };
}

/** True where both sides hold the same, as far as each can hold it: nothing of it is left to tell. */
function agree({ name, inExchange, inDynamics }: FieldRule, { record, item }: Pick<MergedNow, 'record' | 'item'>): boolean {
  const [told, given] = [record[name] ?? null, item[name] ?? null];
  return (
    sameValue(inExchange === undefined ? told : inExchange(told), given) ||
    sameValue(inDynamics === undefined ? given : inDynamics(given), told)
  );
}

/** True where the record has a value that its item was never given, because the two were linked anew with different ones and each kept its own (promise 1). */
export function keepsUntold(entity: Entity, { bases }: Pick<Link, 'bases'>, rules: SyncRules): boolean {
  if (bases === null) return false;
  const { item, record } = heldValues(bases, rules);
  return chosenFields(entity, rules).some(
    (field) =>
      field.merge === 'whole' &&
      goesBothWays(entity, field, item, rules) &&
      field.name in item &&
      !isBlank(record[field.name]) &&
      !agree(field, { record, item }),
  );
}

/** Links a pair anew. With bases from before it takes up where it stopped; without, both sides' values become their own bases and only gaps in Exchange are filled. */
export function relink(record: SeenRecord, item: ItemSide, link: Agreement & Pick<Link, 'withheld'>, context: PlanContext): Draft {
  const pair: Pair = { entity: record.entity, recordId: record.id, link: null, record: { kind: 'changed', record }, item };
  const merged = mergeNow(pair, link, context);
  const wanted = link.bases === null ? gapsFilled(sendable(record, context.rules), merged.item) : merged.toItem;
  const withheld = link.withheld || lacksAttendees(link.bases);
  const toItem = gatedUpdate(
    pair,
    { withheld: withheld || context.firstLoad },
    wanted,
    { ...merged.record, ...merged.toRecord },
    merged,
    context,
  );
  return {
    toRecord: hasValues(merged.toRecord) ? { kind: 'update', changes: merged.toRecord } : nothing,
    toItem: toItem.action,
    ending: linkedBy({ withheld }, toItem),
    lost: merged.lost,
    mails: toItem.mails,
    reason: 'came-back',
  };
}

/**
 * What of the wanted values an item lacks. When it takes place is never lacking: an event without a pattern has one that Tandem does not know, and one without
 * special dates has them all as the pattern says.
 */
export function gapsFilled(wanted: Values, current: Values): Values {
  return Object.fromEntries(
    Object.entries(wanted).filter(([name]) => isBlank(current[name]) && !['time', 'recurrence', 'occurrences'].includes(name)),
  );
}

/** True where the record has attendees that the item was never given: their list was withheld while the pair was let go. */
function lacksAttendees(bases: Bases | null): boolean {
  const given = attendeesOf(bases?.exchange ?? {});
  return attendeesOf(bases?.dynamics ?? {}).some((attendee) => !given.includes(attendee));
}

function linkedBy(link: Pick<Link, 'withheld'>, { listKept, hold }: GatedUpdate): Ending {
  return { kind: 'linked', withheld: link.withheld || listKept, hold };
}

function editedReason({ record, item }: Pair, writes: boolean): Reason {
  if (!writes) return 'agreed';
  if (record.kind !== 'same' && item.kind === 'changed') return 'both-edited';
  return item.kind === 'changed' ? 'item-edited' : 'record-edited';
}
