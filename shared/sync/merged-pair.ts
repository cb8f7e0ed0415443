import { chosenFields } from '../model/entity';
import { occurrencesBackMs } from '../model/series';
import {
  type Direction,
  type Entity,
  elementsOf,
  type FieldRule,
  isBlank,
  type Side,
  sameValue,
  type Value,
  type Values,
} from '../model/values';
import { withoutFilledIn } from './filled-in';
import { withoutJoiningBlock } from './joining';
import type { Bases, ItemSide, Link, Pair, RecordSide } from './link';
import { type Loser, type Merge, merge } from './merge';
import type { NoteTimes } from './notes';
import type { PlanContext } from './pair-plan';
import { isKept, neutral } from './private';
import { directionOf, type SyncRules } from './rules';

export interface MergedNow {
  readonly toRecord: Values;
  readonly toItem: Values;
  readonly lost: readonly Loser[];
  /** What each side holds now, whole. */
  readonly record: Values;
  readonly item: Values;
  readonly bases: Bases;
}

/** What the two sides last agreed on; nothing where they never did. */
export type Agreement = Pick<Link, 'bases'> & Partial<Pick<Link, 'state'>>;

/** What each side has to be given. Where it is not known what they last agreed on, what each holds becomes its own base, and nothing counts as changed. */
export function mergeNow(pair: Pair, link: Agreement, context: PlanContext, oneWay?: 'dynamics'): MergedNow {
  const bases = link.bases ?? { dynamics: recordValues(pair.record), exchange: itemValues(pair.item, link) };
  const record = { ...bases.dynamics, ...recordValues(pair.record) };
  const item = { ...bases.exchange, ...itemValues(pair.item, link) };
  const sides = { dynamics: { now: record, base: bases.dynamics }, exchange: { now: item, base: bases.exchange } };
  const said = (values: Values): Values => (item.online === true ? withoutJoiningBlock(values, context.rules.richText) : values);
  const merged = merge({
    fields: chosenFields(pair.entity, context.rules),
    direction: (field) => {
      const direction = narrowed(directionOf(context.rules, pair.entity, field), field.name, item, context.rules);
      if (oneWay === undefined) return direction;
      return direction === 'both' && (isEndOf(field.name) || !itemMoved(field.name, bases, item))
        ? 'toExchange'
        : direction === 'toExchange'
          ? direction
          : 'none';
    },
    bases: { dynamics: said(bases.dynamics), exchange: said(bases.exchange) },
    record: said(withoutFilledIn(sides.dynamics, sides.exchange)),
    item: said(withoutFilledIn(sides.exchange, sides.dynamics)),
    winner: winnerOf(pair, context.rules),
    // A series that was just made has to be given what its past dates differ in too: nobody is told of that, and Dynamics makes them all by the pattern.
    occurrencesFrom: link.state === 'tracking' ? Number.NEGATIVE_INFINITY : context.now - occurrencesBackMs,
    ...(context.rules.notesConflict === 'keepBoth' ? { keepNotes: noteTimes(pair, context.now) } : {}),
  });
  const lost = [...merged.lost, ...datesMadeAnew(merged, bases, record, item)];
  return { ...merged, lost, ...withoutStrayEnd(merged, record, item), record, item, bases };
}

/**
 * Another pattern or time makes both systems forget what was special about single dates. What a side changed on dates meanwhile is written again where such a date
 * still is; where it is not, the journal alone has it (promise 1). So does what the other side never had, because it had deleted that date.
 */
function datesMadeAnew({ toRecord, toItem }: Merge, bases: Bases, record: Values, item: Values): Loser[] {
  const [ofRecord, ofItem] = [elementsOf(bases.dynamics.occurrences), elementsOf(bases.exchange.occurrences)];
  const isAgreed = (element: string): boolean => ofRecord.includes(element) && ofItem.includes(element);
  const loser = (side: Side, changes: Values, now: Values): Loser[] => {
    const remade = 'recurrence' in changes || 'time' in changes;
    const special = elementsOf(now.occurrences);
    return remade && !special.every(isAgreed) ? [{ field: 'occurrences', side, value: special }] : [];
  };
  return [...loser('exchange', toItem, item), ...loser('dynamics', toRecord, record)];
}

