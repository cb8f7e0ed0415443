import { type Language, languages } from './languages';
import type { Format, Shown } from './microapp';
import type { OptionLabels, RecordValue, Reference, WorkspaceRecord } from './record';
import { type Column, recordTables } from './tables';
import { templateText } from './template-text';

/** For whom a page is made: her language and zone, and what numbers mean in her environment. */
export interface Reader {
  readonly language: Language;
  /** IANA name. */
  readonly zone: string;
  readonly labels: OptionLabels;
  /** The language of the environment, for labels that nobody translated; an LCID. */
  readonly baseLanguage: number;
  /** ISO 4217 codes by the id of the currency's row. */
  readonly currencies: Readonly<Record<string, string>>;
}

/** What a place on a page shows, as text; empty where there is nothing. */
export function shownText(record: WorkspaceRecord, shown: Shown, format: Format | undefined, reader: Reader): string {
  if ('column' in shown) return columnText(record, shown.column, format, reader);
  return templateText(shown.template, (column) => columnText(record, column, format, reader));
}

/** What a column holds, for people: in their language, zone and currency. */
export function columnText(record: WorkspaceRecord, name: string, format: Format | undefined, reader: Reader): string {
  const value = record.values[name] ?? null;
  const column = columnOf(record, name);
  if (value === null || column === undefined) return '';
  if (isReference(value)) return value.name ?? '';
  if (column.type === 'choice') return labelOf(reader, `${record.table}.${name}`, Number(value));
  switch (format ?? defaultFormat(column)) {
    case 'date':
      return dateText(String(value), reader, { dateStyle: 'medium' });
    case 'datetime':
      return dateText(String(value), reader, { dateStyle: 'medium', timeStyle: 'short' });
    case 'money':
      return moneyText(record, name, Number(value), reader);
    case 'percent':
      return new Intl.NumberFormat(reader.language, { style: 'percent', maximumFractionDigits: 2 }).format(Number(value) / 100);
    default:
      return typeof value === 'number'
        ? new Intl.NumberFormat(reader.language, { maximumFractionDigits: 10 }).format(value)
        : String(value);
  }
}

export function columnOf({ table }: Pick<WorkspaceRecord, 'table'>, name: string): Column | undefined {
  return recordTables[table].columns.find((each) => each.name === name);
}

export function isReference(value: RecordValue | undefined): value is Reference {
  return typeof value === 'object' && value !== null;
}

/** The label of a choice: in the reader's language, else the environment's, else any; the number where there is none. */
export function labelOf({ labels, language, baseLanguage }: Reader, column: string, value: number): string {
  const known = labels[column]?.[value] ?? {};
  return known[languages[language]] ?? known[baseLanguage] ?? Object.values(known)[0] ?? String(value);
}

function defaultFormat({ type }: Column): Format {
  return type === 'date' || type === 'datetime' || type === 'money' ? type : 'plain';
}

/** A day has no zone: it is the same day for everybody. */
function dateText(value: string, { language, zone }: Reader, style: Intl.DateTimeFormatOptions): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value);
  const at = Date.parse(isDay ? `${value}T00:00:00Z` : value);
  if (Number.isNaN(at)) return '';
  const options: Intl.DateTimeFormatOptions = isDay ? { dateStyle: 'medium', timeZone: 'UTC' } : { ...style, timeZone: zone };
  return new Intl.DateTimeFormat(language, options).format(at);
}

/** Money in the currency of its record. What ends in `_base` is in the environment's own, whose code no column names: it is shown as a number. */
function moneyText(record: WorkspaceRecord, name: string, value: number, { language, currencies }: Reader): string {
  const currency = record.values.transactioncurrencyid;
  const code = isReference(currency) && !name.endsWith('_base') ? currencies[currency.id] : undefined;
  const style: Intl.NumberFormatOptions = code === undefined ? { minimumFractionDigits: 2 } : { style: 'currency', currency: code };
  return new Intl.NumberFormat(language, style).format(value);
}
