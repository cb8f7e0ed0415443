import type { RecordValue, Reference, WorkspaceRecord } from '../workspace/record';
import { type RecordTableName, recordTables } from '../workspace/tables';
import type { ReadColumn } from './record-columns';
import { keyIn, lookupIn, lookupNameIn, lookupTableIn, numberIn, type Row, textIn, unexpected, versionIn } from './row';

/** What a read of a table selects: its key and these columns. */
export function selectOf(table: RecordTableName, columns: readonly ReadColumn[]): string {
  const names = columns.map(({ name, kind }) => (kind === 'lookup' ? `_${name}_value` : name));
  return [...new Set([recordTables[table].key, ...names])].join(',');
}

/** A row that was read with annotations, as pages and cards show it. Throws `unexpected-reply` for one without a version, state or times. */
export function recordOfRow(table: RecordTableName, columns: readonly ReadColumn[], row: Row): WorkspaceRecord {
  const { key } = recordTables[table];
  const state = numberIn(row, 'statecode');
  if (state === null) throw unexpected('a row has no statecode');
  return {
    table,
    id: keyIn(row, key),
    version: versionIn(row),
    owner: referenceIn(row, 'ownerid'),
    state,
    createdAt: timeIn(row, 'createdon'),
    modifiedAt: timeIn(row, 'modifiedon'),
    createdBy: lookupIn(row, 'createdby'),
    modifiedBy: lookupIn(row, 'modifiedby'),
    values: Object.fromEntries(columns.map((column) => [column.name, valueIn(row, column)])),
  };
}

function valueIn(row: Row, { name, kind }: ReadColumn): RecordValue {
  const value = row[name];
  switch (kind) {
    case 'lookup':
      return referenceIn(row, name);
    case 'text':
      return textIn(row, name);
    case 'number':
      return numberIn(row, name);
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return textIn(row, name)?.slice(0, 10) ?? null;
    case 'time':
      return timeTextIn(row, name);
  }
}

/** A day stays a day: a column of times may be set up to hold days alone. */
function timeTextIn(row: Row, name: string): string | null {
  const text = textIn(row, name);
  if (text === null || /^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

function timeIn(row: Row, name: string): number {
  const at = Date.parse(textIn(row, name) ?? '');
  if (Number.isNaN(at)) throw unexpected(`a row has no ${name}`);
  return at;
}

function referenceIn(row: Row, name: string): Reference | null {
  const id = lookupIn(row, name);
  const table = lookupTableIn(row, name);
  return id === null || table === null ? null : { table, id, name: lookupNameIn(row, name) };
}
