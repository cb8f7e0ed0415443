import { DateTime } from 'luxon';
import { withExceptions } from '../../../shared/dynamics/exceptions';
import { occurrenceSteps } from '../../../shared/dynamics/occurrence-write';
import type { Row } from '../../../shared/dynamics/row';
import { seriesTable } from '../../../shared/dynamics/series';
import { type Pattern, type RecurrenceEnd, recurrenceText } from '../../../shared/model/recurrence';
import type { SeenRecord } from '../../../shared/model/seen';
import type { Values } from '../../../shared/model/values';
import { emptyRow } from './rows';

const berlin = 'Europe/Berlin';
const newYork = 'America/New_York';

/** Every Monday at nine in Berlin. */
const mondays: Row = {
  ...emptyRow,
  subject: 'Stand-up',
  statecode: 3,
  statuscode: 5,
  recurrencepatterntype: 1,
  interval: 1,
  daysofweekmask: 2,
  patternendtype: 1,
  patternstartdate: '2026-10-04T22:00:00Z',
  effectivestartdate: '2026-10-05T07:00:00Z',
  starttime: '2026-10-05T07:00:00Z',
  endtime: '2026-10-05T08:00:00Z',
};

const read = (columns: Row, zone = berlin): SeenRecord => seriesTable.recordOf({ ...mondays, ...columns }, zone);
const text = (pattern: Pattern, end: RecurrenceEnd = { kind: 'none' }, start = '2026-10-05') =>
  recurrenceText({ pattern, range: { start, end } });
const monday: Pattern = { type: 'weekly', interval: 1, daysOfWeek: ['monday'] };

test('a series that came from Exchange is known by the iCalUId that all its copies share', () => {
  expect(seriesTable.columns).toContain('globalobjectid');
  expect(read({ globalobjectid: '040000008200E0' }).values.iCalUId).toBe('040000008200E0');
});

