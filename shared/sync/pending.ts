import { deviationKey, deviationsOf } from '../model/occurrences';
import { elementsOf, sameValue, type Value, type Values } from '../model/values';
import type { Bases } from './link';

/** What a slice was about to write to a linked pair, and what it had read there. Kept with the link until the slice has committed. */
export interface Pending {
  readonly toRecord: Values;
  readonly toItem: Values;
  /** The record's values of these fields as they were read. */
  readonly record: Values;
  /** The item's values of these fields as they were read. */
  readonly item: Values;
  /** True where the item's reminder was to be written; absent otherwise. */
  readonly reminds?: true;
}

/** The pending writes of a plan; `reminds`: the item's reminder is among them. */
export function pendingOf(toRecord: Values, toItem: Values, record: Values, item: Values, reminds = false): Pending {
  const names = [...new Set([...Object.keys(toRecord), ...Object.keys(toItem)])];
  return { toRecord, toItem, record: picked(record, names), item: picked(item, names), ...(reminds ? { reminds } : {}) };
}

/**
 * The bases of a link whose last writes nobody confirmed, because a worker died between writing and committing, or the other side's write failed. A write that took
 * effect is recognised by its value: that field counts as agreed, with what the other side held when it was copied. So our own write is no edit that could win
 * over a person's (design: a version that Tandem wrote does not count). Where both sides were to be given what the other had new and one was not, only what the
 * other was given counts as agreed: what it had itself is news still.
 */
export function recoveredBases(bases: Bases, pending: Pending, record: Values, item: Values): Bases {
  const dynamics: Record<string, Value> = { ...bases.dynamics };
  const exchange: Record<string, Value> = { ...bases.exchange };
  const { toRecord, toItem } = pending;
  for (const name of new Set([...Object.keys(toRecord), ...Object.keys(toItem)])) {
    const isRecordGiven = name in toRecord && name in record && sameValue(record[name], toRecord[name]);
    const isItemGiven = name in toItem && name in item && sameValue(item[name], toItem[name]);
    const [before, was] = [pending.record[name] ?? null, pending.item[name] ?? null];
    if (isRecordGiven && isItemGiven) {
      dynamics[name] = record[name] ?? null;
      exchange[name] = item[name] ?? null;
    } else if (isRecordGiven && name in toItem) {
      const given = keysGiven(name, before, toRecord[name]);
      dynamics[name] = agreedValue(name, given, dynamics[name], toRecord[name], before);
      exchange[name] = agreedValue(name, given, exchange[name], was, was);
    } else if (isItemGiven && name in toRecord) {
      const given = keysGiven(name, was, toItem[name]);
      exchange[name] = agreedValue(name, given, exchange[name], toItem[name], was);
      dynamics[name] = agreedValue(name, given, dynamics[name], before, before);
    } else if (isRecordGiven) {
      dynamics[name] = record[name] ?? null;
      exchange[name] = was;
    } else if (isItemGiven) {
      exchange[name] = item[name] ?? null;
      dynamics[name] = before;
    }
  }
  return { dynamics, exchange };
}

/**
 * The bases where the record took its write and holds `record`, and the item's write failed. What the record took from the item is agreed on. Of a field in which the
 * item has to follow itself, that is only what the record was given: that the item once had a date deleted, and so was not told of it, is still known.
 */
export function halfDoneBases(bases: Bases, pending: Pending, record: Values): Bases {
  const dynamics: Record<string, Value> = { ...bases.dynamics };
  const exchange: Record<string, Value> = { ...bases.exchange };
  const { toRecord, toItem } = pending;
  for (const name of Object.keys(toRecord)) {
    const [now, was] = [record[name] ?? null, pending.item[name] ?? null];
    if (name in toItem) {
      const given = keysGiven(name, pending.record[name] ?? null, toRecord[name]);
      dynamics[name] = agreedValue(name, given, dynamics[name], now, dynamics[name] ?? null);
      exchange[name] = agreedValue(name, given, exchange[name], was, was);
    } else {
      dynamics[name] = now;
      exchange[name] = was;
    }
  }
  return { dynamics, exchange };
}

/** What a list was given: its elements, or the dates and fields of them, that a write put in, replaced or took out. */
function keysGiven(name: string, before: Value, after: Value | undefined): ReadonlySet<string> {
  const [had, has] = [elementsOf(before), elementsOf(after)];
  const moved = [...had.filter((each) => !has.includes(each)), ...has.filter((each) => !had.includes(each))];
  return new Set(moved.map((element) => keyOf(name, element)));
}

/** A base in which these keys are as `from` has them; of a value that is no list, `whole`. */
function agreedValue(name: string, keys: ReadonlySet<string>, base: Value | undefined, from: Value | undefined, whole: Value): Value {
  if (!Array.isArray(base) && !Array.isArray(from)) return whole;
  const [old, now] = [elementsOf(base), elementsOf(from)];
  const agreed = [...old.filter((each) => !keys.has(keyOf(name, each))), ...now.filter((each) => keys.has(keyOf(name, each)))];
  return name === 'occurrences' ? agreed.sort() : agreed;
}

/** What an element is about: for the dates of a series the date and the field, otherwise itself. */
function keyOf(name: string, element: string): string {
  const [deviation] = name === 'occurrences' ? deviationsOf([element]) : [];
  return deviation === undefined ? element : deviationKey(deviation);
}

function picked(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
}
