import { fieldsOf } from '../model/entity';
import type { Side, Values } from '../model/values';
import type { Bases, ItemSide, Link, Pair, RecordSide } from './link';
import { type Loser, merge } from './merge';
import type { PlanContext } from './pair-plan';
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

export function mergeNow(pair: Pair, link: Link, context: PlanContext, oneWay?: 'dynamics'): MergedNow {
  const bases = link.bases ?? { dynamics: {}, exchange: {} };
  const record = { ...bases.dynamics, ...recordValues(pair.record) };
  const item = { ...bases.exchange, ...itemValues(pair.item, link) };
  const merged = merge({
    fields: fieldsOf(pair.entity),
    direction: (field) => {
      const direction = directionOf(context.rules, pair.entity, field);
      if (oneWay === undefined) return direction;
      return direction === 'both' && (isEndOf(field.name) || !itemMoved(field.name, bases, item))
        ? 'toExchange'
        : direction === 'toExchange'
          ? direction
          : 'none';
    },
    bases,
    record,
    item,
    winner: winnerOf(pair, context.rules),
  });
  return { ...merged, record, item, bases };
}

/** The fields that say that a record is closed; they are written whatever the item says. */
export function isEndOf(field: string): boolean {
  return field === 'status' || field === 'completedDate';
}

export function itemMoved(field: string, bases: Bases, item: Values): boolean {
  return JSON.stringify(item[field] ?? null) !== JSON.stringify(bases.exchange[field] ?? null);
}

/** Two seconds' difference is a tie, and a tie goes to Dynamics: its clock keeps whole seconds. */
export const tieMs = 2_000;

export function winnerOf({ entity, record, item }: Pair, rules: SyncRules): Side {
  const policy = rules.conflict[entity];
  if (policy !== 'newest') return policy;
  const recordAt = 'record' in record && record.record !== null ? record.record.modifiedAt : 0;
  const itemAt = 'item' in item && item.item !== null ? item.item.modifiedAt : 0;
  return itemAt - recordAt > tieMs ? 'exchange' : 'dynamics';
}

export function recordValues(side: RecordSide): Values {
  return 'record' in side && side.record !== null ? side.record.values : {};
}

export function itemValues(side: ItemSide, link: Link): Values {
  const base = link.bases?.exchange ?? {};
  return 'item' in side && side.item !== null ? { ...base, ...side.item.values } : base;
}

export function versionsMoved({ record, item }: Pair, link: Link): boolean {
  const recordMoved = 'record' in record && record.record !== null && record.record.version !== link.recordVersion;
  const itemMoved = 'item' in item && item.item !== null && (item.item.version !== link.itemVersion || item.item.id !== link.itemId);
  return recordMoved || itemMoved;
}
