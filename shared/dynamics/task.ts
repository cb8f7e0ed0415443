import type { SeenRecord } from '../model/seen';
import type { TaskStatus } from '../model/task';
import type { Entity, Value, Values } from '../model/values';
import { importanceIn, priorityOf, type StateColumn, type StatusColumns, statusNamed } from './activity';
import { lookupNameIn, numberIn, type Row, recordFacts, textIn } from './row';
import { activityColumns, type MappingContext, type Table } from './table';
import { columnTime, instantOf, localDate, localTime } from './zoned';

/** What tells tables apart whose rows are tasks in Exchange. */
export interface TaskLike {
  readonly entity: Entity;
  readonly set: string;
  /** The columns of each status. Where a table has statuses of its own, a state alone. */
  readonly statuses: Readonly<Record<TaskStatus, StatusColumns | StateColumn>>;
  /** Whether rows say how much of them is done. */
  readonly percentage: boolean;
}

/** A table whose rows are tasks in Exchange, and their values. */
export function taskLikeTable(like: TaskLike): Table {
  return {
    set: like.set,
    key: 'activityid',
    columns: ['activityid', ...activityColumns, 'actualend', ...(like.percentage ? ['percentcomplete'] : [])],
    sources: {
      subject: ['subject'],
      notes: ['description'],
      startDate: ['scheduledstart'],
      startTime: ['scheduledstart'],
      dueDate: ['scheduledend'],
      dueTime: ['scheduledend'],
      completedDate: ['actualend'],
      ...(like.percentage ? { percentComplete: ['percentcomplete'] } : {}),
      regarding: ['regardingobjectid'],
    },
    home: (systemUserId) => `_ownerid_value eq ${systemUserId} and statecode eq 0`,
    recordOf: (row, zone) => recordOf(like, row, zone),
    columnsOf: (changes, current, context) => columnsOf(like, changes, current, context),
    newColumns: ({ now }) => ({ actualstart: columnTime(now) }),
  };
}

/** Rows of `task` and their values. */
export const taskTable: Table = taskLikeTable({
  entity: 'task',
  set: 'tasks',
  percentage: true,
  statuses: {
    notStarted: { statecode: 0, statuscode: 2 },
    inProgress: { statecode: 0, statuscode: 3 },
    waiting: { statecode: 0, statuscode: 4 },
    deferred: { statecode: 0, statuscode: 7 },
    completed: { statecode: 1, statuscode: 5 },
    canceled: { statecode: 2, statuscode: 6 },
  },
});

function recordOf(like: TaskLike, row: Row, zone: string): SeenRecord {
  const start = textIn(row, 'scheduledstart');
  const due = textIn(row, 'scheduledend');
  return {
    entity: like.entity,
    ...recordFacts(row, 'activityid'),
    organizer: null,
    standing: numberIn(row, 'statecode') === 0 ? 'open' : 'closed',
    values: {
      subject: textIn(row, 'subject'),
      notes: textIn(row, 'description'),
      startDate: localDate(start, zone),
      startTime: localTime(start, zone),
      dueDate: localDate(due, zone),
      dueTime: localTime(due, zone),
      completedDate: localDate(textIn(row, 'actualend'), zone),
      ...(like.percentage ? { percentComplete: numberIn(row, 'percentcomplete')?.toString() ?? null } : {}),
      importance: importanceIn(row),
      status: statusOf(like, row),
      regarding: lookupNameIn(row, 'regardingobjectid'),
    },
  };
}

/** A status of the customer's own counts by its state, and an open one without any percentage as not started (Microsoft's status mapping). */
function statusOf({ statuses }: TaskLike, row: Row): TaskStatus {
  const named = statusNamed(statuses, row);
  if (named !== undefined) return named;
  switch (numberIn(row, 'statecode')) {
    case 1:
      return 'completed';
    case 2:
      return 'canceled';
    default:
      return (numberIn(row, 'percentcomplete') ?? 0) === 0 ? 'notStarted' : 'inProgress';
  }
}

function columnsOf(like: TaskLike, changes: Values, current: Values, context: MappingContext): Row {
  const after: Values = { ...current, ...changes };
  const changed = (...fields: string[]): boolean => fields.some((field) => field in changes);
  return {
    ...(changed('subject') ? { subject: after.subject ?? null } : {}),
    ...(changed('notes') ? { description: after.notes ?? null } : {}),
    ...(changed('startDate', 'startTime') ? { scheduledstart: dayAndTime(after.startDate, after.startTime, context.zone) } : {}),
    ...(changed('dueDate', 'dueTime') ? { scheduledend: dayAndTime(after.dueDate, after.dueTime, context.zone) } : {}),
    ...(changed('importance') ? { prioritycode: priorityOf(after.importance) } : {}),
    ...(like.percentage && changed('percentComplete')
      ? { percentcomplete: typeof after.percentComplete === 'string' ? Number(after.percentComplete) : null }
      : {}),
    ...(changed('completedDate') ? { actualend: completion(after.completedDate, context) } : {}),
    ...(changed('status') ? statusColumns(like, after, current, context) : {}),
  };
}

function dayAndTime(date: Value | undefined, time: Value | undefined, zone: string): string | null {
  return typeof date === 'string' ? instantOf(date, typeof time === 'string' ? time : null, zone) : null;
}

/** Local noon of the day, so that no zone moves it to another day; not later than now, because an end lies in the past. */
function completion(date: Value | undefined, { zone, now }: MappingContext): string | null {
  return typeof date === 'string' ? columnTime(Math.min(Date.parse(instantOf(date, '12:00', zone)), now)) : null;
}

/**
 * What goes with a status: a completed task has an end and all of its percentage. A task that is opened again has neither, because Microsoft's own
 * synchronization completes any activity whose end lies in the past.
 */
function statusColumns({ statuses, percentage }: TaskLike, after: Values, current: Values, { now }: MappingContext): Row {
  const status = statuses[after.status as TaskStatus];
  if (status === undefined) return {};
  if (after.status === 'completed') {
    const whole = percentage ? { percentcomplete: 100 } : {};
    return { ...status, ...whole, ...(typeof after.completedDate === 'string' ? {} : { actualend: columnTime(now) }) };
  }
  const reopened = status.statecode === 0 && (current.status === 'completed' || current.status === 'canceled');
  if (!reopened) return { ...status };
  return { ...status, actualend: null, ...(percentage && after.percentComplete === '100' ? { percentcomplete: 0 } : {}) };
}
