import { categoriesField } from './exchange-only';
import type { FieldRule, Value } from './values';

/** States of a task that both sides know, and `canceled`, which only Dynamics knows. */
export const taskStatuses = ['notStarted', 'inProgress', 'waiting', 'deferred', 'completed', 'canceled'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

/**
 * The fields of a task. Dates are `yyyy-MM-dd` in the user's time zone; `startTime` and `dueTime` are `HH:mm`, known to Dynamics alone (To Do drops
 * the time of a date), kept so that a new date keeps its time of day. `reminder` is no field: it is derived (see `taskReminder`).
 */
export const taskFields: readonly FieldRule[] = [
  { name: 'subject', direction: 'both', merge: 'whole' },
  { name: 'notes', direction: 'both', merge: 'whole', isNote: true },
  { name: 'startDate', direction: 'both', merge: 'whole' },
  { name: 'startTime', direction: 'none', merge: 'whole' },
  { name: 'dueDate', direction: 'both', merge: 'whole' },
  { name: 'dueTime', direction: 'none', merge: 'whole' },
  { name: 'completedDate', direction: 'both', merge: 'whole' },
  { name: 'percentComplete', direction: 'none', merge: 'whole' },
  { name: 'importance', direction: 'both', merge: 'whole', settable: false },
  {
    name: 'status',
    direction: 'both',
    merge: 'whole',
    settable: false,
    inExchange: (value: Value) => (value === 'canceled' ? 'completed' : value),
  },
  { name: 'regarding', direction: 'toExchange', merge: 'whole', settable: false },
  categoriesField,
];

/**
 * The fields of a phone call, a letter or a fax, which are tasks in Exchange too. They have no percentage, and while they are open they know no further
 * state: whatever an open task is in Exchange, they are not started.
 */
export const correspondenceFields: readonly FieldRule[] = taskFields
  .filter(({ name }) => name !== 'percentComplete')
  .map((rule) => (rule.name === 'status' ? { ...rule, inDynamics: openOrEnded } : rule));

function openOrEnded(status: Value): Value {
  return status === 'completed' || status === 'canceled' ? status : 'notStarted';
}
