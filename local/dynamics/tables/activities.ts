import { choice, dateTime, guid, integer, memo, polymorphic, readOnly, type State, table, text, yesNo } from '../schema';

export const regarding = ['account', 'contact', 'lead', 'opportunity', 'incident'];

const longest = 2_147_483_647;

export const activityPriority = choice('prioritycode', { 0: 'Low', 1: 'Normal', 2: 'High' }, 1);

/** The columns that every activity has. */
export const activityColumns = (logicalName: string) => [
  ...text(200, 'subject'),
  ...memo(2_000, 'description'),
  ...text(250, 'category', 'subcategory'),
  ...dateTime('scheduledstart', 'scheduledend', 'actualstart', 'actualend'),
  ...integer(0, longest, 'scheduleddurationminutes', 'actualdurationminutes'),
  ...activityPriority,
  ...polymorphic('Lookup', 'regardingobjectid', regarding, `_${logicalName}`),
];

export const task = table('task', {
  set: 'tasks',
  objectTypeCode: 4212,
  key: 'activityid',
  nameColumn: 'subject',
  isActivity: true,
  states: [
    {
      value: 0,
      label: 'Open',
      statuses: [
        [2, 'Not Started'],
        [3, 'In Progress'],
        [4, 'Waiting on someone else'],
        [7, 'Deferred'],
      ],
    },
    { value: 1, label: 'Completed', statuses: [[5, 'Completed']] },
    { value: 2, label: 'Canceled', statuses: [[6, 'Canceled']] },
  ],
  columns: [...activityColumns('task'), ...integer(0, 100, 'percentcomplete')],
});

export const appointmentStates: readonly State[] = [
  {
    value: 0,
    label: 'Open',
    statuses: [
      [1, 'Free'],
      [2, 'Tentative'],
    ],
  },
  { value: 1, label: 'Completed', statuses: [[3, 'Completed']] },
  { value: 2, label: 'Canceled', statuses: [[4, 'Canceled']] },
  {
    value: 3,
    label: 'Scheduled',
    statuses: [
      [5, 'Busy'],
      [6, 'Out of Office'],
    ],
  },
];

export const appointment = table('appointment', {
  set: 'appointments',
  objectTypeCode: 4201,
  key: 'activityid',
  nameColumn: 'subject',
  isActivity: true,
  parties: 'appointment_activity_parties',
  states: appointmentStates,
  initialStatus: 5,
  columns: [
    ...activityColumns('appointment'),
    ...text(200, 'location'),
    ...yesNo(false, 'isalldayevent', 'isonlinemeeting', 'isdraft'),
    ...text(300, 'globalobjectid'),
    ...text(2_000, 'onlinemeetingjoinurl'),
    ...readOnly([
      ...guid('seriesid'),
      ...dateTime('originalstartdate'),
      ...choice(
        'instancetypecode',
        { 0: 'Not Recurring', 1: 'Recurring Master', 2: 'Recurring Instance', 3: 'Recurring Exception', 4: 'Recurring Future Exception' },
        0,
      ),
    ]),
  ],
});

export const activityParty = table('activityparty', {
  set: 'activityparties',
  objectTypeCode: 135,
  key: 'activitypartyid',
  nameColumn: 'partyidname',
  ownership: 'organization',
  writable: [],
  columns: [
    ...polymorphic('Lookup', 'activityid', [
      'appointment',
      'recurringappointmentmaster',
      'phonecall',
      'letter',
      'fax',
      'email',
      'serviceappointment',
    ]),
    ...polymorphic('Lookup', 'partyid', ['systemuser', 'contact', 'account', 'lead', 'equipment']),
    ...choice('participationtypemask', {
      1: 'Sender',
      2: 'To Recipient',
      3: 'CC Recipient',
      4: 'BCC Recipient',
      5: 'Required attendee',
      6: 'Optional attendee',
      7: 'Organizer',
      8: 'Regarding',
      9: 'Owner',
      10: 'Resource',
      11: 'Customer',
      12: 'Chat Participant',
    }),
    ...text(320, 'addressused'),
    ...text(400, 'partyidname'),
  ],
});
