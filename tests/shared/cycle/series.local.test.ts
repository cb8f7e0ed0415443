import { Desk } from './desk';
import { anna, beginning, ben, type Json, World } from './world';

let world: World;
let annas: Desk;

beforeAll(async () => {
  world = await World.start();
  for (const who of [anna, ben]) await world.enable(who);
  annas = new Desk(world, anna);
});
afterAll(() => world.close());

const masters = 'recurringappointmentmasters';
const day = 86_400_000;
/** The Monday after the one on which the stories begin. */
const monday = beginning - (beginning % day) + 7 * day;
const date = (days: number): string => new Date(monday + days * day).toISOString().slice(0, 10);
const at = (days: number, time = '12:00'): string => `${date(days)}T${time}:00Z`;
const utc = (dateTime: string): Json => ({ dateTime: dateTime.replace('Z', ''), timeZone: 'UTC' });

/** Mondays at noon UTC, five times. */
const mondays: Json = {
  recurrencepatterntype: 1,
  interval: 1,
  daysofweekmask: 2,
  patternstartdate: at(0, '00:00'),
  patternendtype: 2,
  occurrences: 5,
  starttime: at(0),
  endtime: at(0, '12:30'),
};

const inStep = (columns: Json = {}): Promise<string> => annas.inStep(masters, { subject: 'Stand-up', ...mondays, ...columns });

interface Shown {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly start: { readonly dateTime: string };
  readonly location: { readonly displayName: string };
}

/** What the calendar shows of a series, in order. */
async function shown(id: string): Promise<Shown[]> {
  const master = await annas.itemOf(masters, id);
  const window = `startDateTime=${date(-60)}T00:00:00Z&endDateTime=${date(800)}T00:00:00Z`;
  const page = await annas.outlook('GET', `events/${encodeURIComponent(String(master.id))}/instances?${window}&$top=1000`);
  return page.value as Shown[];
}

const starts = async (id: string): Promise<string[]> => (await shown(id)).map(({ start }) => `${start.dateTime.slice(0, 16)}:00Z`);

async function dates(id: string): Promise<Json[]> {
  const { value } = await world.crm(anna, 'GET', `appointments?$filter=seriesid eq ${id}&$orderby=originalstartdate`);
  return value as Json[];
}

async function rowOn(id: string, originalStart: string): Promise<string> {
  const found = (await dates(id)).find((row) => row.originalstartdate === originalStart);
  if (found === undefined) throw new Error(`The series has no date ${originalStart}.`);
  return String(found.activityid);
}

async function eventOn(id: string, originalStart: string): Promise<string> {
  const found = (await shown(id)).find(({ start }) => `${start.dateTime.slice(0, 19)}Z` === originalStart);
  if (found === undefined) throw new Error(`The calendar shows nothing on ${originalStart}.`);
  return `events/${encodeURIComponent(found.id)}`;
}

function mails(): readonly unknown[] {
  return (world.control('graph', 'mail') as { entries: readonly unknown[] }).entries;
}

afterEach(async () => {
  await world.expectQuiet();
  expect(mails()).toEqual([]);
});

