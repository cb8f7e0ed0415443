import fc from 'fast-check';
import { seriesTable } from '../../../shared/dynamics/series';
import { timeOn } from '../../../shared/dynamics/series-time';
import { indexes, type Pattern, recurrenceText, weekdays } from '../../../shared/model/recurrence';
import type { Values } from '../../../shared/model/values';
import { now, zone } from './arbitraries';
import { differences, emptyRow, written } from './rows';

const interval = fc.integer({ min: 1, max: 99 });
const daysOfWeek = fc.subarray([...weekdays], { minLength: 1 });
const dayOfMonth = fc.integer({ min: 1, max: 31 });
const index = fc.constantFrom(...indexes);
const month = fc.integer({ min: 1, max: 12 });
const day = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2032-12-31'), noInvalidDate: true })
  .map((date): string => date.toISOString().slice(0, 10));

const pattern: fc.Arbitrary<Pattern> = fc.oneof(
  fc.record({ type: fc.constant('daily' as const), interval }),
  fc.record({ type: fc.constant('weekly' as const), interval, daysOfWeek, firstDayOfWeek: fc.constantFrom(...weekdays) }),
  fc.record({ type: fc.constant('absoluteMonthly' as const), interval, dayOfMonth }),
  fc.record({ type: fc.constant('relativeMonthly' as const), interval, daysOfWeek, index }),
  fc.record({ type: fc.constant('absoluteYearly' as const), interval, dayOfMonth, month }),
  fc.record({ type: fc.constant('relativeYearly' as const), interval, daysOfWeek, index, month }),
);
const end = fc.oneof(
  fc.constant({ kind: 'none' as const }),
  fc.record({ kind: fc.constant('count' as const), count: fc.integer({ min: 1, max: 999 }) }),
  fc.record({ kind: fc.constant('date' as const), date: day }),
);

/** A pattern, and the time of the first date, in a zone. */
const seriesIn = (inZone: string): fc.Arbitrary<Values> =>
  fc
    .record({ pattern, start: day, end, wholeDays: fc.boolean(), startMinute: fc.nat(1_439), length: fc.integer({ min: 1, max: 3_000 }) })
    .map(({ pattern: chosen, start, end: ending, wholeDays, startMinute, length }): Values => {
      const minutes = wholeDays ? Math.ceil(length / 1_440) * 1_440 : length;
      const time = { wholeDays, firstDay: start, startMinute: wholeDays ? 0 : startMinute, minutes, zone: inZone };
      return { recurrence: recurrenceText({ pattern: chosen, range: { start, end: ending } }), time: timeOn(start, time) };
    });

test('a series that is written reads as it was written, whatever its pattern, end and zone, twice over', () => {
  fc.assert(
    fc.property(
      zone.chain((inZone) => fc.tuple(fc.constant(inZone), seriesIn(inZone), seriesIn(inZone))),
      ([inZone, ...wanted]) => {
        let row = { ...emptyRow, statuscode: 5 };
        for (const values of wanted) {
          const current = seriesTable.recordOf(row, inZone).values;
          const changes = differences('series', current, values);
          row = { ...row, ...written(row, seriesTable.columnsOf(changes, current, { zone: inZone, now })) };
          const after = seriesTable.recordOf(row, inZone);
          expect(after.values).toMatchObject(values);
          expect(after.obstacle).toBeUndefined();
          expect(differences('series', after.values, values)).toEqual({});
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('nothing of a pattern is written that says the same again', () => {
  fc.assert(
    fc.property(
      zone.chain((inZone) => fc.tuple(fc.constant(inZone), seriesIn(inZone))),
      ([inZone, values]) => {
        const { recurrence = null } = values;
        expect(seriesTable.columnsOf({ recurrence }, { recurrence }, { zone: inZone, now })).toEqual({});
      },
    ),
  );
});
