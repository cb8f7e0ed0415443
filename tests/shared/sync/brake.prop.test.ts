import fc from 'fast-check';
import {
  askBrake,
  type BrakeLimits,
  braked,
  counted,
  countOf,
  type Departures,
  departureOf,
  letGoAsIs,
  roomFor,
} from '../../../shared/sync/brake';
import { holdActions, holdReasons } from '../../../shared/sync/decision';
import type { PairPlan } from '../../../shared/sync/pair-plan';
import { type Reason, reasons } from '../../../shared/sync/reasons';
import { link, pair, recordSideOf } from './pairs';
import { runs } from './runs';

const usual = runs(500);

const hour = 3_600_000;
const day = 24 * hour;
const limits = fc.record<BrakeLimits>({ number: fc.nat(30), percent: fc.nat(100) });

/** Somebody wants so many pairs to depart, so much later than the one before. */
const wishes = fc.array(fc.record({ after: fc.nat(8 * hour), wanted: fc.nat(25) }), { maxLength: 60 });

test('within any 24 hours no more departs than the number or the share, whichever is more (promise 8)', () => {
  fc.assert(
    fc.property(limits, fc.nat(400), wishes, fc.nat(2 * day), (given, pairs, script, begin) => {
      let now = begin;
      let linked = pairs;
      let departures: Departures = {};
      const gone: { at: number; count: number }[] = [];
      for (const { after, wanted } of script) {
        now += after;
        const granted = Math.min(wanted, linked, roomFor(given, countOf(departures, now), linked));
        departures = counted(departures, granted, now);
        linked -= granted;
        gone.push({ at: now, count: granted });
        const within = gone.filter(({ at }) => now - at < day).reduce((sum, { count }) => sum + count, 0);
        expect(within).toBeLessThanOrEqual(Math.max(given.number, Math.floor((pairs * given.percent) / 100)));
      }
    }),
    usual,
  );
});

test('the brake opens again: a day without departures makes all the room there can be', () => {
  fc.assert(
    fc.property(limits, fc.nat(400), fc.nat(500), (given, linked, count) => {
      const departures = counted({}, count, 0);
      expect(roomFor(given, countOf(departures, day + hour), linked)).toBe(
        Math.max(given.number, Math.floor((linked * given.percent) / 100)),
      );
    }),
    usual,
  );
});

test('what a clock that runs ahead has counted is not overlooked (promise 8)', () => {
  expect(countOf(counted({}, 5, 40 * hour), 2 * hour)).toBe(5);
});

const releaseReasons = Object.keys(reasons) as Reason[];
const endings = fc.oneof(
  fc.constantFrom<PairPlan['ending']>({ kind: 'untouched' }, { kind: 'linked', withheld: false, hold: null }, { kind: 'forgotten' }),
  fc.constantFrom(...releaseReasons).map((reason): PairPlan['ending'] => ({ kind: 'released', reason, untold: [] })),
);
const plans = fc.record<PairPlan>({
  pair: fc.constant(pair('task', link('task'), recordSideOf('deleted', 'task'), { kind: 'none' })),
  toRecord: fc.constantFrom<PairPlan['toRecord']>({ kind: 'none' }, { kind: 'delete' }, { kind: 'update', changes: { subject: 'x' } }),
  toItem: fc.constantFrom<PairPlan['toItem']>(
    { kind: 'none' },
    { kind: 'delete' },
    { kind: 'update', changes: { subject: 'x' }, derived: {} },
  ),
  ending: endings,
  lost: fc.constant([]),
  mails: fc.constant([]),
  reason: fc.constantFrom(...releaseReasons),
});
const decisions = fc.option(
  fc.record({
    verdict: fc.constantFrom('approve' as const, 'discard' as const),
    reason: fc.constantFrom(...holdReasons),
    action: fc.constantFrom(...holdActions),
    fields: fc.constant([]),
    whom: fc.constant([]),
  }),
  { nil: undefined },
);

test('nothing departs uncounted unless an admin said so or it was counted before (promise 8)', () => {
  fc.assert(
    fc.property(plans, decisions, fc.option(fc.constantFrom(...holdActions)), fc.boolean(), (plan, decision, held, isCounted) => {
      const answer = askBrake(plan, { decision, held, isCounted });
      if (departureOf(plan) === null) expect(answer).toEqual({ kind: 'goes' });
      else if (answer.kind === 'goes') expect(isCounted || decision?.verdict === 'approve').toBe(true);
      else if (held !== null) expect(answer.kind).not.toBe('counts');
    }),
    usual,
  );
});

test('a pair that is stopped, or let go by an admin, is written to on neither side (promise 8)', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const nothing = { toRecord: { kind: 'none' }, toItem: { kind: 'none' }, mails: [], lost: [] };
      expect(braked(plan, 'release')).toMatchObject({ ...nothing, ending: { kind: 'stopped', hold: { reason: 'brake' } } });
      expect(letGoAsIs(plan)).toMatchObject({ ...nothing, ending: { kind: 'released' } });
    }),
    usual,
  );
});
