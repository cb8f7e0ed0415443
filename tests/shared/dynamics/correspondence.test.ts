import { faxTable, letterTable, phoneCallTable } from '../../../shared/dynamics/correspondence';
import type { Row } from '../../../shared/dynamics/row';

const row = (columns: Row): Row => ({
  '@odata.etag': 'W/"4711"',
  activityid: '0B5BD4F2-0000-4000-8000-000000000001',
  modifiedon: '2026-10-01T10:00:00Z',
  _ownerid_value: 'anna',
  ...columns,
});
const context = { zone: 'Europe/Berlin', now: Date.parse('2026-10-05T10:00:00Z') };

test('a phone call reads as a task without a percentage', () => {
  const read = phoneCallTable.recordOf(
    row({ subject: 'Call', scheduledend: '2026-10-05T13:00:00Z', prioritycode: 2, statecode: 0, statuscode: 1 }),
    'Europe/Berlin',
  );
  expect(read).toMatchObject({ entity: 'phonecall', owner: 'anna', organizer: null, standing: 'open' });
  expect(read.values).toMatchObject({ subject: 'Call', dueDate: '2026-10-05', dueTime: '15:00', importance: 'high', status: 'notStarted' });
  expect(read.values).not.toHaveProperty('percentComplete');
  expect(phoneCallTable.columns).not.toContain('percentcomplete');
});

test.each([
  [phoneCallTable, 1, 4, 'completed'],
  [phoneCallTable, 2, 3, 'canceled'],
  [letterTable, 0, 2, 'notStarted'],
  [letterTable, 1, 3, 'completed'],
  [letterTable, 2, 5, 'canceled'],
  [faxTable, 1, 3, 'completed'],
  [faxTable, 2, 5, 'canceled'],
  [faxTable, 0, 100_000_001, 'notStarted'],
])('its status goes by its state, whatever statuses its table has (%#)', (table, statecode, statuscode, status) => {
  const { values, standing } = table.recordOf(row({ statecode, statuscode }), 'UTC');
  expect([values.status, standing]).toEqual([status, statecode === 0 ? 'open' : 'closed']);
});

test('completing writes the state and leaves its status to the environment', () => {
  const current = { status: 'notStarted', completedDate: null };
  expect(phoneCallTable.columnsOf({ status: 'completed' }, current, context)).toEqual({ statecode: 1, actualend: '2026-10-05T10:00:00Z' });
  const told = { status: 'completed', completedDate: '2026-10-04' };
  expect(letterTable.columnsOf(told, current, context)).toEqual({ statecode: 1, actualend: '2026-10-04T10:00:00Z' });
});

test("opening again clears the end, or Microsoft's own synchronization would complete it once more", () => {
  const current = { status: 'completed', completedDate: '2026-10-04' };
  expect(faxTable.columnsOf({ status: 'notStarted' }, current, context)).toEqual({ statecode: 0, actualend: null });
});
