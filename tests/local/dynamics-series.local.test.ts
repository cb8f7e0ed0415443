import { person } from '../../local/company/people';
import { type Answer, type Dynamics, idOf, type Json, startWithTokens } from './dynamics-client';

let dynamics: Dynamics;
let clock: number;
const anna = person('anna');
const ben = person('ben');
const masters = 'recurringappointmentmasters';
const user = (systemUserId: string, mask: number) => ({
  'partyid_systemuser@odata.bind': `/systemusers(${systemUserId})`,
  participationtypemask: mask,
});

/** Five Mondays at nine in Berlin, over the change to winter time. */
const mondays = {
  subject: 'Stand-up',
  recurrencepatterntype: 1,
  interval: 1,
  daysofweekmask: 2,
  firstdayofweek: 1,
  patternstartdate: '2026-10-11T22:00:00Z',
  patternendtype: 2,
  occurrences: 5,
  starttime: '2026-10-12T07:00:00Z',
  endtime: '2026-10-12T08:00:00Z',
};

beforeEach(async () => {
  clock = Date.parse('2026-10-05T08:00:00Z');
  dynamics = await startWithTokens({ seed: 'empty-company', now: () => clock });
});
afterEach(() => dynamics.close());

async function create(columns: object): Promise<string> {
  const answer = await dynamics.send('POST', masters, { as: anna, body: columns });
  expect(answer.status).toBe(204);
  return idOf(answer);
}

async function instances(id: string): Promise<Json[]> {
  const filter = `Microsoft.Dynamics.CRM.In(PropertyName='seriesid',PropertyValues=['${id}'])`;
  return [...(await dynamics.get(`appointments?$filter=${filter}&$orderby=originalstartdate`)).rows];
}
const starts = async (id: string) => (await instances(id)).map(({ scheduledstart }) => scheduledstart);
const master = async (id: string) => (await dynamics.get(`${masters}(${id})`)).json;
const patch = (path: string, body: object): Promise<Answer> =>
  dynamics.send('PATCH', path, { as: anna, headers: { 'if-match': '*' }, body });

