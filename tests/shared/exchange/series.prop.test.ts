import fc from 'fast-check';
import { DateTime } from 'luxon';
import { plainTime, seriesBody, seriesOf } from '../../../shared/exchange/series';
import { indexes, type Pattern, type Recurrence, recurrenceOf, recurrenceText, weekdays } from '../../../shared/model/recurrence';
import { date, head, importance, instant, text, zone } from './arbitraries';

const interval = fc.integer({ min: 1, max: 30 });
const daysOfWeek = fc.subarray([...weekdays], { minLength: 1 });
const index = fc.constantFrom(...indexes);
const dayOfMonth = fc.integer({ min: 1, max: 31 });
const month = fc.integer({ min: 1, max: 12 });

const pattern: fc.Arbitrary<Pattern> = fc.oneof(
  fc.record({ type: fc.constant('daily' as const), interval }),
  fc.record({ type: fc.constant('weekly' as const), interval, daysOfWeek, firstDayOfWeek: fc.constantFrom(...weekdays) }),
  fc.record({ type: fc.constant('absoluteMonthly' as const), interval, dayOfMonth }),
  fc.record({ type: fc.constant('relativeMonthly' as const), interval, daysOfWeek, index }),
  fc.record({ type: fc.constant('absoluteYearly' as const), interval, dayOfMonth, month }),
  fc.record({ type: fc.constant('relativeYearly' as const), interval, daysOfWeek, index, month }),
);

const end: fc.Arbitrary<Recurrence['range']['end']> = fc.oneof(
  fc.constant({ kind: 'none' as const }),
  fc.record({ kind: fc.constant('count' as const), count: fc.integer({ min: 1, max: 999 }) }),
  fc.record({ kind: fc.constant('date' as const), date }),
);

const timed = fc.tuple(instant, fc.integer({ min: 0, max: 1_000 })).map(([start, minutes]) => {
  const until = new Date(Date.parse(start) + minutes * 60_000).toISOString().slice(0, 19);
  return `${start}/${until}Z`;
});
const wholeDays = fc.tuple(date, fc.integer({ min: 1, max: 5 })).map(([start, days]) => {
  return `${start}/${new Date(Date.parse(start) + days * 86_400_000).toISOString().slice(0, 10)}`;
});

const series = fc.record({ subject: text, body: text, location: text, importance, time: fc.oneof(timed, wholeDays), pattern, end, zone });

/** The date on which a time begins in a zone. */
function dateIn(time: string, where: string): string {
  const [from = ''] = time.split('/');
  return from.includes('T') ? (DateTime.fromISO(from, { zone: where }).toISODate() ?? '') : from;
}

/** True where the clock of the zone shows the same time twice or never, so that no local time can name it. */
function isNamed(time: string, where: string): boolean {
  return time.split('/').every((each) => {
    const local = DateTime.fromISO(each, { zone: where });
    return DateTime.fromISO(local.toFormat("yyyy-MM-dd'T'HH:mm:ss"), { zone: where }).toMillis() === local.toMillis();
  });
}

test('a series that was written reads back as the same values', () => {
  fc.assert(
    fc.property(series, ({ pattern: how, end: until, zone: where, time, ...plain }) => {
      fc.pre(!time.includes('T') || isNamed(time, where));
      const recurrence = recurrenceText({ pattern: how, range: { start: dateIn(time, where), end: until } });
      const values = { ...plain, time, recurrence };
      const body = seriesBody(values, {}, { zone: where, derived: {}, marker: 'i/series/r/1', rich: false, html: null });
      const item = seriesOf({ ...head, ...body, type: 'seriesMaster' }, { zone: where, rich: false }, true);
      expect(item).toMatchObject({ kind: 'series', marker: 'i/series/r/1', values });
    }),
  );
});

test('a recurrence has one text, however it was said', () => {
  fc.assert(
    fc.property(pattern, end, date, (how, until, start) => {
      const once = recurrenceText({ pattern: how, range: { start, end: until } });
      const known = recurrenceOf(once);
      expect(known).not.toBeNull();
      if (known !== null) expect(recurrenceText(known)).toBe(once);
    }),
  );
});

test('a date that was not moved begins and ends by the local times of its series, whatever the clocks do', () => {
  fc.assert(
    fc.property(timed, zone, fc.integer({ min: 0, max: 700 }), (time, where, days) => {
      const [from = '', to = ''] = time.split('/');
      const first = DateTime.fromISO(from, { zone: where });
      const local = (iso: string) => DateTime.fromISO(iso, { zone: where });
      const begins = first.plus({ days }).toUTC().toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'");
      const [start = '', until = ''] = plainTime(begins, time, where)?.split('/') ?? [];
      expect(start).toBe(begins);
      const wanted = local(to).plus({ days: local(start).startOf('day').diff(first.startOf('day'), 'days').days });
      const shown = local(until);
      fc.pre(local(start).toFormat('HH:mm') === first.toFormat('HH:mm') && wanted.toFormat('HH:mm') === local(to).toFormat('HH:mm'));
      expect(shown.toFormat("yyyy-MM-dd'T'HH:mm")).toBe(wanted.toFormat("yyyy-MM-dd'T'HH:mm"));
    }),
  );
});
