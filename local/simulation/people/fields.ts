export type Json = Record<string, unknown>;

/** What people keep in both systems, in the oracle's own words. */
export type Entity = 'task' | 'contact' | 'appointment';

export const entitiesFollowed: readonly Entity[] = ['task', 'contact', 'appointment'];

/** What one field holds: nothing, one value, or the elements of a list. */
export type Held = readonly string[];

/** A field that the oracle follows: how people write it on each side, and how they see it there. */
export interface FollowedField {
  readonly name: string;
  readonly entity: Entity;
  /** What stands in it: any text, a day, a meeting's hour, or a list of numbers. */
  readonly kind: 'text' | 'day' | 'hour' | 'list';
  /** Columns to select in Dynamics. */
  readonly columns: readonly string[];
  toRow(held: Held): Json;
  fromRow(row: Json): Held;
  toItem(held: Held): Json;
  fromItem(item: Json): Held;
}

const hour = 3_600_000;

function text(
  entity: Entity,
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
  fromRow: ({ scheduledend }) => (typeof scheduledend === 'string' ? [scheduledend.slice(0, 10)] : []),
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
  text(
    'appointment',
    'subject',
    'subject',
    (subject) => ({ subject }),
    ({ subject }) => subject,
  ),
  text(
    'appointment',
    'location',
    'location',
    (displayName) => ({ location: { displayName } }),
    ({ location }) => (isJson(location) ? location.displayName : undefined),
  ),
  text(
    'appointment',
    'notes',
    'description',
    (content) => ({ body: { contentType: 'text', content } }),
    ({ body }) => contentOf(body),
  ),
  time,
];

export function fieldsFollowed(entity: Entity): readonly FollowedField[] {
  return followedFields.filter((field) => field.entity === entity);
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

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
