import { errorCodes, TandemError } from '../platform/errors';
import { encodeKey } from './key';
import { deleteRow, getRow, insertRow } from './rows';
import type { Tables } from './tables';

/** Which integration a person's Exchange mailbox takes part in. There is at most one, or two records would fight over one calendar. */
export interface Participation {
  /** Takes the Exchange mailbox for this integration and Dynamics user; false where they had it already. Throws `conflict` where another has it. */
  take(objectId: string, integration: string, mailbox: string): Promise<boolean>;
  /** Gives it back, if this integration and user have it. */
  giveBack(objectId: string, integration: string, mailbox: string): Promise<void>;
}

/** No integration's id holds a bar, so no mailbox lies in this partition. */
const partition = 'participation|';
const version = 1;

/** Participation as rows that are inserted and never replaced: the table lets only one insert win. */
export function tableParticipation(tables: Tables): Participation {
  const table = () => tables.table('mailboxes');
  return {
    async take(objectId, integration, mailbox) {
      try {
        await insertRow(await table(), { partitionKey: partition, rowKey: encodeKey(objectId), v: version, integration, mailbox });
        return true;
      } catch (error) {
        if (!(error instanceof TandemError) || error.code !== errorCodes.duplicate) throw error;
        const row = await getRow(await table(), partition, encodeKey(objectId));
        if (row?.integration !== integration || row.mailbox !== mailbox) throw taken(error);
        return false;
      }
    },
    async giveBack(objectId, integration, mailbox) {
      const row = await getRow(await table(), partition, encodeKey(objectId));
      if (row?.integration !== integration || row.mailbox !== mailbox) return;
      await deleteRow(await table(), partition, encodeKey(objectId), row.etag);
    },
  };
}

function taken(cause: unknown): TandemError {
  return new TandemError(errorCodes.conflict, {
    retry: 'never',
    fix: 'Disable the mailbox in the other integration first.',
    detail: 'the Exchange mailbox takes part in another integration',
    cause,
  });
}