describe('a pattern', () => {
  test.each<[string, Row, Pattern]>([
    ['every third day', { recurrencepatterntype: 0, interval: 3 }, { type: 'daily', interval: 3 }],
    [
      'every working day, marked on a daily pattern',
      { recurrencepatterntype: 0, isweekdaypattern: true, daysofweekmask: null },
      { type: 'weekly', interval: 1, daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] },
    ],
    [
      'every working day, marked on a weekly pattern',
      { isweekdaypattern: true, daysofweekmask: 62 },
      { type: 'weekly', interval: 1, daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] },
    ],
    [
      'Sunday and Saturday of every second week, which begins on Monday',
      { interval: 2, daysofweekmask: 65, firstdayofweek: 1 },
      { type: 'weekly', interval: 2, daysOfWeek: ['sunday', 'saturday'], firstDayOfWeek: 'monday' },
    ],
    ['a day of the month', { recurrencepatterntype: 2, dayofmonth: 31 }, { type: 'absoluteMonthly', interval: 1, dayOfMonth: 31 }],
    [
      'the last Friday of every second month',
      { recurrencepatterntype: 2, interval: 2, isnthmonthly: true, instance: 5, daysofweekmask: 32 },
      { type: 'relativeMonthly', interval: 2, index: 'last', daysOfWeek: ['friday'] },
    ],
    [
      'a day of the year',
      { recurrencepatterntype: 3, dayofmonth: 29, monthofyear: 2 },
      { type: 'absoluteYearly', interval: 1, dayOfMonth: 29, month: 2 },
    ],
    [
      'the first weekend day of March',
      { recurrencepatterntype: 3, isnthyearly: true, instance: 1, daysofweekmask: 65, monthofyear: 3 },
      { type: 'relativeYearly', interval: 1, index: 'first', daysOfWeek: ['saturday', 'sunday'], month: 3 },
    ],
  ])('says %s', (_title, columns, pattern) => {
    expect(read(columns).values.recurrence).toBe(text(pattern));
  });

  test.each<[string, Row, RecurrenceEnd]>([
    ['never', {}, { kind: 'none' }],
    ['after a number of dates', { patternendtype: 2, occurrences: 7 }, { kind: 'count', count: 7 }],
    ['on a local midnight', { patternendtype: 3, patternenddate: '2026-11-08T23:00:00Z' }, { kind: 'date', date: '2026-11-09' }],
    ['on a midnight UTC', { patternendtype: 3, patternenddate: '2026-11-09T00:00:00Z' }, { kind: 'date', date: '2026-11-09' }],
    ['on a plain date', { patternendtype: 3, patternenddate: '2026-11-09' }, { kind: 'date', date: '2026-11-09' }],
  ])('ends %s', (_title, columns, end) => {
    expect(read(columns).values.recurrence).toBe(text(monday, end));
  });

  test.each([
    ['Europe/Berlin', 'Europe/London'],
    ['Europe/Berlin', 'America/New_York'],
    ['America/New_York', 'Europe/Berlin'],
    ['America/New_York', 'Asia/Tokyo'],
    ['Asia/Tokyo', 'Europe/London'],
    ['Asia/Kolkata', 'America/Los_Angeles'],
  ])('that somebody in %s saved ends on the same day for its new owner in %s', (saver, reader) => {
    const midnight = DateTime.fromISO('2026-12-21', { zone: saver }).toUTC().toISO() ?? '';
    const record = read({ patternendtype: 3, patternenddate: midnight }, reader);
    expect(String(record.values.recurrence)).toContain('"end":{"kind":"date","date":"2026-12-21"}');
  });

  test('begins with its first date, not with the day from which it was meant to count', () => {
    expect(read({ patternstartdate: '2026-10-01T22:00:00Z' }).values.recurrence).toBe(text(monday));
    expect(read({ effectivestartdate: null }).values.recurrence).toBe(text(monday));
  });

  test.each<[string, Row]>([
    ['has no type', { recurrencepatterntype: null }],
    ['names no days', { daysofweekmask: 0 }],
    ['does not say how it ends', { patternendtype: null }],
    ['has no times', { starttime: null }],
    ['regenerates', { isregenerate: true }],
    ['has a list of deleted dates that nobody can read', { deletedexceptionslist: 'H4sIAAAAAAAA' }],
  ])('that %s keeps the series from syncing, and blanks nothing', (_title, columns) => {
    const { obstacle, values } = read(columns);
    expect(obstacle?.fix).toMatch(/in Dynamics/);
    expect(
      Object.entries(values).filter(([field, value]) => value === null && ['time', 'recurrence', 'occurrences'].includes(field)),
    ).toEqual([]);
  });
});

describe('the time of a series', () => {
  test.each<[string, Row, string, string]>([
    [
      'in summer by a column of winter',
      { starttime: '2026-12-07T08:00:00Z', endtime: '2026-12-07T09:00:00Z' },
      berlin,
      '2026-10-05T07:00:00Z/2026-10-05T08:00:00Z',
    ],
    ['by a duration', { endtime: null, duration: 90 }, berlin, '2026-10-05T07:00:00Z/2026-10-05T08:30:00Z'],
    [
      'of an evening that is the next day in UTC',
      { starttime: '2026-10-06T00:00:00Z', endtime: '2026-10-06T01:00:00Z', effectivestartdate: '2026-10-06T00:00:00Z' },
      newYork,
      '2026-10-06T00:00:00Z/2026-10-06T01:00:00Z',
    ],
    [
      'where the first date is a midnight UTC',
      { effectivestartdate: '2026-10-05T00:00:00Z', starttime: '2026-10-05T13:00:00Z', endtime: '2026-10-05T14:00:00Z' },
      newYork,
      '2026-10-05T13:00:00Z/2026-10-05T14:00:00Z',
    ],
    [
      'of whole days, saved in another zone',
      {
        isalldayevent: true,
        starttime: '2026-10-04T23:00:00Z',
        endtime: '2026-10-05T23:00:00Z',
        effectivestartdate: '2026-10-04T23:00:00Z',
      },
      berlin,
      '2026-10-05/2026-10-06',
    ],
    [
      'of whole days that end a minute early',
      {
        isalldayevent: true,
        starttime: '2026-10-04T22:00:00Z',
        endtime: '2026-10-06T21:59:00Z',
        effectivestartdate: '2026-10-04T22:00:00Z',
      },
      berlin,
      '2026-10-05/2026-10-07',
    ],
    [
      'of whole days up to a midnight that a change of clocks skips',
      {
        isalldayevent: true,
        starttime: '2027-03-12T05:00:00Z',
        endtime: '2027-03-14T05:00:00Z',
        effectivestartdate: '2027-03-12T05:00:00Z',
      },
      'America/Havana',
      '2027-03-12/2027-03-14',
    ],
  ])('is found %s', (_title, columns, zone, time) => {
    expect(read(columns, zone).values.time).toBe(time);
  });
});

