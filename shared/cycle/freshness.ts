import type { AppliedPair } from './apply';
import { isFirstLoad } from './work';

/** How long edits took from the moment they were made to the moment they stood on the other side, ms. */
export interface Freshness {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** The freshness of what a slice carried over; null where it carried nothing. What a first load brings is old by nature and does not count. */
export function freshnessOf(applied: readonly AppliedPair[], now: number): Freshness | null {
  const ages = agesOf(applied, now).sort((left, right) => left - right);
  const at = (share: number): number => ages[Math.min(ages.length - 1, Math.floor(ages.length * share))] ?? 0;
  return ages.length === 0 ? null : { count: ages.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}

/** How old each edit was that a slice carried over, in ms. */
export function agesOf(applied: readonly AppliedPair[], now: number): number[] {
  return applied.flatMap((each) => editTimes(each).map((at) => Math.max(0, now - at)));
}

function editTimes({ planned, error }: AppliedPair): number[] {
  const { read, plan } = planned;
  if (error !== null || isFirstLoad(read.work)) return [];
  const record = 'record' in read.record ? read.record.record : null;
  const item = 'item' in read.item ? read.item.item : null;
  return [
    ...(plan.toItem.kind !== 'none' && record !== null && read.record.kind !== 'same' ? [record.modifiedAt] : []),
    ...(plan.toRecord.kind !== 'none' && item !== null && read.item.kind !== 'same' ? [item.modifiedAt] : []),
  ];
}
