import { createHash } from 'node:crypto';
import type { TransactionAction } from '@azure/data-tables';
import type { CorrelationMethod, FolderRule, MailCursor, Regarding, TrackedMail } from '../model/mail';
import { checkVersion } from './document';
import { isoTime } from './link-rows';
import { joinPieces, pieces } from './pieces';
import type { Row } from './rows';

/** What a cycle has to know before it reads mail. */
export interface MailState {
  /** Since when mail is tracked here, UTC ms; null before the first time. */
  readonly since: number | null;
  readonly rules: readonly FolderRule[];
  readonly cursors: readonly MailCursor[];
}

/** One thing to change about the mail of a mailbox. */
export type MailChange =
  | { readonly mail: 'tracked'; readonly tracked: TrackedMail }
  | { readonly mail: 'cursor'; readonly cursor: MailCursor }
  | { readonly mail: 'dropCursor'; readonly folderId: string }
  | { readonly mail: 'since'; readonly at: number };

const schema = 1;

/** The beginnings of row keys: what is read at once before a cycle reads mail, and the mails themselves. */
export const mailKinds = { state: 'mailset', tracked: 'mail' } as const;

export const mailKeys = {
  tracked: (id: string) => `${mailKinds.tracked}|${id}`,
  cursor: (folderId: string) => `${mailKinds.state}|cursor|${createHash('sha256').update(folderId).digest('hex')}`,
  rules: `${mailKinds.state}|rules`,
  since: `${mailKinds.state}|since`,
};

export function mailActions(change: MailChange, partitionKey: string): TransactionAction[] {
  const put = (row: Omit<Row, 'partitionKey'> & { readonly rowKey: string }): TransactionAction => [
    'upsert',
    { partitionKey, v: schema, ...row },
    'Replace',
  ];
  switch (change.mail) {
    case 'tracked': {
      const { id, folderId, method, regarding, at } = change.tracked;
      return [put({ rowKey: mailKeys.tracked(id), folderId, method, regarding: regardingText(regarding), at: isoTime(at) })];
    }
    case 'cursor': {
      const { folderId, link, at, from } = change.cursor;
      return [put({ rowKey: mailKeys.cursor(folderId), folderId, link: link ?? '', at, from: from === null ? '' : isoTime(from) })];
    }
    case 'dropCursor':
      return [['delete', { partitionKey, rowKey: mailKeys.cursor(change.folderId) }]];
    case 'since':
      return [put({ rowKey: mailKeys.since, at: isoTime(change.at) })];
  }
}

export function folderRulesRow(partitionKey: string, rules: readonly FolderRule[]): Row {
  return { partitionKey, rowKey: mailKeys.rules, v: schema, ...pieces('rules', JSON.stringify(rules)) };
}

/** What the rows of the kind `state` say together. */
export function mailStateOf(rows: readonly Readonly<Record<string, unknown>>[]): MailState {
  for (const row of rows) checkVersion(row, schema);
  const named = (key: string) => rows.find(({ rowKey }) => rowKey === key);
  const since = named(mailKeys.since);
  const rules = named(mailKeys.rules);
  return {
    since: since === undefined ? null : Date.parse(String(since.at)),
    rules: rules === undefined ? [] : (JSON.parse(joinPieces('rules', rules)) as FolderRule[]),
    cursors: rows.filter(({ rowKey }) => String(rowKey).startsWith(`${mailKinds.state}|cursor|`)).map(cursorOf),
  };
}

export function trackedMailOf(row: Readonly<Record<string, unknown>>): TrackedMail {
  checkVersion(row, schema);
  const [entity, id] = String(row.regarding).split(':');
  return {
    id: String(row.rowKey).slice(mailKinds.tracked.length + 1),
    folderId: String(row.folderId),
    method: Number(row.method) as CorrelationMethod,
    regarding: entity === undefined || id === undefined ? null : { entity, id },
    at: Date.parse(String(row.at)),
  };
}

function cursorOf(row: Readonly<Record<string, unknown>>): MailCursor {
  return {
    folderId: String(row.folderId),
    link: row.link === '' ? null : String(row.link),
    at: row.at === 'round' ? 'round' : 'end',
    from: row.from === '' ? null : Date.parse(String(row.from)),
  };
}

function regardingText(regarding: Regarding | null): string {
  return regarding === null ? '' : `${regarding.entity}:${regarding.id}`;
}