describe('dates that differ', () => {
  test.each([
    ['instants', '2026-10-12T07:00:00Z,2026-10-26T08:00:00Z'],
    ['instants without a zone', '2026-10-12T07:00:00;2026-10-26T08:00:00'],
    ['days', '2026-10-12,2026-10-26'],
    ['midnights UTC', '2026-10-12T00:00:00Z|2026-10-26T00:00:00Z|'],
    ['times as .NET writes them', '10/12/2026 7:00:00 AM;10/26/2026 8:00:00 AM'],
    ['days as .NET writes them', '10/12/2026\n10/26/2026'],
  ])('are deleted by a list of %s', (_title, deletedexceptionslist) => {
    expect(read({ deletedexceptionslist }).values.occurrences).toEqual([
      '2026-10-12T07:00:00Z|deleted|true',
      '2026-10-26T08:00:00Z|deleted|true',
    ]);
  });

  test('have what they were given by themselves, and nothing that they have of their series', () => {
    const exception: Row = {
      ...emptyRow,
      subject: 'Stand-up',
      location: 'Outside',
      statecode: 0,
      statuscode: 1,
      originalstartdate: '2026-10-26T08:00:00Z',
      scheduledstart: '2026-10-26T08:00:00Z',
      scheduledend: '2026-10-26T09:00:00Z',
    };
    expect(seriesTable.recordOf(withExceptions(mondays, [exception]), berlin).values.occurrences).toEqual([
      '2026-10-26T08:00:00Z|location|Outside',
      '2026-10-26T08:00:00Z|status|free',
    ]);
  });
});

describe('what dates have to be given', () => {
  const at = '2026-10-12T07:00:00Z';
  const steps = (there: string[], changes: Values, before: string[] = there) =>
    occurrenceSteps({ values: { occurrences: there } }, changes, { occurrences: before });

  test.each<[string, string[], string[], object[]]>([
    ['nothing where they have it', [`${at}|subject|A`], [`${at}|subject|A`], []],
    ['what is new', [], [`${at}|subject|A`], [{ subject: 'A' }]],
    ['what is another', [`${at}|subject|A`], [`${at}|subject|B`], [{ subject: 'B' }]],
    ['back what the series has', [`${at}|subject|A`], [], [{ subject: null }]],
    ['their end', [`${at}|subject|A`], [`${at}|deleted|true`], [{ deleted: 'true', subject: null }]],
    ['nothing once they are deleted', [`${at}|deleted|true`], [`${at}|subject|A`], []],
  ])('is %s', (_title, there, occurrences, fields) => {
    expect(steps(there, { occurrences }).map((step) => step.fields)).toEqual(fields);
  });

  test('is nothing where the changes are about the series alone', () => {
    expect(steps([`${at}|subject|A`], { subject: 'B' })).toEqual([]);
  });

  test('is what a new pattern has just dropped', () => {
    expect(steps([], { recurrence: 'new' }, [`${at}|subject|A`])).toEqual([
      { originalStart: at, fields: { subject: 'A' }, restores: true },
    ]);
    expect(steps([], { recurrence: 'new', occurrences: [] }, [`${at}|subject|A`])).toEqual([]);
  });
});
