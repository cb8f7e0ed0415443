import { chosenFields, fieldsOf, isMeeting } from '../model/entity';
import { isBlank, type Side, sameValue, type Value, type Values } from '../model/values';
import { gate, withoutAttendees } from './gated-write';
import type { ItemSide, Link, Pair, RecordSide } from './link';
import { attendeesOf } from './mail-gate';
import { itemValues, recordValues } from './merged-pair';
import { type Draft, type ItemAction, nothing, type PairPlan, type PlanContext, type RecordAction, released } from './pair-plan';
import type { SyncRules } from './rules';

/** One thing that a cycle did to a pair, as its journal tells it. */
export type Done =
  | { readonly action: 'replaced'; readonly side: Side; readonly field: string; readonly value: Value }
  | { readonly action: 'created'; readonly side: Side }
  | { readonly action: 'deleted'; readonly side: Side; readonly values: Values };

/** What stands in the way of taking a cycle's work on a pair back: stable codes, each with the sentence an admin reads. */
export const obstacles = {
  'nothing-done': 'The journal knows of nothing that Tandem did to this pair then; it keeps 30 days.',
  'long-journal':
    'The journal of the mailbox holds more than 10,000 entries, too many to be sure of what was done last. Put the values back by hand; the journal names them.',
  'newer-work': 'Tandem has done something to this pair since then; take that back first.',
  'edited-since': 'Somebody has edited the record or the item since then, and that edit would be lost.',
  'gone-since': 'The record or the item has been deleted since then, or can no longer be read.',
  'lives-elsewhere': 'The record now has another home, and its copy is there.',
  'under-way': 'Tandem is still busy with this pair; ask again when it waits for nothing.',
  'too-late': 'The write failed for an hour and was given up; ask again.',
  'would-mail': 'Exchange would write to the attendees of the meeting, and taking something back never does that.',
} as const;

export type Obstacle = keyof typeof obstacles;

export type UndoPlan =
  | { readonly kind: 'plan'; readonly plan: PairPlan }
  /** It was done by a worker that did not live to say so: the pair is served as ever. */
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly obstacle: Obstacle };

/**
 * The plan that takes back what a cycle did to a pair: every value that it replaced returns to the side on which it stood, what it made goes, what it removed is
 * made again; a record under its own id, and then it syncs like any other. The other side keeps what people wrote there, so the two differ until the next edit.
 * Total; refuses where anything newer would be lost, or where Exchange would write to anybody.
 */
export function planUndo(pair: Pair, done: readonly Done[], context: PlanContext): UndoPlan {
  if (done.length === 0) return { kind: 'refused', obstacle: 'nothing-done' };
  const answer = drafted(pair, done, context);
  if (answer === 'done') return { kind: 'done' };
  if (typeof answer === 'string') return { kind: 'refused', obstacle: answer };
  return { kind: 'plan', plan: { pair, toRecord: nothing, toItem: nothing, lost: [], mails: [], ...answer } };
}

function drafted(pair: Pair, done: readonly Done[], context: PlanContext): Draft | Obstacle | 'done' {
  const lost = done.find((each) => each.action === 'deleted' && each.side === 'dynamics');
  if (lost?.action === 'deleted') return restored(pair, lost.values, context);
  const removed = done.find((each) => each.action === 'deleted' && each.side === 'exchange');
  if (removed?.action === 'deleted') return made(pair, removed.values, context);
  const { link } = pair;
  if (link === null || link.bases === null) return 'gone-since';
  if (link.pending !== undefined || link.state === 'held' || link.state === 'frozen') return 'under-way';
  if (pair.item.kind === 'deleted' || pair.item.kind === 'none') return 'gone-since';
  if (pair.record.kind === 'deleted' || pair.record.kind === 'unreadable') return 'gone-since';
  if (wasEdited(pair, link, context.rules)) return 'edited-since';
  return takenBack(pair, link, done, context);
}