describe('a series that is made in Dynamics', () => {
  test('appears in Exchange as one series, with all its dates', async () => {
    const id = await inStep({ location: 'Hall', description: 'What is new?' });
    expect(await annas.itemOf(masters, id)).toMatchObject({ type: 'seriesMaster', subject: 'Stand-up', location: { displayName: 'Hall' } });
    expect(await starts(id)).toHaveLength(5);
    expect((await starts(id)).slice(0, 2)).toEqual([at(0), at(7)]);
  });

  test.each([
    ['on its last date', { patternendtype: 3, occurrences: null, patternenddate: at(21, '00:00') }, 4],
    ['after so many dates', { patternendtype: 2, occurrences: 3 }, 3],
    ['never', { patternendtype: 1, occurrences: null }, 115],
  ])('ends %s', async (_when, end, count) => {
    expect(await starts(await inStep(end))).toHaveLength(count);
  });

  test.each<[string, Json, string[]]>([
    ['every other day', { recurrencepatterntype: 0, interval: 2, daysofweekmask: null }, [at(0), at(2), at(4)]],
    ['on working days', { recurrencepatterntype: 1, daysofweekmask: 62 }, [at(0), at(1), at(2)]],
    ['monthly on a day', { recurrencepatterntype: 2, daysofweekmask: null, dayofmonth: 12 }, ['2026-10-12', '2026-11-12', '2026-12-12']],
    [
      'monthly on a weekday',
      { recurrencepatterntype: 2, isnthmonthly: true, daysofweekmask: 2, instance: 2 },
      ['2026-10-12', '2026-11-09', '2026-12-14'],
    ],
    [
      'yearly on a day',
      { recurrencepatterntype: 3, daysofweekmask: null, dayofmonth: 12, monthofyear: 10 },
      ['2026-10-12', '2027-10-12', '2028-10-12'],
    ],
    [
      'yearly on a weekday',
      { recurrencepatterntype: 3, isnthyearly: true, daysofweekmask: 2, instance: 2, monthofyear: 10 },
      ['2026-10-12', '2027-10-11', '2028-10-09'],
    ],
  ])('recurs %s', async (_how, pattern, expected) => {
    const all = await starts(await inStep({ ...pattern, occurrences: 3 }));
    expect(all.map((start, index) => start.slice(0, expected[index]?.length))).toEqual(expected);
  });

  test('brings along the dates that were changed or deleted before', async () => {
    const id = await annas.make(masters, { subject: 'Stand-up', ...mondays });
    await world.crm(anna, 'PATCH', `appointments(${await rowOn(id, at(7))})`, { subject: 'Long stand-up' });
    await world.crm(anna, 'DELETE', `appointments(${await rowOn(id, at(14, '13:00'))})`);
    await world.settle();
    expect((await shown(id)).map(({ subject }) => subject)).toEqual(['Stand-up', 'Long stand-up', 'Stand-up', 'Stand-up']);
    expect(await starts(id)).toEqual([at(0), at(7), at(21), at(28)].map((start) => expect.stringContaining(start.slice(0, 10))));
  });
});

describe('an edit of a series', () => {
  test('travels either way, with its pattern and its time', async () => {
    const id = await inStep();
    await annas.change(masters, id, { subject: 'Weekly', location: 'Kitchen' });
    await world.settle();
    expect(await annas.itemOf(masters, id)).toMatchObject({ subject: 'Weekly', location: { displayName: 'Kitchen' } });
    await annas.edit(masters, id, { subject: 'From Outlook', start: utc(at(0, '14:00')), end: utc(at(0, '15:00')) });
    await world.settle();
    expect(await annas.record(masters, id)).toMatchObject({ subject: 'From Outlook', starttime: at(0, '14:00'), endtime: at(0, '15:00') });
  });

  test('that gives it another pattern in Exchange reaches Dynamics', async () => {
    const id = await inStep();
    const pattern = { type: 'weekly', interval: 2, daysOfWeek: ['monday', 'wednesday'], firstDayOfWeek: 'monday' };
    const range = { type: 'numbered', startDate: date(0), numberOfOccurrences: 4, recurrenceTimeZone: 'W. Europe Standard Time' };
    await annas.edit(masters, id, { recurrence: { pattern, range } });
    await world.settle();
    expect(await annas.record(masters, id)).toMatchObject({ interval: 2, daysofweekmask: 10, firstdayofweek: 1, occurrences: 4 });
    expect(await dates(id)).toHaveLength(4);
  });

  test('that gives it another pattern in Dynamics reaches Exchange', async () => {
    const id = await inStep();
    await annas.change(masters, id, { daysofweekmask: 6, occurrences: 3 });
    await world.settle();
    expect((await starts(id)).map((start) => start.slice(0, 10))).toEqual([date(0), date(1), date(7)]);
  });
});

