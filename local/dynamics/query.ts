import { badQuery, unknownProperty, unsupported } from './errors';
import { type Expression, FilterError, UnsupportedFilter } from './odata/ast';
import { parseFilter } from './odata/parser';
import { type Column, isLookup, type Table } from './schema';
import { columnOfProperty, lookupOf } from './table-scope';
import { tableNamed, tables } from './tables';

export type Expand =
  | { readonly kind: 'lookup'; readonly navigation: string; readonly column: Column; readonly target: Table; readonly select: Select }
  | { readonly kind: 'parties'; readonly navigation: string; readonly select: Select; readonly filter?: Expression };

/** The columns to return; all where undefined. */
export type Select = readonly Column[] | undefined;

export interface Query {
  readonly select: Select;
  readonly expand: readonly Expand[];
  readonly filter?: Expression;
  readonly orderBy: readonly { readonly column: Column; readonly descending: boolean }[];
  readonly top?: number;
  readonly count: boolean;
}

type Options = ReadonlyMap<string, string>;

const known = new Set(['$select', '$expand', '$filter', '$orderby', '$top', '$count', '$skiptoken', '$deltatoken']);
const refused = new Set(['$skip', '$search']);

/** Reads the query options of a request on `table`; throws what the Web API answers, or 501 for what it knows and the stand-in does not. */
export function readQuery(parameters: URLSearchParams, table: Table): Query {
  const options = new Map(parameters);
  for (const name of options.keys()) {
    if (refused.has(name)) throw badQuery(`The query parameter ${name} is not supported`);
    if (!known.has(name) && !name.startsWith('@')) throw unsupported(`the query option '${name}'`);
  }
  const filter = options.get('$filter');
  const top = options.get('$top');
  if (top !== undefined && !/^[1-9]\d*$/.test(top)) throw badQuery(`Invalid value '${top}' for $top query option found.`);
  return {
    select: readSelect(options.get('$select'), table),
    expand: split(options.get('$expand') ?? '', ',').map((item) => readExpand(item, table, options)),
    ...(filter === undefined ? {} : { filter: readFilter(filter, options) }),
    orderBy: split(options.get('$orderby') ?? '', ',').map((item) => readOrder(item, table)),
    ...(top === undefined ? {} : { top: Number(top) }),
    count: options.get('$count') === 'true',
  };
}

/** Runs a step that reads a filter and turns its errors into replies. */
export function filtering<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof FilterError) throw badQuery(error.message);
    if (error instanceof UnsupportedFilter) throw unsupported(error.message);
    throw error;
  }
}

function readFilter(text: string, options: Options): Expression {
  return filtering(() => parseFilter(text, (name) => options.get(name)));
}

function readSelect(text: string | undefined, table: Table): Select {
  if (text === undefined) return undefined;
  return split(text, ',').map((property) => {
    const column = columnOfProperty(table, property);
    if (column !== undefined) return column;
    if (property === '*' || property === table.parties || lookupOf(table, property) !== undefined)
      throw unsupported(`'${property}' in $select`);
    throw unknownProperty(property, table);
  });
}

function readExpand(item: string, table: Table, options: Options): Expand {
  const match = /^(\w+)(?:\((.*)\))?$/s.exec(item);
  const navigation = match?.[1] ?? '';
  const inner = new Map(
    split(match?.[2] ?? '', ';').map((option) => [option.slice(0, option.indexOf('=')), option.slice(option.indexOf('=') + 1)]),
  );
  for (const name of inner.keys())
    if (name !== '$select' && !(name === '$filter' && navigation === table.parties))
      throw unsupported(`'${name}' in $expand of '${navigation}'`);
  if (navigation === table.parties && table.parties !== undefined) {
    const filter = inner.get('$filter');
    return {
      kind: 'parties',
      navigation,
      select: readSelect(inner.get('$select'), tables.activityParty),
      ...(filter === undefined ? {} : { filter: readFilter(filter, options) }),
    };
  }
  const lookup = lookupOf(table, navigation);
  const target = lookup?.targets.length === 1 ? tableNamed(lookup.targets[0] ?? '') : undefined;
  if (lookup === undefined || target === undefined) throw unsupported(`$expand of '${navigation === '' ? item : navigation}'`);
  return { kind: 'lookup', navigation, column: lookup.column, target, select: readSelect(inner.get('$select'), target) };
}

function readOrder(item: string, table: Table): { column: Column; descending: boolean } {
  const [property = '', direction = 'asc', ...rest] = item.split(/\s+/);
  const column = columnOfProperty(table, property);
  if (column === undefined && property.includes('/')) throw unsupported(`'${property}' in $orderby`);
  if (column === undefined) throw unknownProperty(property, table);
  if (isLookup(column)) throw unsupported(`the lookup '${property}' in $orderby`);
  if (rest.length > 0 || (direction !== 'asc' && direction !== 'desc')) throw badQuery(`Syntax error in $orderby: '${item}'.`);
  return { column, descending: direction === 'desc' };
}

/** Splits at `separator` outside parentheses and quotes; parts are trimmed, empty text has none. */
function split(text: string, separator: ',' | ';'): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === "'") quoted = !quoted;
    if (quoted) continue;
    if (sign === '(') depth += 1;
    if (sign === ')') depth -= 1;
    if (sign !== separator || depth > 0) continue;
    parts.push(text.slice(start, at));
    start = at + 1;
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
