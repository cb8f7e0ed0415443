import { memo, table, text, yesNo } from '../schema';
import { activityColumns } from './activities';

/** Facilities and equipment that a service takes; like users they are resources of service activities. */
export const equipment = table('equipment', {
  set: 'equipments',
  objectTypeCode: 4000,
  key: 'equipmentid',
  nameColumn: 'name',
  ownership: 'organization',
  columns: [...text(160, 'name'), ...text(100, 'emailaddress'), ...memo(2_000, 'description')],
});

/** Service activities; their resources (10) and customers (11) are parties. */
export const serviceAppointment = table('serviceappointment', {
  set: 'serviceappointments',
  objectTypeCode: 4214,
  key: 'activityid',
  nameColumn: 'subject',
  isActivity: true,
  parties: 'serviceappointment_activity_parties',
  states: [
    {
      value: 0,
      label: 'Open',
      statuses: [
        [1, 'Requested'],
        [2, 'Tentative'],
      ],
    },
    { value: 1, label: 'Closed', statuses: [[8, 'Completed']] },
    {
      value: 2,
      label: 'Canceled',
      statuses: [
        [9, 'Canceled'],
        [10, 'No Show'],
      ],
    },
    {
      value: 3,
      label: 'Scheduled',
      statuses: [
        [4, 'Reserved'],
        [3, 'Pending'],
        [6, 'In Progress'],
        [7, 'Arrived'],
      ],
    },
  ],
  initialStatus: 4,
  columns: [...activityColumns('serviceappointment'), ...text(500, 'location'), ...yesNo(false, 'isalldayevent')],
});