describe('a date that was changed while the other side gave the series another pattern without it', () => {
  const everyNinthDay = { recurrencepatterntype: 0, interval: 9, daysofweekmask: null };
  const ninth = { type: 'daily', interval: 9 };
  const range = { type: 'numbered', startDate: date(0), numberOfOccurrences: 5, recurrenceTimeZone: 'W. Europe Standard Time' };
  const replaced = async (): Promise<string> => JSON.stringify((await world.journal(anna)).map(({ value }) => value));

  test('in Dynamics, is in the journal (promise 1)', async () => {
    const id = await inStep();
    await annas.edit(masters, id, { recurrence: { pattern: ninth, range } });
    await world.crm(anna, 'PATCH', `appointments(${await rowOn(id, at(7))})`, { subject: 'Only on this Monday' });
    await world.settle();
    expect((await starts(id))[1]).toContain(date(9));
    expect(await replaced()).toContain('Only on this Monday');
  });

  test('in Exchange, is in the journal, and the pattern arrives (promise 1)', async () => {
    const id = await inStep();
    await annas.change(masters, id, everyNinthDay);
    await annas.outlook('PATCH', await eventOn(id, at(7)), { subject: 'Only on that Monday' });
    await world.settle();
    expect((await starts(id))[1]).toContain(date(9));
    expect(await replaced()).toContain('Only on that Monday');
  });

  test('in Exchange, and had been deleted in Dynamics, is in the journal (promise 1)', async () => {
    const id = await inStep();
    await world.crm(anna, 'DELETE', `appointments(${await rowOn(id, at(7))})`);
    await annas.outlook('PATCH', await eventOn(id, at(7)), { subject: 'Needed for once' });
    await world.settle();
    await annas.change(masters, id, everyNinthDay);
    await world.settle();
    expect((await starts(id))[1]).toContain(date(9));
    expect(await replaced()).toContain('Needed for once');
  });
});

describe('one date of a series', () => {
  test('that is changed in Dynamics is changed in Exchange, and alone', async () => {
    const id = await inStep();
    await world.crm(anna, 'PATCH', `appointments(${await rowOn(id, at(7))})`, {
      location: 'Balcony',
      scheduledstart: at(8, '15:00'),
      scheduledend: at(8, '16:00'),
    });
    await world.settle();
    expect((await shown(id)).map(({ location }) => location.displayName)).toEqual(['', 'Balcony', '', '', '']);
    expect((await starts(id))[1]).toBe(at(8, '15:00'));
  });

  test('that is changed in Exchange is changed in Dynamics, and alone', async () => {
    const id = await inStep();
    await annas.outlook('PATCH', await eventOn(id, at(7)), {
      subject: 'With guests',
      start: utc(at(8, '09:00')),
      end: utc(at(8, '10:00')),
    });
    await world.settle();
    expect((await dates(id)).map(({ subject }) => subject)).toEqual(['Stand-up', 'With guests', 'Stand-up', 'Stand-up', 'Stand-up']);
    expect(await world.crm(anna, 'GET', `appointments(${await rowOn(id, at(7))})`)).toMatchObject({ scheduledstart: at(8, '09:00') });
  });

  test('that is deleted goes on the other side too', async () => {
    const id = await inStep();
    await world.crm(anna, 'DELETE', `appointments(${await rowOn(id, at(7))})`);
    await annas.outlook('DELETE', await eventOn(id, at(0)));
    await world.settle();
    expect((await shown(id)).map(({ start }) => start.dateTime.slice(0, 10))).toEqual([date(14), date(21), date(28)]);
    expect(await dates(id)).toHaveLength(3);
  });

  test('that is deleted here and changed there stays as each side has it (promise 1)', async () => {
    const id = await inStep();
    await world.crm(anna, 'DELETE', `appointments(${await rowOn(id, at(7))})`);
    await annas.outlook('PATCH', await eventOn(id, at(7)), { subject: 'Needed after all' });
    await world.settle();
    expect((await shown(id)).map(({ subject }) => subject)).toContain('Needed after all');
    expect(await dates(id)).toHaveLength(4);
  });

  test('that is closed in Dynamics takes no edits, and stops nothing else (promise 4)', async () => {
    const id = await inStep();
    await world.crm(anna, 'PATCH', `appointments(${await rowOn(id, at(7))})`, { statecode: 2, statuscode: 4 });
    await world.settle();
    await annas.outlook('PATCH', await eventOn(id, at(7)), { location: { displayName: 'Balcony' } });
    await annas.outlook('PATCH', await eventOn(id, at(0)), { location: { displayName: 'Kitchen' } });
    await world.settle();
    expect((await shown(id)).map(({ location }) => location.displayName)).toEqual(['Kitchen', 'Balcony', '', '', '']);
    expect((await dates(id)).map(({ location }) => location ?? '')).toEqual(['Kitchen', '', '', '', '']);
  });

  test('that stays closed where its series is open again takes none either, until it is opened itself (promise 4)', async () => {
    const id = await annas.make(masters, { subject: 'Stand-up', ...mondays });
    await annas.change(masters, id, { statecode: 2, statuscode: 4 });
    await annas.change(masters, id, { statecode: 3, statuscode: 5 });
    await world.settle();
    await annas.outlook('PATCH', await eventOn(id, at(7)), { location: { displayName: 'Balcony' } });
    await world.settle();
    expect((await dates(id)).map(({ location }) => location ?? '')).toEqual(['', '', '', '', '']);
    await world.expectQuiet();
    await world.crm(anna, 'PATCH', `appointments(${await rowOn(id, at(7))})`, { statecode: 3, statuscode: 5 });
    await world.settle();
    expect((await dates(id)).map(({ location }) => location ?? '')).toEqual(['', 'Balcony', '', '', '']);
    expect((await shown(id)).map(({ location }) => location.displayName)).toEqual(['', 'Balcony', '', '', '']);
  });

  test('that is past is never deleted or made again', async () => {
    const long = { patternstartdate: at(-42, '00:00'), starttime: at(-42), endtime: at(-42, '12:30'), occurrences: 10 };
    const id = await inStep(long);
    await annas.outlook('DELETE', await eventOn(id, (await starts(id))[0] ?? ''));
    await world.settle();
    expect(await dates(id)).toHaveLength(10);
    expect(await starts(id)).toHaveLength(9);
  });
});

