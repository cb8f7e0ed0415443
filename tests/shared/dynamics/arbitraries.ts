import fc from 'fast-check';
import { DateTime } from 'luxon';
import { streetLines } from '../../../shared/model/contact';
import { normalText, type Value, type Values } from '../../../shared/model/values';

/** "Now" in every property. */
export const now = Date.parse('2027-01-15T09:30:00Z');

/** Zones whose changes of time come at different hours, some at midnight, one of half an hour. */
export const zone = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Tokyo',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'Asia/Beirut',
  'America/Santiago',
  'America/Havana',
  'Pacific/Kiritimati',
  'America/St_Johns',
);

export const text = fc
  .string({ unit: fc.constantFrom('a', 'B', 'ü', '漢', '😀', ' ', '\n', '\r\n', '\t', ',', "'", '<', '&'), maxLength: 12 })
  .map((given): string | null => normalText(given));

const word = fc.string({ unit: fc.constantFrom('a', 'b', '7', '+', '@'), minLength: 1, maxLength: 6 });

const day = (from: string, to: string) =>
  fc.date({ min: new Date(from), max: new Date(to), noInvalidDate: true }).map((date): string => date.toISOString().slice(0, 10));

const anyDay = day('2018-01-01', '2035-12-31');
const pastDay = day('2018-01-01', '2027-01-13');

const timeOfDay = fc
  .record({ hour: fc.nat(23), minute: fc.nat(59) })
  .map(({ hour, minute }) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);

/** A date, and a time of day that exists on it and is not its start, or neither. */
const moment = (name: string, inZone: string) =>
  fc.option(fc.record({ date: anyDay, time: fc.option(timeOfDay) })).map((given): Values => {
    const local = DateTime.fromISO(`${given?.date}T${given?.time}`, { zone: inZone });
    const exists = given?.time !== null && local.toFormat('HH:mm') === given?.time && +local !== +local.startOf('day');
    return { [`${name}Date`]: given?.date ?? null, [`${name}Time`]: exists ? (given?.time ?? null) : null };
  });

const importance = fc.constantFrom('low', 'normal', 'high');

const taskEnd = fc.oneof(
  fc.record({
    status: fc.constantFrom('notStarted', 'inProgress', 'waiting', 'deferred'),
    percentComplete: fc.option(fc.nat(99).map(String)),
    completedDate: fc.constant(null),
  }),
  fc.record({ status: fc.constant('completed'), percentComplete: fc.constant('100'), completedDate: pastDay }),
  fc.record({ status: fc.constant('canceled'), percentComplete: fc.option(fc.nat(100).map(String)), completedDate: fc.option(pastDay) }),
);

export const taskValues = (inZone: string): fc.Arbitrary<Values> =>
  fc
    .tuple(fc.record({ subject: text, notes: text, importance }), moment('start', inZone), moment('due', inZone), taskEnd)
    .map(([plain, start, due, end]) => ({ ...plain, ...start, ...due, ...end }));

const list = (most: number) => fc.uniqueArray(word, { maxLength: most });

const contactTexts = [
  ...['firstName', 'middleName', 'lastName', 'salutation', 'suffix', 'nickname', 'yomiFirstName', 'yomiLastName', 'jobTitle'],
  ...['department', 'manager', 'assistant', 'spouse', 'children', 'governmentId', 'mobilePhone', 'assistantPhone', 'businessFax'],
  ...['otherPhone', 'pager', 'callback', 'companyPhone', 'webPage', 'ftpSite', 'notes', 'addressCity', 'addressState'],
  ...['addressPostalCode', 'addressCountry'],
];

export const contactValues: fc.Arbitrary<Values> = fc
  .tuple(
    fc.record(Object.fromEntries(contactTexts.map((name) => [name, text]))),
    fc.record({ birthday: fc.option(anyDay), anniversary: fc.option(anyDay) }),
    fc.record({ emails: list(3), businessPhones: list(2), homePhones: list(2) }),
    text.map((street): Values => ({ addressStreet: street === null ? null : normalText(streetLines(street).join('\n')) })),
  )
  .map(([texts, dates, lists, street]) => ({ ...texts, ...dates, ...lists, ...street }));

const wholeDays = fc
  .record({ first: anyDay, days: fc.integer({ min: 1, max: 40 }) })
  .map(({ first, days }): Value => `${first}/${DateTime.fromISO(first, { zone: 'UTC' }).plus({ days }).toISODate()}`);

const timed = fc
  .record({ start: fc.integer({ min: 1_500_000_000, max: 2_080_000_000 }), seconds: fc.nat(3 * 86_400) })
  .map(({ start, seconds }): Value => [start, start + seconds].map((at) => `${new Date(at * 1000).toISOString().slice(0, 19)}Z`).join('/'));

/** People by address; some have a row. */
export const addresses = ['anna@x.example', 'ben@x.example', 'carl@y.example', 'dora@y.example', 'eva@z.example'];

const attendees = fc.subarray(addresses);

export const appointmentValues: fc.Arbitrary<Values> = fc.record({
  subject: text,
  body: text,
  location: text,
  time: fc.oneof(wholeDays, timed),
  importance,
  status: fc.constantFrom('free', 'tentative', 'busy', 'oof', 'completed', 'canceled'),
  requiredAttendees: attendees,
  optionalAttendees: attendees,
});
