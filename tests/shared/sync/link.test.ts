import { mayComeBack } from '../../../shared/sync/link';
import { type Reason, reasons } from '../../../shared/sync/reasons';
import { link } from './pairs';

test('a pair comes back only where it was let go because of where its record stood, never where somebody removed it (promise 5)', () => {
  const back = (Object.keys(reasons) as Reason[]).filter((reason) => mayComeBack(link('task', { state: 'released', reason })));
  expect(back.toSorted()).toEqual(['canceled', 'closed', 'left-filter', 'left-filter-deleted', 'moved-home', 'unreadable']);
});

test('a pair that was never let go has nowhere to come back from', () => {
  for (const state of ['tracking', 'linked', 'held', 'frozen'] as const)
    expect(mayComeBack(link('task', { state, reason: 'closed' }))).toBe(false);
});
