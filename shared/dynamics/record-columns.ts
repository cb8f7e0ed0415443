import { z } from 'zod';
import { type RecordTableName, recordTables } from '../workspace/tables';
import type { Connection } from './connection';
import { unexpected } from './row';

/** How the Web API sends what a column holds. */
export const columnKinds = ['text', 'number', 'boolean', 'date', 'time', 'lookup'] as const;
export type ColumnKind = (typeof columnKinds)[number];

/** A column that is read, by its logical name. */
export interface ReadColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** What an environment says of a table of the record cache. */
export interface TableFacts {
  readonly tracksChanges: boolean;
  /** What is read of it: wanted, there, and not secured. */
  readonly columns: readonly ReadColumn[];
  /** Of these, the choice columns, each with what its definition is called. */
  readonly choices: readonly { readonly name: string; readonly type: 'Picklist' | 'State' | 'Status' }[];
}

const attribute = z.looseObject({
  LogicalName: z.string(),
  AttributeType: z.string(),
  IsSecured: z.boolean().nullish(),
  IsValidForRead: z.boolean().nullish(),
});
const definition = z.looseObject({ ChangeTrackingEnabled: z.boolean(), Attributes: z.array(attribute) });

/** Source: `AttributeTypeCode`, Dataverse Web API reference. What is not here, such as images, is no value that a column of a row has. */
const kinds: Readonly<Record<string, ColumnKind>> = {
  String: 'text',
  Memo: 'text',
  Uniqueidentifier: 'text',
  EntityName: 'text',
  Integer: 'number',
  BigInt: 'number',
  Decimal: 'number',
  Double: 'number',
  Money: 'number',
  Picklist: 'number',
  State: 'number',
  Status: 'number',
  Boolean: 'boolean',
  DateTime: 'time',
  Lookup: 'lookup',
  Customer: 'lookup',
  Owner: 'lookup',
};

/**
 * Asks the environment for a table's columns, as the service: what pages need and `more`, as far as it is there, can be read, and is not secured. Throws
 * `gone` where the environment has no such table.
 */
export async function tableFacts(connection: Connection, name: RecordTableName, more: readonly string[]): Promise<TableFacts> {
  const url = connection.url(`EntityDefinitions(LogicalName='${name}')`, {
    $select: 'ChangeTrackingEnabled',
    $expand: 'Attributes($select=LogicalName,AttributeType,IsSecured,IsValidForRead)',
  });
  const parsed = definition.safeParse(await connection.row({ url, caller: 'service' }));
  if (!parsed.success) throw unexpected('a table has no definition of its columns');
  const { ChangeTrackingEnabled, Attributes } = parsed.data;
  const known = recordTables[name].columns;
  const wanted = new Set([...known.map((column) => column.name), ...more.map(logicalName)]);
  const dates = new Set(known.filter(({ type }) => type === 'date').map((column) => column.name));
  const open = Attributes.filter((each) => wanted.has(each.LogicalName) && each.IsSecured !== true && each.IsValidForRead !== false);
  return {
    tracksChanges: ChangeTrackingEnabled,
    columns: open.flatMap(({ LogicalName, AttributeType }) => {
      const kind = dates.has(LogicalName) ? 'date' : kinds[AttributeType];
      return kind === undefined ? [] : [{ name: LogicalName, kind }];
    }),
    choices: open.flatMap(({ LogicalName, AttributeType: type }) =>
      type === 'Picklist' || type === 'State' || type === 'Status' ? [{ name: LogicalName, type }] : [],
    ),
  };
}

/** The Web API calls a lookup's value `_ownerid_value`; an admin may have copied that. */
function logicalName(name: string): string {
  return /^_(.+)_value$/.exec(name)?.[1] ?? name;
}
