import { chosenFields } from '../model/entity';
import { markerOf, type SeenItem } from '../model/seen';
import { isBlank, type Value, type Values } from '../model/values';
import type { Link, Pair } from './link';
import { mergeSides, relink } from './living-pair';
import { attendeesOf } from './mail-gate';
import { isEnd, isEndOf } from './merged-pair';
import { type Draft, type Ending, type ItemAction, leave, nothing, type PlanContext } from './pair-plan';
import { isPrivate, travels } from './private';
import { directionOf, type SyncRules } from './rules';
import { livingSide } from './sides';

/**
 * What becomes of an item that its user tracks: a record is made from it, or, where its record is there already, the two are linked. A record that is closed, inactive, elsewhere or
 * unreadable is left alone; the wish is noted, so that it is not asked about again with every change.
 */
export function planTracked(pair: Pair, item: SeenItem, context: PlanContext): Draft {
  const { record, link } = pair;
  if (isPrivate(item.values) && !travels(pair.entity, item.values, context.rules)) return noted(link, 'private');
  switch (record.kind) {
    case 'none':
      return createRecord(pair, item, context);
    case 'created':
    case 'same':
    case 'changed':
      return takeUp(pair, item, context);
    case 'filteredOut':
      // A filter says what syncs by itself; what its user asks for by name is another matter.
      return record.record.standing === 'filtered'
        ? takeUp({ ...pair, record: livingSide(record.record, link, context.rules) }, item, context)
        : noted(link, 'not-syncing');
    case 'deleted':
    case 'movedHome':
    case 'closed':
    case 'unreadable':
      return noted(link, 'not-syncing');
  }
}

function noted(link: Link | null, reason: 'private' | 'not-syncing'): Draft {
  if (link?.state === 'tracking') return { ending: { kind: 'forgotten' }, reason };
  return link === null ? leave(reason) : { ending: { kind: 'noted', tracked: true }, reason };
}

/**
 * A record with everything of the item that may travel. One that is over already begins open, because Dataverse creates no activity that is closed; that it is over
 * is news in the next slice.
 */
function createRecord({ entity, recordId }: Pair, item: SeenItem, { rules }: PlanContext): Draft {
  const wanted = receivable(entity, item.values, rules);
  const ends = isEnd(wanted.status);
  const values = ends ? { ...withoutEnd(wanted), status: 'notStarted' } : wanted;
  const ending: Ending = { kind: 'linked', withheld: false, hold: null };
  return {
    toRecord: { kind: 'create', values },
    toItem: marked(item, recordId, nothing),
    ending: ends ? { ...ending, again: ['status', 'completedDate'] } : ending,
    reason: 'tracked',
  };
}

/** The record is there: made by a slice that was cut short, or let go before. What each side did since they last agreed is merged. */
function takeUp(pair: Pair, item: SeenItem, context: PlanContext): Draft {
  const { record, link } = pair;
  if (!('record' in record) || record.record === null) return leave('not-syncing');
  const before = link ?? { bases: null, withheld: false };
  const draft =
    link?.state === 'tracking' && link.bases !== null ? mergeSides(pair, link, context) : relink(record.record, pair.item, before, context);
  const ending: Ending = draft.ending.kind === 'untouched' ? { kind: 'linked', withheld: before.withheld, hold: null } : draft.ending;
  return { ...draft, toItem: marked(item, pair.recordId, draft.toItem ?? nothing), ending, reason: 'tracked' };
}

/**
 * The same action with the marker, where the item does not carry it yet. The copy of a meeting that somebody else organizes gets none, for it would count for nothing; nor does
 * a meeting with attendees, because nobody knows whether Exchange would write to them over it. The record of a meeting is found by its iCalUId.
 */
function marked(item: SeenItem, recordId: string, action: ItemAction): ItemAction {
  if (markerOf(item.marker)?.recordId === recordId || item.values.organizedHere === false || attendeesOf(item.values).length > 0)
    return action;
  if (action.kind === 'none') return { kind: 'update', changes: {}, derived: {}, mark: true };
  return action.kind === 'update' ? { ...action, mark: true } : action;
}

/** What the item may give its record: its fields that travel to Dynamics, as Dynamics can hold them, and the names of what it belongs to, which are looked up. */
function receivable(entity: Pair['entity'], item: Values, rules: SyncRules): Values {
  const values: Record<string, Value> = {};
  for (const field of chosenFields(entity, rules)) {
    const direction = directionOf(rules, entity, field);
    if (!['both', 'toDynamics'].includes(direction) && !(namesRow.has(field.name) && direction === 'toExchange')) continue;
    const value = item[field.name] ?? null;
    const fitted = field.inDynamics === undefined ? value : field.inDynamics(value);
    if (!isBlank(fitted)) values[field.name] = fitted;
  }
  return values;
}

/** Fields that name a row of Dynamics. They do not travel there as text; a new record is tied to the one row of that name. */
const namesRow = new Set(['company', 'regarding']);

function withoutEnd(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !isEndOf(name)));
}
