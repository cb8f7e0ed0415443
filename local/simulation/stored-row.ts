import type { TableEntity } from '@azure/data-tables';
import { tableError } from './table-errors';

/** What a property can hold here; other types of the Table service are refused. */
export type Stored = string | number | boolean | bigint | Date;

/** A row as it lies in a table. */
export interface StoredRow {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly properties: ReadonlyMap<string, Stored>;
  readonly etag: string;
  /** UTC ms. */
  readonly writtenAt: number;
}

/** Limits of the Table service documentation, "Understanding the Table service data model"; keys are counted in characters of UTF-16. */
const propertyBytes = 65_536;
const rowBytes = 1_048_576;
const mostProperties = 252;
const keyCharacters = 512;
/** Never stored as properties of their own: keys, and what the service writes itself. */
const ownNames = new Set(['partitionKey', 'rowKey', 'etag', 'timestamp']);
const badKey = /[\p{Cc}/\\#?]/u;

/** The properties of a row to write; one that is null or undefined is none. Throws what the service throws for a row that is too large. */
export function propertiesOf(row: TableEntity): Map<string, Stored> {
  checkKey(row.partitionKey);
  checkKey(row.rowKey);
  const properties = new Map<string, Stored>();
  let bytes = 2 * (row.partitionKey.length + row.rowKey.length);
  for (const [name, value] of Object.entries(row)) {
    if (ownNames.has(name) || value === undefined || value === null) continue;
    const stored = storedOf(name, value);
    const size = sizeOf(stored);
    if (size > propertyBytes) throw tableError(400, 'PropertyValueTooLarge');
    bytes += size + 2 * name.length;
    properties.set(name, stored);
  }
  if (properties.size > mostProperties) throw tableError(400, 'TooManyProperties');
  if (bytes > rowBytes) throw tableError(400, 'EntityTooLarge');
  return properties;
}

/** The row as the library hands it over; with a selection, what was selected. */
export function resultOf(row: StoredRow, select?: readonly string[]) {
  const result: Record<string, unknown> & { etag: string } = { etag: row.etag };
  const wants = (name: string): boolean => select === undefined || select.includes(name);
  if (wants('PartitionKey')) result.partitionKey = row.partitionKey;
  if (wants('RowKey')) result.rowKey = row.rowKey;
  if (wants('Timestamp')) result.timestamp = new Date(row.writtenAt).toISOString();
  for (const [name, value] of row.properties) if (wants(name)) result[name] = value instanceof Date ? new Date(value) : value;
  return result;
}

function checkKey(key: unknown): void {
  if (typeof key !== 'string') throw tableError(400, 'PropertiesNeedValue');
  if (key.length > keyCharacters) throw tableError(400, 'KeyValueTooLarge');
  if (badKey.test(key)) throw tableError(400, 'OutOfRangeInput');
}

function storedOf(name: string, value: unknown): Stored {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      break;
    case 'object':
      if (value instanceof Date) return new Date(value);
  }
  throw new Error(`The table store here does not take what '${name}' holds.`);
}

function sizeOf(value: Stored): number {
  if (typeof value === 'string') return 2 * value.length;
  return typeof value === 'boolean' ? 1 : 8;
}
