import { badPayload, refusal } from './errors';
import type { Column, Table, Value } from './schema';

const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const dateTimePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;
const earliest = Date.UTC(1753, 0, 1);

export function isGuid(text: string): boolean {
  return guidPattern.test(text);
}

/** A point in time as the Web API writes it: UTC, whole seconds. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Checks a value from a body against its column and returns it as it is stored. An empty text is stored as null. */
export function readValue(table: Table, column: Column, value: unknown): Value {
  if (value === null || value === '') return null;
  switch (column.type) {
    case 'String':
    case 'Memo':
      return readText(table, column, value);
    case 'Boolean':
      if (typeof value !== 'boolean') throw wrongType(value, 'Edm.Boolean');
      return value;
    case 'Money':
      if (typeof value !== 'number') throw wrongType(value, 'Edm.Decimal');
      return value;
    case 'Uniqueidentifier':
      if (typeof value !== 'string' || !isGuid(value)) throw wrongType(value, 'Edm.Guid');
      return value.toLowerCase();
    case 'DateTime':
      return readDateTime(column, value);
    case 'DateOnly':
      if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value) || Number.isNaN(Date.parse(value)))
        throw wrongType(value, 'Edm.Date');
      if (Date.parse(value) < earliest) throw outOfSupportedRange(column);
      return value;
    default:
      return readNumber(table, column, value);
  }
}

function readText(table: Table, column: Column, value: unknown): string {
  if (typeof value !== 'string') throw wrongType(value, 'Edm.String');
  if (column.maxLength !== undefined && value.length > column.maxLength)
    throw refusal(
      400,
      '0x80044331',
      `A validation error occurred.  The length of the '${column.name}' attribute of the '${table.logicalName}' entity exceeded the maximum allowed length of '${column.maxLength}'.`,
    );
  return value;
}

function readDateTime(column: Column, value: unknown): string {
  if (typeof value !== 'string' || !dateTimePattern.test(value) || Number.isNaN(Date.parse(value)))
    throw wrongType(value, 'Edm.DateTimeOffset');
  if (Date.parse(value) < earliest) throw outOfSupportedRange(column);
  return timestamp(Date.parse(value));
}

function readNumber(table: Table, column: Column, value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(value, 'Edm.Int32');
  const described = `The value ${value} of '${column.name}' on record of type '${table.logicalName}' is outside the valid range.`;
  if (column.options !== undefined && !(value in column.options))
    throw refusal(
      400,
      '0x8004431a',
      `A validation error occurred.  ${described} Accepted Values: ${Object.keys(column.options).join(',')}`,
    );
  if (value < (column.min ?? value) || value > (column.max ?? value))
    throw refusal(400, '0x80044330', `A validation error occurred.  ${described}`);
  return value;
}

function wrongType(value: unknown, expected: string) {
  return badPayload(`Microsoft.OData.ODataException: Cannot convert the literal '${String(value)}' to the expected type '${expected}'.`);
}

function outOfSupportedRange(column: Column) {
  return refusal(400, '0x80040239', `The date-time format for ${column.name} is invalid, or value is outside the supported range.`);
}