describe('a series', () => {
  test('becomes one row a date, at the same local time before and after a change of clocks', async () => {
    const id = await create(mondays);
    expect(await starts(id)).toEqual([
      '2026-10-12T07:00:00Z',
      '2026-10-19T07:00:00Z',
      '2026-10-26T08:00:00Z',
      '2026-11-02T08:00:00Z',
      '2026-11-09T08:00:00Z',
    ]);
    expect((await instances(id))[2]).toMatchObject({
      subject: 'Stand-up',
      instancetypecode: 2,
      seriesid: id,
      originalstartdate: '2026-10-26T08:00:00Z',
      scheduledend: '2026-10-26T09:00:00Z',
      statuscode: 5,
    });
    expect(await master(id)).toMatchObject({
      instancetypecode: 1,
      duration: 60,
      effectivestartdate: '2026-10-12T07:00:00Z',
      effectiveenddate: '2026-11-09T08:00:00Z',
      expansionstatecode: 2,
      deletedexceptionslist: null,
    });
  });

  test.each([
    ['every third day', { recurrencepatterntype: 0, interval: 3 }, ['10-12', '10-15', '10-18']],
    ['every working day', { recurrencepatterntype: 0, interval: 1, isweekdaypattern: true }, ['10-12', '10-13', '10-14']],
    [
      'every second week from Sunday on, on two days',
      { recurrencepatterntype: 1, interval: 2, daysofweekmask: 33, firstdayofweek: 0 },
      ['10-16', '10-25', '10-30'],
    ],
    [
      'every second week from Monday on, on two days',
      { recurrencepatterntype: 1, interval: 2, daysofweekmask: 33, firstdayofweek: 1 },
      ['10-16', '10-18', '10-30'],
    ],
    ['the 31st, or the last day of the month', { recurrencepatterntype: 2, interval: 1, dayofmonth: 31 }, ['10-31', '11-30', '12-31']],
    [
      'the last Friday of every second month',
      { recurrencepatterntype: 2, interval: 2, isnthmonthly: true, instance: 5, daysofweekmask: 32 },
      ['10-30', '12-25', '02-26'],
    ],
    [
      'the first working day of the month',
      { recurrencepatterntype: 2, interval: 1, isnthmonthly: true, instance: 1, daysofweekmask: 62 },
      ['11-02', '12-01', '01-01'],
    ],
  ])('takes place on %s', async (_title, pattern, days) => {
    const { interval: _, daysofweekmask: __, firstdayofweek: ___, ...rest } = mondays;
    const id = await create({ ...rest, ...pattern, occurrences: 3 });
    expect((await starts(id)).map((start) => String(start).slice(5, 10))).toEqual(days);
  });

  test('takes place once a year on a date or on a day of a month', async () => {
    const yearly = { ...mondays, recurrencepatterntype: 3, interval: 1, monthofyear: 11, occurrences: 2 };
    const onDate = await create({ ...yearly, dayofmonth: 3 });
    const onDay = await create({ ...yearly, isnthyearly: true, instance: 2, daysofweekmask: 16 });
    expect(await starts(onDate)).toEqual(['2026-11-03T08:00:00Z']);
    expect(await master(onDate)).toMatchObject({
      effectiveenddate: '2027-11-03T08:00:00Z',
      nextexpansioninstancedate: '2027-11-03T08:00:00Z',
    });
    expect(await starts(onDay)).toEqual(['2026-11-12T08:00:00Z']);
  });

  test('ends with its last day, or never, and is made only a year ahead until the job goes on', async () => {
    const byDate = await create({ ...mondays, patternendtype: 3, patternenddate: '2026-10-25T23:00:00Z' });
    expect(await starts(byDate)).toHaveLength(3);
    const endless = await create({ ...mondays, patternendtype: 1 });
    expect(await starts(endless)).toHaveLength(52);
    expect(await master(endless)).toMatchObject({ effectiveenddate: null, expansionstatecode: 1 });
    clock += 14 * 86_400_000;
    dynamics.standIn.controls.expandSeries?.({});
    expect(await starts(endless)).toHaveLength(54);
  });

  test('of the past begins three months back, and still counts from its start', async () => {
    const id = await create({ ...mondays, patternstartdate: '2026-06-01T00:00:00Z', occurrences: 7 });
    expect(await starts(id)).toEqual(['2026-07-06T07:00:00Z', '2026-07-13T07:00:00Z']);
  });

  test('of whole days begins at local midnight', async () => {
    const id = await create({
      ...mondays,
      isalldayevent: true,
      starttime: '2026-10-11T22:00:00Z',
      endtime: '2026-10-12T22:00:00Z',
      occurrences: 3,
    });
    expect(await starts(id)).toEqual(['2026-10-11T22:00:00Z', '2026-10-18T22:00:00Z', '2026-10-25T23:00:00Z']);
    expect((await instances(id))[0]).toMatchObject({ isalldayevent: true, scheduledend: '2026-10-12T22:00:00Z' });
  });

  test('that regenerates has only its first date', async () => {
    expect(await starts(await create({ ...mondays, isregenerate: true }))).toEqual(['2026-10-12T07:00:00Z']);
  });

  test.each([
    ['no pattern', { recurrencepatterntype: null }],
    ['no days', { daysofweekmask: 0 }],
    ['no start', { starttime: null }],
    ['an end before its start', { patternendtype: 3, patternenddate: '2026-09-01T00:00:00Z' }],
  ])('with %s is refused', async (_title, columns) => {
    const answer = await dynamics.send('POST', masters, { as: anna, body: { ...mondays, ...columns } });
    expect([answer.status, answer.code]).toEqual([400, '0x80040203']);
  });
});

