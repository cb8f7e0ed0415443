import { sameIn } from '../model/entity';
import { type Direction, elementsOf, type FieldRule, isBlank, type Side, sameValue, type Value, type Values } from '../model/values';
import { mergeLists, mergeSets } from './elements';
import { mergeOccurrences } from './keyed';
import type { Bases } from './link';
import { bothNotes, bothRichNotes, type NoteTimes } from './notes';

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
  /** The earliest date of a series that is compared, UTC ms. */
  readonly occurrencesFrom: number;
  /** Where notes that both sides wrote are kept together: when each side changed. */
  readonly keepNotes?: NoteTimes;
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
    if (joinsNow(rule, input.bases)) {
      if (direction !== 'toDynamics') Object.assign(toItem, gapFilled(rule, input));
      continue;
    }
    const field = fieldNow(rule, input);
    const met = meet(field, direction, input);
    if (met.toRecord !== undefined && !sameIn(rule, met.toRecord, field.record)) toRecord[rule.name] = met.toRecord;
    if (met.toItem !== undefined && !sameIn(rule, met.toItem, field.item)) toItem[rule.name] = met.toItem;
    lost.push(...met.lost.filter((loser) => !isBlank(loser.value)));
  }
  return { toRecord, toItem, lost };
}

/** True for a field that came into the map after the pair was linked: what each side holds becomes its own base, and is nobody's edit. */
export function joinsNow({ name, joins }: FieldRule, { dynamics, exchange }: Bases): boolean {
  return joins === true && !(name in dynamics && name in exchange);
}

/** What an item that is known to have nothing is given by a record that has something. */
function gapFilled(rule: FieldRule, { record, item }: MergeInput): Values {
  const { name } = rule;
  const value = record[name] ?? null;
  const fitted = rule.inExchange === undefined ? value : rule.inExchange(value);
  return name in item && isBlank(item[name]) && !isBlank(fitted) ? { [name]: fitted } : {};
}

interface Met {
  readonly toRecord?: Value;
  readonly toItem?: Value;
  readonly lost: readonly Loser[];
}

/** Whether each side has left its own base, and whether that may travel. */
interface Moves {
  readonly record: boolean;
  readonly item: boolean;
  readonly recordTravels: boolean;
  readonly itemTravels: boolean;
}

function meet(field: FieldNow, direction: Direction, { winner, occurrencesFrom, keepNotes }: MergeInput): Met {
  const record = !sameIn(field.rule, field.record, field.baseRecord);
  const item = !sameIn(field.rule, field.item, field.baseItem);
  const tells = { record: direction !== 'toDynamics', item: direction !== 'toExchange' };
  // What a side said of a date while the other had it deleted is told when that date is there again, so news of either side is enough to look at all dates.
  if (field.rule.merge === 'keyed') return record || item ? meetOccurrences(field, tells, winner, occurrencesFrom) : { lost: [] };
  const moves = { record, item, recordTravels: record && tells.record, itemTravels: item && tells.item };
  if (!moves.recordTravels && !moves.itemTravels) return { lost: [] };
  if (field.rule.merge === 'elements') return meetLists(field, moves, winner);
  return meetNotes(field, moves, winner, keepNotes) ?? meetWhole(field, moves, winner);
}

/** Notes that both sides wrote, as both texts in one; null where one text is to win. */
function meetNotes({ rule, record, item }: FieldNow, moves: Moves, winner: Side, times: NoteTimes | undefined): Met | null {
  if (times === undefined || rule.isNote !== true || !moves.recordTravels || !moves.itemTravels) return null;
  if (typeof record !== 'string' || typeof item !== 'string') return null;
  const join = rule.isRich === true ? bothRichNotes : bothNotes;
  const both = winner === 'dynamics' ? join(record, item, 'exchange', times.exchange) : join(item, record, 'dynamics', times.dynamics);
  return both === null ? null : { toRecord: both, toItem: both, lost: [] };
}

