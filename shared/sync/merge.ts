import { type Direction, elementsOf, type FieldRule, isBlank, type Side, sameValue, type Value, type Values } from '../model/values';
import { mergeLists } from './elements';
import type { Bases } from './link';

/** A value that policy gave up, to be journaled before it is overwritten (promise 1). */
export interface Loser {
  readonly field: string;
  /** The side whose value lost. */
  readonly side: Side;
  readonly value: Value;
}

export interface Merge {
  /** What the record has to be given. */
  readonly toRecord: Values;
  /** What the item has to be given. */
  readonly toItem: Values;
  readonly lost: readonly Loser[];
}

export interface MergeInput {
  readonly fields: readonly FieldRule[];
  readonly direction: (field: FieldRule) => Direction;
  readonly bases: Bases;
  /** What the record holds now; a field that is absent was not read and counts as unchanged. */
  readonly record: Values;
  /** What the item holds now; the same. */
  readonly item: Values;
  /** Who wins a field that both changed. */
  readonly winner: Side;
}

interface FieldNow {
  readonly rule: FieldRule;
  readonly baseRecord: Value;
  readonly baseItem: Value;
  readonly record: Value;
  readonly item: Value;
}

/** Merges field by field, three-way, each side against its own base. Writes only what differs. */
export function merge(input: MergeInput): Merge {
  const toRecord: Record<string, Value> = {};
  const toItem: Record<string, Value> = {};
  const lost: Loser[] = [];
  for (const rule of input.fields) {
    const direction = input.direction(rule);
    if (direction === 'none') continue;
    const field = fieldNow(rule, input);
    const met = meet(field, direction, input.winner);
    if (met.toRecord !== undefined && !sameValue(met.toRecord, field.record)) toRecord[rule.name] = met.toRecord;
    if (met.toItem !== undefined && !sameValue(met.toItem, field.item)) toItem[rule.name] = met.toItem;
    lost.push(...met.lost.filter((loser) => !isBlank(loser.value)));
  }
  return { toRecord, toItem, lost };
}

interface Met {
  readonly toRecord?: Value;
  readonly toItem?: Value;
  readonly lost: readonly Loser[];
}

function meet(field: FieldNow, direction: Direction, winner: Side): Met {
  const { rule, record, item } = field;
  const recordMoved = direction !== 'toDynamics' && !sameValue(record, field.baseRecord);
  const itemMoved = direction !== 'toExchange' && !sameValue(item, field.baseItem);
  if (!recordMoved && !itemMoved) return { lost: [] };
  if (rule.merge === 'elements') return meetLists(field, { recordMoved, itemMoved }, winner);
  if (recordMoved && !itemMoved) return { toItem: heldBy(rule.inExchange, record), lost: [] };
  if (itemMoved && !recordMoved) return { toRecord: heldBy(rule.inDynamics, item), lost: [] };
  if (sameValue(heldBy(rule.inExchange, record), item) || sameValue(heldBy(rule.inDynamics, item), record)) return { lost: [] };
  return winner === 'dynamics'
    ? { toItem: heldBy(rule.inExchange, record), lost: [{ field: rule.name, side: 'exchange', value: item }] }
    : { toRecord: heldBy(rule.inDynamics, item), lost: [{ field: rule.name, side: 'dynamics', value: record }] };
}

function meetLists(field: FieldNow, moved: { readonly recordMoved: boolean; readonly itemMoved: boolean }, winner: Side): Met {
  const { rule, record, item } = field;
  const merged = mergeLists(
    { base: elementsOf(moved.recordMoved ? field.baseRecord : record), now: elementsOf(record) },
    { base: elementsOf(moved.itemMoved ? field.baseItem : item), now: elementsOf(item) },
    winner === 'dynamics' ? 'left' : 'right',
  );
  return {
    ...(moved.itemMoved ? { toRecord: heldBy(rule.inDynamics, merged.left) } : {}),
    ...(moved.recordMoved ? { toItem: heldBy(rule.inExchange, merged.right) } : {}),
    lost: merged.lost.map(({ loser, value }) => ({ field: rule.name, side: loser === 'left' ? 'dynamics' : 'exchange', value })),
  };
}

function heldBy(side: ((value: Value) => Value) | undefined, value: Value): Value {
  return side === undefined ? value : side(value);
}

function fieldNow(rule: FieldRule, { bases, record, item }: MergeInput): FieldNow {
  const baseRecord = bases.dynamics[rule.name] ?? null;
  const baseItem = bases.exchange[rule.name] ?? null;
  return {
    rule,
    baseRecord,
    baseItem,
    record: record[rule.name] ?? presentOr(record, rule.name, baseRecord),
    item: item[rule.name] ?? presentOr(item, rule.name, baseItem),
  };
}

/** Null where the field was read and is empty; the base where it was not read. */
function presentOr(values: Values, name: string, base: Value): Value {
  return name in values ? null : base;
}

/** True where any field that this side may send differs from its base. */
export function hasMoved(fields: readonly FieldRule[], base: Values, now: Values): boolean {
  return fields.some(({ name }) => name in now && !sameValue(now[name], base[name]));
}
