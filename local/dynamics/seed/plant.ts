import type { Table, Value } from '../schema';
import type { Row } from '../shelf';

/** Writes demo rows as the person who owns them. */
export type Plant = (
  owner: string,
  table: Table,
  id: string,
  values: Readonly<Record<string, Value>>,
  parties?: readonly Readonly<Record<string, Value>>[],
) => Row;

/** A deterministic id: eight hex digits that tell the table, and a number. */
export function seedId(prefix: string, number: number): string {
  return `${prefix}-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
