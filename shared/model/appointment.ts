import { categoriesField, sensitivityField } from './exchange-only';
import type { FieldRule, Value } from './values';

/** How an appointment shows, and the two ends that only Dynamics knows. */
export const appointmentStatuses = ['free', 'tentative', 'busy', 'oof', 'completed', 'canceled'] as const;
export type AppointmentStatus = (typeof appointmentStatuses)[number];

/**
 * The fields of a single appointment. `time` is an ISO 8601 interval: `2026-10-05T09:00:00Z/2026-10-05T10:00:00Z`, or for a whole day
 * `2026-10-05/2026-10-06` (local dates, end exclusive). Attendees are lower-case addresses, sorted, for their order means nothing.
 * Known to Dynamics alone: `organizer`, a `systemuserid`. Known to Exchange alone: `resources` (rooms), `organizedHere`,
 * `online` (the body carries a block for joining), `bodyApart` (that block can be told from what people wrote, which alone is `body`), `iCalUId`, `organizerAddress`, `sensitivity` and `categories`.
 */
export const appointmentFields: readonly FieldRule[] = [
  { name: 'subject', direction: 'both', merge: 'whole' },
  { name: 'body', direction: 'both', merge: 'whole', isNote: true },
  { name: 'location', direction: 'both', merge: 'whole' },
  { name: 'time', direction: 'both', merge: 'whole', settable: false },
  { name: 'importance', direction: 'both', merge: 'whole', settable: false },
  {
    name: 'status',
    direction: 'both',
    merge: 'whole',
    settable: false,
    inExchange: (value: Value) => (value === 'completed' || value === 'canceled' ? 'free' : value),
  },
  { name: 'requiredAttendees', direction: 'both', merge: 'elements', settable: false },
  { name: 'optionalAttendees', direction: 'both', merge: 'elements', settable: false },
  { name: 'regarding', direction: 'toExchange', merge: 'whole', settable: false },
  { name: 'organizer', direction: 'none', merge: 'whole' },
  { name: 'resources', direction: 'none', merge: 'whole' },
  { name: 'organizedHere', direction: 'none', merge: 'whole' },
  { name: 'online', direction: 'none', merge: 'whole' },
  { name: 'bodyApart', direction: 'none', merge: 'whole' },
  { name: 'iCalUId', direction: 'none', merge: 'whole' },
  { name: 'organizerAddress', direction: 'none', merge: 'whole' },
  sensitivityField,
  categoriesField,
];

/** The start of a `time` value, in UTC ms; a whole day starts at midnight UTC of its date, which is near enough to tell past from future. */
export function startOf(time: Value | undefined): number {
  return typeof time === 'string' ? Date.parse(time.split('/')[0] ?? '') : Number.NaN;
}
