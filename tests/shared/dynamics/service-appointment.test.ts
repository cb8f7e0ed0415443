import type { Row } from '../../../shared/dynamics/row';
import { serviceAppointmentTable } from '../../../shared/dynamics/service-appointment';
import { serviceAppointmentFields } from '../../../shared/model/service-appointment';

const lookup = (mask: number, table: string, id: string): Row => ({
  participationtypemask: mask,
  _partyid_value: id,
  '_partyid_value@Microsoft.Dynamics.CRM.lookuplogicalname': table,
});
const row = (columns: Row): Row => ({
  '@odata.etag': 'W/"4711"',
  activityid: '0b5bd4f2-0000-4000-8000-000000000001',
  modifiedon: '2026-10-01T10:00:00Z',
  scheduledstart: '2026-10-05T08:00:00Z',
  scheduledend: '2026-10-05T09:00:00Z',
  ...columns,
});

test('its homes are the users who are resources, each once; equipment and customers have none', () => {
  const serviceappointment_activity_parties = [
    lookup(10, 'systemuser', 'BEN'),
    lookup(10, 'systemuser', 'anna'),
    lookup(10, 'systemuser', 'anna'),
    lookup(10, 'equipment', 'lift'),
    lookup(11, 'systemuser', 'dora'),
  ];
  const read = serviceAppointmentTable.recordOf(row({ statecode: 3, statuscode: 4, serviceappointment_activity_parties }), 'UTC');
  expect(read).toMatchObject({ entity: 'serviceappointment', resources: ['anna', 'ben'], organizer: null, standing: 'open' });
  expect(read.values).not.toHaveProperty('requiredAttendees');
});

test.each([
  [0, 1, 'tentative', 'open'],
  [0, 2, 'tentative', 'open'],
  [3, 4, 'busy', 'open'],
  [3, 7, 'busy', 'open'],
  [1, 8, 'completed', 'closed'],
  [2, 9, 'canceled', 'closed'],
  [2, 10, 'canceled', 'closed'],
  [3, 100_000_000, 'busy', 'open'],
])('state %d with status %d reads as %s', (statecode, statuscode, status, standing) => {
  const read = serviceAppointmentTable.recordOf(row({ statecode, statuscode }), 'UTC');
  expect([read.values.status, read.standing]).toEqual([status, standing]);
});

test('no field of it travels to Dynamics, and nothing is written to its table', () => {
  expect(serviceAppointmentFields.filter(({ direction }) => direction === 'both' || direction === 'toDynamics')).toEqual([]);
  expect(serviceAppointmentTable.columnsOf({ subject: 'No' }, {}, { zone: 'UTC', now: 0 })).toEqual({});
});
