import { occurrencesOf } from '../model/occurrences';
import { recurrenceOf } from '../model/recurrence';
import type { Obstacle, SeenRecord } from '../model/seen';
import { sameValue, type Values } from '../model/values';
import { appointmentTable, openAndOrganizedBy } from './appointment';
import { timeColumns } from './appointment-time';
import { deletionsIn, deviationsIn, exceptionsIn } from './exceptions';
import { recurrenceColumnNames, recurrenceColumns, recurrenceIn } from './recurrence';
import type { Row } from './row';
import { seriesTimeIn, timeOn } from './series-time';
import { activityColumns, type MappingContext, type Table } from './table';

const parties = 'recurringappointmentmaster_activity_parties';

/** The columns that say when a series begins and how long a date of it lasts. */
export const seriesTimeColumns = ['isalldayevent', 'starttime', 'endtime', 'duration', 'effectivestartdate'];
const ownOnly = ['globalobjectid', 'isregenerate', 'deletedexceptionslist'];
const ownColumns = activityColumns.filter((column) => column !== 'scheduledstart' && column !== 'scheduledend');

/**
 * Rows of `recurringappointmentmaster` and their values. The dates that differ from the series are rows of `appointment`, which a read adds (see `withExceptions`)
 * and a write reaches one by one (see `updateSeries`).
 */
export const seriesTable: Table = {
  set: 'recurringappointmentmasters',
  logicalName: 'recurringappointmentmaster',
  key: 'activityid',
  columns: ['activityid', ...ownColumns, 'location', ...seriesTimeColumns, ...recurrenceColumnNames, ...ownOnly],
  sources: {
    subject: ['subject'],
    body: ['description'],
    location: ['location'],
    time: ['starttime', 'endtime'],
    regarding: ['regardingobjectid'],
  },
  parties,
  home: (systemUserId) => openAndOrganizedBy(systemUserId, parties),
  recordOf,
  columnsOf,
};

/** What cannot be read is absent, not empty: nothing follows from it. A series was last modified when any of its dates was, as in Exchange. */
function recordOf(row: Row, zone: string): SeenRecord {
  const { values: meeting, ...record } = appointmentTable.recordOf(row, zone);
  const { time: _, ...common } = meeting;
  const time = seriesTimeIn(row, zone);
  const recurrence = time === null ? null : recurrenceIn(row, time);
  const deleted = time === null ? null : deletionsIn(row, time);
  const values: Values = {
    ...common,
    ...(time === null ? {} : { time: timeOn(time.firstDay, time) }),
    ...(recurrence === null ? {} : { recurrence }),
    zone: null,
  };
  const occurrences =
    time === null || deleted === null
      ? {}
      : { occurrences: occurrencesOf([...exceptionsIn(row).flatMap((each) => deviationsIn(each, values, time)), ...deleted]) };
  const obstacle = obstacleIn(row, { ...values, ...occurrences });
  const edits = exceptionsIn(row).map((each) => appointmentTable.recordOf(each, zone).modifiedAt);
  return {
    ...record,
    modifiedAt: Math.max(record.modifiedAt, ...edits),
    entity: 'series',
    values: { ...values, ...occurrences },
    ...(obstacle === null ? {} : { obstacle }),
  };
}

/** What keeps a series from being compared with anything in Exchange. */
function obstacleIn(row: Row, values: Values): Obstacle | null {
  if (row.isregenerate === true)
    return {
      detail: 'the series makes each date only when the one before is done',
      fix: 'Give the series a pattern of fixed dates in Dynamics: Exchange has none that regenerates.',
    };
  const lacking = ['time', 'recurrence', 'occurrences'].find((field) => !(field in values));
  return lacking === undefined ? null : unreadable(lacking);
}

function unreadable(what: string): Obstacle {
  return {
    detail: `${what} cannot be read`,
    fix: 'Save the recurrence of the series in Dynamics again. If that does not help, report this.',
  };
}

/** Of the pattern only what differs is written, because a new pattern makes the platform drop every date that was special. */
function columnsOf(changes: Values, current: Values, context: MappingContext): Row {
  const { time, ...others } = changes;
  return {
    ...appointmentTable.columnsOf(others, current, context),
    ...(typeof time === 'string' ? startAndEnd(time, context.zone) : {}),
    ...('recurrence' in changes ? patternChanges(changes, current, context.zone) : {}),
  };
}

function startAndEnd(time: string, zone: string): Row {
  const { scheduledstart, scheduledend, isalldayevent } = timeColumns(time, zone);
  return { starttime: scheduledstart, endtime: scheduledend, isalldayevent };
}

function patternChanges(changes: Values, current: Values, zone: string): Row {
  const after = recurrenceOf(changes.recurrence);
  if (after === null || sameValue(changes.recurrence, current.recurrence)) return {};
  const before = recurrenceOf(current.recurrence);
  const known = before === null ? {} : recurrenceColumns(before, zone);
  const { isweekdaypattern, ...columns } = recurrenceColumns(after, zone);
  const changed = Object.entries(columns).filter(([name, value]) => known[name] !== value);
  return changed.length === 0 ? {} : { ...Object.fromEntries(changed), isweekdaypattern };
}
