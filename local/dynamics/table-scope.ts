import { DateTime } from 'luxon';
import { type EdmType, FilterError, type Scalar, UnsupportedFilter } from './odata/ast';
import type { Operand, Scope } from './odata/scope';
import { type Column, isLookup, propertyOf, type Reference, type Table, type Value } from './schema';
import type { Row } from './shelf';
import { tableNamed, tables } from './tables';
import { businessUnit, type View } from './view';

const edmTypes: Readonly<Record<Column['type'], EdmType>> = {
  String: 'Edm.String',
  Memo: 'Edm.String',
  Integer: 'Edm.Int32',
  BigInt: 'Edm.Int64',
  Money: 'Edm.Decimal',
  Boolean: 'Edm.Boolean',
  DateTime: 'Edm.DateTimeOffset',
  DateOnly: 'Edm.Date',
  Uniqueidentifier: 'Edm.Guid',
  Picklist: 'Edm.Int32',
  State: 'Edm.Int32',
  Status: 'Edm.Int32',
  Lookup: 'Edm.Guid',
  Customer: 'Edm.Guid',
  Owner: 'Edm.Guid',
};

/** The column with this property name (`subject`, `_ownerid_value`), if there is one. */
export function columnOfProperty(table: Table, property: string): Column | undefined {
  const name = /^_(\w+)_value$/.exec(property)?.[1] ?? property;
  const column = table.columns.get(name);
  return column !== undefined && propertyOf(column) === property ? column : undefined;
}

/** The lookup with this single-valued navigation property, and the table it leads to. */
export function lookupOf(table: Table, navigation: string): { readonly column: Column; readonly targets: readonly string[] } | undefined {
  for (const column of table.columns.values()) {
    if (column.targets === undefined) continue;
    const targets = Object.keys(column.targets).filter((target) => column.targets?.[target] === navigation);
    if (targets.length > 0) return { column, targets };
  }
  return undefined;
}

/** What a filter on this table may speak of, as the caller sees it. Inside a lambda, names begin with its variable. */
export function tableScope(view: View, table: Table, variable?: string): Scope {
  const operandOf = (column: Column): Operand => ({
    type: edmTypes[column.type],
    read: (row) => scalarOf(column, cellOf(table, view.seen(table, row), column)),
  });

  function operand(path: readonly string[]): Operand {
    if (variable !== undefined && path[0] !== variable)
      throw new UnsupportedFilter(`'${path.join('/')}' inside a lambda over '${variable}'`);
    const [first = '', second, ...rest] = variable === undefined ? path : path.slice(1);
    if (rest.length > 0) throw new UnsupportedFilter(`the path '${path.join('/')}' in $filter`);
    if (second !== undefined) return operandBehind(first, second);
    const column = columnOfProperty(table, first);
    if (column === undefined) throw unknown(first);
    return operandOf(column);
  }

  function operandBehind(navigation: string, property: string): Operand {
    const lookup = lookupOf(table, navigation);
    if (lookup === undefined) throw unknown(navigation);
    const target = lookup.targets.length === 1 ? tableNamed(lookup.targets[0] ?? '') : undefined;
    if (target === undefined) throw new UnsupportedFilter(`the path '${navigation}/${property}' in $filter`);
    const behind = tableScope(view, target).operand([property]);
    const read = (row: Row): Scalar => {
      const reference = view.seen(table, row).values[lookup.column.name] as Reference | null | undefined;
      const found = reference?.table === target.logicalName ? view.target(reference) : undefined;
      return found === undefined ? null : behind.read(found);
    };
    return { type: behind.type, read };
  }

  function unknown(name: string): FilterError {
    return new FilterError(`Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${table.logicalName}'.`);
  }

  return {
    operand,
    column(logicalName) {
      const column = table.columns.get(logicalName) ?? columnOfProperty(table, logicalName);
      if (column === undefined) throw unknown(logicalName);
      return operandOf(column);
    },
    collection(path, elementVariable) {
      const name = (variable === undefined ? path : path.slice(1)).join('/');
      if (name !== table.parties) throw new UnsupportedFilter(`the collection '${name}' in $filter`);
      return { scope: tableScope(view, tables.activityParty, elementVariable), items: (row) => view.store.parties(row.id) };
    },
    get context() {
      return { now: DateTime.fromMillis(view.now, { zone: view.timeZone() }), userId: view.caller.userId, businessUnitId: businessUnit.id };
    },
  };
}

/** The value of a column of a row, the platform's own columns among them. */
export function cellOf(table: Table, row: Row, column: Column): Value {
  if (column.name === table.key) return row.id;
  if (column.name === 'versionnumber') return row.version;
  return row.values[column.name] ?? null;
}

/** A stored value as filters and sorting compare it. */
export function scalarOf(column: Column, value: Value): Scalar {
  if (value === null) return null;
  if (isLookup(column)) return (value as Reference).id;
  if (column.type === 'DateTime') return Date.parse(String(value));
  if (column.type === 'DateOnly') return Date.parse(`${String(value)}T00:00:00Z`);
  return typeof value === 'object' ? value.id : value;
}