describe('the end of a series', () => {
  test('takes along no date that was deleted there and changed on the other side (promise 1)', async () => {
    const [kept, left] = [await inStep(), await inStep({ subject: 'Other stand-up', starttime: at(0, '15:00'), endtime: at(0, '15:30') })];
    await annas.outlook('DELETE', await eventOn(kept, at(7)));
    await world.crm(anna, 'PATCH', `appointments(${await rowOn(kept, at(7))})`, { location: 'Where it still is' });
    await world.crm(anna, 'DELETE', `appointments(${await rowOn(left, at(7, '15:00'))})`);
    await annas.outlook('PATCH', await eventOn(left, at(7, '15:00')), { subject: 'Still to come' });
    await world.settle();
    await annas.discard(masters, kept);
    await annas.drop(masters, left);
    await world.settle();
    expect(await annas.hasRecord(masters, kept)).toBe(true);
    expect(await annas.item(masters, left)).not.toBeNull();
  });

  test('in Dynamics takes it out of the calendar', async () => {
    const id = await inStep();
    await annas.drop(masters, id);
    await world.settle();
    expect(await annas.item(masters, id)).toBeNull();
  });

  test('in Exchange takes it out of Dynamics', async () => {
    const id = await inStep();
    await annas.discard(masters, id);
    await world.settle();
    expect(await annas.hasRecord(masters, id)).toBe(false);
  });
});

test('a series is known in the version that its delta tells, dates included, so that our own writes are no news (promise 4)', async () => {
  const id = await annas.make(masters, { subject: 'Stand-up', ...mondays });
  await world.crm(anna, 'PATCH', `appointments(${await rowOn(id, at(7))})`, { subject: 'Long stand-up' });
  await world.settle();
  const { itemVersion } = (await (await world.partition(anna)).links([{ entity: 'series', recordId: id }])).values().next().value ?? {};
  expect((await annas.itemOf(masters, id))['@odata.etag']).toBe(itemVersion);
});
