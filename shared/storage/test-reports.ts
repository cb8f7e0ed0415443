import { TestReport } from '../model/mailbox-test';
import { fromProperties, type Shape, toProperties } from './document';
import { encodeKey, joinKey } from './key';
import type { MailboxRef } from './mailboxes';
import { getRow, putRow } from './rows';
import type { Tables } from './tables';

/** The last test of each mailbox with all its steps. */
export interface TestReports {
  get(mailbox: MailboxRef): Promise<TestReport | null>;
  /** Writes it over what is there. */
  put(mailbox: MailboxRef, report: TestReport): Promise<void>;
}

const shape: Shape<TestReport> = { version: 1, schema: TestReport };

/** Reports in the table `mailboxes`, in partitions of their own: who reads all mailboxes does not read these. No integration's id holds a bar. */
export function tableTestReports(tables: Tables): TestReports {
  const table = () => tables.table('mailboxes');
  const partitionOf = ({ integration }: MailboxRef): string => joinKey('test', integration);
  return {
    async get(mailbox) {
      const row = await getRow(await table(), partitionOf(mailbox), encodeKey(mailbox.id));
      return row === null ? null : fromProperties(shape, row);
    },
    async put(mailbox, report) {
      await putRow(await table(), { partitionKey: partitionOf(mailbox), rowKey: encodeKey(mailbox.id), ...toProperties(shape, report) });
    },
  };
}
