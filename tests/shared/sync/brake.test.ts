import { askBrake, type BrakeFacts, braked, counted, departureOf, letGoAsIs, roomFor } from '../../../shared/sync/brake';
import type { Decision, HoldAction } from '../../../shared/sync/decision';
import { nothing, type PairPlan, released } from '../../../shared/sync/pair-plan';
import { itemSideOf, link, pair, recordSideOf } from './pairs';

const hour = 3_600_000;
const update = { kind: 'update', changes: { subject: 'Edited' } } as const;
const goes = { kind: 'delete' } as const;
const linked = { kind: 'linked', withheld: false, hold: null } as const;

function planWith(facts: Partial<PairPlan>): PairPlan {
  const of = pair('task', link('task'), recordSideOf('same', 'task'), itemSideOf('same', 'task'));
  return { pair: of, toRecord: nothing, toItem: nothing, ending: linked, lost: [], mails: [], reason: 'agreed', ...facts };
}

const departures: Readonly<Record<'deleteRecord' | 'deleteItem' | 'release', PairPlan>> = {
  deleteRecord: planWith({ toRecord: goes, ending: { kind: 'forgotten' }, reason: 'item-deleted' }),
  deleteItem: planWith({ toItem: goes, ending: { kind: 'forgotten' }, reason: 'record-deleted' }),
  release: planWith({ ending: released('left-filter'), reason: 'left-filter' }),
};

describe('a departure is', () => {
  test.each<[string, Partial<PairPlan>, HoldAction | null]>([
    ['a record that is deleted', { toRecord: goes }, 'deleteRecord'],
    ['an item that is deleted, whatever becomes of its link', { toItem: goes, ending: released('canceled') }, 'deleteItem'],
    ['a pair that is let go', { ending: released('moved-home') }, 'release'],
    ['one that is let go after a last write', { toRecord: update, ending: released('left-filter') }, 'release'],
    ['no pair whose record has ended', { ending: released('closed') }, null],
    ['no pair of which both sides are gone', { ending: { kind: 'forgotten' }, reason: 'both-gone' }, null],
    ['no edit', { toRecord: update, toItem: { ...update, derived: {} } }, null],
    ['nothing that an admin takes back', { toRecord: goes, toItem: goes, ending: released('undone'), reason: 'undone' }, null],
  ])('%s', (_title, facts, expected) => {
    expect(departureOf(planWith(facts))).toBe(expected);
  });
});

describe('the brake', () => {
  const ask = (plan: PairPlan, facts: Partial<BrakeFacts> = {}) =>
    askBrake(plan, { decision: undefined, held: null, isCounted: false, ...facts });
  const decided = (verdict: Decision['verdict'], reason: Decision['reason'], action: HoldAction): Decision => ({
    verdict,
    reason,
    action,
    fields: [],
    whom: [],
  });

  test('lets go on what departs nowhere, counts what departs first, and stops what it holds already', () => {
    for (const [action, plan] of Object.entries(departures)) {
      expect(ask(plan)).toEqual({ kind: 'counts' });
      expect(ask(plan, { isCounted: true })).toEqual({ kind: 'goes' });
      expect(ask(plan, { held: 'release' })).toEqual({ kind: 'stops', action });
    }
    expect(ask(planWith({}), { held: 'deleteItem' })).toEqual({ kind: 'goes' });
  });

  test('asks no more about what an admin approved, and a release is less than any deletion that was', () => {
    const kinds = ['deleteRecord', 'deleteItem', 'release'] as const;
    for (const approved of kinds)
      for (const wanted of kinds) {
        const answer = ask(departures[wanted], { decision: decided('approve', 'brake', approved) });
        expect(answer.kind).toBe(wanted === approved || wanted === 'release' ? 'goes' : 'counts');
      }
  });

  test('takes the word of who approved the deletion of an item that mails people, and of nothing else', () => {
    expect(ask(departures.deleteItem, { decision: decided('approve', 'would-mail', 'deleteItem') })).toEqual({ kind: 'goes' });
    expect(ask(departures.deleteRecord, { decision: decided('approve', 'would-mail', 'deleteItem') }).kind).toBe('counts');
    expect(ask(departures.release, { decision: decided('approve', 'would-mail', 'deleteItem') }).kind).toBe('counts');
    expect(ask(departures.deleteItem, { decision: decided('approve', 'would-mail', 'update') }).kind).toBe('counts');
    expect(ask(departures.release, { decision: decided('approve', 'frozen', 'release') }).kind).toBe('counts');
  });

  test('lets go as both sides are what an admin decided not to delete', () => {
    expect(ask(departures.deleteItem, { decision: decided('discard', 'brake', 'deleteItem'), held: 'deleteItem' })).toEqual({
      kind: 'lets go',
    });
    expect(ask(departures.deleteItem, { decision: decided('discard', 'brake', 'deleteRecord') }).kind).toBe('counts');
    expect(ask(departures.deleteItem, { decision: decided('discard', 'would-mail', 'deleteItem') }).kind).toBe('counts');
  });

  test('holds a pair with what would have been done, and of no field and nobody', () => {
    const hold = { reason: 'brake', action: 'deleteItem', fields: [], whom: [] };
    expect(braked(departures.deleteItem, 'deleteItem')).toMatchObject({
      ending: { kind: 'stopped', state: 'held', hold },
      reason: 'brake',
    });
  });

  test('says of a pair that is let go why it would have departed', () => {
    expect(letGoAsIs(departures.deleteRecord)).toMatchObject({ ending: released('deleted-in-exchange'), reason: 'deleted-in-exchange' });
    expect(letGoAsIs(departures.deleteItem)).toMatchObject({ ending: released('deleted-in-dynamics'), reason: 'deleted-in-dynamics' });
    expect(letGoAsIs(departures.release)).toMatchObject({ ending: released('left-filter'), reason: 'left-filter' });
  });

  test('takes its share of the pairs that there were, those that departed among them', () => {
    expect(roomFor({ number: 0, percent: 10 }, 4, 96)).toBe(6);
    expect(roomFor({ number: 5, percent: 0 }, 4, 96)).toBe(1);
    expect(roomFor({ number: 5, percent: 1 }, 9, 91)).toBe(0);
  });

  test('forgets what it counted more than a day ago', () => {
    expect(counted(counted({}, 3, hour), 2, 30 * hour)).toEqual({ 30: 2 });
    expect(counted(counted({}, 3, hour), 2, 24 * hour)).toEqual({ 1: 3, 24: 2 });
    expect(counted({ 24: 1 }, 2, 24 * hour + 1)).toEqual({ 24: 3 });
  });
});
