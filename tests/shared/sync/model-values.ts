import { fieldsOf, kindOf } from '../../../shared/model/entity';
import { type Entity, elementsOf, type Value, type Values } from '../../../shared/model/values';
import { attendeeFields } from '../../../shared/sync/mail-gate';
import { asHeld } from './arbitraries';

/** Fields that only one of the sides has. */
const unknownToDynamics = ['resources', 'organizedHere', 'online', 'bodyApart', 'iCalUId', 'emailNames'];
const unknownToExchange = ['startTime', 'dueTime', 'percentComplete', 'organizer', 'slots'];

/** Values as Dynamics keeps them: lists cut, attendees sorted, no time without a date, no end of an open task. */
export function asDynamics(entity: Entity, values: Values, before: Values): Values {
  const kept = without(unknownToDynamics, entity, asHeld(entity, values, 'inDynamics'));
  for (const field of attendeeFields) if (field in kept) kept[field] = [...elementsOf(kept[field])].sort();
  if (kindOf(entity) !== 'task') return kept;
  if (kept.dueDate === null) kept.dueTime = null;
  return withEnd(kept, before.status);
}

/** Values as Exchange keeps them. */
export function asExchange(entity: Entity, values: Values): Values {
  const kept = without(unknownToExchange, entity, asHeld(entity, values, 'inExchange'));
  return kindOf(entity) === 'task' ? withEnd(kept, kept.status) : kept;
}

function withEnd(values: Record<string, Value>, before: Value | undefined): Values {
  if (values.status !== 'completed' && values.status !== 'canceled') return { ...values, completedDate: null };
  return { ...values, completedDate: values.completedDate ?? (before === undefined ? '2026-09-30' : '2026-10-01') };
}

function without(unknown: readonly string[], entity: Entity, values: Values): Record<string, Value> {
  return Object.fromEntries(
    fieldsOf(entity).flatMap(({ name, merge }) =>
      unknown.includes(name) ? [] : [[name, values[name] ?? (merge === 'elements' || name === 'resources' ? [] : null)]],
    ),
  );
}
