import type { Dynamics, FeedCursor } from '../../../shared/dynamics/dynamics';
import { recurrenceText } from '../../../shared/model/recurrence';
import type { SeenRecord } from '../../../shared/model/seen';
import type { Values } from '../../../shared/model/values';
import { systemClock } from '../../../shared/platform/clock';
import { anna, asAnna, ben, type Organization, startOrganization } from './organization';

const berlin = 'Europe/Berlin';
const masters = 'recurringappointmentmasters';
const now = Date.parse('2026-10-05T08:00:00Z');

let organization: Organization;
let dynamics: Dynamics;

beforeEach(async () => {
  organization = await startOrganization({ now: () => now });
  dynamics = organization.client({ clock: { ...systemClock, now: () => now } });
});
afterEach(() => organization.close());

const user = (mask: number, { systemUserId }: { readonly systemUserId: string }) => ({
  participationtypemask: mask,
  'partyid_systemuser@odata.bind': `/systemusers(${systemUserId})`,
});

/** Mondays at nine in Berlin, five times, over the change to winter time. */
const mondays = {
  subject: 'Stand-up',
  recurrencepatterntype: 1,
  interval: 1,
  daysofweekmask: 2,
  patternstartdate: '2026-10-09T22:00:00Z',
  patternendtype: 2,
  occurrences: 5,
  starttime: '2026-10-12T07:00:00Z',
  endtime: '2026-10-12T07:30:00Z',
  recurringappointmentmaster_activity_parties: [user(7, anna), user(5, ben)],
};

const weekly = (...daysOfWeek: ('monday' | 'tuesday')[]) =>
  recurrenceText({
    pattern: { type: 'weekly', interval: 1, daysOfWeek },
    range: { start: '2026-10-12', end: { kind: 'count', count: 5 } },
  });

const create = (columns: object = {}): Promise<string> => organization.create(masters, { ...mondays, ...columns });

async function read(id: string): Promise<SeenRecord> {
  const [record] = await dynamics.readRecords('series', [id], asAnna, berlin);
  if (record === undefined) throw new Error(`The series ${id} was not found.`);
  return record;
}

async function write(id: string, changes: Values): Promise<SeenRecord> {
  const { version, values } = await read(id);
  const outcome = await dynamics.updateRecord({ entity: 'series', id, version, changes, current: values }, asAnna, berlin);
  if (!outcome.ok) throw outcome.error;
  expect(outcome.value).toEqual(await read(id));
  return outcome.value;
}

async function dates(id: string): Promise<Record<string, unknown>[]> {
  const { value } = await organization.get(`appointments?$filter=seriesid eq ${id}&$orderby=originalstartdate`);
  return value as Record<string, unknown>[];
}

async function dateOf(id: string, originalStart: string): Promise<string> {
  const found = (await dates(id)).find(({ originalstartdate }) => originalstartdate === originalStart);
  return `appointments(${String(found?.activityid)})`;
}

