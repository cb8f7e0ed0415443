import { integer, type State, table, text, yesNo } from '../schema';
import { activityColumns } from './activities';

const canceled = (status: number): State => ({ value: 2, label: 'Canceled', statuses: [[status, 'Canceled']] });

/** From whom to whom stands in the parties `from` (1) and `to` (2). */
const communication = { key: 'activityid', nameColumn: 'subject', isActivity: true } as const;

export const phoneCall = table('phonecall', {
  ...communication,
  set: 'phonecalls',
  objectTypeCode: 4210,
  parties: 'phonecall_activity_parties',
  states: [
    { value: 0, label: 'Open', statuses: [[1, 'Open']] },
    {
      value: 1,
      label: 'Completed',
      statuses: [
        [2, 'Made'],
        [4, 'Received'],
      ],
    },
    canceled(3),
  ],
  columns: [
    ...activityColumns('phonecall'),
    ...text(200, 'phonenumber'),
    ...yesNo(true, 'directioncode'),
    ...yesNo(false, 'leftvoicemail'),
  ],
});

export const letter = table('letter', {
  ...communication,
  set: 'letters',
  objectTypeCode: 4207,
  parties: 'letter_activity_parties',
  states: [
    {
      value: 0,
      label: 'Open',
      statuses: [
        [1, 'Open'],
        [2, 'Draft'],
      ],
    },
    {
      value: 1,
      label: 'Completed',
      statuses: [
        [4, 'Sent'],
        [3, 'Received'],
      ],
    },
    canceled(5),
  ],
  columns: [...activityColumns('letter'), ...text(4_000, 'address'), ...yesNo(true, 'directioncode')],
});

export const fax = table('fax', {
  ...communication,
  set: 'faxes',
  objectTypeCode: 4204,
  parties: 'fax_activity_parties',
  states: [
    { value: 0, label: 'Open', statuses: [[1, 'Open']] },
    {
      value: 1,
      label: 'Completed',
      statuses: [
        [2, 'Completed'],
        [3, 'Sent'],
        [4, 'Received'],
      ],
    },
    canceled(5),
  ],
  columns: [
    ...activityColumns('fax'),
    ...text(200, 'faxnumber'),
    ...text(100, 'coverpagename'),
    ...text(50, 'billingcode'),
    ...text(20, 'tsid'),
    ...integer(0, 10_000, 'numberofpages'),
    ...yesNo(true, 'directioncode'),
  ],
});
