import type { Entity } from '../model/values';
import type { Sealer } from '../platform/seal';
import type { Decision, Hold, HoldAction, HoldReason } from '../sync/decision';
import type { Done } from '../sync/undo';
import { checkVersion } from './document';
import { keys, type PairKey, schema } from './link-rows';
import type { Property, Row } from './rows';
import { isoTime, opened, sealedPieces } from './sealed-row';

/** Something that Tandem refused to do by itself. */
export interface HeldRow extends PairKey, Hold {
  /** Since when, UTC ms. */
  readonly at: number;
}

/** What an admin decided about a hold. */
export interface DecisionRow extends PairKey, Decision {
  /** The Entra object id of the admin. */
  readonly by: string;
  /** When, UTC ms. */
  readonly at: number;
}

/** What an admin wants taken back of a pair: what one cycle did to it, as the journal told. */
export interface UndoRow extends PairKey {
  readonly cycle: number;
  readonly done: readonly Done[];
  /** When it was asked for, UTC ms. */
  readonly at: number;
}

export function holdRow(partitionKey: string, held: HeldRow, sealer: Sealer): Row {
  return { partitionKey, rowKey: keys.hold(held), v: schema, ...holdProperties(held, sealer) };
}

export function holdOf(row: Record<string, unknown>, sealer: Sealer): HeldRow {
  checkVersion(row, schema);
  return {
    entity: row.entity as Entity,
    recordId: String(row.recordId),
    reason: row.reason as HoldReason,
    action: (row.action ?? 'update') as HoldAction,
    fields: String(row.fields).split(',').filter(Boolean),
    whom: opened<{ whom: string[] }>('people', row, sealer)?.whom ?? [],
    at: Date.parse(String(row.at)),
  };
}

export function decisionRow(partitionKey: string, decision: DecisionRow, sealer: Sealer): Row {
  const { verdict, by } = decision;
  return { partitionKey, rowKey: keys.decision(decision), v: schema, verdict, by, ...holdProperties(decision, sealer) };
}

export function decisionOf(row: Record<string, unknown>, sealer: Sealer): DecisionRow {
  return { ...holdOf(row, sealer), verdict: row.verdict === 'approve' ? 'approve' : 'discard', by: String(row.by) };
}

function holdProperties({ entity, recordId, reason, action, fields, whom, at }: HeldRow, sealer: Sealer): Record<string, Property> {
  return { entity, recordId, reason, action, fields: fields.join(','), at: isoTime(at), ...sealedPieces('people', { whom }, sealer) };
}

export function undoRow(partitionKey: string, undo: UndoRow, sealer: Sealer): Row {
  const { entity, recordId, cycle, done, at } = undo;
  const facts = { entity, recordId, cycle: isoTime(cycle), at: isoTime(at) };
  return { partitionKey, rowKey: keys.undo(undo), v: schema, ...facts, ...sealedPieces('done', done, sealer) };
}

export function undoOf(row: Record<string, unknown>, sealer: Sealer): UndoRow {
  checkVersion(row, schema);
  return {
    entity: row.entity as Entity,
    recordId: String(row.recordId),
    cycle: Date.parse(String(row.cycle)),
    done: opened<Done[]>('done', row, sealer) ?? [],
    at: Date.parse(String(row.at)),
  };
}
