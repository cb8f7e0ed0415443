import type { SeenRecord } from '../model/seen';
import { importanceIn, statusNamed } from './activity';
import { statusByState } from './appointment';
import { timeIn } from './appointment-time';
import { lookupIn, lookupNameIn, lookupTableIn, numberIn, type Row, recordFacts, textIn } from './row';
import { activityColumns, type Table } from './table';

const partiesProperty = 'serviceappointment_activity_parties';
const resourceMask = 10;

const named = {
  tentative: { statecode: 0, statuscode: 2 },
  completed: { statecode: 1, statuscode: 8 },
  canceled: { statecode: 2, statuscode: 9 },
  busy: { statecode: 3, statuscode: 4 },
} as const;
type Status = keyof typeof named;

/** Rows of `serviceappointment`. They are only read: nothing that happens in Exchange changes a service activity. */
export const serviceAppointmentTable: Table = {
  set: 'serviceappointments',
  key: 'activityid',
  columns: ['activityid', ...activityColumns, 'location', 'isalldayevent'],
  sources: {
    subject: ['subject'],
    body: ['description'],
    location: ['location'],
    time: ['scheduledstart', 'scheduledend'],
    regarding: ['regardingobjectid'],
  },
  parties: partiesProperty,
  home: (systemUserId) =>
    `(statecode eq 0 or statecode eq 3) and ${partiesProperty}/any(p:p/participationtypemask eq ${resourceMask} and p/_partyid_value eq ${systemUserId})`,
  recordOf,
  columnsOf: () => ({}),
};

function recordOf(row: Row, zone: string): SeenRecord {
  const state = numberIn(row, 'statecode');
  return {
    entity: 'serviceappointment',
    ...recordFacts(row, 'activityid'),
    organizer: null,
    resources: resourcesIn(row),
    standing: state === 1 || state === 2 ? 'closed' : 'open',
    values: {
      subject: textIn(row, 'subject'),
      body: textIn(row, 'description'),
      location: textIn(row, 'location'),
      time: timeIn(row, zone),
      importance: importanceIn(row),
      status: statusOf(row),
      regarding: lookupNameIn(row, 'regardingobjectid'),
    },
  };
}

/** What is requested is tentative; every other status counts by its state. */
function statusOf(row: Row): Status {
  return statusNamed<Status>(named, row) ?? statusByState(row);
}

/** The users who are resources of the activity, each once and sorted; facilities and equipment have no mailbox here. */
export function resourcesIn(row: Row): string[] {
  const parties: unknown = row[partiesProperty];
  const users = (Array.isArray(parties) ? (parties as Row[]) : []).filter(
    (party) => numberIn(party, 'participationtypemask') === resourceMask && lookupTableIn(party, 'partyid') === 'systemuser',
  );
  return [...new Set(users.flatMap((party) => lookupIn(party, 'partyid') ?? []))].sort();
}
