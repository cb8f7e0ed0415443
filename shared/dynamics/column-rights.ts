import { z } from 'zod';
import { allRights, type ColumnRights } from '../model/column-rights';
import { type Entity, entities } from '../model/values';
import { TandemError } from '../platform/errors';
import { type Connection, guid } from './connection';
import { unexpected } from './row';
import { tableOf } from './tables';

const attribute = z.object({ MetadataId: z.string(), LogicalName: z.string(), IsSecured: z.boolean().nullish() });
const definition = z.object({ LogicalName: z.string(), Attributes: z.array(attribute) });
const privilege = z.object({ AttributeId: z.string(), CanRead: z.number().nullish(), CanUpdate: z.number().nullish() });
const privileges = z.object({ AttributePrivileges: z.array(privilege) });

/** What a privilege to a column says where it is granted: 0 is "not allowed" (the choice `field_security_permission_type`, Dataverse tables). */
const allowed = 4;

/** Every entity that has a table. */
const mapped: readonly Entity[] = [...new Set<Entity>([...entities, 'series'])];

interface Right {
  readonly read: boolean;
  readonly update: boolean;
}

/**
 * What a person may not do with the fields of each table, asked as the service. A column that is secured reads as plain null to whoever may not see it, so who
 * may see it has to be asked ("Column-level security" and "RetrievePrincipalAttributePrivileges", Dataverse documentation).
 */
export async function columnRights(connection: Connection, systemUserId: string): Promise<Readonly<Record<Entity, ColumnRights>>> {
  const secured = await securedColumns(connection);
  const rights = secured.size === 0 ? null : await rightsOf(connection, systemUserId);
  const of = (entity: Entity): ColumnRights => rightsIn(connection, entity, secured.get(nameOf(connection, entity)) ?? new Map(), rights);
  return Object.fromEntries(mapped.map((entity) => [entity, of(entity)])) as Record<Entity, ColumnRights>;
}

function rightsIn(
  connection: Connection,
  entity: Entity,
  secured: ReadonlyMap<string, string>,
  rights: ReadonlyMap<string, Right> | null,
): ColumnRights {
  if (secured.size === 0) return allRights;
  const { sources } = tableOf(entity, connection);
  const behind = Object.entries(sources).flatMap(([field, columns]) => {
    const ids = columns.flatMap((column) => secured.get(column) ?? []);
    return ids.length === 0 ? [] : [{ field, ids }];
  });
  const having = (verb: keyof Right) => behind.filter(({ ids }) => ids.every((id) => rights?.get(id)?.[verb] === true));
  const names = (fields: readonly { field: string }[]): string[] => fields.map(({ field }) => field);
  if (rights === null) return { ...allRights, unsure: names(behind) };
  const [readable, writable] = [having('read'), having('update')];
  return {
    hidden: names(behind.filter((each) => !readable.includes(each))),
    readOnly: names(readable.filter((each) => !writable.includes(each))),
    unsure: [],
  };
}

/** The table's logical name. */
function nameOf(connection: Connection, entity: Entity): string {
  return tableOf(entity, connection).logicalName ?? entity;
}

/** The secured columns that Tandem maps, by table: logical name and attribute id. Tables without any are absent. */
async function securedColumns(connection: Connection): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const url = connection.url('EntityDefinitions', {
    $select: 'LogicalName',
    $filter: mapped.map((entity) => `LogicalName eq '${nameOf(connection, entity)}'`).join(' or '),
    $expand: 'Attributes($select=LogicalName,IsSecured)',
  });
  const parsed = z.array(definition).safeParse((await connection.page({ url, caller: 'service' })).rows);
  if (!parsed.success || parsed.data.length < mapped.length) throw unexpected('a table has no definition of its columns');
  const found = new Map<string, ReadonlyMap<string, string>>();
  for (const { LogicalName: table, Attributes } of parsed.data) {
    const secured = Attributes.filter(({ IsSecured }) => IsSecured === true);
    if (secured.length > 0) found.set(table, new Map(secured.map((each) => [each.LogicalName, each.MetadataId.toLowerCase()])));
  }
  return found;
}

/** What a person was granted by attribute id; null where the environment does not tell. A column that is absent was not granted. */
async function rightsOf(connection: Connection, systemUserId: string): Promise<ReadonlyMap<string, Right> | null> {
  const url = connection.url(`systemusers(${guid(systemUserId)})/Microsoft.Dynamics.CRM.RetrievePrincipalAttributePrivileges()`);
  try {
    const parsed = privileges.safeParse(await connection.row({ url, caller: 'service' }));
    if (!parsed.success) return null;
    const rights = parsed.data.AttributePrivileges.map(({ AttributeId, CanRead, CanUpdate }): [string, Right] => [
      AttributeId.toLowerCase(),
      { read: CanRead === allowed, update: CanUpdate === allowed },
    ]);
    return new Map(rights);
  } catch (error) {
    if (error instanceof TandemError && error.retry === 'never') return null;
    throw error;
  }
}
