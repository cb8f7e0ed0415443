import fc from 'fast-check';
import { type OccurrenceField, occurrencesOf } from '../../../shared/model/occurrences';
import { elementsOf, sameValue } from '../../../shared/model/values';
import { mergeOccurrences } from '../../../shared/sync/keyed';
import { pendingOf, recoveredBases } from '../../../shared/sync/pending';
import { runs } from './runs';

const deviation = fc.record({
  originalStart: fc.constantFrom('2026-10-05T09:00:00Z', '2026-10-12T09:00:00Z', '2026-10-19T09:00:00Z'),
  field: fc.constantFrom<OccurrenceField>('subject', 'location', 'time'),
  value: fc.constantFrom('', 'one', 'two'),
});
const list = fc.array(deviation, { maxLength: 6 }).map(occurrencesOf);
const winner = fc.constantFrom('left' as const, 'right' as const);
const from = 0;

test('where only one side of a series got what the other had changed of its dates, the other gets the rest, and nothing is written back (promises 1 and 6)', () => {
  fc.assert(
    fc.property(list, list, list, winner, fc.boolean(), (base, recordNow, itemNow, wins, isRecord) => {
      const both = mergeOccurrences({ base, now: recordNow }, { base, now: itemNow }, wins, from);
      fc.pre(!sameValue(both.left, recordNow) && !sameValue(both.right, itemNow));
      const write = { occurrences: both.left };
      const pending = pendingOf(write, { occurrences: both.right }, { occurrences: recordNow }, { occurrences: itemNow });
      const record = { occurrences: isRecord ? both.left : recordNow };
      const item = { occurrences: isRecord ? itemNow : both.right };
      const start = { dynamics: { occurrences: base }, exchange: { occurrences: base } };
      const { dynamics, exchange } = recoveredBases(start, pending, record, item);
      const again = mergeOccurrences(
        { base: elementsOf(dynamics.occurrences), now: record.occurrences },
        { base: elementsOf(exchange.occurrences), now: item.occurrences },
        wins,
        from,
      );
      expect([again.left, again.right]).toEqual([both.left, both.right]);
    }),
    runs(2_000),
  );
});
