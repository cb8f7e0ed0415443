import { odata } from '@azure/data-tables';
import { z } from 'zod';
import { atOnce } from '../platform/at-once';
import { fromProperties, type Shape, toProperties } from './document';
import type { Page } from './integrations';
import { afterKey, decodeKey, encodeKey, joinKey } from './key';
import { removeRows } from './remove-rows';
import { deleteRow, getRow, partitionFilter, putRow, takeRows } from './rows';
import type { Tables } from './tables';

/** Stands for everybody who has the role to use the Workspace. */
export const everyone = 'everyone';

/** That somebody may see a microapp. */
export interface Grant {
  /** An Entra object id, or `everyone`. */
  readonly who: string;
  /** When it was granted, UTC ms. */
  readonly at: number;
}

/** Who sees which microapps of an integration. */
export interface Grants {
  /** Grants a microapp; one that is granted keeps its time. Returns what holds now. */
  put(integration: string, app: string, grant: Grant): Promise<Grant>;
  get(integration: string, app: string, who: string): Promise<Grant | null>;
  /** Withdraws it. What was not granted is a success. */
  remove(integration: string, app: string, who: string): Promise<void>;
  /** A page of those who were granted it by name, and everybody as one, in the order of their ids. */
  list(integration: string, app: string, page: { readonly limit: number; readonly cursor: string | null }): Promise<Page<Grant>>;
  /** Whether a person sees a microapp, by her own grant or everybody's. */
  has(integration: string, app: string, objectId: string): Promise<boolean>;
  /** Those of the microapps that a person sees, in the order in which they were given. */
  among(integration: string, apps: readonly string[], objectId: string): Promise<string[]>;
  /** Whether anybody sees any microapp of an integration. */
  any(integration: string): Promise<boolean>;
  /** Removes all grants of an integration. */
  forget(integration: string): Promise<void>;
}

const shape: Shape<{ readonly at: number }> = { version: 1, schema: z.object({ at: z.number() }) };
const readsAtOnce = 16;

/** Grants in the table `grants`: a partition an integration and microapp, a row for each person and one for everybody. */
export function tableGrants(tables: Tables): Grants {
  const table = () => tables.table('grants');

  async function get(integration: string, app: string, who: string): Promise<Grant | null> {
    const row = await getRow(await table(), joinKey(integration, app), encodeKey(who));
    return row === null ? null : { who, ...fromProperties(shape, row) };
  }

  async function has(integration: string, app: string, objectId: string): Promise<boolean> {
    return (await get(integration, app, everyone)) !== null || (await get(integration, app, objectId)) !== null;
  }

  return {
    get,
    has,
    async put(integration, app, grant) {
      const there = await get(integration, app, grant.who);
      if (there !== null) return there;
      const content = toProperties(shape, { at: grant.at });
      await putRow(await table(), { partitionKey: joinKey(integration, app), rowKey: encodeKey(grant.who), ...content });
      return grant;
    },
    remove: async (integration, app, who) => deleteRow(await table(), joinKey(integration, app), encodeKey(who)),
    async list(integration, app, { limit, cursor }) {
      const after = cursor === null ? null : encodeKey(cursor);
      const rows = await takeRows(await table(), partitionFilter(joinKey(integration, app), after), limit + 1);
      const items = rows.slice(0, limit).map((row) => ({ who: decodeKey(row.rowKey), ...fromProperties(shape, row) }));
      return { items, next: rows.length > limit ? (items.at(-1)?.who ?? null) : null };
    },
    async among(integration, apps, objectId) {
      const seen = await atOnce(readsAtOnce, apps, (app) => has(integration, app, objectId));
      return apps.filter((_, index) => seen[index]);
    },
    any: async (integration) => (await takeRows(await table(), ofIntegration(integration), 1)).length > 0,
    async forget(integration) {
      await removeRows(await table(), ofIntegration(integration));
    },
  };
}

function ofIntegration(integration: string): string {
  const from = `${encodeKey(integration)}|`;
  return odata`PartitionKey ge ${from} and PartitionKey lt ${afterKey(encodeKey(integration))}`;
}
