import { odata } from '@azure/data-tables';
import type { Clock } from '../platform/clock';
import type { Sealer } from '../platform/seal';
import { fromProperties } from './document';
import type { Page } from './integrations';
import { entryKeyOf, entryRows, type JournalEntry, openShape, transactionsOf } from './journal-rows';
import { afterKey, joinKey } from './key';
import type { MailboxRef } from './mailboxes';
import { joinPieces } from './pieces';
import { removeRows } from './remove-rows';
import { partitionFilter, type ReadRow, rowPages, transact } from './rows';
import type { Tables } from './tables';

export type { JournalEntry } from './journal-rows';

/** What was done to a mailbox and its records, and every value that a write was about to replace or remove. */
export interface Journal {
  /** Writes entries; one that is already there is written over. A failure may leave some written: write all again. */
  write(mailbox: MailboxRef, entries: readonly JournalEntry[]): Promise<void>;
  /** A page, newest first, with the values opened. */
  read(mailbox: MailboxRef, page: { readonly limit: number; readonly cursor: string | null }): Promise<Page<JournalEntry>>;
  /** Removes what was written before a time, UTC ms, of all mailboxes, and returns how many rows that were. */
  prune(before: number): Promise<number>;
}

/** The journal in the table `journal`. A row says when it was written, for what is kept and for how long goes by that and not by the version's age. */
export function tableJournal(tables: Tables, sealer: () => Promise<Sealer>, clock: Clock): Journal {
  const table = () => tables.table('journal');
  return {
    async write(mailbox, entries) {
      const { seal } = await sealer();
      const writtenAt = new Date(clock.now()).toISOString();
      const rows = entries.flatMap((entry) =>
        entryRows(partitionOf(mailbox), entry, entry.value === null ? null : seal(entry.value), writtenAt),
      );
      const client = await table();
      for (const group of transactionsOf(rows))
        await transact(
          client,
          group.map((row) => ['upsert', row, 'Replace']),
        );
    },
    async read(mailbox, { limit, cursor }) {
      const { open } = await sealer();
      const rows = rowPages(await table(), partitionFilter(partitionOf(mailbox), cursor === null ? null : afterKey(cursor)), limit + 1);
      const { found, more } = await collect(rows, limit);
      const items = found.map(({ row, sealed }) => ({ ...fromProperties(openShape, row), value: sealed === '' ? null : open(sealed) }));
      return { items, next: more ? (found.at(-1)?.row.rowKey ?? null) : null };
    },
    async prune(before) {
      return removeRows(await table(), odata`writtenAt lt ${new Date(before).toISOString()}`);
    },
  };
}

function partitionOf({ integration, id }: MailboxRef): string {
  return joinKey(integration, id);
}

interface Found {
  readonly row: ReadRow;
  sealed: string;
}

/** Puts entries together with the rows that follow them, up to a limit. */
async function collect(pages: AsyncIterable<readonly ReadRow[]>, limit: number): Promise<{ found: Found[]; more: boolean }> {
  const found: Found[] = [];
  for await (const page of pages) {
    for (const row of page) {
      const last = found.at(-1);
      const key = entryKeyOf(row.rowKey);
      if (row.rowKey !== key) {
        if (last?.row.rowKey === key) last.sealed += joinPieces('p', row);
      } else if (found.length === limit) {
        return { found, more: true };
      } else {
        found.push({ row, sealed: joinPieces('p', row) });
      }
    }
  }
  return { found, more: false };
}

/** One transaction; where somebody else has removed a row of it, one by one. */
