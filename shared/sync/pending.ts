import { sameValue, type Value, type Values } from '../model/values';
import type { Bases } from './link';

/** What a slice was about to write to a linked pair, and what it had read there. Kept with the link until the slice has committed. */
export interface Pending {
  readonly toRecord: Values;
  readonly toItem: Values;
  /** The record's values of these fields as they were read. */
  readonly record: Values;
  /** The item's values of these fields as they were read. */
  readonly item: Values;
}

/** The pending writes of a plan. */
export function pendingOf(toRecord: Values, toItem: Values, record: Values, item: Values): Pending {
  const names = [...new Set([...Object.keys(toRecord), ...Object.keys(toItem)])];
  return { toRecord, toItem, record: picked(record, names), item: picked(item, names) };
}

/**
 * The bases of a link whose last writes nobody confirmed, because a worker died between writing and committing. A write that took effect is recognised by its
 * value: that field counts as agreed, with what the other side held when it was copied. So our own write is no edit that could win over a person's
 * (design: a version that Tandem wrote does not count). Where both sides were to be given a field (lists, single dates, notes kept together) and only the record
 * is known to have it, the record's base stays: what it alone knew has not reached the item, and goes on being a change (promise 1).
 */
export function recoveredBases(bases: Bases, pending: Pending, record: Values, item: Values): Bases {
  const dynamics: Record<string, Value> = { ...bases.dynamics };
  const exchange: Record<string, Value> = { ...bases.exchange };
  const ofRecord = tookEffect(pending.toRecord, record);
  const ofItem = tookEffect(pending.toItem, item);
  for (const name of ofRecord) {
    if (name in pending.toItem && !ofItem.has(name)) exchange[name] = pending.item[name] ?? null;
    else [dynamics[name], exchange[name]] = [record[name] ?? null, pending.item[name] ?? null];
  }
  for (const name of ofItem) {
    exchange[name] = item[name] ?? null;
    if (!ofRecord.has(name)) dynamics[name] = pending.record[name] ?? null;
  }
  return { dynamics, exchange };
}

/** The fields of these changes that stand where they were to be written. */
function tookEffect(changes: Values, now: Values): ReadonlySet<string> {
  return new Set(Object.keys(changes).filter((name) => name in now && sameValue(now[name], changes[name])));
}

function picked(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
}
