import { anna, type GraphWorld, startWorld } from './graph-support';
import { create, dates, instances, mondays, recurring, starts } from './series-support';

let world: GraphWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

describe('a series', () => {
  test('is made by an event with a recurrence, and shows it whole', async () => {
    const master = await create(
      world,
      recurring({ type: 'weekly', daysOfWeek: ['Monday', 'thursday'] }, { type: 'numbered', numberOfOccurrences: 5 }),
    );
    expect(master.type).toBe('seriesMaster');
    expect(master.recurrence).toEqual({
      pattern: {
        type: 'weekly',
        interval: 1,
        month: 0,
        dayOfMonth: 0,
        daysOfWeek: ['monday', 'thursday'],
        firstDayOfWeek: 'sunday',
        index: 'first',
      },
      range: {
        type: 'numbered',
        startDate: '2026-10-05',
        endDate: '0001-01-01',
        recurrenceTimeZone: 'W. Europe Standard Time',
        numberOfOccurrences: 5,
      },
    });
    expect(dates(await instances(world, master.id))).toEqual(['2026-10-05', '2026-10-08', '2026-10-12', '2026-10-15', '2026-10-19']);
  });

  test.each([
    ['every third day', { type: 'daily', interval: 3 }, ['2026-10-05', '2026-10-08', '2026-10-11']],
    [
      'every other week, counted from Monday',
      { type: 'weekly', interval: 2, daysOfWeek: ['monday', 'sunday'], firstDayOfWeek: 'monday' },
      ['2026-10-05', '2026-10-11', '2026-10-19'],
    ],
    [
      'every other week, counted from Sunday',
      { type: 'weekly', interval: 2, daysOfWeek: ['monday', 'sunday'], firstDayOfWeek: 'sunday' },
      ['2026-10-05', '2026-10-18', '2026-10-19'],
    ],
    [
      'on the 31st, or the last day of a shorter month',
      { type: 'absoluteMonthly', dayOfMonth: 31 },
      ['2026-10-31', '2026-11-30', '2026-12-31'],
    ],
    [
      'on the second Tuesday',
      { type: 'relativeMonthly', daysOfWeek: ['tuesday'], index: 'second' },
      ['2026-10-13', '2026-11-10', '2026-12-08'],
    ],
    [
      'on the last weekday',
      { type: 'relativeMonthly', daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], index: 'last' },
      ['2026-10-30', '2026-11-30', '2026-12-31'],
    ],
    ['every leap day', { type: 'absoluteYearly', month: 2, dayOfMonth: 29 }, ['2027-02-28', '2028-02-29', '2029-02-28']],
    [
      'on the first Friday of March',
      { type: 'relativeYearly', month: 3, daysOfWeek: ['friday'], index: 'first' },
      ['2027-03-05', '2028-03-03', '2029-03-02'],
    ],
  ])('recurs %s', async (_how, pattern, expected) => {
    const master = await create(world, recurring(pattern, { type: 'numbered', numberOfOccurrences: 3 }));
    expect(dates(await instances(world, master.id, 'startDateTime=2026-10-01T00:00:00Z&endDateTime=2031-01-01T00:00:00Z'))).toEqual(
      expected,
    );
    expect(master.start.dateTime.slice(0, 10)).toBe(expected[0]);
  });

  test('ends with its last date', async () => {
    const master = await create(world, recurring(mondays, { type: 'endDate', endDate: '2026-10-19' }));
    expect(dates(await instances(world, master.id))).toEqual(['2026-10-05', '2026-10-12', '2026-10-19']);
  });

  test('without an end is told as far as the window reaches', async () => {
    const { id } = await create(world, recurring(mondays));
    expect(await instances(world, id)).toHaveLength(52);
    expect(await instances(world, id, 'startDateTime=2036-10-01T00:00:00Z&endDateTime=2036-10-15T00:00:00Z')).toHaveLength(2);
  });

  test('keeps its local time when the clocks change', async () => {
    const { id } = await create(world, recurring(mondays, { type: 'endDate', endDate: '2026-11-02' }));
    expect(starts(await instances(world, id)).slice(-3)).toEqual(['2026-10-19T07:00', '2026-10-26T08:00', '2026-11-02T08:00']);
  });

  test('is meant in the zone of its recurrence, whatever zone its start was told in', async () => {
    const times = {
      start: { dateTime: '2026-10-05T07:00:00', timeZone: 'UTC' },
      end: { dateTime: '2026-10-05T07:30:00', timeZone: 'UTC' },
    };
    const { id } = await create(world, recurring(mondays, { recurrenceTimeZone: 'Europe/Berlin' }, times));
    expect(starts(await instances(world, id)).slice(3, 5)).toEqual(['2026-10-26T08:00', '2026-11-02T08:00'].slice(0, 2));
  });

  test('of whole days has its dates at midnight', async () => {
    const { id } = await create(
      world,
      recurring(
        mondays,
        { recurrenceTimeZone: 'Pacific/Auckland' },
        {
          isAllDay: true,
          start: { dateTime: '2026-10-05T00:00:00', timeZone: 'Pacific/Auckland' },
          end: { dateTime: '2026-10-06T00:00:00', timeZone: 'Pacific/Auckland' },
        },
      ),
    );
    expect(starts(await instances(world, id)).slice(0, 2)).toEqual(['2026-10-05T00:00', '2026-10-12T00:00']);
  });

  test.each([
    ['no day of the week', { type: 'weekly' }, {}],
    ['no end', mondays, { type: 'numbered' }],
    ['an end before its start', mondays, { type: 'endDate', endDate: '2026-10-01' }],
    ['another start than the event', mondays, { startDate: '2026-10-06' }],
  ])('is refused with %s', async (_what, pattern, range) => {
    const { status, body } = await world.call('POST', `${anna}/events`, recurring(pattern, range));
    expect([status, body.error.code]).toEqual([400, 'ErrorPropertyValidationFailure']);
  });

  test('is refused in a zone that nobody knows', async () => {
    const { body } = await world.call('POST', `${anna}/events`, recurring(mondays, { recurrenceTimeZone: 'Middle Earth Standard Time' }));
    expect(body.error.code).toBe('TimeZoneNotSupportedException');
  });
});
