import { startOf } from '../model/appointment';
import type { Derived } from '../model/derived';
import { instantIn } from '../model/local-time';
import type { Entity, Values } from '../model/values';

const day = 86_400_000;

/**
 * The reminder of an item, from its record's values. A task reminds at its due time while it is open and due less than a day ago; an appointment
 * reminds unless it shows as free or began more than a week ago (Microsoft's reminder rules for server-side synchronization).
 */
export function derive(entity: Entity, record: Values, zone: string, now: number): Derived {
  switch (entity) {
    case 'task':
      return { reminderAt: taskReminder(record, zone, now) };
    case 'appointment':
      return { reminderOn: ['tentative', 'busy', 'oof'].includes(String(record.status)) && startOf(record.time) > now - 7 * day };
    case 'contact':
      return {};
  }
}

/** What of `after` differs from `before`. */
export function changedDerived(before: Derived, after: Derived): Derived {
  return {
    ...(after.reminderAt !== undefined && after.reminderAt !== before.reminderAt ? { reminderAt: after.reminderAt } : {}),
    ...(after.reminderOn !== undefined && after.reminderOn !== before.reminderOn ? { reminderOn: after.reminderOn } : {}),
  };
}

function taskReminder(record: Values, zone: string, now: number): number | null {
  const { dueDate, dueTime, status } = record;
  if (status === 'completed' || status === 'canceled' || typeof dueDate !== 'string' || typeof dueTime !== 'string') return null;
  const due = instantIn(zone, dueDate, dueTime);
  return due > now - day ? due : null;
}