/** An edit that may not travel is overwritten by one that may; that, too, is a value that was given up. */
function meetWhole({ rule, record, item }: FieldNow, moves: Moves, winner: Side): Met {
  const recordGoes = moves.recordTravels && (!moves.itemTravels || winner === 'dynamics');
  if (moves.record && moves.item && (sameIn(rule, inExchange(rule, record), item) || sameIn(rule, inDynamics(rule, item), record)))
    return { lost: [] };
  return recordGoes
    ? { toItem: inExchange(rule, record), lost: moves.item ? [{ field: rule.name, side: 'exchange', value: item }] : [] }
    : { toRecord: inDynamics(rule, item), lost: moves.record ? [{ field: rule.name, side: 'dynamics', value: record }] : [] };
}

function meetLists(field: FieldNow, moves: Moves, winner: Side): Met {
  const { rule, record, item, baseRecord, baseItem } = field;
  if (!moves.item && sameValue(inExchange(rule, baseRecord), baseItem)) return { toItem: inExchange(rule, record), lost: [] };
  if (!moves.record && sameValue(inDynamics(rule, baseItem), baseRecord)) return { toRecord: inDynamics(rule, item), lost: [] };
  const ofRecord = { base: elementsOf(moves.recordTravels ? baseRecord : record), now: elementsOf(record) };
  const ofItem = { base: elementsOf(moves.itemTravels ? baseItem : item), now: elementsOf(item) };
  const merged =
    rule.isSet === true
      ? { ...mergeSets(ofRecord, ofItem), lost: [] }
      : mergeLists(ofRecord, ofItem, winner === 'dynamics' ? 'left' : 'right');
  const left = fitted(merged.left, (list) => inDynamics(rule, list), merged.right);
  const held = elementsOf(item).length;
  const right = fitted(
    merged.right,
    (list) => (elementsOf(list).length <= held ? list : inExchange(rule, list)),
    elementsOf(moves.itemTravels ? left : record),
  );
  return {
    ...(moves.itemTravels ? { toRecord: left } : {}),
    ...(moves.recordTravels ? { toItem: right } : {}),
    lost: merged.lost.map(({ loser, value }) => ({ field: rule.name, side: loser === 'left' ? 'dynamics' : 'exchange', value })),
  };
}

/** Whether each side may tell the other. */
interface Tells {
  readonly record: boolean;
  readonly item: boolean;
}

function meetOccurrences({ rule, record, item, baseRecord, baseItem }: FieldNow, tells: Tells, winner: Side, from: number): Met {
  const merged = mergeOccurrences(
    { base: elementsOf(baseRecord), now: elementsOf(record) },
    { base: elementsOf(baseItem), now: elementsOf(item) },
    winner === 'dynamics' ? 'left' : 'right',
    from,
    { left: tells.record, right: tells.item },
  );
  return {
    toRecord: merged.left,
    toItem: merged.right,
    lost: merged.lost.map(({ loser, value }) => ({ field: rule.name, side: loser === 'left' ? 'dynamics' : 'exchange', value })),
  };
}

/** A list as a side can hold it. Where there is no room for all, what the other side holds too is left out first, from the end. */
function fitted(list: readonly string[], held: (value: Value) => Value, elsewhere: readonly string[]): Value {
  if (elementsOf(held(list)).length === list.length) return held(list);
  const spare = list.findLastIndex((element) => elsewhere.includes(element));
  return spare < 0 ? held(list) : fitted(list.toSpliced(spare, 1), held, elsewhere);
}

function inExchange({ inExchange: held }: FieldRule, value: Value): Value {
  return held === undefined ? value : held(value);
}

function inDynamics({ inDynamics: held }: FieldRule, value: Value): Value {
  return held === undefined ? value : held(value);
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

/** True where any field that this side may send differs from its base; one that joins the pair only now has none. */
export function hasMoved(fields: readonly FieldRule[], base: Values, now: Values): boolean {
  return fields.some((rule) => {
    const { name, joins } = rule;
    return name in now && (joins !== true || name in base) && !sameIn(rule, now[name], base[name]);
  });
}