describe('reading', () => {
  test('a series comes with its pattern, its first date and its people', async () => {
    const id = await create({ location: 'Room 2' });
    expect(await read(id)).toMatchObject({
      entity: 'series',
      id,
      organizer: anna.systemUserId,
      standing: 'open',
      values: {
        subject: 'Stand-up',
        location: 'Room 2',
        status: 'busy',
        time: '2026-10-12T07:00:00Z/2026-10-12T07:30:00Z',
        recurrence: weekly('monday'),
        occurrences: [],
        organizer: anna.systemUserId,
        requiredAttendees: [ben.email],
      },
    });
  });

  test('dates that differ are told against what the pattern gives them, in winter time too', async () => {
    const id = await create();
    await organization.patch(await dateOf(id, '2026-10-19T07:00:00Z'), {
      subject: 'With guests',
      appointment_activity_parties: [user(7, anna), { participationtypemask: 6, addressused: 'Guest@visitors.example' }],
    });
    await organization.patch(await dateOf(id, '2026-11-02T08:00:00Z'), {
      scheduledstart: '2026-11-03T10:00:00Z',
      scheduledend: '2026-11-03T11:00:00Z',
    });
    await organization.remove(await dateOf(id, '2026-10-26T08:00:00Z'));
    expect((await read(id)).values.occurrences).toEqual([
      '2026-10-19T07:00:00Z|optionalAttendees|guest@visitors.example',
      '2026-10-19T07:00:00Z|requiredAttendees|',
      '2026-10-19T07:00:00Z|subject|With guests',
      '2026-10-26T08:00:00Z|deleted|true',
      '2026-11-02T08:00:00Z|time|2026-11-03T10:00:00Z/2026-11-03T11:00:00Z',
    ]);
  });

  test('a date that was closed with its series is told when only the series is open again', async () => {
    const id = await create({ occurrences: 2 });
    await organization.patch(`${masters}(${id})`, { statecode: 2, statuscode: 4 });
    expect((await read(id)).values).toMatchObject({ status: 'canceled', occurrences: [] });
    await organization.patch(`${masters}(${id})`, { statecode: 3, statuscode: 5 });
    expect((await read(id)).values).toMatchObject({
      status: 'busy',
      occurrences: ['2026-10-12T07:00:00Z|status|canceled', '2026-10-19T07:00:00Z|status|canceled'],
    });
  });

  test('many series take one request for themselves and one for all their dates', async () => {
    const ids = [await create(), await create(), await create()];
    for (const [index, id] of ids.entries())
      await organization.patch(await dateOf(id, '2026-10-12T07:00:00Z'), { subject: `No. ${index}` });
    organization.counters.reset();
    const records = await dynamics.readRecords('series', ids, asAnna, berlin);
    const { endpoints } = organization.counters.snapshot();
    expect(Object.values(endpoints.dynamics ?? {}).map(({ requests }) => requests)).toEqual([1, 1]);
    const told = new Map(records.map(({ id, values }) => [id, values.occurrences]));
    expect(ids.map((id) => told.get(id))).toEqual([0, 1, 2].map((index) => [`2026-10-12T07:00:00Z|subject|No. ${index}`]));
  });

  test('whole days are dates', async () => {
    const id = await create({ isalldayevent: true, starttime: '2026-10-11T22:00:00Z', endtime: '2026-10-12T22:00:00Z' });
    await organization.remove(await dateOf(id, '2026-10-25T23:00:00Z'));
    expect((await read(id)).values).toMatchObject({ time: '2026-10-12/2026-10-13', occurrences: ['2026-10-26|deleted|true'] });
  });

  test('a series that regenerates is one that cannot sync, with a cure, and the others are read all the same', async () => {
    const ids = [await create({ isregenerate: true }), await create()];
    const records = await dynamics.readRecords('series', ids, asAnna, berlin);
    const obstacles = new Map(records.map(({ id, obstacle }) => [id, obstacle]));
    expect(ids.map((id) => obstacles.get(id))).toEqual([
      expect.objectContaining({ fix: expect.stringContaining('fixed dates') }),
      undefined,
    ]);
  });

  test('a home holds its series and no date of any', async () => {
    const single = await organization.create('appointments', {
      subject: 'Once',
      scheduledstart: '2026-10-12T07:00:00Z',
      scheduledend: '2026-10-12T08:00:00Z',
      appointment_activity_parties: [user(7, anna)],
    });
    const id = await create();
    await organization.patch(await dateOf(id, '2026-10-12T07:00:00Z'), { subject: 'Other' });
    const listed = async (entity: 'appointment' | 'series') =>
      (await dynamics.listHome({ entity, systemUserId: anna.systemUserId, filters: [] }, null, asAnna)).records.map((record) => record.id);
    expect(await listed('appointment')).toEqual([single]);
    expect(await listed('series')).toEqual([id]);
    expect(await dynamics.organizers('series', [id])).toEqual(new Map([[id, anna.systemUserId]]));
  });

  test('one that is not there is proved to be deleted', async () => {
    const id = await create();
    expect((await dynamics.existence('series', id, berlin)).kind).toBe('exists');
    await organization.remove(`${masters}(${id})`);
    expect((await dynamics.existence('series', id, berlin)).kind).toBe('deleted');
  });

  test('a secured column hides its field', async () => {
    const secure = organization.standIn.controls.setColumnSecurity;
    secure?.({ table: 'recurringappointmentmaster', column: 'description', secured: true });
    expect((await dynamics.columnRights(anna.systemUserId)).series).toEqual({ hidden: ['body'], readOnly: [], unsure: [] });
  });
});

