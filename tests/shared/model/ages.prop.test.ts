import fc from 'fast-check';
import { ageEdges, freshnessIn, withAges } from '../../../shared/model/ages';

const half = 12 * 3_600_000;
const now = 1_000 * half + 5;
const age = fc.integer({ min: 0, max: 100_000_000 });

/** The share of the ages that lie below an edge. */
function shareBelow(ages: readonly number[], edge: number | null): number {
  return edge === null ? 1 : ages.filter((each) => each < edge).length / ages.length;
}

test('that share of the edits took less, and the edge below would be too low', () => {
  fc.assert(
    fc.property(fc.array(age, { minLength: 1, maxLength: 200 }), (ages) => {
      const freshness = freshnessIn([withAges(undefined, ages, now)], now);
      expect(freshness.count).toBe(ages.length);
      for (const [share, edge] of [
        [0.5, freshness.p50],
        [0.95, freshness.p95],
        [0.99, freshness.p99],
      ] as const) {
        expect(shareBelow(ages, edge)).toBeGreaterThanOrEqual(share);
        const lower = edge === null ? ageEdges.at(-1) : ageEdges[ageEdges.indexOf(edge) - 1];
        if (lower !== undefined) expect(shareBelow(ages, lower)).toBeLessThan(share);
      }
    }),
  );
});

test('counts of many mailboxes, and of one after another, say what one count of all would', () => {
  fc.assert(
    fc.property(fc.array(fc.array(age, { maxLength: 20 }), { maxLength: 10 }), (groups) => {
      const apart = groups.map((ages) => withAges(undefined, ages, now));
      const after = groups.reduce((known, ages) => withAges(known, ages, now), withAges(undefined, [], now));
      const together = freshnessIn([withAges(undefined, groups.flat(), now)], now);
      expect(freshnessIn(apart, now)).toEqual(together);
      expect(freshnessIn([after], now)).toEqual(together);
    }),
  );
});

test('edits count for at least twelve hours and at most a day', () => {
  const counted = withAges(undefined, [10, 20], now);
  expect(freshnessIn([counted], now + half - 10).count).toBe(2);
  expect(freshnessIn([counted], now + 2 * half).count).toBe(0);
  expect(freshnessIn([withAges(counted, [30], now + half)], now + half).count).toBe(3);
  expect(freshnessIn([withAges(counted, [30], now + half)], now + 2 * half)).toMatchObject({ count: 1, since: 1_001 * half });
});

test('where nothing was counted, nothing is claimed', () => {
  expect(freshnessIn([undefined], now)).toMatchObject({ count: 0, p50: null, p95: null, p99: null });
});
