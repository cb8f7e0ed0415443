import type { AppointmentStatus } from '../model/appointment';
import type { Obstacle, SeenRecord } from '../model/seen';
import type { Values } from '../model/values';
import { importanceIn, priorityOf, type StatusColumns, statusNamed } from './activity';
import { timeColumns, timeIn } from './appointment-time';
import { masks, partiesIn, partiesProperty, partyValues } from './parties';
import { lookupNameIn, numberIn, type Row, recordFacts, textIn } from './row';
import { activityColumns, type MappingContext, type Table } from './table';

const statuses: Readonly<Record<AppointmentStatus, StatusColumns>> = {
  free: { statecode: 0, statuscode: 1 },
  tentative: { statecode: 0, statuscode: 2 },
  busy: { statecode: 3, statuscode: 5 },
  oof: { statecode: 3, statuscode: 6 },
  completed: { statecode: 1, statuscode: 3 },
  canceled: { statecode: 2, statuscode: 4 },
};

/**
 * Rows of `appointment` and their values. Attendees are read here but not written: they are parties, which are written as a whole by whom they stand for
 * (see `partiesAfter`). The dates of a recurring series are rows of this table too; they are no records of their own (see `seriesTable`).
 */
export const appointmentTable: Table = {
  set: 'appointments',
  key: 'activityid',
  columns: ['activityid', ...activityColumns, 'location', 'isalldayevent', 'globalobjectid', 'isdraft', 'seriesid', 'instancetypecode'],
  sources: {
    subject: ['subject'],
    body: ['description'],
    location: ['location'],
    time: ['scheduledstart', 'scheduledend'],
    regarding: ['regardingobjectid'],
  },
  parties: partiesProperty,
  feedColumns: ['seriesid', 'instancetypecode'],
  home: (systemUserId) => `${openAndOrganizedBy(systemUserId, partiesProperty)} and (instancetypecode eq 0 or instancetypecode eq null)`,
  recordOf,
  columnsOf,
};

/** The filter for open meetings that a person organizes. */
export function openAndOrganizedBy(systemUserId: string, collection: string): string {
  const isOrganizer = `p/participationtypemask eq ${masks.organizer} and p/_partyid_value eq ${systemUserId}`;
  return `(statecode eq 0 or statecode eq 3) and ${collection}/any(p:${isOrganizer})`;
}

/** A draft is nobody's business until it is sent, nor is what is changed in one that was sent before. */
const draft: Obstacle = { detail: 'the appointment is a draft', fix: 'Send the appointment in Dynamics; until then it waits.' };

function recordOf(row: Row, zone: string): SeenRecord {
  const parties = partyValues(partiesIn(row));
  const state = numberIn(row, 'statecode');
  return {
    entity: 'appointment',
    ...recordFacts(row, 'activityid'),
    organizer: parties.organizer,
    standing: state === 1 || state === 2 ? 'closed' : 'open',
    ...partOf(row),
    ...(row.isdraft === true ? { obstacle: draft } : {}),
    values: {
      subject: textIn(row, 'subject'),
      body: textIn(row, 'description'),
      location: textIn(row, 'location'),
      time: timeIn(row, zone),
      importance: importanceIn(row),
      status: statusOf(row),
      regarding: lookupNameIn(row, 'regardingobjectid'),
      iCalUId: textIn(row, 'globalobjectid'),
      ...parties,
    },
  };
}

/** Dates of a series: as the pattern has them, changed, or changed beyond what is expanded (option set `appointment_instancetypecode`). */
export const occurrenceTypes: readonly unknown[] = [2, 3, 4];

function partOf(row: Row): Pick<SeenRecord, 'partOf'> {
  return occurrenceTypes.includes(row.instancetypecode) ? { partOf: textIn(row, 'seriesid')?.toLowerCase() ?? '' } : {};
}

/** A status of the customer's own counts by its state. */
function statusOf(row: Row): AppointmentStatus {
  const named = statusNamed(statuses, row);
  return named ?? statusByState(row);
}

/** What a status that nobody knows means, by the state of its row. */
export function statusByState(row: Row): 'tentative' | 'completed' | 'canceled' | 'busy' {
  switch (numberIn(row, 'statecode')) {
    case 0:
      return 'tentative';
    case 1:
      return 'completed';
    case 2:
      return 'canceled';
    default:
      return 'busy';
  }
}

function columnsOf(changes: Values, _current: Values, { zone }: MappingContext): Row {
  const status = statuses[changes.status as AppointmentStatus];
  return {
    ...('subject' in changes ? { subject: changes.subject } : {}),
    ...('body' in changes ? { description: changes.body } : {}),
    ...('location' in changes ? { location: changes.location } : {}),
    ...(typeof changes.time === 'string' ? timeColumns(changes.time, zone) : {}),
    ...('importance' in changes ? { prioritycode: priorityOf(changes.importance) } : {}),
    ...status,
  };
}
