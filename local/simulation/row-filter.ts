import { remember } from '../serving/remember';
import type { Stored, StoredRow } from './stored-row';
import { tableError } from './table-errors';

/** A filter of the Table service that was read: comparisons, all of which have to hold. */
export interface RowFilter {
  /** The one partition that it lets through, where it names one. */
  readonly partition: string | undefined;
  passes(row: StoredRow): boolean;
}

interface Comparison {
  readonly name: string;
  readonly operator: 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
  readonly value: Stored;
}

const comparison =
  /\s*(\w+) (eq|ne|gt|ge|lt|le) (?:'((?:[^']|'')*)'|datetime'([^']+)'|(-?\d+)L|(-?\d+(?:\.\d+)?)|(true|false))(?:\s+(and)\s+|\s*$)/y;

/** Reads a filter; without one everything passes. What is not a row of comparisons joined by `and` is refused as not implemented. */
export function rowFilter(text: string | undefined): RowFilter {
  return readFilter(text ?? '');
}

const readFilter = remember((text): RowFilter => {
  const comparisons = text.trim() === '' ? [] : comparisonsIn(text);
  const partition = comparisons.find(({ name, operator }) => name === 'PartitionKey' && operator === 'eq')?.value;
  return {
    partition: typeof partition === 'string' ? partition : undefined,
    passes: (row) => comparisons.every((each) => holds(each, valueIn(row, each.name))),
  };
});

function comparisonsIn(text: string): Comparison[] {
  const found: Comparison[] = [];
  let goesOn = true;
  comparison.lastIndex = 0;
  while (goesOn) {
    const match = comparison.exec(text);
    if (match === null) throw tableError(501, 'NotImplemented');
    const [, name = '', operator, quoted, instant, long, number, truth, and] = match;
    found.push({ name, operator: operator as Comparison['operator'], value: literal({ quoted, instant, long, number, truth }) });
    goesOn = and !== undefined;
  }
  return found;
}

function literal(given: Readonly<Record<'quoted' | 'instant' | 'long' | 'number' | 'truth', string | undefined>>): Stored {
  if (given.quoted !== undefined) return given.quoted.replaceAll("''", "'");
  if (given.instant !== undefined) return new Date(given.instant);
  if (given.long !== undefined) return BigInt(given.long);
  if (given.number !== undefined) return Number(given.number);
  return given.truth === 'true';
}

function valueIn(row: StoredRow, name: string): Stored | undefined {
  if (name === 'PartitionKey') return row.partitionKey;
  if (name === 'RowKey') return row.rowKey;
  if (name === 'Timestamp') return new Date(row.writtenAt);
  return row.properties.get(name);
}

/** A property that is not there, or is of another type, passes no comparison. */
function holds({ operator, value }: Comparison, found: Stored | undefined): boolean {
  if (found === undefined || typeof found !== typeof value) return false;
  const [left, right] = found instanceof Date && value instanceof Date ? [found.getTime(), value.getTime()] : [found, value];
  switch (operator) {
    case 'eq':
      return left === right;
    case 'ne':
      return left !== right;
    case 'gt':
      return left > right;
    case 'ge':
      return left >= right;
    case 'lt':
      return left < right;
    case 'le':
      return left <= right;
  }
}
