import { DateTime } from 'luxon';
import type { Input } from '../microapp';
import type { RecordValue } from '../record';
import { columnOf, isReference, type Reader } from '../shown';
import type { RecordTableName } from '../tables';

/** One field as it was sent: not at all, with a value (null where it was emptied), or with something that breaks a rule. */
export type InputValue =
  | { readonly kind: 'absent' }
  | { readonly kind: 'given'; readonly value: string | number | boolean | null }
  | { readonly kind: 'broken'; readonly field: string; readonly rule: string };

interface About {
  readonly table: RecordTableName;
  /** What the record holds now; null for a new one. */
  readonly current: RecordValue;
  readonly reader: Reader;
}

/** What Dynamics keeps of money at most. Source: `MoneyAttributeMetadata.MaxSupportedValue`, Dataverse documentation. */
const mostMoney = 922_337_203_685_477;

/** What was sent for an input, as its column takes it. */
export function inputValue(input: Input, given: Readonly<Record<string, unknown>>, about: About): InputValue {
  const { parameter } = input;
  if (input.kind === 'datetime' && (`${parameter}.date` in given || `${parameter}.time` in given)) return timeOfParts(input, given, about);
  const sent = given[parameter];
  if (sent === undefined) return { kind: 'absent' };
  if (sent === null || (typeof sent === 'string' && sent.trim() === '')) return { kind: 'given', value: null };
  const read = readers[input.kind](sent, input, about);
  return typeof read === 'object' ? { kind: 'broken', field: parameter, rule: read.rule } : { kind: 'given', value: read };
}

/** The values that a choice takes, as text. */
export function optionValues(table: RecordTableName, { options }: Input, { labels }: Reader): readonly string[] {
  if (options === undefined) return [];
  return 'fixed' in options ? options.fixed.map(({ value }) => value) : Object.keys(labels[`${table}.${options.from}`] ?? {});
}

type Read = (sent: unknown, input: Input, about: About) => string | number | boolean | { readonly rule: string };

const line: Read = (sent, input) => {
  if (typeof sent !== 'string') return { rule: 'is not text' };
  const text = sent.trim();
  if (input.kind !== 'memo' && /[\r\n]/.test(text)) return { rule: 'has more than one line' };
  return input.most !== undefined && text.length > input.most ? { rule: `is longer than ${input.most} characters` } : text;
};

const number =
  (isWhole: boolean): Read =>
  (sent, { least = isWhole ? -2_147_483_648 : -mostMoney, most = isWhole ? 2_147_483_647 : mostMoney }) => {
    const value = typeof sent === 'string' && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(sent) ? Number(sent) : sent;
    if (typeof value !== 'number' || !Number.isFinite(value)) return { rule: 'is not a number' };
    if (isWhole && !Number.isInteger(value)) return { rule: 'is not a whole number' };
    if (value < least) return { rule: `is less than ${least}` };
    return value > most ? { rule: `is more than ${most}` } : value;
  };

const readers: Readonly<Record<Input['kind'], Read>> = {
  text: line,
  memo: line,
  phone: line,
  email: (sent, input, about) => {
    const text = line(sent, input, about);
    return typeof text !== 'string' || /^[^\s@<>"]+@[^\s@<>"]+$/.test(text) ? text : { rule: 'is not an e-mail address' };
  },
  url: (sent, input, about) => {
    const text = line(sent, input, about);
    return typeof text !== 'string' || isWebAddress(text) ? text : { rule: 'is not a web address' };
  },
  integer: number(true),
  decimal: number(false),
  date: (sent) => (typeof sent === 'string' && isDay(sent.trim()) ? sent.trim() : { rule: 'is not a date such as 2026-06-15' }),
  datetime: (sent) => {
    const at = typeof sent === 'string' && /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(sent) ? DateTime.fromISO(sent) : null;
    return at?.isValid === true ? utc(at) : { rule: 'is not a time with its zone, such as 2026-06-15T12:00:00Z' };
  },
  choice: (sent, input, { table, current, reader }) => {
    const text = String(sent);
    const offered = optionValues(table, input, reader);
    if (!offered.includes(text) && !(current !== null && !isReference(current) && String(current) === text))
      return { rule: 'is none of the options' };
    const type = input.column === undefined ? 'choice' : columnOf({ table }, input.column)?.type;
    if (type === 'boolean') return text === 'true';
    return type === 'choice' ? Number(text) : text;
  },
  lookup: (sent) =>
    typeof sent === 'string' && /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(sent) ? sent.toLowerCase() : { rule: 'is no id' },
};

/** A time of the person's own clock. One that she did not change keeps the seconds that no form shows. */
function timeOfParts({ parameter }: Input, given: Readonly<Record<string, unknown>>, { current, reader }: About): InputValue {
  const [date, time] = ['date', 'time'].map((part) => String(given[`${parameter}.${part}`] ?? '').trim());
  if (!date && !time) return { kind: 'given', value: null };
  if (!date || !isDay(date)) return { kind: 'broken', field: `${parameter}.date`, rule: 'is not a date such as 2026-06-15' };
  if (!time || !/^([01]\d|2[0-3]):[0-5]\d$/.test(time))
    return { kind: 'broken', field: `${parameter}.time`, rule: 'is not a time such as 13:30' };
  const was = typeof current === 'string' ? DateTime.fromISO(current, { zone: reader.zone }) : null;
  if (was?.toFormat("yyyy-MM-dd'T'HH:mm") === `${date}T${time}`) return { kind: 'given', value: utc(was) };
  return { kind: 'given', value: utc(DateTime.fromISO(`${date}T${time}`, { zone: reader.zone })) };
}

function utc(at: DateTime): string {
  return at.toUTC().toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'");
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text, { zone: 'utc' }).isValid;
}

/** With or without `https://`; a script is none. */
function isWebAddress(text: string): boolean {
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/:]+:\d+(\/|$)/.test(text) ? text : `https://${text}`;
  return !/\s/.test(text) && URL.canParse(whole) && ['http:', 'https:'].includes(new URL(whole).protocol);
}
