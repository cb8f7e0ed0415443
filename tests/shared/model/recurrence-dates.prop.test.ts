import fc from 'fast-check';
import { datesOf, readRecurrence } from '../../../local/graph/recurrence';
import { indexes, type Pattern, weekdays } from '../../../shared/model/recurrence';
import { mayRecurOn } from '../../../shared/model/recurrence-dates';
import { runs } from '../sync/runs';

const interval = fc.integer({ min: 1, max: 14 });
const daysOfWeek = fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1, maxLength: 3 });
const dayOfMonth = fc.integer({ min: 1, max: 31 });
const month = fc.integer({ min: 1, max: 12 });
const index = fc.constantFrom(...indexes);
const years = fc.integer({ min: 1, max: 2 });
const pattern: fc.Arbitrary<Pattern> = fc.oneof(
  fc.record({ type: fc.constant('daily' as const), interval }),
  fc.record({ type: fc.constant('weekly' as const), interval, daysOfWeek, firstDayOfWeek: fc.constantFrom(...weekdays) }),
  fc.record({ type: fc.constant('absoluteMonthly' as const), interval, dayOfMonth }),
  fc.record({ type: fc.constant('relativeMonthly' as const), interval, daysOfWeek, index }),
  fc.record({ type: fc.constant('absoluteYearly' as const), interval: years, dayOfMonth, month }),
  fc.record({ type: fc.constant('relativeYearly' as const), interval: years, daysOfWeek, index, month }),
);
const day = fc.integer({ min: 0, max: 800 }).map((after) => new Date(Date.UTC(2026, 0, 1 + after)).toISOString().slice(0, 10));

test('a series may have a date on the days on which Exchange shows one, and on no other', () => {
  fc.assert(
    fc.property(pattern, day, (of, start) => {
      const inExchange = readRecurrence(
        { pattern: { ...of, daysOfWeek: 'daysOfWeek' in of ? [...of.daysOfWeek] : [] }, range: { type: 'noEnd', startDate: start } },
        'UTC',
      );
      if ('problem' in inExchange) throw new Error(inExchange.problem);
      const shown = [...datesOf(inExchange, '2030-01-31')];
      const days = Array.from({ length: 400 }, (_, after) => new Date(Date.parse(start) + after * 86_400_000).toISOString().slice(0, 10));
      const recurrence = { pattern: of, range: { start, end: { kind: 'none' as const } } };
      expect(days.filter((each) => mayRecurOn(recurrence, each))).toEqual(shown.filter((each) => days.includes(each)));
    }),
    runs(200),
  );
});

test('a series has no date before it begins, nor after the day on which it ends', () => {
  const of = (end: 'none' | string) => ({
    pattern: { type: 'daily' as const, interval: 1 },
    range: { start: '2026-10-05', end: end === 'none' ? { kind: 'none' as const } : { kind: 'date' as const, date: end } },
  });
  expect(mayRecurOn(of('none'), '2026-10-04')).toBe(false);
  expect(mayRecurOn(of('2026-10-09'), '2026-10-09')).toBe(true);
  expect(mayRecurOn(of('2026-10-09'), '2026-10-10')).toBe(false);
  expect(mayRecurOn(of('none'), 'nonsense')).toBe(false);
});
