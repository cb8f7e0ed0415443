import type { z } from 'zod';
import { errorCodes, TandemError } from '../platform/errors';
import { joinPieces, pieces } from './pieces';
import type { Property } from './rows';

/** How one kind of row keeps its content: as JSON that a schema checks, under a version that grows whenever the schema changes. */
export interface Shape<T> {
  readonly version: number;
  readonly schema: z.ZodType<T>;
}

/** The properties that hold a value: its schema version `v`, and its JSON in pieces. */
export function toProperties<T>(shape: Shape<T>, value: T): Record<string, Property> {
  return { v: shape.version, ...pieces('data', JSON.stringify(value)) };
}

/** The value of a row. Throws TandemError `unavailable` for a row that a newer release wrote, `unexpected-reply` for one that does not fit. */
export function fromProperties<T>(shape: Shape<T>, row: Readonly<Record<string, unknown>>): T {
  checkVersion(row, shape.version);
  const parsed = shape.schema.safeParse(jsonOf(joinPieces('data', row)));
  if (parsed.success) return parsed.data;
  throw new TandemError(errorCodes.unexpectedReply, {
    retry: 'never',
    fix: 'The row was changed by hand. Restore it from a backup, or remove it.',
    detail: `a stored row does not fit: ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')}`,
    cause: parsed.error,
  });
}

/**
 * A reader of rows that are read far more often than they are written: a row that holds the same text as when it was read last gives the same value, which
 * is frozen for that. Keeps one value for each row key.
 */
export function rememberingReader<T>(shape: Shape<T>): (row: Readonly<Record<string, unknown>> & { readonly rowKey: string }) => T {
  const last = new Map<string, { readonly text: string; readonly value: T }>();
  return (row) => {
    const text = `${String(row.v)} ${joinPieces('data', row)}`;
    const known = last.get(row.rowKey);
    if (known?.text === text) return known.value;
    const value = frozen(fromProperties(shape, row));
    last.set(row.rowKey, { text, value });
    return value;
  };
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}

/** Refuses to guess at a row of a newer release, as can be met while a deployment is rolled back. */
export function checkVersion(row: Readonly<Record<string, unknown>>, known: number): void {
  if (typeof row.v === 'number' && row.v >= 1 && row.v <= known) return;
  throw new TandemError(errorCodes.unavailable, {
    retry: 'later',
    fix: 'A newer release of Tandem wrote this row. Deploy that release again.',
    detail: `a stored row has version ${typeof row.v === 'number' ? row.v : 'none'}, and this release knows ${known}`,
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
