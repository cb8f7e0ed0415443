import { anna, attendee, type Body, ben, drain, type GraphWorld, immutable, segment, startWorld } from './graph-support';

let world: GraphWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const day = 86_400_000;
const window = 'startDateTime=2026-10-01T00:00:00Z&endDateTime=2027-10-01T00:00:00Z';

/** A series that begins on Monday, 5 October 2026, 9 o'clock in Berlin. */
function recurring(pattern: object, range: object = {}, more: object = {}): object {
  return {
    subject: 'Stand-up',
    start: { dateTime: '2026-10-05T09:00:00', timeZone: 'Europe/Berlin' },
    end: { dateTime: '2026-10-05T09:30:00', timeZone: 'Europe/Berlin' },
    recurrence: {
      pattern: { interval: 1, ...pattern },
      range: { type: 'noEnd', startDate: '2026-10-05', recurrenceTimeZone: 'W. Europe Standard Time', ...range },
    },
    ...more,
  };
}

const mondays = { type: 'weekly', daysOfWeek: ['monday'] };

async function create(body: object): Promise<Body> {
  const answer = await world.call('POST', `${anna}/events`, body, immutable);
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

async function instances(id: string, within = window): Promise<readonly Body[]> {
  return (await world.call('GET', `${anna}/events/${segment(id)}/instances?${within}&$top=1000`, undefined, immutable)).body.value;
}

const starts = (bodies: readonly Body[]) => bodies.map(({ start }) => start.dateTime.slice(0, 16));
const dates = (bodies: readonly Body[]) => starts(bodies).map((start) => start.slice(0, 10));

async function patch(id: string, body: object): Promise<Body> {
  const answer = await world.call('PATCH', `${anna}/events/${segment(id)}`, body, immutable);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

async function whole(id: string): Promise<Body> {
  const query = '$select=subject,cancelledOccurrences&$expand=exceptionOccurrences';
  return (await world.call('GET', `${anna}/events/${segment(id)}?${query}`, undefined, immutable)).body;
}

function mailed(): string[] {
  const { entries } = world.control('mail', {}) as { entries: readonly { kind: string; to: readonly string[] }[] };
  return entries.map(({ kind, to }) => `${kind} to ${to.map((address) => address.split('@')[0]).join(' and ')}`);
}

describe('a series', () => {
  test('is made by an event with a recurrence, and shows it whole', async () => {
    const master = await create(
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
    expect(dates(await instances(master.id))).toEqual(['2026-10-05', '2026-10-08', '2026-10-12', '2026-10-15', '2026-10-19']);
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
    const master = await create(recurring(pattern, { type: 'numbered', numberOfOccurrences: 3 }));
    expect(dates(await instances(master.id, 'startDateTime=2026-10-01T00:00:00Z&endDateTime=2031-01-01T00:00:00Z'))).toEqual(expected);
    expect(master.start.dateTime.slice(0, 10)).toBe(expected[0]);
  });

  test('ends with its last date', async () => {
    const master = await create(recurring(mondays, { type: 'endDate', endDate: '2026-10-19' }));
    expect(dates(await instances(master.id))).toEqual(['2026-10-05', '2026-10-12', '2026-10-19']);
  });

  test('without an end is told as far as the window reaches', async () => {
    const { id } = await create(recurring(mondays));
    expect(await instances(id)).toHaveLength(52);
    expect(await instances(id, 'startDateTime=2036-10-01T00:00:00Z&endDateTime=2036-10-15T00:00:00Z')).toHaveLength(2);
  });

  test('keeps its local time when the clocks change', async () => {
    const { id } = await create(recurring(mondays, { type: 'endDate', endDate: '2026-11-02' }));
    expect(starts(await instances(id)).slice(-3)).toEqual(['2026-10-19T07:00', '2026-10-26T08:00', '2026-11-02T08:00']);
  });

  test('is meant in the zone of its recurrence, whatever zone its start was told in', async () => {
    const times = {
      start: { dateTime: '2026-10-05T07:00:00', timeZone: 'UTC' },
      end: { dateTime: '2026-10-05T07:30:00', timeZone: 'UTC' },
    };
    const { id } = await create(recurring(mondays, { recurrenceTimeZone: 'Europe/Berlin' }, times));
    expect(starts(await instances(id)).slice(3, 5)).toEqual(['2026-10-26T08:00', '2026-11-02T08:00'].slice(0, 2));
  });

  test('of whole days has its dates at midnight', async () => {
    const { id } = await create(
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
    expect(starts(await instances(id)).slice(0, 2)).toEqual(['2026-10-05T00:00', '2026-10-12T00:00']);
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

describe('one date of a series', () => {
  test('that is changed becomes an exception, and the rest stays', async () => {
    const { id } = await create(recurring(mondays));
    const [, second] = await instances(id);
    const changed = await patch(String(second?.id), {
      subject: 'Long stand-up',
      start: { dateTime: '2026-10-13T08:00:00', timeZone: 'UTC' },
      end: { dateTime: '2026-10-13T09:00:00', timeZone: 'UTC' },
    });
    expect([changed.type, changed.seriesMasterId, changed.originalStart]).toEqual(['exception', id, '2026-10-12T07:00:00.0000000Z']);
    const all = await instances(id);
    expect(all.slice(0, 3).map(({ type, subject }) => `${String(type)} ${subject}`)).toEqual([
      'occurrence Stand-up',
      'exception Long stand-up',
      'occurrence Stand-up',
    ]);
    expect(dates(all).slice(0, 3)).toEqual(['2026-10-05', '2026-10-13', '2026-10-19']);
    const { exceptionOccurrences } = await whole(id);
    expect(exceptionOccurrences).toMatchObject([{ subject: 'Long stand-up', type: 'exception' }]);
  });

  test('follows its series in what was not changed on it', async () => {
    const { id } = await create(recurring(mondays));
    const [first] = await instances(id);
    await patch(String(first?.id), { location: { displayName: 'Kitchen' } });
    await patch(id, { subject: 'Daily', location: { displayName: 'Hall' } });
    expect((await instances(id)).slice(0, 2).map(({ subject, location }) => `${subject} ${location.displayName}`)).toEqual([
      'Daily Kitchen',
      'Daily Hall',
    ]);
  });

  test('that is deleted is among the cancelled ones, for who asks, and answers no more', async () => {
    const { id } = await create(recurring(mondays));
    const [, second] = await instances(id);
    const path = `${anna}/events/${segment(String(second?.id))}`;
    expect((await world.call('DELETE', path)).status).toBe(204);
    expect((await world.call('GET', path)).status).toBe(404);
    expect(dates(await instances(id)).slice(0, 2)).toEqual(['2026-10-05', '2026-10-19']);
    expect((await whole(id)).cancelledOccurrences).toEqual([`OID.${id}.2026-10-12`]);
    expect((await world.call('GET', `${anna}/events/${segment(id)}`)).body).not.toHaveProperty('cancelledOccurrences');
  });

  test('cannot be moved past its neighbour', async () => {
    const { id } = await create(recurring(mondays));
    const [first] = await instances(id);
    const times = {
      start: { dateTime: '2026-10-12T05:00:00', timeZone: 'UTC' },
      end: { dateTime: '2026-10-12T06:00:00', timeZone: 'UTC' },
    };
    const { status, body } = await world.call('PATCH', `${anna}/events/${segment(String(first?.id))}`, times);
    expect([status, body.error.code]).toEqual([400, 'ErrorOccurrenceCrossingBoundary']);
  });

  test('loses what was changed on it with another pattern, or another time of day, of the series', async () => {
    for (const change of [
      { recurrence: { pattern: { type: 'daily', interval: 1 }, range: { type: 'noEnd', startDate: '2026-10-05' } } },
      {
        start: { dateTime: '2026-10-05T10:00:00', timeZone: 'Europe/Berlin' },
        end: { dateTime: '2026-10-05T11:00:00', timeZone: 'Europe/Berlin' },
      },
    ]) {
      const { id } = await create(recurring(mondays));
      const [first, second] = await instances(id);
      await patch(String(first?.id), { subject: 'Another' });
      await world.call('DELETE', `${anna}/events/${segment(String(second?.id))}`);
      await patch(id, { subject: 'Renamed' });
      expect(await whole(id)).toMatchObject({ exceptionOccurrences: [{ subject: 'Another' }], cancelledOccurrences: [expect.any(String)] });
      await patch(id, change);
      expect(await whole(id)).toMatchObject({ exceptionOccurrences: [], cancelledOccurrences: [] });
    }
  });
});

describe('a calendar with a series', () => {
  const view = `${anna}/calendarView?startDateTime=2026-10-05T00:00:00Z&endDateTime=2026-10-20T00:00:00Z`;
  const delta = `${anna}/calendarView/delta?startDateTime=2026-10-05T00:00:00Z&endDateTime=2026-10-20T00:00:00Z`;

  test('shows its dates and not its master in a window', async () => {
    await create(recurring(mondays));
    const { body } = await world.call('GET', view);
    expect(body.value.map(({ type }) => type)).toEqual(['occurrence', 'occurrence', 'occurrence']);
  });

  test('lists the master and no dates without one', async () => {
    await create(recurring(mondays));
    const { body } = await world.call('GET', `${anna}/events`);
    expect(body.value.map(({ type }) => type)).toEqual(['seriesMaster']);
  });

  test('tells in its delta of the master whole, of changed dates whole, and of the others little', async () => {
    const { id } = await create(recurring(mondays));
    const [first] = await instances(id);
    await patch(String(first?.id), { subject: 'Another' });
    const { items } = await drain(world, delta, immutable);
    expect(items.map(({ type }) => type)).toEqual(['seriesMaster', 'exception', 'occurrence', 'occurrence']);
    expect(Object.keys(items[2] ?? {}).sort()).toEqual(['@odata.etag', '@odata.type', 'end', 'id', 'seriesMasterId', 'start', 'type']);
    expect(items[1]).toMatchObject({ subject: 'Another', seriesMasterId: id });
  });

  test('tells in its delta of a date that was deleted', async () => {
    const { id } = await create(recurring(mondays));
    const { link } = await drain(world, delta, immutable);
    const [, second] = await instances(id);
    await world.call('DELETE', `${anna}/events/${segment(String(second?.id))}`);
    const { items } = await drain(world, link, immutable);
    expect(items.filter((item) => item['@removed'] !== undefined).map((item) => item.id)).toEqual([second?.id]);
    expect(items.filter(({ type }) => type === 'seriesMaster')).toHaveLength(1);
  });

  test('tells nothing of a series outside the window', async () => {
    await create(recurring(mondays));
    world.clock.now += day;
    const later = `${anna}/calendarView/delta?startDateTime=2026-09-01T00:00:00Z&endDateTime=2026-10-01T00:00:00Z`;
    expect((await drain(world, later, immutable)).items).toEqual([]);
  });
});

describe('a series with attendees', () => {
  const invited = { attendees: [attendee('ben')] };

  test('invites once, and lies in the calendar of who is invited', async () => {
    await create(recurring(mondays, {}, invited));
    expect(mailed()).toEqual(['invitation to ben']);
    const [copy] = (await world.call('GET', `${ben}/events`)).body.value;
    expect(copy).toMatchObject({ type: 'seriesMaster', isOrganizer: false, subject: 'Stand-up' });
  });

  test('mails for one date that is changed or deleted', async () => {
    const { id } = await create(recurring(mondays, {}, invited));
    const [first, second] = await instances(id);
    await patch(String(first?.id), { subject: 'Another' });
    await world.call('DELETE', `${anna}/events/${segment(String(second?.id))}`);
    expect(mailed().slice(1)).toEqual(['update to ben', 'cancellation to ben']);
    const view = `${ben}/calendarView?startDateTime=2026-10-05T00:00:00Z&endDateTime=2026-10-20T00:00:00Z`;
    const shown = (await world.call('GET', view)).body.value.map(({ type, subject }) => `${String(type)} ${subject}`);
    expect(shown).toEqual(['exception Another', 'occurrence Stand-up']);
  });

  test('mails once more for each changed date when the series changes', async () => {
    const { id } = await create(recurring(mondays, {}, invited));
    const [first] = await instances(id);
    await patch(String(first?.id), { subject: 'Another' });
    await patch(id, { location: { displayName: 'Hall' } });
    expect(mailed().slice(2)).toEqual(['update to ben', 'update to ben']);
  });
});
