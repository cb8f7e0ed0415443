import { DateTime } from 'luxon';
import { say } from './languages';
import type { Button, Condition, DetailField, DetailPage, FormPage, Input, Microapp, Page } from './microapp';
import type { ButtonView, FieldView, InputView, Link, ListView, OptionView, PageView, Subject } from './page-view';
import type { WorkspaceRecord } from './record';
import { columnText, isReference, labelOf, type Reader, shownText } from './shown';
import { isOpen, type RecordTableName } from './tables';

const hourMs = 3_600_000;

/** A record's page: its fields, what belongs to it, and what can be done with it now. */
export function detailView(
  app: Microapp,
  page: DetailPage,
  record: WorkspaceRecord,
  children: ListView | null,
  reader: Reader,
  now: number,
): PageView {
  const { language } = reader;
  return {
    kind: 'detail',
    app: app.id,
    page: page.id,
    title: say(language, page.title),
    record: subjectOf(record),
    heading: shownText(record, page.heading, undefined, reader),
    fields: page.fields.filter(({ condition }) => holds(condition, record)).map((field) => fieldView(record, field, reader)),
    children: page.children === undefined || children === null ? null : { title: say(language, page.children.title), list: children },
    buttons: page.buttons.filter(({ condition }) => holds(condition, record)).map((button) => buttonView(button, record, reader, now)),
  };
}

/** A form: empty where it makes a record, otherwise with what the record holds. */
export function formView(app: Microapp, page: FormPage, record: WorkspaceRecord | null, reader: Reader, now: number): PageView {
  const { language } = reader;
  return {
    kind: 'form',
    app: app.id,
    page: page.id,
    title: say(language, page.title),
    record: record === null ? null : subjectOf(record),
    heading: record === null || page.heading === undefined ? null : shownText(record, page.heading, undefined, reader),
    inputs: page.inputs.map((input) => inputView(page.table, input, record, reader, now)),
    submit: { label: say(language, page.submit.label), action: page.submit.action },
  };
}

/** Whether a condition on a record holds. One on another input is for the client. */
export function holds(condition: Condition | undefined, record: WorkspaceRecord): boolean {
  switch (condition?.when) {
    case 'open':
      return isOpen(record);
    case 'pointsTo': {
      const value = record.values[condition.column];
      return isReference(value) && value.table === condition.table;
    }
    default:
      return true;
  }
}

/** The tables whose labels a page needs. */
export function tablesOf(page: Page): readonly RecordTableName[] {
  if (page.kind === 'list') return [page.list.table];
  return page.kind === 'detail' && page.children !== undefined ? [page.table, page.children.list.table] : [page.table];
}

function subjectOf({ table, id, version }: WorkspaceRecord): Subject {
  return { table, id, version };
}

function fieldView(record: WorkspaceRecord, field: DetailField, reader: Reader): FieldView {
  const text = shownText(record, field.shows, field.format, reader);
  const value = 'column' in field.shows ? (record.values[field.shows.column] ?? null) : text;
  return { label: say(reader.language, field.label), text, value, link: text === '' ? null : linkOf(record, field, text) };
}

function linkOf(record: WorkspaceRecord, { link }: DetailField, text: string): Link | null {
  if (link === undefined) return null;
  if (typeof link === 'object') {
    const target = record.values[link.reference];
    return isReference(target) ? { kind: 'page', page: link.page, id: target.id } : null;
  }
  const href = hrefOf(link, text);
  return href === null ? null : { kind: link, href };
}

/** What somebody wrote into a record as an address that does what it says and nothing else: a script is no website. */
function hrefOf(kind: 'call' | 'mail' | 'url', text: string): string | null {
  switch (kind) {
    case 'call': {
      const digits = text.replace(/[^\d+*#,;]/g, '');
      return /\d/.test(digits) ? `tel:${digits.replaceAll('#', '%23')}` : null;
    }
    case 'mail':
      return /^[^\s@<>"]+@[^\s@<>"]+$/.test(text) ? `mailto:${encodeURIComponent(text).replace('%40', '@')}` : null;
    case 'url': {
      const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
      const url = URL.canParse(whole) ? new URL(whole) : null;
      return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : null;
    }
  }
}

function buttonView({ label, style, does }: Button, record: WorkspaceRecord, reader: Reader, now: number): ButtonView {
  const named = { label: say(reader.language, label), style };
  if ('page' in does) return { ...named, does: { kind: 'page', page: does.page, id: record.id } };
  const asks = does.asks.map((input) => inputView(record.table, input, null, reader, now));
  return { ...named, does: { kind: 'action', action: does.action, asks } };
}

function inputView(table: WorkspaceRecord['table'], input: Input, record: WorkspaceRecord | null, reader: Reader, now: number): InputView {
  const { parameter, kind, least, most, required = false, condition } = input;
  const begun = beginning(input, record, reader.zone, now);
  return {
    parameter,
    label: say(reader.language, input.label),
    kind,
    required,
    value: begun,
    local: kind === 'datetime' && begun !== null ? localTime(String(begun), reader.zone) : null,
    valueText: kind === 'lookup' && begun !== null && record !== null ? columnText(record, input.column ?? '', undefined, reader) : null,
    options: optionsOf(table, input, begun, reader),
    looksUp: input.looksUp?.table ?? null,
    onlyIf: condition?.when === 'chosen' ? { parameter: condition.input, value: condition.option } : null,
    ...(least === undefined ? {} : { least }),
    ...(most === undefined ? {} : { most }),
  };
}

/** What an input begins with: what the record holds, or what a new one usually has. */
function beginning(input: Input, record: WorkspaceRecord | null, zone: string, now: number): string | number | null {
  const value = record === null || input.column === undefined ? null : (record.values[input.column] ?? null);
  if (isReference(value)) {
    if (input.kind === 'choice') return value.table;
    return input.looksUp?.table === value.table ? value.id : null;
  }
  if (value !== null) return input.kind === 'choice' ? String(value) : typeof value === 'boolean' ? String(value) : value;
  // A record that exists and holds nothing begins with nothing: a default would be written without anybody having chosen it.
  if (record !== null && input.column !== undefined) return null;
  const hour = Math.ceil(now / hourMs) * hourMs;
  switch (input.begins) {
    case 'nextHour':
      return iso(hour);
    case 'hourAfter':
      return iso(hour + hourMs);
    case 'today':
      return DateTime.fromMillis(now, { zone }).toISODate();
    default:
      return null;
  }
}

function localTime(time: string, zone: string): { date: string; time: string } {
  const at = DateTime.fromISO(time, { zone });
  return { date: at.toFormat('yyyy-MM-dd'), time: at.toFormat('HH:mm') };
}

function iso(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

/** The options of a choice. What the record holds is among them even where nobody offers it any more. */
function optionsOf(table: WorkspaceRecord['table'], input: Input, begun: string | number | null, reader: Reader): OptionView[] | null {
  const { options } = input;
  if (options === undefined) return null;
  if ('fixed' in options) return options.fixed.map(({ value, label }) => ({ value, label: say(reader.language, label) }));
  const column = `${table}.${options.from}`;
  const values = Object.keys(reader.labels[column] ?? {});
  const all = begun === null || values.includes(String(begun)) ? values : [...values, String(begun)];
  const offered = all.map((value) => ({ value, label: labelOf(reader, column, Number(value)) }));
  const collator = new Intl.Collator(reader.language, { numeric: true, sensitivity: 'base' });
  return offered.sort((left, right) =>
    options.sort === 'value' ? Number(left.value) - Number(right.value) : collator.compare(left.label, right.label),
  );
}