/** A record that Tandem deleted is made again with all that it held. Its item would invite people where the settings ask for that, so such a meeting is left to an admin. */
function restored({ entity, record }: Pair, values: Values, { rules }: PlanContext): Draft | Obstacle | 'done' {
  if (record.kind !== 'deleted' && record.kind !== 'none') return 'done';
  if (isMeeting(entity) && rules.attendeeMail === 'invite' && attendeesOf(values).length > 0) return 'would-mail';
  const kept = Object.entries(values).filter(([, value]) => !isBlank(value));
  return { toRecord: { kind: 'create', values: Object.fromEntries(kept) }, ending: { kind: 'forgotten' }, reason: 'undone' };
}

/** What Tandem removed from Exchange is made again, without its attendees and unlinked: its record is gone. */
function made(pair: Pair, values: Values, context: PlanContext): Draft | Obstacle {
  if (pair.record.kind !== 'deleted') return 'lives-elsewhere';
  if (pair.item.kind === 'same' || pair.item.kind === 'changed') return { ending: released('undone'), reason: 'undone' };
  const known = chosenFields(pair.entity, context.rules).filter(({ direction }) => direction !== 'none');
  const kept = Object.fromEntries(known.flatMap(({ name }) => (isBlank(values[name]) ? [] : [[name, values[name] ?? null]])));
  const created = withoutAttendees(kept, {});
  if (gate(pair.entity, { action: 'create', changes: created, current: {}, withheld: true }, context).kind !== 'silent')
    return 'would-mail';
  return { toItem: { kind: 'create', values: created, derived: {} }, ending: released('undone'), reason: 'undone' };
}

function takenBack(pair: Pair, link: Link, done: readonly Done[], context: PlanContext): Draft | Obstacle {
  const current = itemValues(pair.item, link);
  const isMade = (side: Side): boolean => done.some((each) => each.action === 'created' && each.side === side);
  if (isMade('dynamics') && versionOf(pair.record) !== link.recordVersion) return 'edited-since';
  if (isMade('exchange') && versionOf(pair.item) !== link.itemVersion) return 'edited-since';
  const toItem: ItemAction = isMade('exchange') ? { kind: 'delete' } : update(replaced(done, 'exchange'), current);
  const toRecord: RecordAction = isMade('dynamics') ? { kind: 'delete' } : update(replaced(done, 'dynamics'), recordNow(pair, link));
  if (toItem.kind !== 'none') {
    const changes = toItem.kind === 'update' ? toItem.changes : {};
    const action = toItem.kind === 'update' ? 'update' : 'delete';
    if (gate(pair.entity, { action, changes, current, withheld: true }, context).kind !== 'silent') return 'would-mail';
  }
  const ends = isMade('exchange') || isMade('dynamics') || link.state === 'released';
  return {
    toRecord,
    toItem,
    ending: ends ? released('undone') : { kind: 'linked', withheld: link.withheld, hold: null },
    reason: 'undone',
  };
}

/** The version in which a side was read: a deletion takes along what is in no field that syncs, so no edit at all may have gone unseen. */
function versionOf(side: RecordSide | ItemSide): string | undefined {
  if ('record' in side) return side.record?.version;
  return 'item' in side ? side.item?.version : undefined;
}

function update(values: Values, current: Values): { kind: 'update'; changes: Values; derived: Record<string, never> } | typeof nothing {
  const changes = Object.fromEntries(Object.entries(values).filter(([field, value]) => !sameValue(value, current[field])));
  return Object.keys(changes).length === 0 ? nothing : { kind: 'update', changes, derived: {} };
}

/** What each field held before the cycle; where it was replaced twice, before the first time. */
function replaced(done: readonly Done[], side: Side): Values {
  const values: Record<string, Value> = {};
  for (const each of done) if (each.action === 'replaced' && each.side === side && !(each.field in values)) values[each.field] = each.value;
  return values;
}

function recordNow(pair: Pair, link: Link): Values {
  return { ...link.bases?.dynamics, ...recordValues(pair.record) };
}

/** True where either side no longer holds what the two last agreed on. */
function wasEdited({ entity, record, item }: Pair, link: Link, rules: SyncRules): boolean {
  const names = new Set([...fieldsOf(entity), ...chosenFields(entity, rules)].map(({ name }) => name));
  const moved = (base: Values, now: Values): boolean =>
    [...names].some((name) => name in now && name in base && !sameValue(now[name], base[name]));
  return moved(link.bases?.dynamics ?? {}, recordValues(record)) || moved(link.bases?.exchange ?? {}, itemValues(item, link));
}
