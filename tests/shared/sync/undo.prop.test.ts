import fc from 'fast-check';
import { type Entity, type Side, sameValue, type Values } from '../../../shared/model/values';
import type { Pair } from '../../../shared/sync/link';
import type { PairPlan } from '../../../shared/sync/pair-plan';
import { planPair } from '../../../shared/sync/plan';
import { itemSide, recordSide } from '../../../shared/sync/sides';
import { type Done, planUndo } from '../../../shared/sync/undo';
import { edited, entity, itemValues, recordValues } from './arbitraries';
import { agreed, item, link, pair, record, under } from './pairs';
import { runs } from './runs';

interface Case {
  readonly of: Entity;
  readonly inDynamics: Values;
  readonly inExchange: Values;
  readonly mail: 'never' | 'invite';
}

const cases: fc.Arbitrary<Case> = entity.chain((of) =>
  fc.record({
    of: fc.constant(of),
    inDynamics: edited(agreed[of].dynamics, recordValues(of)),
    inExchange: edited(agreed[of].exchange, itemValues(of)),
    mail: fc.constantFrom('never' as const, 'invite' as const),
  }),
);

/** The plan of a pair that people have edited on both sides. */
function planned({ of, inDynamics, inExchange, mail }: Case): PairPlan {
  const { rules } = under({ attendeeMail: mail });
  const known = link(of);
  const sides = [
    recordSide(record(of, inDynamics, { version: '101' }), known, { systemUserId: 'me' }, rules),
    itemSide(item(of, inExchange, { version: 'W/2' }), known, rules),
  ] as const;
  return planPair(pair(of, known, ...sides), under({ attendeeMail: mail }));
}

const changesOf = (action: PairPlan['toRecord'] | PairPlan['toItem']): Values => (action.kind === 'update' ? action.changes : {});

/** What the journal tells of it, and the pair as it stands once it is done. */
function carriedOut(given: Case, plan: PairPlan): { readonly done: Done[]; readonly now: Pair } {
  const told = (side: Side, changes: Values, before: Values): Done[] =>
    Object.keys(changes).map((field) => ({ action: 'replaced', side, field, value: before[field] ?? null }));
  const [toRecord, toItem] = [changesOf(plan.toRecord), changesOf(plan.toItem)];
  const bases = { dynamics: { ...given.inDynamics, ...toRecord }, exchange: { ...given.inExchange, ...toItem } };
  return {
    done: [...told('dynamics', toRecord, given.inDynamics), ...told('exchange', toItem, given.inExchange)],
    now: pair(
      given.of,
      link(given.of, { bases }),
      { kind: 'same', record: record(given.of, bases.dynamics) },
      { kind: 'same', item: item(given.of, bases.exchange) },
    ),
  };
}

const differing = (left: Values, right: Values): string[] =>
  [...new Set([...Object.keys(left), ...Object.keys(right)])].filter((name) => !sameValue(left[name], right[name]));

test('what a plan did is taken back to the value, on both sides, or refused because people would be written to', () => {
  fc.assert(
    fc.property(cases, (given) => {
      const plan = planned(given);
      fc.pre(plan.ending.kind !== 'stopped' && plan.toRecord.kind !== 'delete' && plan.toItem.kind !== 'delete');
      const { done, now } = carriedOut(given, plan);
      const answer = planUndo(now, done, under({ attendeeMail: given.mail }));
      if (done.length === 0) return expect(answer).toEqual({ kind: 'refused', obstacle: 'nothing-done' });
      if (answer.kind !== 'plan') return expect(answer).toEqual({ kind: 'refused', obstacle: 'would-mail' });
      expect(answer.plan.mails).toEqual([]);
      expect(differing({ ...now.link?.bases?.dynamics, ...changesOf(answer.plan.toRecord) }, given.inDynamics)).toEqual([]);
      expect(differing({ ...now.link?.bases?.exchange, ...changesOf(answer.plan.toItem) }, given.inExchange)).toEqual([]);
    }),
    runs(1_000),
  );
});

test('an edit that came after it is never taken along: nothing is taken back then (promise 1)', () => {
  fc.assert(
    fc.property(cases, fc.constantFrom('dynamics' as const, 'exchange' as const), (given, side) => {
      const plan = planned(given);
      const { done, now } = carriedOut(given, plan);
      fc.pre(done.length > 0);
      const field = 'notes' in agreed[given.of].exchange ? 'notes' : 'body';
      const values = now.link?.bases?.[side] ?? {};
      const later = { ...values, [field]: 'Written just now' };
      const newer: Pair =
        side === 'dynamics'
          ? { ...now, record: { kind: 'changed', record: record(given.of, later) } }
          : { ...now, item: { kind: 'changed', item: item(given.of, later) } };
      expect(planUndo(newer, done, under({ attendeeMail: given.mail }))).toEqual({ kind: 'refused', obstacle: 'edited-since' });
    }),
    runs(500),
  );
});
