import { createHash } from 'node:crypto';
import type { TransactionAction } from '@azure/data-tables';
import type { CorrelationMethod, FolderRule, LateMail, MailCursor, Regarding, TrackedMail } from '../model/mail';
import { checkVersion } from './document';
import { joinPieces, pieces } from './pieces';
import type { Row } from './rows';
import { isoTime } from './sealed-row';

/** What a cycle has to know before it reads mail. */
export interface MailState {
  /** Since when mail is tracked here, UTC ms; null before the first time. */
  readonly since: number | null;
  readonly rules: readonly FolderRule[];
  readonly cursors: readonly MailCursor[];
  readonly late: readonly LateMail[];
}

/** One thing to change about the mail of a mailbox. */
export type MailChange =
  | { readonly mail: 'tracked'; readonly tracked: TrackedMail }
  | { readonly mail: 'cursor'; readonly cursor: MailCursor }
  | { readonly mail: 'dropCursor'; readonly folderId: string }
  | { readonly mail: 'since'; readonly at: number }
  | { readonly mail: 'late'; readonly late: LateMail }
  | { readonly mail: 'dropLate'; readonly id: string };

const schema = 1;

/** The beginnings of row keys: what is read at once before a cycle reads mail, and the mails themselves. */
export const mailKinds = { state: 'mailset', tracked: 'mail' } as const;

export const mailKeys = {
  tracked: (id: string) => `${mailKinds.tracked}|${id}`,
  cursor: (folderId: string) => `${mailKinds.state}|cursor|${createHash('sha256').update(folderId).digest('hex')}`,
  rules: `${mailKinds.state}|rules`,
  since: `${mailKinds.state}|since`,
  late: (id: string) => `${mailKinds.state}|late|${id}`,
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
    case 'late': {
      const { id, itemId, attempts, due } = change.late;
      return [put({ rowKey: mailKeys.late(id), itemId, attempts, due: isoTime(due) })];
    }
    case 'dropLate':
      return [['delete', { partitionKey, rowKey: mailKeys.late(change.id) }]];
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
  const ofKind = (kind: string) => rows.filter(({ rowKey }) => String(rowKey).startsWith(`${mailKinds.state}|${kind}|`));
  const since = named(mailKeys.since);
  const rules = named(mailKeys.rules);
  return {
    since: since === undefined ? null : Date.parse(String(since.at)),
    rules: rules === undefined ? [] : (JSON.parse(joinPieces('rules', rules)) as FolderRule[]),
    cursors: ofKind('cursor').map(cursorOf),
    late: ofKind('late').map(lateOf),
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

function lateOf(row: Readonly<Record<string, unknown>>): LateMail {
  return {
    id: String(row.rowKey).slice(mailKeys.late('').length),
    itemId: String(row.itemId),
    attempts: Number(row.attempts),
    due: Date.parse(String(row.due)),
  };
}

function regardingText(regarding: Regarding | null): string {
  return regarding === null ? '' : `${regarding.entity}:${regarding.id}`;
}
