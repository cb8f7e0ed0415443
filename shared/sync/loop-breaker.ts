import { createHash } from 'node:crypto';
import type { Side, Value, Values } from '../model/values';
import { approves, discards, type Hold } from './decision';
import type { Link } from './link';
import { type PairPlan, released, stopped } from './pair-plan';

/** The value that Tandem wrote last to a field of one side, as a digest, and when it did so in a row, UTC ms. */
export interface Rewrite {
  readonly side: Side;
  readonly field: string;
  readonly value: string;
  readonly at: readonly number[];
}

/** So many equal writes in a row are a loop: the last of them is not made any more. */
const equalWrites = 3;
const dayMs = 86_400_000;
const digestLength = 16;

/**
 * The fields of a plan that would be written with the same value for the third time within a day, because somebody or something keeps changing it back. A value
 * that Tandem itself replaced in between is no rewrite: it only follows its other side.
 */
export function loopingFields(rewrites: readonly Rewrite[], plan: Pick<PairPlan, 'toRecord' | 'toItem'>, now: number): string[] {
  const looping = writesOf(plan).filter(({ side, field, value }) => {
    const before = rewrites.find((each) => each.side === side && each.field === field);
    return before?.value === value && recent(before, now).length >= equalWrites - 1;
  });
  return [...new Set(looping.map(({ field }) => field))];
}

/** What a link remembers once a plan has been carried out; what is older than a day is forgotten. */
export function rewritesAfter(rewrites: readonly Rewrite[], plan: Pick<PairPlan, 'toRecord' | 'toItem'>, now: number): Rewrite[] {
  const writes = writesOf(plan).map((write): Rewrite => {
    const before = rewrites.find((each) => isOfSameField(each, write));
    const earlier = before?.value === write.value ? recent(before, now) : [];
    return { ...write, at: [...earlier, now].slice(1 - equalWrites) };
  });
  const others = rewrites.filter((each) => recent(each, now).length > 0 && !writes.some((write) => isOfSameField(each, write)));
  return [...others, ...writes];
}

/** The plan of a linked pair, stopped where it would go round in a loop. */
export function breakLoop(plan: PairPlan, link: Link, now: number): PairPlan {
  const fields = loopingFields(link.rewrites ?? [], plan, now);
  return fields.length === 0 ? plan : stopped(plan, 'frozen', frozenHold(fields));
}

/** What an admin decided about a frozen pair: it goes on from where it stopped, it is let go, or it stays frozen. */
export function thawOf(decision: Parameters<typeof approves>[0]): 'thaw' | 'let go' | 'frozen' {
  const hold = frozenHold([]);
  if (approves(decision, hold)) return 'thaw';
  return discards(decision, hold) ? 'let go' : 'frozen';
}

/** A frozen pair that is let go: both sides stay as they are. */
export const letGoFrozen = { ending: released('frozen'), reason: 'frozen' } as const;

function frozenHold(fields: readonly string[]): Hold {
  return { reason: 'frozen', action: 'rewrite', fields, whom: [] };
}

function recent({ at }: Rewrite, now: number): readonly number[] {
  return at.filter((each) => now - each < dayMs);
}

function isOfSameField(left: Pick<Rewrite, 'side' | 'field'>, right: Pick<Rewrite, 'side' | 'field'>): boolean {
  return left.side === right.side && left.field === right.field;
}

function writesOf({ toRecord, toItem }: Pick<PairPlan, 'toRecord' | 'toItem'>): Omit<Rewrite, 'at'>[] {
  return [...written('dynamics', toRecord), ...written('exchange', toItem)];
}

type Action = { readonly kind: 'none' | 'create' | 'delete' } | { readonly kind: 'update'; readonly changes: Values };

function written(side: Side, action: Action): Omit<Rewrite, 'at'>[] {
  if (action.kind !== 'update') return [];
  return Object.entries(action.changes).map(([field, value]) => ({ side, field, value: digestOf(value) }));
}

function digestOf(value: Value): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, digestLength);
}