test('the feed of appointments names the series of a date, and the feed of series a deletion among its dates', async () => {
  const ends: Record<string, FeedCursor> = {};
  const news = async (entity: 'appointment' | 'series') => {
    const page = await dynamics.readFeed(entity, ends[entity] ?? null);
    ends[entity] = page.next;
    return page.rows;
  };
  await Promise.all([news('appointment'), news('series')]);
  const id = await create({ occurrences: 2 });
  expect(await news('appointment')).toEqual([
    { kind: 'occurrence', id: expect.any(String), series: id },
    { kind: 'occurrence', id: expect.any(String), series: id },
  ]);
  expect(await news('series')).toEqual([{ kind: 'changed', id, version: expect.any(String), owner: anna.systemUserId }]);
  await organization.patch(await dateOf(id, '2026-10-12T07:00:00Z'), { subject: 'Other' });
  expect(await news('appointment')).toHaveLength(1);
  expect(await news('series')).toEqual([]);
  await organization.remove(await dateOf(id, '2026-10-19T07:00:00Z'));
  expect(await news('appointment')).toEqual([{ kind: 'deleted', id: expect.any(String) }]);
  expect(await news('series')).toMatchObject([{ kind: 'changed', id, version: (await read(id)).version }]);
});

describe('writing', () => {
  test('the fields of a series reach its dates and leave what is special about one', async () => {
    const id = await create();
    await organization.patch(await dateOf(id, '2026-10-19T07:00:00Z'), { location: 'Outside' });
    const after = await write(id, { subject: 'Daily', status: 'free', optionalAttendees: ['guest@visitors.example'] });
    expect(after.values).toMatchObject({ subject: 'Daily', status: 'free', optionalAttendees: ['guest@visitors.example'] });
    expect(after.values.occurrences).toEqual(['2026-10-19T07:00:00Z|location|Outside']);
    expect((await dates(id)).map(({ subject }) => subject)).toEqual(Array(5).fill('Daily'));
  });

  test('a new pattern moves the dates and keeps the local time of day', async () => {
    const id = await create();
    const after = await write(id, { recurrence: weekly('monday', 'tuesday') });
    expect(after.values.recurrence).toBe(weekly('monday', 'tuesday'));
    expect((await dates(id)).map(({ scheduledstart }) => scheduledstart)).toEqual([
      '2026-10-12T07:00:00Z',
      '2026-10-13T07:00:00Z',
      '2026-10-19T07:00:00Z',
      '2026-10-20T07:00:00Z',
      '2026-10-26T08:00:00Z',
    ]);
  });

  test('a new pattern does not lose what is special about the dates that stay', async () => {
    const id = await create();
    await write(id, { occurrences: ['2026-10-19T07:00:00Z|location|Outside', '2026-10-26T08:00:00Z|deleted|true'] });
    const after = await write(id, { recurrence: weekly('monday', 'tuesday') });
    expect(after.values.occurrences).toEqual(['2026-10-19T07:00:00Z|location|Outside', '2026-10-26T08:00:00Z|deleted|true']);
  });

  test('a new time of day moves all dates', async () => {
    const id = await create();
    const after = await write(id, { time: '2026-10-12T08:00:00Z/2026-10-12T09:00:00Z' });
    expect(after.values.time).toBe('2026-10-12T08:00:00Z/2026-10-12T09:00:00Z');
    expect((await dates(id)).map(({ scheduledend }) => scheduledend)).toContain('2026-11-09T10:00:00Z');
  });

  test('dates are changed, changed back, moved and deleted one by one', async () => {
    const id = await create();
    const wanted = [
      '2026-10-12T07:00:00Z|deleted|true',
      '2026-10-19T07:00:00Z|requiredAttendees|guest@visitors.example',
      '2026-10-26T08:00:00Z|body|Bring numbers',
      '2026-11-02T08:00:00Z|time|2026-11-03T10:00:00Z/2026-11-03T11:00:00Z',
    ];
    expect((await write(id, { occurrences: wanted })).values.occurrences).toEqual(wanted);
    const [deleted = ''] = wanted;
    expect((await write(id, { occurrences: [deleted] })).values.occurrences).toEqual([deleted]);
    expect((await dates(id)).map(({ scheduledstart }) => scheduledstart)).toEqual([
      '2026-10-19T07:00:00Z',
      '2026-10-26T08:00:00Z',
      '2026-11-02T08:00:00Z',
      '2026-11-09T08:00:00Z',
    ]);
  });

  test('a date that Dynamics has deleted stays deleted, and one of the past is never made again', async () => {
    const id = await create({ patternstartdate: '2026-01-04T23:00:00Z', patternendtype: 1 });
    await organization.remove(await dateOf(id, '2026-10-19T07:00:00Z'));
    const after = await write(id, {
      occurrences: ['2026-02-02T08:00:00Z|subject|Long ago', '2026-10-19T07:00:00Z|subject|Gone', '2026-10-12T07:00:00Z|subject|Next'],
    });
    expect(after.values.occurrences).toEqual(['2026-10-12T07:00:00Z|subject|Next', '2026-10-19T07:00:00Z|deleted|true']);
  });

  test('a date that Dynamics has not made yet waits, with a cure', async () => {
    const id = await create({ patternendtype: 1 });
    const { version, values } = await read(id);
    const changes = { occurrences: ['2028-01-03T08:00:00Z|subject|Far'] };
    const outcome = await dynamics.updateRecord({ entity: 'series', id, version, changes, current: values }, asAnna, berlin);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'refused', retry: 'later' } });
  });

  test('a date of a pattern or a time that the series no longer has is not waited for', async () => {
    const id = await create({ patternendtype: 1 });
    const { version, values } = await read(id);
    for (const gone of ['2028-01-04T08:00:00Z', '2028-01-03T10:15:00Z']) {
      const changes = { occurrences: [`${gone}|subject|Gone`] };
      const outcome = await dynamics.updateRecord({ entity: 'series', id, version, changes, current: values }, asAnna, berlin);
      expect(outcome).toMatchObject({ ok: true });
    }
  });

  test('nothing is written over a date that somebody changed meanwhile', async () => {
    const id = await create();
    const { version, values } = await read(id);
    await organization.patch(await dateOf(id, '2026-10-12T07:00:00Z'), { subject: 'Theirs' });
    const changes = { occurrences: ['2026-10-12T07:00:00Z|subject|Ours'] };
    const outcome = await dynamics.updateRecord({ entity: 'series', id, version, changes, current: values }, asAnna, berlin);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'stale' } });
    expect((await dates(id))[0]?.subject).toBe('Theirs');
  });

  test('a new series gets its pattern, its people and the dates that differ', async () => {
    const id = '11111111-2222-4333-8444-666666666666';
    const values: Values = {
      subject: 'Tracked',
      time: '2026-10-12T07:00:00Z/2026-10-12T07:30:00Z',
      recurrence: weekly('monday'),
      occurrences: ['2026-10-19T07:00:00Z|location|Outside', '2026-10-26T08:00:00Z|deleted|true'],
      status: 'busy',
      requiredAttendees: [ben.email],
      optionalAttendees: [],
    };
    const outcome = await dynamics.createRecord({ entity: 'series', id, values, owner: anna.systemUserId }, asAnna, berlin);
    if (!outcome.ok) throw outcome.error;
    expect(outcome.value).toMatchObject({ id, organizer: anna.systemUserId, values });
    expect(outcome.value).toEqual(await read(id));
    const again = await dynamics.createRecord({ entity: 'series', id, values, owner: anna.systemUserId }, asAnna, berlin);
    expect(again).toMatchObject({ ok: false, error: { code: 'stale' } });
  });

  test('a series is deleted only in the version that was read', async () => {
    const id = await create();
    const { version } = await read(id);
    await organization.patch(`${masters}(${id})`, { subject: 'Theirs' });
    expect(await dynamics.deleteRecord('series', id, version, asAnna)).toMatchObject({ ok: false, error: { code: 'stale' } });
    expect(await dynamics.deleteRecord('series', id, (await read(id)).version, asAnna)).toMatchObject({ ok: true });
    expect(await dates(id)).toEqual([]);
  });
});
