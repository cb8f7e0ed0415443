import { z } from 'zod';
import { errorCodes, TandemError } from '../platform/errors';
import { type Loans, nothingLent } from '../platform/lending';
import { fromProperties, type Shape, toProperties } from './document';
import { joinKey } from './key';
import { getRow, insertRow, replaceRow } from './rows';
import type { Tables } from './tables';

/** What an integration has lent to the instances that ask Dynamics. */
export interface Limits {
  read(integration: string): Promise<{ readonly loans: Loans; readonly etag: string | null }>;
  /** Saves what was worked out from the row with this etag, null where there was none, and returns the new one. Throws `stale` where somebody was faster. */
  save(integration: string, loans: Loans, etag: string | null): Promise<string>;
}

const partition = 'integration';
const prefix = 'limits';

const Time = z.number();

const shape: Shape<Loans> = {
  version: 1,
  schema: z.object({
    next: Time,
    share: z.number().gt(0).max(1),
    since: Time,
    halvedAt: Time,
    restUntil: Time,
    slots: z.record(z.string(), z.object({ count: z.int().min(1), until: Time })),
  }),
};

/** What is lent, a row an integration in the table `integrations`. */
export function tableLimits(tables: Tables): Limits {
  const table = () => tables.table('integrations');
  return {
    async read(integration) {
      const row = await getRow(await table(), partition, joinKey(prefix, integration));
      return row === null ? { loans: nothingLent, etag: null } : { loans: fromProperties(shape, row), etag: row.etag };
    },
    async save(integration, loans, etag) {
      const row = { partitionKey: partition, rowKey: joinKey(prefix, integration), ...toProperties(shape, loans) };
      try {
        return etag === null ? await insertRow(await table(), row) : await replaceRow(await table(), row, etag);
      } catch (error) {
        if (error instanceof TandemError && (error.code === errorCodes.duplicate || error.code === errorCodes.gone)) throw faster(error);
        throw error;
      }
    },
  };
}

function faster(cause: TandemError): TandemError {
  return new TandemError(errorCodes.stale, {
    retry: 'now',
    fix: 'Nothing to do: Tandem reads it again.',
    detail: 'somebody else was lent something meanwhile',
    cause,
  });
}
