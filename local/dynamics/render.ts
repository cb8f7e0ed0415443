import { compileFilter } from './odata/compile';
import type { Preferences } from './prefer';
import { type Expand, filtering, type Query, type Select } from './query';
import { type Column, isLookup, propertyOf, type Reference, type Table, type Value } from './schema';
import type { Row } from './shelf';
import { cellOf, tableScope } from './table-scope';
import { tables } from './tables';
import type { View } from './view';

/** How rows of a reply look. */
export interface Shape {
  readonly select: Select;
  readonly expand: readonly Expand[];
}

export const etagOf = (row: Row) => `W/"${row.version}"`;

const formatted = 'OData.Community.Display.V1.FormattedValue';
const logicalName = 'Microsoft.Dynamics.CRM.lookuplogicalname';
const navigation = 'Microsoft.Dynamics.CRM.associatednavigationproperty';

/** A function that renders rows of one table for one caller, with the annotations that were asked for. */
export function renderer(view: View, table: Table, shape: Shape, preferences: Preferences): (row: Row) => Record<string, unknown> {
  const key = table.columns.get(table.key);
  const columns =
    shape.select === undefined ? [...table.columns.values()] : [...new Set([...shape.select, ...(key === undefined ? [] : [key])])];
  const expansions = shape.expand.map((expand) => expander(view, expand, preferences));
  return (stored) => {
    const row = view.seen(table, stored);
    const body: Record<string, unknown> = { '@odata.etag': etagOf(row) };
    for (const column of columns) renderColumn(body, view, column, cellOf(table, row, column), preferences);
    for (const expand of expansions) expand(row, body);
    return body;
  };
}

function renderColumn(body: Record<string, unknown>, view: View, column: Column, kept: Value, preferences: Preferences): void {
  const value = column.writeOnly === true ? null : kept;
  const property = propertyOf(column);
  if (value !== null && preferences.annotated) {
    const label = preferences.wants(formatted) ? formattedValue(view, column, value) : undefined;
    if (label !== undefined) body[`${property}@${formatted}`] = label;
    if (isLookup(column)) {
      const { table } = value as Reference;
      if (preferences.wants(navigation)) body[`${property}@${navigation}`] = column.targets?.[table];
      if (preferences.wants(logicalName)) body[`${property}@${logicalName}`] = table;
    }
  }
  body[property] = value !== null && isLookup(column) ? (value as Reference).id : value;
}

const instants = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', dateStyle: 'short', timeStyle: 'short' });
const days = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC' });
const amounts = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const numbers = new Intl.NumberFormat('en-US');

/** The value as a person would read it, in US English and UTC; the real service uses the caller's own language and zone. */
function formattedValue(view: View, column: Column, value: Value): string | undefined {
  switch (column.type) {
    case 'Picklist':
    case 'State':
    case 'Status':
      return column.options?.[Number(value)];
    case 'Boolean':
      return value === true ? 'Yes' : 'No';
    case 'Lookup':
    case 'Customer':
    case 'Owner':
      return view.nameOf(value as Reference);
    case 'DateTime':
      return instants.format(new Date(String(value))).replace(',', '');
    case 'DateOnly':
      return days.format(new Date(`${String(value)}T00:00:00Z`));
    case 'Money':
      return amounts.format(Number(value));
    case 'Integer':
    case 'BigInt':
      return numbers.format(Number(value));
    default:
      return undefined;
  }
}

function expander(view: View, expand: Expand, preferences: Preferences): (row: Row, body: Record<string, unknown>) => void {
  if (expand.kind === 'parties') {
    const render = renderer(view, tables.activityParty, { select: expand.select, expand: [] }, preferences);
    const { filter } = expand;
    const keeps = filter === undefined ? () => true : filtering(() => compileFilter(filter, tableScope(view, tables.activityParty)));
    return (row, body) => {
      body[expand.navigation] = view.store.parties(row.id).filter(keeps).map(render);
    };
  }
  const render = renderer(view, expand.target, { select: expand.select, expand: [] }, preferences);
  return (row, body) => {
    const reference = row.values[expand.column.name] as Reference | null | undefined;
    const target = reference?.table === expand.target.logicalName ? view.target(reference) : undefined;
    body[expand.navigation] = target === undefined ? null : render(target);
  };
}

/** The `@odata.context` of a reply: `$metadata#tasks(subject)`, with `/$entity` or `/$delta` behind it. */
export function contextUrl(view: View, table: Table, query: Pick<Query, 'select' | 'expand'>, ending = ''): string {
  const selected = (query.select ?? []).map(propertyOf);
  const expanded = query.expand.map((expand) => `${expand.navigation}(${(expand.select ?? []).map(propertyOf).join(',')})`);
  const parts = [...selected, ...expanded];
  return `${view.base}$metadata#${table.set}${parts.length === 0 ? '' : `(${parts.join(',')})`}${ending}`;
}
