import { count, measure } from '../platform/metrics';
import type { Noting } from '../platform/tracing';
import type { AppliedPair, PlannedPair } from './apply';
import { freshnessOf } from './freshness';
import type { Session } from './session';

/** What a slice has done. */
export interface SliceDone {
  readonly planned: readonly PlannedPair[];
  readonly applied: readonly AppliedPair[];
  /** How old the edits were that it carried over, in ms. */
  readonly ages: readonly number[];
  /** The pairs that waited for an admin before it. */
  readonly heldBefore: ReadonlySet<string>;
}

/** Tells the log, the trace and the metrics what a slice has done: with ids and reasons, and nothing of what people wrote. */
export function tellOfSlice(session: Session, { planned, applied, ages, heldBefore }: SliceDone, noting: Noting): void {
  const { log: lines } = session.services;
  const mailbox = session.mailboxRow.id;
  const counts = countsOf(planned.flatMap(({ plan }) => (plan.ending.kind === 'untouched' ? [] : [plan.reason])));
  if (Object.keys(counts).length > 0) lines.info('slice', { mailbox, ...counts });
  const integration = { 'tandem.integration': session.integration.id };
  for (const [reason, number] of Object.entries(counts)) {
    noting.add({ [`tandem.actions.${reason}`]: number });
    count('tandem.actions', { ...integration, 'tandem.reason': reason }, number);
  }
  for (const [name, { reason }] of session.holds)
    if (!heldBefore.has(name)) count('tandem.holds', { ...integration, 'tandem.reason': reason });
  for (const age of ages) measure('tandem.freshness.ms', age, integration);
  for (const { read: each, plan } of planned)
    if (plan.ending.kind === 'stopped' && plan.ending.state === 'frozen')
      lines.warn('pair-frozen', {
        mailbox,
        entity: each.work.key.entity,
        record: each.work.key.recordId,
        fields: plan.ending.hold.fields.join(','),
      });
  const freshness = freshnessOf(applied, session.now);
  if (freshness !== null) lines.info('freshness', { mailbox, ...freshness });
  for (const { read, obstacle } of planned) {
    if (obstacle !== null) lines.warn('undo-refused', { mailbox, entity: read.work.key.entity, record: read.work.key.recordId, obstacle });
  }
  for (const { planned: each, error } of applied) {
    if (error === null) continue;
    lines.warn('pair-parked', {
      mailbox,
      entity: each.read.work.key.entity,
      record: each.read.work.key.recordId,
      code: error.code,
      detail: error.detail ?? '',
    });
  }
}

function countsOf(reasons: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
