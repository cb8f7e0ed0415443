import { type CustomField, customName } from '../model/custom-fields';
import type { Value, Values } from '../model/values';
import { dateIn, lookupNameIn, numberIn, type Row, textIn } from './row';
import type { Table } from './table';

/** A table with the columns that an admin added to its map. */
export function withCustom(table: Table, fields: readonly CustomField[]): Table {
  if (fields.length === 0) return table;
  return {
    ...table,
    columns: [...table.columns, ...fields.map(propertyOf)],
    sources: { ...table.sources, ...Object.fromEntries(fields.map((field) => [customName(field), [field.column]])) },
    recordOf: (row, zone) => {
      const record = table.recordOf(row, zone);
      return {
        ...record,
        values: { ...record.values, ...Object.fromEntries(fields.map((field) => [customName(field), valueIn(row, field)])) },
      };
    },
    columnsOf: (changes, current, context) => ({ ...table.columnsOf(changes, current, context), ...customColumns(changes, fields) }),
  };
}

/** The name under which the Web API shows the column. */
function propertyOf({ kind, column }: CustomField): string {
  return kind === 'lookup' ? `_${column}_value` : column;
}

function valueIn(row: Row, { kind, column }: CustomField): Value {
  switch (kind) {
    case 'text':
      return textIn(row, column);
    case 'number':
      return numberIn(row, column)?.toString() ?? null;
    case 'date':
      return dateIn(row, column);
    case 'yesNo':
      return typeof row[column] === 'boolean' ? row[column] : null;
    case 'choice':
      return textIn(row, `${column}@OData.Community.Display.V1.FormattedValue`);
    case 'lookup':
      return lookupNameIn(row, column);
  }
}

function customColumns(changes: Values, fields: readonly CustomField[]): Row {
  const columns = fields.flatMap((field): [string, unknown][] => {
    const value = changes[customName(field)];
    return value === undefined ? [] : [[field.column, field.kind === 'number' && typeof value === 'string' ? Number(value) : value]];
  });
  return Object.fromEntries(columns);
}
