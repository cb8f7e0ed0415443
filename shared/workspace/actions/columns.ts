import type { RecordValue } from '../record';
import { isReference } from '../shown';
import { type RecordTableName, recordTables, regardingTables } from '../tables';
import type { Wish } from './check';

/** The columns to write: those whose value is another than before. Of a record that is made, what is empty stays away. */
export function changedColumns(
  table: RecordTableName,
  wish: Wish,
  before: Readonly<Record<string, RecordValue>>,
): Readonly<Record<string, unknown>> {
  const changed = Object.entries(wish).filter(([column, value]) => !isSame(table, column, value, before[column] ?? null));
  return Object.fromEntries(changed.map(([column, value]) => bindOrValue(table, column, value, before[column] ?? null)));
}

function isSame(table: RecordTableName, column: string, left: RecordValue, right: RecordValue): boolean {
  if (isReference(left) && isReference(right)) return left.table === right.table && left.id === right.id;
  const isTime = recordTables[table].columns.some(({ name, type }) => name === column && type === 'datetime');
  if (isTime && typeof left === 'string' && typeof right === 'string') return Date.parse(left) === Date.parse(right);
  return left === right;
}

function bindOrValue(table: RecordTableName, column: string, value: RecordValue, before: RecordValue): [string, unknown] {
  if (isReference(value)) return [bindName(table, column, value.table), `/${setOf(value.table)}(${value.id})`];
  // A reference that goes is unbound by the navigation property of what it pointed to. Source: "Associate and disassociate table rows", Dataverse Web API.
  if (value === null && isReference(before)) return [bindName(table, column, before.table), null];
  return [column, value];
}

/** The navigation property of a lookup to one kind of row: that of activities ends in their own name. Source: Web API entity type reference. */
function bindName(table: RecordTableName, column: string, target: string): string {
  const own = column === 'regardingobjectid' ? `_${table}` : '';
  return `${column}_${target}${own}@odata.bind`;
}

function setOf(table: string): string {
  const found = regardingTables.find((name) => name === table);
  return found === undefined ? `${table}s` : recordTables[found].set;
}
