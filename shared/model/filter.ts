import { z } from 'zod';
import { type Entity, entities } from './values';

/** A column's logical name. Nothing else may stand where a column goes into a request. */
export const columnPattern = /^[a-z][a-z0-9_]{0,99}$/;

/** A column as the Web API names it: by its logical name, or a lookup as `_name_value`. */
const Column = z.string().regex(/^(?:[a-z][a-z0-9_]{0,99}|_[a-z][a-z0-9_]{0,99}_value)$/, 'is not the name of a column');

const text = z
  .string()
  .min(1)
  .max(400)
  .regex(/^\P{Cc}*$/u, 'has control characters');
const number = z.number().refine((given) => /^-?\d+(?:\.\d+)?$/.test(String(given)), 'is too large or too fine');
/** A day, or a moment with its zone. */
const moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);
const count = z.number().int().min(1).max(1_000);

const counted = ['last-x', 'next-x', 'older-than-x'] as const;
const units = ['hours', 'days', 'weeks', 'months', 'years'] as const;
const days = ['today', 'yesterday', 'tomorrow', 'last-7-days', 'next-7-days'] as const;
const calendar = [
  'last-week',
  'this-week',
  'next-week',
  'last-month',
  'this-month',
  'next-month',
  'last-year',
  'this-year',
  'next-year',
] as const;

/** One row of a filter: a column, an operator, and the value that the operator takes. */
const Row = z
  .discriminatedUnion('operator', [
    z.strictObject({ column: Column, operator: z.enum(['eq', 'ne']), value: z.union([text, number, z.boolean()]) }),
    z.strictObject({ column: Column, operator: z.enum(['lt', 'le', 'gt', 'ge']), value: z.union([number, moment]) }),
    z.strictObject({ column: Column, operator: z.enum(['contains', 'startswith']), value: text }),
    z.strictObject({
      column: Column,
      operator: z.enum(['in', 'not-in']),
      value: z
        .array(z.union([text, number]))
        .min(1)
        .max(100),
    }),
    z.strictObject({ column: Column, operator: z.enum(['null', 'not-null', 'eq-userid', 'ne-userid', ...days, ...calendar]) }),
    z.strictObject({ column: Column, operator: z.enum(['on', 'on-or-after', 'on-or-before']), value: z.iso.date() }),
    z.strictObject({ column: Column, operator: z.enum(counted), unit: z.enum(units), value: count }),
  ])
  .refine((row) => !isLookup(row.column) || !['eq', 'ne'].includes(row.operator) || isId(row), 'compares a lookup with what is no id')
  .meta({ id: 'FilterRow' });

export type FilterRow = z.output<typeof Row>;

/** A condition on a record, as plain data: a row, or rows and groups of which all or any must hold. */
export type Filter = FilterRow | { readonly and: readonly Filter[] } | { readonly or: readonly Filter[] };

const deepest = 5;
const mostRows = 40;
const mostFilters = 10;

/** Groups within groups, to a depth that people can read. A schema of bounded depth also keeps a body from nesting without end. */
function filterOf(depth: number): z.ZodType<Filter> {
  if (depth === 0) return Row;
  const operands = z.array(filterOf(depth - 1)).min(1);
  return z.union([Row, z.strictObject({ and: operands }), z.strictObject({ or: operands })]).meta({ id: `FilterOfDepth${depth}` });
}

const FilterTree = filterOf(deepest).refine((filter) => rowsIn(filter) <= mostRows, `has more than ${mostRows} rows`);

/** A filter with its name; one that is not active stays and counts for nothing, but that it is there. */
export const NamedFilter = z.strictObject({
  name: z.string().trim().min(1).max(100),
  filter: FilterTree,
  active: z.boolean().default(true),
});

export type NamedFilter = z.output<typeof NamedFilter>;

/** The filters of a system or of a person, by entity. */
export const Filters = z.partialRecord(z.enum(entities), z.array(NamedFilter).max(mostFilters)).meta({ id: 'Filters' });

export type Filters = Readonly<Partial<Record<Entity, readonly NamedFilter[]>>>;

/** Which of a home's records sync: every open one, none, or those for which any of the filters holds. */
export type Scope = { readonly kind: 'all' } | { readonly kind: 'none' } | { readonly kind: 'some'; readonly any: readonly Filter[] };

/**
 * What the filters of the system and of a person together let through: their union, so that one more filter never takes anything away. An entity without any
 * filter syncs all of a home; one whose filters are all inactive, nothing.
 */
export function scopeOf(entity: Entity, system: Filters, own: Filters): Scope {
  const all = [...(system[entity] ?? []), ...(own[entity] ?? [])];
  const any = all.filter(({ active }) => active).map(({ filter }) => filter);
  if (all.length === 0) return { kind: 'all' };
  return any.length === 0 ? { kind: 'none' } : { kind: 'some', any };
}

/** True for a column that points to a row. */
export function isLookup(column: string): boolean {
  return column.startsWith('_');
}

function isId(row: object): boolean {
  return 'value' in row && z.guid().safeParse(row.value).success;
}

function rowsIn(filter: Filter): number {
  if ('and' in filter) return filter.and.reduce((sum, each) => sum + rowsIn(each), 0);
  return 'or' in filter ? filter.or.reduce((sum, each) => sum + rowsIn(each), 0) : 1;
}
