import { appointmentTable } from '../../../shared/dynamics/appointment';
import { partiesAfter, partiesColumn, partiesIn, partiesProperty } from '../../../shared/dynamics/parties';
import { now } from './arbitraries';
import { emptyRow, party } from './rows';

const recordOf = (columns: object, zone = 'Europe/Berlin') => appointmentTable.recordOf({ ...emptyRow, ...columns }, zone);
const wholeDay = (scheduledstart: string, scheduledend: string, zone?: string) =>
  recordOf({ scheduledstart, scheduledend, isalldayevent: true }, zone).values.time;

test('a timed appointment is an interval in UTC', () => {
  const row = { scheduledstart: '2026-10-05T07:00:00Z', scheduledend: '2026-10-05T08:30:00Z', isalldayevent: false };
  expect(recordOf(row).values.time).toBe('2026-10-05T07:00:00Z/2026-10-05T08:30:00Z');
  expect(recordOf({ scheduledstart: '2026-10-05T07:00:00Z', scheduledend: null }).values.time).toBeNull();
});

test.each([
  ['local midnights', '2026-10-04T22:00:00Z', '2026-10-05T22:00:00Z', '2026-10-05/2026-10-06'],
  ['an end at 23:59', '2026-10-04T22:00:00Z', '2026-10-05T21:59:00Z', '2026-10-05/2026-10-06'],
  ['the day that loses an hour', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', '2026-03-29/2026-03-30'],
  ['the day that gains an hour', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', '2026-10-25/2026-10-26'],
  ['that day with an end at 23:59', '2026-10-24T22:00:00Z', '2026-10-25T22:59:00Z', '2026-10-25/2026-10-26'],
  ['three days over a change of time', '2026-10-23T22:00:00Z', '2026-10-26T23:00:00Z', '2026-10-24/2026-10-27'],
  ['no length', '2026-10-04T22:00:00Z', '2026-10-04T22:00:00Z', '2026-10-05/2026-10-06'],
  ['hours of one day', '2026-10-05T07:00:00Z', '2026-10-05T15:00:00Z', '2026-10-05/2026-10-06'],
  ['midnights of Tokyo', '2026-10-04T15:00:00Z', '2026-10-05T15:00:00Z', '2026-10-05/2026-10-06'],
  ['midnights of London', '2026-10-04T23:00:00Z', '2026-10-05T23:00:00Z', '2026-10-05/2026-10-06'],
])('whole days stored as %s are the dates that were meant', (_, start, end, expected) => {
  expect(wholeDay(start, end)).toBe(expected);
});

test('a whole day is written as midnights of the zone, also where midnight does not exist', () => {
  const columns = appointmentTable.columnsOf({ time: '2026-10-25/2026-10-26' }, {}, { zone: 'Europe/Berlin', now });
  expect(columns).toEqual({ scheduledstart: '2026-10-24T22:00:00Z', scheduledend: '2026-10-25T23:00:00Z', isalldayevent: true });
  const cairo = appointmentTable.columnsOf({ time: '2026-04-24/2026-04-25' }, {}, { zone: 'Africa/Cairo', now });
  expect(recordOf(cairo, 'Africa/Cairo').values.time).toBe('2026-04-24/2026-04-25');
});

test.each([
  [{ statecode: 0, statuscode: 1 }, 'free', 'open'],
  [{ statecode: 0, statuscode: 2 }, 'tentative', 'open'],
  [{ statecode: 3, statuscode: 5 }, 'busy', 'open'],
  [{ statecode: 3, statuscode: 6 }, 'oof', 'open'],
  [{ statecode: 1, statuscode: 3 }, 'completed', 'closed'],
  [{ statecode: 2, statuscode: 4 }, 'canceled', 'closed'],
  [{ statecode: 3, statuscode: 100_000_000 }, 'busy', 'open'],
])('%j is %s, and is written so', (columns, status, standing) => {
  expect(recordOf(columns)).toMatchObject({ standing, values: { status } });
  if (columns.statuscode < 100) expect(appointmentTable.columnsOf({ status }, {}, { zone: 'UTC', now })).toEqual(columns);
});

const parties = [
  party(7, 'systemuser', 'ANNA', 'anna@x.example'),
  party(5, 'contact', 'carl', 'Carl@Y.example'),
  party(5, null, null, 'guest@z.example'),
  party(5, 'queue', 'hotline', null),
  party(6, 'lead', 'dora', 'dora@y.example'),
  party(8, 'account', 'fabrikam', null),
  party(9, 'systemuser', 'anna', null),
  party(10, 'equipment', 'beamer', null),
];
const row = { ...emptyRow, [partiesProperty]: parties };

test('attendees are addresses in lower case and in order; the organizer is a user', () => {
  expect(recordOf(row)).toMatchObject({
    organizer: 'anna',
    values: { organizer: 'anna', requiredAttendees: ['carl@y.example', 'guest@z.example'], optionalAttendees: ['dora@y.example'] },
  });
  expect(recordOf({ [partiesProperty]: [party(7, 'contact', 'carl', 'carl@y.example')] }).organizer).toBeNull();
});

test('writing attendees sends everybody else again, but not the parties that the platform keeps', () => {
  const changes = { requiredAttendees: ['carl@y.example', 'eva@z.example', 'fred@z.example'] };
  const after = partiesAfter(partiesIn(row), changes, new Map([['eva@z.example', { table: 'account', id: 'e1' }]]));
  expect(partiesColumn(after, partiesProperty)).toEqual({
    [partiesProperty]: [
      { participationtypemask: 7, 'partyid_systemuser@odata.bind': '/systemusers(anna)' },
      { participationtypemask: 5, 'partyid_contact@odata.bind': '/contacts(carl)' },
      { participationtypemask: 5, 'partyid_queue@odata.bind': '/queues(hotline)' },
      { participationtypemask: 6, 'partyid_lead@odata.bind': '/leads(dora)' },
      { participationtypemask: 10, 'partyid_equipment@odata.bind': '/equipments(beamer)' },
      { participationtypemask: 5, 'partyid_account@odata.bind': '/accounts(e1)' },
      { participationtypemask: 5, addressused: 'fred@z.example' },
    ],
  });
});

test('an attendee who becomes optional stays the same person', () => {
  const changes = { requiredAttendees: [], optionalAttendees: ['carl@y.example', 'dora@y.example'] };
  const optional = partiesAfter(partiesIn(row), changes, new Map()).filter(({ mask }) => mask === 6);
  expect(optional.map((each) => each.row?.id)).toEqual(['dora', 'carl']);
});

test('an appointment with a party from an unknown table is not written, because the party would be lost', () => {
  expect(() => partiesColumn(partiesIn({ [partiesProperty]: [party(10, 'new_room', 'r1', null)] }), partiesProperty)).toThrow('refused');
});
