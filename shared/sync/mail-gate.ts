import { startOf } from '../model/appointment';
import { seriesEnd } from '../model/series';
import { elementsOf, isBlank, type Values } from '../model/values';
import { datesTouched, invitedToDates, touchesDateLists } from './date-lists';

/** One thing that is about to be done to an event, as the gate needs to see it. */
export interface MailQuestion {
  readonly action: 'create' | 'update' | 'delete';
  /** What would be written; empty for a deletion. */
  readonly changes: Values;
  /** What the event holds in Exchange now; empty for a creation. */
  readonly current: Values;
  readonly setting: 'never' | 'invite';
  /** True where the attendee list of this link is kept from Exchange. */
  readonly withheld: boolean;
  readonly now: number;
  /** What an admin approved of this very action: these fields, mailed to these people; absent where nobody did. */
  readonly approved?: Approved;
}

export interface Approved {
  readonly fields: readonly string[];
  readonly whom: readonly string[];
}

export type MailAnswer =
  /** Nobody hears of it. */
  | { readonly kind: 'silent' }
  /** Nobody hears of it if the attendee fields are left out. */
  | { readonly kind: 'withhold' }
  /** The settings, or an admin, ask for it: these people are written to. */
  | { readonly kind: 'mail'; readonly whom: readonly string[] }
  /** Exchange would write to these people and nothing asks for it: an admin decides. */
  | { readonly kind: 'hold'; readonly whom: readonly string[]; readonly fields: readonly string[] };

export const attendeeFields = ['requiredAttendees', 'optionalAttendees'] as const;

/** The fields of a meeting whose change Exchange announces to its attendees. */
const announced = ['subject', 'body', 'location', 'time', 'importance', 'recurrence', 'occurrences', 'attachments', ...attendeeFields];

/**
 * Whom Exchange would write to, and whether the settings ask for it (promise 2). Graph has no silent save: creating an event with attendees invites them,
 * changing one that has attendees updates them, deleting one cancels. Every writer of events passes here.
 */
export function mailGate(question: MailQuestion): MailAnswer {
  const { action, changes, current, now } = question;
  const invited = attendeesOf(current);
  const named = [...new Set([...attendeesOf(changes)])];
  const mayMail = question.setting === 'invite' && !question.withheld;
  switch (action) {
    case 'create': {
      if (named.length === 0) return { kind: 'silent' };
      return mayMail && isToCome(changes, now) ? { kind: 'mail', whom: named } : { kind: 'withhold' };
    }
    case 'update': {
      const dates = 'occurrences' in changes ? datesTouched(changes, current) : [];
      const touched = announced.filter((field) => (field === 'occurrences' ? dates.length > 0 : field in changes));
      const listTouched = [
        ...attendeeFields.filter((field) => field in changes),
        ...(touchesDateLists(changes, current) ? ['occurrences'] : []),
      ];
      if (listTouched.length > 0 && !mayMail && !isApproved(question, named, listTouched)) return { kind: 'withhold' };
      const whom = [...new Set([...invited, ...named])];
      if (touched.length === 0 || whom.length === 0) return { kind: 'silent' };
      const future = touchesOnlyDates(touched)
        ? dates.some((date) => date > now)
        : isToCome({ ...current, ...changes }, now) || isToCome(current, now);
      return (mayMail && future) || isApproved(question, whom, touched) ? { kind: 'mail', whom } : { kind: 'hold', whom, fields: touched };
    }
    case 'delete': {
      if (invited.length === 0) return { kind: 'silent' };
      return (mayMail && isToCome(current, now)) || isApproved(question, invited, [])
        ? { kind: 'mail', whom: invited }
        : { kind: 'hold', whom: invited, fields: [] };
    }
  }
}

/** True for an event that is still to begin, and for a series that is not over. */
function isToCome(values: Values, now: number): boolean {
  return (isBlank(values.recurrence) ? startOf(values.time) : seriesEnd(values)) > now;
}

function touchesOnlyDates(touched: readonly string[]): boolean {
  return touched.every((field) => field === 'occurrences');
}

/** True where an admin approved at least this much: nobody more is written to, and nothing more is announced. */
function isApproved({ approved }: MailQuestion, whom: readonly string[], fields: readonly string[]): boolean {
  if (approved === undefined) return false;
  return whom.every((each) => approved.whom.includes(each)) && fields.every((field) => approved.fields.includes(field));
}

/** Everybody whom Exchange would write to about this event: attendees and rooms, of single dates too. */
export function attendeesOf(values: Values): string[] {
  const { requiredAttendees, optionalAttendees, resources } = values;
  return [...elementsOf(requiredAttendees), ...elementsOf(optionalAttendees), ...elementsOf(resources), ...invitedToDates(values)];
}
