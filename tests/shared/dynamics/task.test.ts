import { taskTable } from '../../../shared/dynamics/task';
import type { Values } from '../../../shared/model/values';
import { now } from './arbitraries';
import { emptyRow, lookup, recordId } from './rows';

const berlin = 'Europe/Berlin';
const recordOf = (columns: object, zone = berlin) => taskTable.recordOf({ ...emptyRow, ...columns }, zone);
const columnsOf = (changes: Values, current: Values = {}) => taskTable.columnsOf(changes, current, { zone: berlin, now });

test('a task carries its id, version, time of change and owner', () => {
  expect(recordOf({})).toMatchObject({
    entity: 'task',
    id: recordId,
    version: '4711',
    modifiedAt: Date.parse('2026-10-05T08:00:00Z'),
    owner: '5a5e0e00-0000-4000-8000-000000000001',
    organizer: null,
    standing: 'open',
  });
});

test('a due date is the date and time of day of its owner, and no time at her midnight', () => {
  expect(recordOf({ scheduledend: '2026-10-05T22:30:00Z' }).values).toMatchObject({ dueDate: '2026-10-06', dueTime: '00:30' });
  expect(recordOf({ scheduledend: '2026-10-05T22:00:00Z' }).values).toMatchObject({ dueDate: '2026-10-06', dueTime: null });
  expect(recordOf({ scheduledend: '2026-10-05T22:00:00Z' }, 'America/New_York').values).toMatchObject({
    dueDate: '2026-10-05',
    dueTime: '18:00',
  });
});

test('a new due date keeps its time of day over a change to winter time', () => {
  expect(columnsOf({ dueDate: '2026-10-26' }, { dueDate: '2026-10-24', dueTime: '17:00' })).toEqual({
    scheduledend: '2026-10-26T16:00:00Z',
  });
  expect(columnsOf({ startDate: '2026-10-24' }, { startTime: '08:15' })).toEqual({ scheduledstart: '2026-10-24T06:15:00Z' });
  expect(columnsOf({ dueDate: null }, { dueDate: '2026-10-24', dueTime: '17:00' })).toEqual({ scheduledend: null });
});

test('a date where DST skips midnight is still that date, without a time', () => {
  const cairo = { zone: 'Africa/Cairo', now };
  const columns = taskTable.columnsOf({ dueDate: '2026-04-24' }, {}, cairo);
  expect(taskTable.recordOf({ ...emptyRow, ...columns }, 'Africa/Cairo').values).toMatchObject({ dueDate: '2026-04-24', dueTime: null });
});

test('a task is completed at noon of its day with all of its percentage, but never in the future', () => {
  expect(columnsOf({ status: 'completed', completedDate: '2027-01-13' }, { status: 'inProgress' })).toEqual({
    statecode: 1,
    statuscode: 5,
    percentcomplete: 100,
    actualend: '2027-01-13T11:00:00Z',
  });
  expect(columnsOf({ completedDate: '2027-01-15' })).toEqual({ actualend: '2027-01-15T09:30:00Z' });
  expect(columnsOf({ status: 'completed' })).toMatchObject({ actualend: '2027-01-15T09:30:00Z' });
});

test('a task that is opened again loses its end and its hundred percent', () => {
  expect(columnsOf({ status: 'notStarted' }, { status: 'completed', completedDate: '2027-01-13', percentComplete: '100' })).toEqual({
    statecode: 0,
    statuscode: 2,
    actualend: null,
    percentcomplete: 0,
  });
  expect(columnsOf({ status: 'waiting' }, { status: 'inProgress', percentComplete: '40' })).toEqual({ statecode: 0, statuscode: 4 });
});

test.each([
  [{ statecode: 0, statuscode: 3 }, 'inProgress', 'open'],
  [{ statecode: 1, statuscode: 5 }, 'completed', 'closed'],
  [{ statecode: 2, statuscode: 6 }, 'canceled', 'closed'],
  [{ statecode: 0, statuscode: 100_000_000 }, 'notStarted', 'open'],
  [{ statecode: 0, statuscode: 100_000_000, percentcomplete: 30 }, 'inProgress', 'open'],
  [{ statecode: 1, statuscode: 100_000_001 }, 'completed', 'closed'],
])('the status of %j is %s', (columns, status, standing) => {
  expect(recordOf(columns)).toMatchObject({ standing, values: { status } });
});

test('text is read in normal form, and what it is about by its name', () => {
  const row = { subject: 'Call  \r\n', description: ' \r\n', ...lookup('regardingobjectid', 'account', 'a1', 'Fabrikam ') };
  expect(recordOf(row).values).toMatchObject({ subject: 'Call', notes: null, regarding: 'Fabrikam', importance: 'normal' });
  expect(columnsOf({ regarding: 'Contoso', subject: 'Write', importance: 'high' })).toEqual({ subject: 'Write', prioritycode: 2 });
});

test('a row without a version or a time of change is refused, not guessed', () => {
  expect(() => recordOf({ '@odata.etag': undefined })).toThrow('unexpected-reply');
  expect(() => recordOf({ modifiedon: null })).toThrow('unexpected-reply');
});
