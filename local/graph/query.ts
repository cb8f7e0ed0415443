import type { WireReply } from '../serving/wire';
import { type Call, type Json, reply } from './call';
import { badUri, notImplemented } from './errors';
import { compareValues, fulfils, namesIn } from './filter';
import { type Condition, parseFilter } from './filter-syntax';
import { parseInstant } from './time';

/** How items of one type are shown and asked about. */
export interface Resource<T> {
  /** Such as `contact`. */
  readonly type: string;
  readonly names: ReadonlySet<string>;
  /** Which navigations `$expand` may name. */
  readonly expandable: readonly string[];
  /** The whole item as it goes on the wire, with what `expands` adds. */
  show(call: Call, item: T, expands: readonly Expand[]): Json;
  /** One property as it goes on the wire, without the cost of the others. */
  field(call: Call, item: T, name: string): unknown;
}

export interface Expand {
  readonly name: string;
  readonly filter: string | undefined;
}

const refused = ['$search', '$apply', '$compute', '$skiptoken', '$deltatoken'];
const known = ['$select', '$filter', '$orderby', '$expand', '$top', '$skip', '$count', '$format'];

/** Refuses query options that a resource does not take. */
export function checkOptions(call: Call, allowed: readonly string[]): void {
  for (const name of call.query.keys()) {
    if (!name.startsWith('$') || allowed.includes(name)) continue;
    if (known.includes(name) || refused.includes(name)) throw notImplemented(`the query option ${name} on ${call.request.url.pathname}`);
    throw badUri(`The query option '${name}' is not known.`);
  }
}

/** The chosen properties, or undefined where all are wanted. */
export function readSelect<T>(call: Call, resource: Resource<T>): string[] | undefined {
  const names = list(call.query.get('$select'));
  for (const name of names) checkName(resource, name);
  return names.length === 0 ? undefined : names;
}

/** The navigations that `$expand` names, each with its own filter. */
export function readExpand<T>(call: Call, resource: Resource<T>): Expand[] {
  return splitOutside(call.query.get('$expand') ?? '', ',').map((part) => {
    const match = /^\s*(\w+)\s*(?:\((.*)\))?\s*$/s.exec(part);
    const name = match?.[1] ?? '';
    if (match === null || !resource.expandable.includes(name)) throw notImplemented(`$expand=${part} on ${resource.type}`);
    const options = splitOutside(match[2] ?? '', ';').map((option) => option.trim());
    const filter = options.find((option) => /^\$filter=/i.test(option))?.slice('$filter='.length);
    if (options.some((option) => !/^\$filter=/i.test(option))) throw notImplemented(`$expand=${part} on ${resource.type}`);
    return { name, filter };
  });
}

/** The item with only the chosen properties; id and etag always stay. */
export function pick(shown: Json, select: readonly string[] | undefined, expands: readonly Expand[]): Json {
  if (select === undefined) return shown;
  const kept = new Set(['@odata.type', '@odata.context', '@odata.etag', 'id', ...select, ...expands.map((expand) => expand.name)]);
  return Object.fromEntries(Object.entries(shown).filter(([name]) => kept.has(name)));
}

/** One item for a GET, with `$select` and `$expand` honoured. */
export function showOne<T>(call: Call, resource: Resource<T>, item: T): Json {
  checkOptions(call, ['$select', '$expand']);
  const expands = readExpand(call, resource);
  return pick(resource.show(call, item, expands), readSelect(call, resource), expands);
}

/** A page of a list, with `$filter`, `$orderby`, `$top`, `$skip`, `$count`, `$select` and `$expand` honoured. */
export function listReply<T>(call: Call, resource: Resource<T>, items: Iterable<T>, metadata: string): WireReply {
  checkOptions(call, known);
  const select = readSelect(call, resource);
  const expands = readExpand(call, resource);
  const honours = call.exchange.switches.orderbyAndCount === 'honour';
  const found = filtered(call, resource, items);
  const ordered = honours ? order(call, resource, found) : found;

  const size = readNumber(call, '$top') ?? call.prefer.pageSize ?? 10;
  const skip = readNumber(call, '$skip') ?? 0;
  const page = ordered.slice(skip, skip + size).map((item) => pick(resource.show(call, item, expands), select, expands));
  const body: Json = { '@odata.context': metadata };
  if (honours && call.query.get('$count') === 'true') body['@odata.count'] = found.length;
  body.value = page;
  if (skip + size < ordered.length && size > 0) body['@odata.nextLink'] = linkWith(call, { $skip: String(skip + size) });
  return reply(call, 200, body);
}