describe('changes', () => {
  async function withParties(): Promise<string> {
    return create({
      ...mondays,
      recurringappointmentmaster_activity_parties: [
        user(anna.systemUserId, 7),
        { addressused: 'guest@visitors.example', participationtypemask: 5 },
      ],
    });
  }
  async function masks(id: unknown): Promise<unknown[]> {
    const { json } = await dynamics.get(`appointments(${String(id)})?$expand=appointment_activity_parties`);
    return (json.appointment_activity_parties as Json[]).map(({ participationtypemask }) => participationtypemask).sort();
  }

  test('of a series reach the dates that have nothing of their own, parties among them', async () => {
    const id = await withParties();
    const [first, second] = await instances(id);
    expect(await masks(first?.activityid)).toEqual([5, 7, 9]);
    await patch(`appointments(${String(second?.activityid)})`, { subject: 'Stand-up with guests' });
    await patch(`${masters}(${id})`, {
      subject: 'Daily',
      location: 'Room 2',
      recurringappointmentmaster_activity_parties: [user(anna.systemUserId, 7), user(ben.systemUserId, 6)],
    });
    const rows = await instances(id);
    expect(rows.map(({ subject }) => subject)).toEqual(['Daily', 'Stand-up with guests', 'Daily', 'Daily', 'Daily']);
    expect(rows.map(({ location }) => location)).toEqual(Array(5).fill('Room 2'));
    expect(await masks(first?.activityid)).toEqual([6, 7, 9]);
  });

  test('of one date make it an exception and leave its series as it was', async () => {
    const id = await withParties();
    const version = (await master(id))['@odata.etag'];
    const [, second] = await instances(id);
    await patch(`appointments(${String(second?.activityid)})`, {
      scheduledstart: '2026-10-20T07:00:00Z',
      scheduledend: '2026-10-20T08:00:00Z',
    });
    expect((await instances(id))[1]).toMatchObject({
      activityid: second?.activityid,
      instancetypecode: 3,
      originalstartdate: '2026-10-19T07:00:00Z',
      scheduledstart: '2026-10-20T07:00:00Z',
    });
    expect((await master(id))['@odata.etag']).toBe(version);
  });

  test('that delete a date are noted in the series, which has a new version', async () => {
    const id = await withParties();
    const version = (await master(id))['@odata.etag'];
    const [, second, third] = await instances(id);
    await dynamics.send('DELETE', `appointments(${String(third?.activityid)})`);
    await dynamics.send('DELETE', `appointments(${String(second?.activityid)})`);
    const after = await master(id);
    expect(after.deletedexceptionslist).toBe('2026-10-19T07:00:00Z,2026-10-26T08:00:00Z');
    expect(after['@odata.etag']).not.toBe(version);
    expect(await starts(id)).toHaveLength(3);
  });

  test('of the pattern make all dates anew and drop what was special about any', async () => {
    const id = await withParties();
    const [first, second] = await instances(id);
    await patch(`appointments(${String(first?.activityid)})`, { subject: 'Other' });
    await dynamics.send('DELETE', `appointments(${String(second?.activityid)})`);
    await patch(`${masters}(${id})`, { starttime: '2026-10-12T08:00:00Z', endtime: '2026-10-12T08:30:00Z' });
    const rows = await instances(id);
    expect(rows.map(({ scheduledstart }) => scheduledstart)).toEqual([
      '2026-10-12T08:00:00Z',
      '2026-10-19T08:00:00Z',
      '2026-10-26T09:00:00Z',
      '2026-11-02T09:00:00Z',
      '2026-11-09T09:00:00Z',
    ]);
    expect(rows.every(({ instancetypecode, subject }) => instancetypecode === 2 && subject === 'Stand-up')).toBe(true);
    expect((await master(id)).deletedexceptionslist).toBeNull();
  });

  test('that say the same pattern again leave the dates alone', async () => {
    const id = await create(mondays);
    const before = await instances(id);
    await patch(`${masters}(${id})`, { interval: 1, occurrences: 5 });
    expect(await instances(id)).toEqual(before);
  });

  test('that close a series close its open dates', async () => {
    const id = await create(mondays);
    await patch(`${masters}(${id})`, { statecode: 2, statuscode: 4 });
    expect((await instances(id)).map(({ statuscode }) => statuscode)).toEqual([4, 4, 4, 4, 4]);
  });

  test('of a series that is deleted take its dates along', async () => {
    const id = await create(mondays);
    await dynamics.send('DELETE', `${masters}(${id})`);
    expect(await instances(id)).toEqual([]);
  });
});

test('series and their dates are in the change feeds of both tables', async () => {
  const tracked = { prefer: 'odata.track-changes' };
  const feeds = [`${masters}?$select=activityid`, 'appointments?$select=activityid,seriesid,instancetypecode'];
  const links = await Promise.all(feeds.map(async (feed) => String((await dynamics.get(feed, tracked)).json['@odata.deltaLink'])));
  const id = await create({ ...mondays, occurrences: 2 });
  const [series, dates] = await Promise.all(links.map((link) => dynamics.get(link)));
  expect(series?.rows.map(({ activityid }) => activityid)).toEqual([id]);
  expect(dates?.rows.map(({ seriesid, instancetypecode }) => [seriesid, instancetypecode])).toEqual([
    [id, 2],
    [id, 2],
  ]);
  const gone = dates?.rows[0]?.activityid;
  await dynamics.send('DELETE', `appointments(${String(gone)})`);
  const later = await dynamics.get(String(dates?.json['@odata.deltaLink']));
  expect(later.rows).toEqual([expect.objectContaining({ id: gone, reason: 'deleted' })]);
  expect((await dynamics.get(String(series?.json['@odata.deltaLink']))).rows).toHaveLength(1);
});
