import { startOf } from '../model/appointment';
import type { Derived } from '../model/derived';
import { kindOf } from '../model/entity';
import { instantIn } from '../model/local-time';
import { seriesEnd } from '../model/series';
import type { Entity, Values } from '../model/values';

const day = 86_400_000;

/**
 * The reminder of an item, from its record's values. A task reminds at its due time while it is open and due less than a day ago; an appointment
 * reminds unless it shows as free or began more than a week ago, a series until a week after its last date (Microsoft's reminder rules for server-side synchronization).
 */
export function derive(entity: Entity, record: Values, zone: string, now: number): Derived {
  switch (kindOf(entity)) {
    case 'task':
      return { reminderAt: taskReminder(record, zone, now) };
    case 'event':
      return { reminderOn: takesTime(record) && startOf(record.time) > now - 7 * day };
    case 'series':
      return { reminderOn: takesTime(record) && seriesEnd(record) > now - 7 * day };
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

function takesTime({ status }: Values): boolean {
  return ['tentative', 'busy', 'oof'].includes(String(status));
}

function taskReminder(record: Values, zone: string, now: number): number | null {
  const { dueDate, dueTime, status } = record;
  if (status === 'completed' || status === 'canceled' || typeof dueDate !== 'string' || typeof dueTime !== 'string') return null;
  const due = instantIn(zone, dueDate, dueTime);
  return due > now - day ? due : null;
}
