import { DateTime } from 'luxon';
import type { WireReply, WireRequest } from '../serving/wire';
import { readChoices } from './choices';
import { refusal, unsupported } from './errors';
import { FilterError, UnsupportedFilter } from './odata/ast';
import { compileFilter } from './odata/compile';
import { parseFilter } from './odata/parser';
import type { Scope } from './odata/scope';
import { idFrom } from './parties';
import { filtering } from './query';
import type { Column, Table } from './schema';
import { allTables, tableNamed, tables } from './tables';
import type { Tracking } from './tracking';
import { businessUnit, type View } from './view';

/** Definitions of tables as `EntityDefinitions` shows them. */
export function readDefinitions(view: View, path: string, request: WireRequest, tracking: Tracking): WireReply {
  const choices = readChoices(view, path, request);
  if (choices !== undefined) return choices;
  const name = /^EntityDefinitions(?:\(LogicalName='([^']*)'\))?$/.exec(path);
  if (name === null) throw unsupported(`'${path}'`);
  const { searchParams } = request.url;
  for (const option of searchParams.keys())
    if (!['$select', '$expand', '$filter'].includes(option)) throw unsupported(`'${option}' on EntityDefinitions`);
  const shape = shapeOf(searchParams.get('$select'), searchParams.get('$expand'));
  if (name[1] === undefined) {
    const passes = definitionFilter(view, searchParams.get('$filter'), tracking);
    const value = allTables.filter(passes).map((table) => definition(view, table, tracking, shape));
    return { status: 200, body: { '@odata.context': `${view.base}$metadata#EntityDefinitions`, value } };
  }
  const table = tableNamed(name[1]);
  if (table === undefined) throw refusal(404, '0x80060888', `Could not find an entity with specified LogicalName '${name[1]}'.`);
  const body = { '@odata.context': `${view.base}$metadata#EntityDefinitions/$entity`, ...definition(view, table, tracking, shape) };
  return { status: 200, body };
}

interface DefinitionShape {
  readonly select: readonly string[] | undefined;
  readonly attributes: readonly string[] | undefined;
  readonly expandsAttributes: boolean;
}

function shapeOf(select: string | null, expand: string | null): DefinitionShape {
  const match = expand === null ? undefined : /^Attributes(?:\(\$select=([^)]*)\))?$/.exec(expand);
  if (match === null) throw unsupported(`$expand=${expand} on EntityDefinitions`);
  return { select: select?.split(','), attributes: match?.[1]?.split(','), expandsAttributes: match !== undefined };
}

function definition(view: View, table: Table, tracking: Tracking, shape: DefinitionShape): Record<string, unknown> {
  const all = properties(table, tracking);
  const picked = pick(all, shape.select, 'EntityMetadata');
  if (!shape.expandsAttributes) return picked;
  const attributes = [...table.columns.values()].map((column) =>
    pick(attribute(view, table, column), shape.attributes, 'AttributeMetadata'),
  );
  return { ...picked, Attributes: attributes };
}

function properties(table: Table, tracking: Tracking): Record<string, string | number | boolean> {
  return {
    MetadataId: idFrom(table.logicalName),
    LogicalName: table.logicalName,
    EntitySetName: table.set,
    PrimaryIdAttribute: table.key,
    PrimaryNameAttribute: table.nameColumn,
    ObjectTypeCode: table.objectTypeCode,
    ChangeTrackingEnabled: tracking.isEnabled(table),
    IsOptimisticConcurrencyEnabled: table.writable.length > 0,
    IsActivity: table.isActivity,
    OwnershipType: table.ownership === 'user' ? 'UserOwned' : 'OrganizationOwned',
  };
}

function attribute(view: View, table: Table, column: Column): Record<string, unknown> {
  return {
    MetadataId: idFrom(`${table.logicalName}.${column.name}`),
    LogicalName: column.name,
    AttributeType: column.type === 'DateOnly' ? 'DateTime' : column.type,
    IsSecured: view.access.isSecured(table, column.name),
    IsPrimaryId: column.name === table.key,
    IsPrimaryName: column.name === table.nameColumn,
    IsValidForRead: true,
    IsValidForCreate: !column.readOnly,
    IsValidForUpdate: !column.readOnly && column.name !== table.key,
  };
}

/** `MetadataId` always comes along. */
function pick(all: Record<string, unknown>, select: readonly string[] | undefined, type: string): Record<string, unknown> {
  if (select === undefined) return all;
  for (const name of select) if (!(name in all)) throw unsupported(`'${name}' of ${type}`);
  return Object.fromEntries(['MetadataId', ...select].map((name) => [name, all[name]]));
}

function definitionFilter(view: View, text: string | null, tracking: Tracking): (table: Table) => boolean {
  if (text === null) return () => true;
  const scope: Scope = {
    operand: ([name = '', ...rest]) => {
      const sample = properties(tables.account, tracking)[name];
      if (sample === undefined || rest.length > 0)
        throw new UnsupportedFilter(`'${[name, ...rest].join('/')}' in a filter on EntityDefinitions`);
      const type = typeof sample === 'boolean' ? 'Edm.Boolean' : typeof sample === 'number' ? 'Edm.Int32' : 'Edm.String';
      return { type, read: (row) => (row.values[name] ?? null) as string | number | boolean | null };
    },
    column: (name) => {
      throw new FilterError(`Could not find a property named '${name}'.`);
    },
    collection: (path) => {
      throw new UnsupportedFilter(`the collection '${path.join('/')}' in a filter on EntityDefinitions`);
    },
    context: { now: DateTime.fromMillis(view.now), userId: view.caller.userId, businessUnitId: businessUnit.id },
  };
  const passes = filtering(() => compileFilter(parseFilter(text), scope));
  return (table) => passes({ id: table.logicalName, version: 0, values: properties(table, tracking) });
}