/** The request's own URL on this origin with some query options set, and those set to null left out. */
export function linkWith(call: Call, options: Readonly<Record<string, string | null>>): string {
  const url = new URL(call.request.url);
  const kept = [...url.searchParams].filter(([name]) => !(name in options));
  const set = Object.entries(options).flatMap(([name, value]) => (value === null ? [] : [[name, value] as [string, string]]));
  const query = new URLSearchParams([...kept, ...set]).toString().replaceAll('%24', '$').replaceAll('+', '%20');
  return `${call.origin}${url.pathname}?${query}`;
}

function filtered<T>(call: Call, resource: Resource<T>, items: Iterable<T>): T[] {
  const source = call.query.get('$filter');
  if (source === undefined) return [...items];
  const condition: Condition = parseFilter(source);
  for (const name of namesIn(condition)) checkName(resource, name);
  const kept: T[] = [];
  for (const item of items) if (fulfils(condition, (name) => resource.field(call, item, name))) kept.push(item);
  return kept;
}

function order<T>(call: Call, resource: Resource<T>, items: T[]): T[] {
  const clauses = list(call.query.get('$orderby')).map((clause) => {
    const match = /^([\w/]+)(?:\s+(asc|desc))?$/i.exec(clause);
    if (match === null) throw badUri(`Invalid $orderby '${clause}'.`);
    const [name = '', ...rest] = (match[1] ?? '').split('/');
    checkName(resource, name);
    return { name, rest, sign: match[2]?.toLowerCase() === 'desc' ? -1 : 1 };
  });
  if (clauses.length === 0) return items;
  const keyed = items.map((item) => ({
    item,
    keys: clauses.map(({ name, rest }) => sortKey(inner(resource.field(call, item, name), rest))),
  }));
  keyed.sort((left, right) => {
    for (const [index, { sign }] of clauses.entries()) {
      const result = compareValues(left.keys[index], right.keys[index]);
      if (result !== 0) return sign * result;
    }
    return 0;
  });
  return keyed.map(({ item }) => item);
}

/** Dates become numbers once, so that a sort does not read them again and again. */
function sortKey(value: unknown): unknown {
  return typeof value === 'string' ? (parseInstant(value) ?? value) : value;
}

function inner(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const name of path) found = typeof found === 'object' && found !== null ? (found as Json)[name] : undefined;
  return found;
}

function checkName<T>(resource: Resource<T>, name: string): void {
  if (!resource.names.has(name)) throw badUri(`Could not find a property named '${name}' on type 'microsoft.graph.${resource.type}'.`);
}

/** A whole number of at most 1,000 for `$top`, any for `$skip`. */
export function readNumber(call: Call, name: '$top' | '$skip'): number | undefined {
  const text = call.query.get(name);
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text) || (name === '$top' && Number(text) > 1000)) throw badUri(`Invalid value '${text}' for ${name}.`);
  return Number(text);
}

function list(text: string | undefined): string[] {
  return (text ?? '').split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}

function splitOutside(text: string, separator: string): string[] {
  const parts = [''];
  let depth = 0;
  let quoted = false;
  for (const sign of text) {
    if (sign === "'") quoted = !quoted;
    if (!quoted && sign === '(') depth += 1;
    if (!quoted && sign === ')') depth -= 1;
    if (sign === separator && depth === 0 && !quoted) parts.push('');
    else parts[parts.length - 1] += sign;
  }
  return parts.filter((part) => part.trim() !== '');
}
