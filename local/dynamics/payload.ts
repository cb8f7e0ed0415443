import { badPayload, missing, refusal, unsupported } from './errors';
import type { Column, Reference, Table, Value } from './schema';
import { columnOfProperty, lookupOf } from './table-scope';
import { tableNamed, tableOfSet, tables } from './tables';
import { isGuid, readValue } from './values';
import type { View } from './view';

/** What a body asks to be written. */
export interface Changes {
  /** Values by column name, checked; `null` clears. */
  readonly values: ReadonlyMap<string, Value>;
  /** The primary key, where the body names it. */
  readonly id?: string;
  /** All activity parties, where the body lists them. */
  readonly parties?: readonly ReadonlyMap<string, Value>[];
}

const bindSuffix = '@odata.bind';

/** Reads a create or update body against the table's columns and navigation properties; throws what the Web API answers. */
export function readChanges(view: View, table: Table, body: unknown): Changes {
  const values = new Map<string, Value>();
  let id: string | undefined;
  let parties: ReadonlyMap<string, Value>[] | undefined;
  for (const [name, value] of Object.entries(asObject(body))) {
    if (name.endsWith(bindSuffix)) {
      const navigation = name.slice(0, -bindSuffix.length);
      const bound = readBind(view, table, navigation, value);
      values.set(bound.column.name, bound.reference);
    } else if (name === table.key) id = readKey(table, value);
    else if (name === table.parties) parties = asArray(name, value).map((party) => readParty(view, party));
    else if (!name.startsWith('@')) {
      const column = writableColumn(view, table, name);
      values.set(column.name, readValue(table, column, value));
    }
  }
  return { values, ...(id === undefined ? {} : { id }), ...(parties === undefined ? {} : { parties }) };
}

/** A row in the set that a bind or an action names: `/accounts(id)`, with or without slash, or an absolute URL of this service. */
export function readEntityUrl(view: View, url: unknown): Reference {
  const match = typeof url === 'string' ? /^(?:.*\/)?(\w+)\(([^)]*)\)$/.exec(url.replace(view.base, '')) : null;
  const table = tableOfSet(match?.[1] ?? '');
  const id = match?.[2]?.toLowerCase() ?? '';
  if (match === null) throw badPayload(`'${String(url)}' is not the address of an entity.`);
  if (table === undefined) throw unsupported(`the entity set '${match[1]}'`);
  if (!isGuid(id)) throw unsupported(`the alternate key '${match[2]}'`);
  if (view.store.row(table, id) === undefined) throw missing(table, id);
  return { table: table.logicalName, id };
}

function readBind(view: View, table: Table, navigation: string, url: unknown): { column: Column; reference: Reference | null } {
  const lookup = lookupOf(table, navigation);
  if (lookup === undefined)
    throw badPayload(
      `Microsoft.OData.ODataException: An undeclared property '${navigation}' which only has property annotations in the payload but no property value was found in the payload. In OData, only declared navigation properties and declared named streams can be represented as properties without values.`,
    );
  const { column } = lookup;
  if (column.readOnly) throw unsupported(`writing the read-only column '${column.name}'`);
  if (url === null) return { column, reference: null };
  const reference = readEntityUrl(view, url);
  if (!lookup.targets.includes(reference.table))
    throw badPayload(
      `'${navigation}' does not take a row of '${tableNamed(reference.table)?.set}'; it takes ${lookup.targets.join(' or ')}.`,
    );
  return { column, reference };
}

function readParty(view: View, party: unknown): ReadonlyMap<string, Value> {
  const { values } = readChanges(view, tables.activityParty, party);
  const mask = values.get('participationtypemask');
  if (mask === undefined || mask === null) throw refusal(400, '0x80040203', 'An activity party needs a participationtypemask.');
  if (mask === 8 || mask === 9) throw unsupported(`writing a party with participationtypemask ${mask}: the platform keeps it`);
  for (const name of values.keys())
    if (name !== 'participationtypemask' && name !== 'addressused' && name !== 'partyid')
      throw unsupported(`writing '${name}' of an activity party`);
  if ((values.get('partyid') ?? null) === null && (values.get('addressused') ?? null) === null)
    throw refusal(400, '0x80040203', 'An activity party needs a partyid or an addressused.');
  return values;
}

function writableColumn(view: View, table: Table, name: string): Column {
  const column = columnOfProperty(table, name);
  if (column === undefined) {
    if (name.includes('@')) throw unsupported(`the annotation '${name}'`);
    if (lookupOf(table, name) !== undefined) throw unsupported(`'${name}' as a nested object`);
    throw badPayload(
      `Invalid property '${name}' was found in entity 'Microsoft.Dynamics.CRM.${table.logicalName}'. ---> Microsoft.OData.ODataException: Does not support untyped value in non-open type.`,
    );
  }
  if (column.targets !== undefined)
    throw badPayload('CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.');
  if (column.readOnly) throw unsupported(`writing the read-only column '${name}'`);
  if (!view.access.mayWriteColumn(view.caller, table, name))
    throw refusal(
      403,
      '0x8004f507',
      `Caller user with Id ${view.caller.userId} does not have update permissions to the '${name}' secured attribute(s) on the table '${table.logicalName}'.`,
    );
  return column;
}

function readKey(table: Table, value: unknown): string {
  if (typeof value !== 'string' || !isGuid(value))
    throw badPayload(`Cannot convert the literal '${String(value)}' of '${table.key}' to 'Edm.Guid'.`);
  return value.toLowerCase();
}

function asObject(body: unknown): object {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw badPayload('A JSON object is expected.');
  return body;
}

function asArray(name: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw badPayload(`An array is expected for '${name}'.`);
  return value;
}
