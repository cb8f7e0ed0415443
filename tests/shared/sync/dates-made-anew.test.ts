import type { Values } from '../../../shared/model/values';
import { planPair } from '../../../shared/sync/plan';
import { context, item, link, pair, record } from './pairs';

const special = ['2026-10-12T09:00:00Z|subject|Another'];
const pattern: Values = { recurrence: 'another' };

function plan(recordNow: Values, itemNow: Values) {
  const recordSide = { kind: 'changed', record: record('series', recordNow, { version: '101' }) } as const;
  const itemSide = { kind: 'changed', item: item('series', itemNow, { version: 'W/2' }) } as const;
  return planPair(pair('series', link('series'), recordSide, itemSide), context);
}

describe('a series that gets another pattern, and with it all its dates anew (promise 1)', () => {
  test('has in the journal what Exchange had changed on single dates meanwhile', () => {
    expect(plan(pattern, { occurrences: special }).lost).toEqual([{ field: 'occurrences', side: 'exchange', value: special }]);
  });

  test('has in the journal what Dynamics had changed on single dates meanwhile', () => {
    expect(plan({ occurrences: special }, pattern).lost).toEqual([{ field: 'occurrences', side: 'dynamics', value: special }]);
  });

  test('has nothing in the journal where nobody touched single dates', () => {
    expect(plan(pattern, { subject: 'Renamed' }).lost).toEqual([]);
  });
});
