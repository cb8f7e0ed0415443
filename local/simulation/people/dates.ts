import { type FollowedField, fieldsFollowed, type Held } from './fields';
import type { Json } from './json';
import { dayOf, lastDate } from './series-rule';

/** One date of a series as one side shows it. */
export interface DateSeen {
  /** The day on which the rule alone would have it, `yyyy-MM-dd`: what both sides know it by. */
  readonly on: string;
  readonly id: string;
  readonly held: Readonly<Record<string, Held>>;
}

/** What people write into one date: the same as into an appointment. */
export const fieldsOfDate: readonly FollowedField[] = fieldsFollowed('appointment');

/** The columns of a date of a series, and what tells which it is. */
export const dateColumns = ['activityid', 'seriesid', 'originalstartdate', ...fieldsOfDate.flatMap(({ columns }) => columns)];

/** A date as a row of its own in Dynamics; undefined for one at which nobody looks. */
export function dateOfRow(row: Json): DateSeen | undefined {
  const held = Object.fromEntries(fieldsOfDate.map((field) => [field.name, field.fromRow(row)]));
  return seen({ on: dayOf(String(row.originalstartdate)), id: String(row.activityid), held });
}

/** A date as an event in Exchange. */
export function dateOfItem(item: Json): DateSeen | undefined {
  const held = Object.fromEntries(fieldsOfDate.map((field) => [field.name, field.fromItem(item)]));
  return seen({ on: dayOf(String(item.originalStart)), id: String(item.id), held });
}

/** How the ledger calls a field of one date. */
export function fieldOn(name: string, on: string): string {
  return `${name}@${on}`;
}

/** What a series holds with its dates: of those only what differs. */
export function heldWithDates(held: Readonly<Record<string, Held>>, dates: readonly DateSeen[]): Record<string, Held> {
  const own = dates.flatMap((date) =>
    Object.entries(date.held).flatMap(([name, value]) =>
      value.join() === plain(held, name, date.on) ? [] : [[fieldOn(name, date.on), value]],
    ),
  );
  return { ...held, ...Object.fromEntries(own) };
}

/** What the series alone would have on a day. */
function plain(held: Readonly<Record<string, Held>>, name: string, on: string): string {
  const value = (held[name] ?? []).join();
  return name === 'time' ? on + value.slice(10) : value;
}

function seen(date: DateSeen): DateSeen | undefined {
  return date.on <= lastDate ? date : undefined;
}
