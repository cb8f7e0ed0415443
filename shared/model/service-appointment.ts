import { appointmentFields } from './appointment';
import type { FieldRule } from './values';

/** What only people who are invited or who organize need: a service activity has neither in Exchange. */
const ofMeetings = ['requiredAttendees', 'optionalAttendees', 'organizer'];

/** The fields of a service activity: those of an appointment, without attendees, and each goes to Exchange alone. */
export const serviceAppointmentFields: readonly FieldRule[] = appointmentFields
  .filter(({ name }) => !ofMeetings.includes(name))
  .map((rule) => (rule.direction === 'both' ? { ...rule, direction: 'toExchange' } : rule));
