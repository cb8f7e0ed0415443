import { normalText } from '../model/values';
import { errorCodes, TandemError } from '../platform/errors';

/** A row as the Web API sends or takes it: columns by name, annotations among them. */
export type Row = Readonly<Record<string, unknown>>;

/** The text of a column in normal form; null where it is empty or was not read. */
export function textIn(row: Row, column: string): string | null {
  const value = row[column];
  return typeof value === 'string' ? normalText(value) : null;
}

export function numberIn(row: Row, column: string): number | null {
  const value = row[column];
  return typeof value === 'number' ? value : null;
}

/** The date of a date-only column; a column that was set up with a time loses it. */
export function dateIn(row: Row, column: string): string | null {
  return textIn(row, column)?.slice(0, 10) ?? null;
}

/** The id that a lookup points to, in lower case. `lookup` is the column's own name, such as `ownerid`. */
export function lookupIn(row: Row, lookup: string): string | null {
  return textIn(row, `_${lookup}_value`)?.toLowerCase() ?? null;
}

/** The name of the row that a lookup points to; only where the read asked for annotations. */
export function lookupNameIn(row: Row, lookup: string): string | null {
  return textIn(row, `_${lookup}_value@OData.Community.Display.V1.FormattedValue`);
}

/** The logical name of the table that a lookup points to; only where the read asked for annotations. */
export function lookupTableIn(row: Row, lookup: string): string | null {
  return textIn(row, `_${lookup}_value@Microsoft.Dynamics.CRM.lookuplogicalname`);
}

/** The row version: the digits of the etag, which are compared and never counted with. */
export function versionIn(row: Row): string {
  const etag = row['@odata.etag'];
  const digits = typeof etag === 'string' ? /^W\/"(\d+)"$/.exec(etag)?.[1] : undefined;
  if (digits === undefined) throw unexpected('a row has no version');
  return digits;
}

/** The row's key. `column` is the key column of its table. */
export function keyIn(row: Row, column: string): string {
  const id = textIn(row, column);
  if (id === null) throw unexpected(`a row has no ${column}`);
  return id.toLowerCase();
}

/** What every record has, whatever its table. */
export function recordFacts(row: Row, key: string): { id: string; version: string; modifiedAt: number; owner: string | null } {
  const modifiedAt = Date.parse(textIn(row, 'modifiedon') ?? '');
  if (Number.isNaN(modifiedAt)) throw unexpected('a row has no modifiedon');
  return { id: keyIn(row, key), version: versionIn(row), modifiedAt, owner: lookupIn(row, 'ownerid') };
}

/** An answer that does not have the shape that the Web API documents. */
export function unexpected(detail: string): TandemError {
  return new TandemError(errorCodes.unexpectedReply, {
    retry: 'later',
    fix: 'Check the address of the Dynamics environment, and whether something in between answers in its place.',
    detail,
  });
}
