import { z } from 'zod';
import { errorCodes, TandemError } from '../platform/errors';
import { fromProperties, type Shape, toProperties } from './document';
import { encodeKey } from './key';
import { getRow, insertRow, replaceRow } from './rows';
import type { Tables } from './tables';

/** The alerts that the log has been told of, by their ids. */
export interface KnownAlerts {
  read(integration: string): Promise<{ readonly ids: ReadonlySet<string>; readonly etag: string | null }>;
  /** Saves them; false where somebody else has saved since `etag` was read. */
  save(integration: string, ids: ReadonlySet<string>, etag: string | null): Promise<boolean>;
}

/** So many fit into a row. What is beyond them is told again and again, which so much trouble is worth. */
const mostKept = 2_000;
const partition = 'alerts';
const shape: Shape<string[]> = { version: 1, schema: z.array(z.string()) };
const lost = new Set<string>([errorCodes.stale, errorCodes.gone, errorCodes.duplicate]);

/** One row an integration, in the table `integrations`. */
export function tableKnownAlerts(tables: Tables): KnownAlerts {
  const table = () => tables.table('integrations');
  return {
    async read(integration) {
      const row = await getRow(await table(), partition, encodeKey(integration));
      return row === null ? { ids: new Set(), etag: null } : { ids: new Set(fromProperties(shape, row)), etag: row.etag };
    },
    async save(integration, ids, etag) {
      const kept = [...ids].sort().slice(0, mostKept);
      const row = { partitionKey: partition, rowKey: encodeKey(integration), ...toProperties(shape, kept) };
      try {
        await (etag === null ? insertRow(await table(), row) : replaceRow(await table(), row, etag));
        return true;
      } catch (error) {
        if (error instanceof TandemError && lost.has(error.code)) return false;
        throw error;
      }
    },
  };
}
