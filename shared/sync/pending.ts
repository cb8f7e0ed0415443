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
 * (design: a version that Tandem wrote does not count).
 */
export function recoveredBases(bases: Bases, pending: Pending, record: Values, item: Values): Bases {
  const dynamics: Record<string, Value> = { ...bases.dynamics };
  const exchange: Record<string, Value> = { ...bases.exchange };
  for (const [name, value] of Object.entries(pending.toRecord)) {
    if (!(name in record) || !sameValue(record[name], value)) continue;
    dynamics[name] = record[name] ?? null;
    exchange[name] = pending.item[name] ?? null;
  }
  for (const [name, value] of Object.entries(pending.toItem)) {
    if (!(name in item) || !sameValue(item[name], value)) continue;
    exchange[name] = item[name] ?? null;
    dynamics[name] = pending.record[name] ?? null;
  }
  return { dynamics, exchange };
}

function picked(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
}