/**
 * What this very item narrows of a field's direction. A private event shows Dynamics no more than its time, and what stands there in place of its subject never comes
 * back; of a meeting that somebody else organizes, Exchange lets an attendee write only how it shows and what Tandem itself keeps there.
 */
function narrowed(direction: Direction, field: string, item: Values, rules: SyncRules): Direction {
  if (isKept(field, item, rules)) return neutral.has(field) && ['both', 'toDynamics'].includes(direction) ? 'toDynamics' : 'none';
  if (item.organizedHere !== false || field === 'status' || field === 'regarding') return direction;
  return direction === 'both' ? 'toDynamics' : direction === 'toExchange' ? 'none' : direction;
}

/** Whether a field of this very item may travel both ways. */
export function goesBothWays(entity: Entity, field: FieldRule, item: Values, rules: SyncRules): boolean {
  return narrowed(directionOf(rules, entity, field), field.name, item, rules) === 'both';
}

/** What both sides hold by their bases, as far as it is theirs to tell: without the block by which an online meeting is joined. */
export function heldValues({ dynamics, exchange }: Bases, rules: SyncRules): { readonly record: Values; readonly item: Values } {
  const said = (values: Values): Values => (exchange.online === true ? withoutJoiningBlock(values, rules.richText) : values);
  return { record: said(dynamics), item: said(exchange) };
}

/**
 * A date of completion goes only where the task ends as well: one that lost to an open status would close the record all the same, because Microsoft's own
 * synchronization completes any activity whose end lies in the past.
 */
function withoutStrayEnd({ toRecord, toItem }: Merge, record: Values, item: Values): Pick<Merge, 'toRecord' | 'toItem'> {
  const ended = (changes: Values, now: Values): Values => {
    const { completedDate, ...rest } = changes;
    return isBlank(completedDate) || isEnd({ ...now, ...changes }.status) ? changes : rest;
  };
  return { toRecord: ended(toRecord, record), toItem: ended(toItem, item) };
}

/** True for the states in which a task is over. */
export function isEnd(status: Value | undefined): boolean {
  return status === 'completed' || status === 'canceled';
}

/** The fields that say that a record is closed; they are written whatever the item says. */
export function isEndOf(field: string): boolean {
  return field === 'status' || field === 'completedDate';
}

export function itemMoved(field: string, bases: Bases, item: Values): boolean {
  return !sameValue(item[field], bases.exchange[field]);
}

/** When each side last changed, as far as it was read. */
function noteTimes({ record, item }: Pair, now: number): NoteTimes {
  return {
    dynamics: 'record' in record && record.record !== null ? record.record.modifiedAt : now,
    exchange: 'item' in item && item.item !== null ? item.item.modifiedAt : now,
  };
}

/** Two seconds' difference is a tie, and a tie goes to Dynamics: its clock keeps whole seconds. */
export const tieMs = 2_000;

export function winnerOf({ entity, record, item }: Pair, rules: SyncRules): Side {
  if (entity === 'serviceappointment') return 'dynamics';
  const policy = rules.conflict[entity];
  if (policy !== 'newest') return policy;
  const recordAt = 'record' in record && record.record !== null ? record.record.modifiedAt : 0;
  const itemAt = 'item' in item && item.item !== null ? item.item.modifiedAt : 0;
  return itemAt - recordAt > tieMs ? 'exchange' : 'dynamics';
}

export function recordValues(side: RecordSide): Values {
  return 'record' in side && side.record !== null ? side.record.values : {};
}

export function itemValues(side: ItemSide, link: Pick<Link, 'bases'>): Values {
  const base = link.bases?.exchange ?? {};
  return 'item' in side && side.item !== null ? { ...base, ...side.item.values } : base;
}

/** True where this cycle has read the item. */
export function wasRead(side: ItemSide): boolean {
  return 'item' in side && side.item !== null;
}

export function versionsMoved({ record, item }: Pair, link: Link): boolean {
  const recordMoved = 'record' in record && record.record !== null && record.record.version !== link.recordVersion;
  const itemMoved = 'item' in item && item.item !== null && (item.item.version !== link.itemVersion || item.item.id !== link.itemId);
  return recordMoved || itemMoved;
}
