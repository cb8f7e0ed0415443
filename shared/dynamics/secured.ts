import { z } from 'zod';
import type { Entity } from '../model/values';
import type { Connection } from './connection';
import { unexpected } from './row';
import { tableOf } from './tables';

const attributes = z.array(z.object({ LogicalName: z.string(), IsSecured: z.boolean().nullish() }));

/**
 * The fields behind secured columns. Such a column reads as plain null to whoever may not see it, so an empty one proves nothing ("Column-level security",
 * Dataverse documentation).
 */
export async function securedFields(connection: Connection, entity: Entity): Promise<ReadonlySet<string>> {
  const { sources, logicalName = entity } = tableOf(entity);
  const url = connection.url(`EntityDefinitions(LogicalName='${logicalName}')`, {
    $select: 'LogicalName',
    $expand: 'Attributes($select=LogicalName,IsSecured)',
  });
  const definition = attributes.safeParse((await connection.row({ url, caller: 'service' })).Attributes);
  if (!definition.success) throw unexpected('a table has no definition of its columns');
  const secured = new Set(definition.data.filter(({ IsSecured }) => IsSecured === true).map(({ LogicalName }) => LogicalName));
  const fields = Object.entries(sources).filter(([, columns]) => columns.some((column) => secured.has(column)));
  return new Set(fields.map(([field]) => field));
}
