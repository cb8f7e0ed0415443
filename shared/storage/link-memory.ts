import type { TransactionAction } from '@azure/data-tables';

/** What is known of a row without asking the table: its content, that it is not there, or nothing. */
export type Remembered = Readonly<Record<string, unknown>> | 'absent' | 'unknown';

/** Rows of this kind alone are remembered: links, and the look-ups from Exchange's side. */
const kinds = /^(link|item)\|/;
/** So many of the rows written last are kept, that memory stays flat in a first load of any size. */
const mostRows = 400;

/**
 * What a worker that has the mailbox knows of its links because it committed them itself, or because nobody ever committed anything. It is as good as the fence: whoever
 * else commits takes the mailbox, and what was planned by old rows is refused. So a first load asks for no link of a record that has none.
 */
export class LinkMemory {
  private isComplete = false;
  private readonly rows = new Map<string, Remembered>();
  private readonly written = new Set<string>();

  /** Begins anew; `isUntouched` says that nothing was ever committed to the partition. */
  begin(isUntouched: boolean): void {
    this.forget();
    this.isComplete = isUntouched;
  }

  /** After a commit of which nobody knows how far it got. */
  forget(): void {
    this.isComplete = false;
    this.rows.clear();
    this.written.clear();
  }

  /** Takes in what was committed. */
  note(actions: readonly TransactionAction[]): void {
    for (const [verb, row] of actions) {
      const { rowKey } = row;
      if (!kinds.test(rowKey)) continue;
      if (this.isComplete) this.written.add(rowKey);
      this.rows.delete(rowKey);
      this.rows.set(rowKey, verb === 'delete' ? 'absent' : row);
      const [oldest] = this.rows.keys();
      if (this.rows.size > mostRows && oldest !== undefined) this.rows.delete(oldest);
    }
  }

  row(rowKey: string): Remembered {
    return this.rows.get(rowKey) ?? (this.isComplete && !this.written.has(rowKey) ? 'absent' : 'unknown');
  }
}
