import { type Filter, type FilterRow, isLookup } from '../model/filter';

/**
 * The `$filter` that holds where any of the filters does. Columns and operators come from closed sets and values are written as literals, so that nothing a person
 * entered can become anything but a value ("Filter rows using OData" and "Web API query function reference", Dataverse documentation).
 */
export function anyOf(filters: readonly Filter[]): string {
  return grouped(filters, 'or');
}

function expression(filter: Filter): string {
  if ('and' in filter) return grouped(filter.and, 'and');
  return 'or' in filter ? grouped(filter.or, 'or') : condition(filter);
}

function grouped(filters: readonly Filter[], operator: 'and' | 'or'): string {
  return `(${filters.map(expression).join(` ${operator} `)})`;
}

function condition(row: FilterRow): string {
  const { column } = row;
  switch (row.operator) {
    case 'eq':
    case 'ne':
      return `${column} ${row.operator} ${isLookup(column) ? row.value : literal(row.value)}`;
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return `${column} ${row.operator} ${row.value}`;
    case 'contains':
    case 'startswith':
      return `${row.operator}(${column},${quoted(withoutWildcards(row.value))})`;
    case 'in':
    case 'not-in':
      return query(row.operator === 'in' ? 'In' : 'NotIn', column, `PropertyValues=${JSON.stringify(row.value.map(String))}`);
    case 'null':
      return `${column} eq null`;
    case 'not-null':
      return `${column} ne null`;
    case 'eq-userid':
      return query('EqualUserId', column);
    case 'ne-userid':
      return `not ${query('EqualUserId', column)}`;
    case 'on':
    case 'on-or-after':
    case 'on-or-before':
      return query(pascal(row.operator), column, `PropertyValue='${row.value}'`);
    case 'last-x':
    case 'next-x':
    case 'older-than-x':
      return query(`${pascal(row.operator)}${pascal(row.unit)}`, column, `PropertyValue=${row.value}`);
    default:
      return query(pascal(row.operator), column);
  }
}

function query(name: string, column: string, value?: string): string {
  return `Microsoft.Dynamics.CRM.${name}(PropertyName='${logicalName(column)}'${value === undefined ? '' : `,${value}`})`;
}

function literal(value: string | number | boolean): string {
  return typeof value === 'string' ? quoted(value) : String(value);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Query functions take lookups by their logical name. */
function logicalName(column: string): string {
  return isLookup(column) ? column.slice(1, -'_value'.length) : column;
}

/** What SQL's LIKE would take for a pattern stands for itself. */
function withoutWildcards(text: string): string {
  return text.replace(/[%_[]/g, '[$&]');
}

/** `last-7-days` as `Last7Days`. */
function pascal(name: string): string {
  return name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}
