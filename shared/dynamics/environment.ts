import { z } from 'zod';
import type { Entity } from '../model/values';
import type { Connection } from './connection';
import { unexpected } from './row';
import { tableOf } from './tables';

/** What is known about an environment itself, asked as the service. */
export interface Environment {
  /** Its version, such as `9.2.25063.00148`. */
  version(): Promise<string>;
  /** Of these kinds, those whose table does not track changes, or is not there at all. */
  withoutTracking(kinds: readonly Entity[]): Promise<Entity[]>;
}

const versionReply = z.looseObject({ Version: z.string().regex(/^\d{1,5}(\.\d{1,9}){1,3}$/) });
const definition = z.looseObject({ LogicalName: z.string(), ChangeTrackingEnabled: z.boolean() });

/** Source: `RetrieveVersion` and `EntityMetadata.ChangeTrackingEnabled`, Dataverse Web API reference. */
export function environmentOf(connection: Connection): Environment {
  const nameOf = (kind: Entity): string => tableOf(kind, connection).logicalName ?? kind;
  return {
    async version() {
      const { success, data } = versionReply.safeParse(
        await connection.row({ url: connection.url('RetrieveVersion()'), caller: 'service' }),
      );
      if (!success) throw unexpected('an answer to RetrieveVersion has no version');
      return data.Version;
    },
    async withoutTracking(kinds) {
      if (kinds.length === 0) return [];
      const url = connection.url('EntityDefinitions', {
        $select: 'LogicalName,ChangeTrackingEnabled',
        $filter: kinds.map((kind) => `LogicalName eq '${nameOf(kind)}'`).join(' or '),
      });
      const { success, data } = z.array(definition).safeParse((await connection.page({ url, caller: 'service' })).rows);
      if (!success) throw unexpected('a definition of a table does not say whether it tracks changes');
      const tracked = new Set(data.filter((each) => each.ChangeTrackingEnabled).map(({ LogicalName }) => LogicalName));
      return kinds.filter((kind) => !tracked.has(nameOf(kind)));
    },
  };
}
