import { dayThere } from './days';
import { isJson, type Json } from './json';
import { localTime, ruleOfItem, ruleOfRow, ruleToItem, ruleToRow } from './series-rule';

/** What an item is in Exchange. */
export type ItemKind = 'task' | 'contact' | 'appointment' | 'series';

/** What is a task in Exchange and has a table of its own in Dynamics. */
export const correspondence = ['phonecall', 'letter', 'fax'] as const;

/** What people keep in both systems, in the oracle's own words. */
export type Entity = ItemKind | (typeof correspondence)[number];

/** What every story is about; a story is about others only where a step of it is. */
export const entitiesFollowed: readonly Entity[] = ['task', 'contact', 'appointment'];

export function itemKindOf(entity: Entity): ItemKind {
  return entity === 'phonecall' || entity === 'letter' || entity === 'fax' ? 'task' : entity;
}

/** What one field holds: nothing, one value, or the elements of a list. */
export type Held = readonly string[];

/** A field that the oracle follows: how people write it on each side, and how they see it there. */
export interface FollowedField {
  readonly name: string;
  readonly entity: ItemKind;
  /** What stands in it: any text, a day, a meeting's hour, a list of numbers, the time of day of a series, or how that recurs. */
  readonly kind: 'text' | 'day' | 'hour' | 'list' | 'clock' | 'rule';
  /** Columns to select in Dynamics. */
  readonly columns: readonly string[];
  toRow(held: Held): Json;
  fromRow(row: Json): Held;
  toItem(held: Held): Json;
  fromItem(item: Json): Held;
}

const hour = 3_600_000;

function text(
  entity: ItemKind,
  name: string,
  column: string,
  toItem: (value: string) => Json,
  fromItem: (item: Json) => unknown,
): FollowedField {
  return {
    name,
    entity,
    kind: 'text',
    columns: [column],
    toRow: ([value]) => ({ [column]: value ?? null }),
    fromRow: (row) => one(row[column]),
    toItem: ([value]) => toItem(value ?? ''),
    fromItem: (item) => one(fromItem(item)),
  };
}

const day: FollowedField = {
  name: 'due',
  entity: 'task',
  kind: 'day',
  columns: ['scheduledend'],
  toRow: ([value]) => ({ scheduledend: value === undefined ? null : `${value}T12:00:00Z` }),
  fromRow: ({ scheduledend, _ownerid_value: owner }) => (typeof scheduledend === 'string' ? [dayThere(scheduledend, String(owner))] : []),
  toItem: ([value]) => ({ dueDateTime: value === undefined ? null : { dateTime: `${value}T00:00:00`, timeZone: 'UTC' } }),
  fromItem: ({ dueDateTime }) => (isJson(dueDateTime) ? [String(dueDateTime.dateTime).slice(0, 10)] : []),
};

const time: FollowedField = {
  name: 'time',
  entity: 'appointment',
  kind: 'hour',
  columns: ['scheduledstart', 'scheduledend'],
  toRow: ([start]) => (start === undefined ? {} : { scheduledstart: start, scheduledend: endOf(start) }),
  fromRow: ({ scheduledstart }) => (typeof scheduledstart === 'string' ? [instant(scheduledstart)] : []),
  toItem: ([start]) =>
    start === undefined ? {} : { start: { dateTime: start, timeZone: 'UTC' }, end: { dateTime: endOf(start), timeZone: 'UTC' } },
  fromItem: ({ start }) => (isJson(start) ? [instant(`${String(start.dateTime).replace(/Z$/, '')}Z`)] : []),
};

/** When a series takes place on its first date: its dates have the same time of day. */
const clock: FollowedField = {
  ...time,
  entity: 'series',
  kind: 'clock',
  columns: ['starttime', 'endtime'],
  toRow: ([start]) => (start === undefined ? {} : { starttime: start, endtime: endOf(start) }),
  toItem: ([start]) => (start === undefined ? {} : { start: localTime(start), end: localTime(endOf(start)) }),
  fromRow: ({ starttime }) => (typeof starttime === 'string' ? [instant(starttime)] : []),
};

const rule: FollowedField = {
  name: 'rule',
  entity: 'series',
  kind: 'rule',
  columns: [
    'recurrencepatterntype',
    'interval',
    'daysofweekmask',
    'firstdayofweek',
    'patternstartdate',
    'patternendtype',
    'patternenddate',
    'occurrences',
  ],
  toRow: ([text]) => (text === undefined ? {} : ruleToRow(text)),
  fromRow: (row) => one(ruleOfRow(row)),
  toItem: ([text]) => (text === undefined ? {} : ruleToItem(text)),
  fromItem: (item) => one(ruleOfItem(item)),
};

/** Columns that hold a contact's business phones, in order. */
const phoneColumns = ['telephone1', 'business2'];

const phones: FollowedField = {
  name: 'phones',
  entity: 'contact',
  kind: 'list',
  columns: phoneColumns,
  toRow: (held) => Object.fromEntries(phoneColumns.map((column, index) => [column, held[index] ?? null])),
  fromRow: (row) => phoneColumns.flatMap((column) => one(row[column])),
  toItem: (held) => ({ businessPhones: [...held] }),
  fromItem: ({ businessPhones }) => (Array.isArray(businessPhones) ? businessPhones.map(String) : []),
};

/** Everything that people write and the oracle follows. */
export const followedFields: readonly FollowedField[] = [
  text(
    'task',
    'subject',
    'subject',
    (title) => ({ title }),
    ({ title }) => title,
  ),
  text(
    'task',
    'notes',
    'description',
    (content) => ({ body: { contentType: 'text', content } }),
    ({ body }) => contentOf(body),
  ),
  day,
  text(
    'contact',
    'jobTitle',
    'jobtitle',
    (jobTitle) => ({ jobTitle }),
    ({ jobTitle }) => jobTitle,
  ),
  text(
    'contact',
    'mobile',
    'mobilephone',
    (mobilePhone) => ({ mobilePhone }),
    ({ mobilePhone }) => mobilePhone,
  ),
  text(
    'contact',
    'notes',
    'description',
    (personalNotes) => ({ personalNotes }),
    ({ personalNotes }) => personalNotes,
  ),
  phones,
  ...textsOfMeeting('appointment'),
  time,
  ...textsOfMeeting('series'),
  clock,
  rule,
];

function textsOfMeeting(entity: ItemKind): FollowedField[] {
  return [
    text(
      entity,
      'subject',
      'subject',
      (subject) => ({ subject }),
      ({ subject }) => subject,
    ),
    text(
      entity,
      'location',
      'location',
      (displayName) => ({ location: { displayName } }),
      ({ location }) => (isJson(location) ? location.displayName : undefined),
    ),
    text(
      entity,
      'notes',
      'description',
      (content) => ({ body: { contentType: 'text', content } }),
      ({ body }) => contentOf(body),
    ),
  ];
}

export function fieldsFollowed(entity: Entity): readonly FollowedField[] {
  const kind = itemKindOf(entity);
  return followedFields.filter((field) => field.entity === kind);
}

function contentOf(body: unknown): unknown {
  return isJson(body) ? body.content : undefined;
}

function endOf(start: string): string {
  return instant(new Date(Date.parse(start) + hour).toISOString());
}

/** To the second, as both services write it. */
function instant(time: string): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}

function one(value: unknown): Held {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? [] : [text];
}
