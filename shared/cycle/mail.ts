import type { MailDrained, MailHead } from '../exchange/mail';
import { type FollowedFolder, followedFolders } from '../mail/folders';
import { mailRowId } from '../mail/row-id';
import type { FolderRule, LateMail, MailCursor, SeenMail } from '../model/mail';
import { asTandemError, errorCodes, type TandemError } from '../platform/errors';
import { inGroups } from '../platform/groups';
import type { LinkChange } from '../storage/link-changes';
import type { StoredMailbox } from '../storage/mailboxes';
import { askedFor } from './asked-for';
import { outcomeChanges, settledChanges } from './mail-late';
import { refile } from './mail-refile';
import { takeOver } from './mail-take-over';
import type { Session } from './session';
import { workFor } from './work-for';

/** A chain that is begun again reads mail of this long ago at most: what came earlier was seen by the chain before. */
const lookBackMs = 14 * 86_400_000;
/** Folders that are read before their mail is taken over. */
const foldersAtOnce = 20;
/** Mails that are taken over before they are committed. */
const mailsAtOnce = 20;

/**
 * Takes incoming mail over to Dynamics: reads every folder's delta, decides on each mail that is new here, makes its row, and saves the folder's cursor last. Does
 * nothing at all where mail is not tracked. A failure is noted and tried again; it never stands in the way of what else the cycle does.
 */
export async function trackMail(session: Session): Promise<void> {
  if (!tracksMail(session)) return;
  try {
    const isDone = await readMail(session);
    if (!isDone) await session.services.messenger.wake(workFor(session.mailboxRow, 'more', session.now), { at: session.now });
  } catch (thrown) {
    const error = asTandemError(thrown);
    if (error.code === errorCodes.mailboxLost) throw error;
    const { retryFirstMs, retryMostMs } = session.services.settings;
    const backOff = Math.min(retryMostMs, retryFirstMs * 2 ** Math.min(session.mailboxRow.health?.failures ?? 0, 20));
    session.postponeMail(session.now + (askedFor(error) ?? (error.retry === 'never' ? retryMostMs : backOff)), error);
    session.services.log.warn('mail-failed', { mailbox: session.mailboxRow.id, code: error.code, detail: error.detail ?? '' });
  }
}

export function tracksMail({ integration }: Pick<Session, 'integration'>): boolean {
  return integration.settings.mail.track !== 'off';
}

/** The marks of a mailbox whose mail is not tracked any more: the probe then leaves it alone. */
export function withoutMail({ mail: _mail, ...marks }: StoredMailbox['marks']): StoredMailbox['marks'] {
  return marks;
}

/** What a reading of all folders goes by. */
interface Reading {
  readonly ruleOf: (folderId: string) => FolderRule | null;
  /** Messages by id, of those that lie in a folder that is read: one that was thrown away meanwhile is not wanted any more. */
  readonly read: (ids: readonly string[]) => Promise<SeenMail[]>;
  /** Mails that Dynamics did not take so far, by the ids of their rows. */
  readonly late: Map<string, LateMail>;
  /** From when a chain without a rule is begun, UTC ms. */
  readonly from: number;
}

/** Reads until every folder is at its end; false where the time was up before. Throws what one folder met once the others were read. */
async function readMail(session: Session): Promise<boolean> {
  const until = session.now + session.services.settings.cycleMs;
  const mark = await session.mailbox.mail.mark();
  const state = await session.partition.mail();
  const since = state.since ?? session.now;
  const { folders, leftOut } = await session.mailbox.mail.folders();
  const followed = new Map(followedFolders(folders, leftOut, state.rules).map((folder) => [folder.id, folder]));
  const ruleOf = (folderId: string): FolderRule | null => followed.get(folderId)?.rule ?? null;
  const gone = state.cursors.filter(({ folderId }) => !followed.has(folderId));
  const changes: LinkChange[] = [
    ...(state.since === null ? [{ mail: 'since', at: since } as const] : []),
    ...gone.map(({ folderId }): LinkChange => ({ mail: 'dropCursor', folderId })),
  ];
  if (changes.length > 0) await session.commit(changes.map((change) => [change]));

  const late = new Map(state.late.map((each) => [each.id, each]));
  const read = async (ids: readonly string[]) => (await session.mailbox.mail.read(ids)).filter(({ folderId }) => followed.has(folderId));
  const reading: Reading = { ruleOf, read, late, from: firstOf(session, since) };
  await offerAgain(session, reading);
  const known = new Map(state.cursors.map((cursor) => [cursor.folderId, cursor]));
  let unread = [...followed.values()].map((folder) => cursorFor(folder, known.get(folder.id), reading.from));
  const errors: TandemError[] = [];
  while (unread.length > 0) {
    if (session.now >= until) return false;
    const drained = await session.mailbox.mail.drain(unread.slice(0, foldersAtOnce));
    errors.push(...drained.flatMap((each) => (each.kind === 'failed' ? [each.error] : [])));
    unread = [...unread.slice(foldersAtOnce), ...(await takeUp(session, drained, reading))];
  }
  const error = errors.find(({ code }) => code === errorCodes.throttled) ?? errors[0];
  if (error !== undefined) throw error;
  if (mark !== null) session.marks.set('mail', mark);
  return true;
}

/** The time from which a chain without a rule is begun, UTC ms: never before mail was first tracked. */
function firstOf({ now }: Session, since: number): number {
  return Math.max(since, now - lookBackMs);
}

/** A folder that has a rule now and had none is read from its beginning. */
function cursorFor({ id, rule }: FollowedFolder, cursor: MailCursor | undefined, from: number): MailCursor {
  if (cursor !== undefined && (rule === null || cursor.from === null)) return cursor;
  return { folderId: id, link: null, at: 'round', from: rule === null ? from : null };
}

/** Takes over what pages named, then saves their cursors. Returns those that have more to tell. */
async function takeUp(session: Session, drained: readonly MailDrained[], reading: Reading): Promise<MailCursor[]> {
  const { ruleOf, from } = reading;
  const pages = drained.flatMap((each) => (each.kind === 'page' ? [each] : []));
  const heads = new Map(pages.flatMap((page) => page.heads).map((head) => [head.id, head]));
  for (const group of inGroups([...heads.values()], mailsAtOnce)) await takeUpMails(session, group, reading);

  const expired = drained.flatMap((each) => (each.kind === 'expired' ? [each.cursor] : []));
  if (expired.length > 0) session.services.log.warn('mail-delta-expired', { mailbox: session.mailboxRow.id, folders: expired.length });
  const begun = expired.map(({ folderId }) => cursorFor({ id: folderId, rule: ruleOf(folderId) }, undefined, from));
  const next = [...pages.map((page) => page.next), ...begun];
  if (next.length > 0) await session.commit(next.map((cursor): LinkChange[] => [{ mail: 'cursor', cursor }]));
  return next.filter(({ at }) => at === 'round');
}

async function takeUpMails(session: Session, heads: readonly MailHead[], { ruleOf, read, late }: Reading): Promise<void> {
  const { integration, mailboxRow, partition } = session;
  const rows = heads.map((head) => ({ head, rowId: mailRowId(integration.id, mailboxRow.id, head) }));
  const known = await partition.trackedMail([...new Set(rows.map(({ rowId }) => rowId))]);
  const fresh = await read(rows.filter(({ rowId }) => !known.has(rowId)).map(({ head }) => head.id));
  const outcome = await takeOver(session, fresh, ruleOf);
  const kept = [...outcome.kept];
  for (const { head, rowId } of rows) {
    const before = known.get(rowId);
    const moved = before === undefined ? null : await refile(session, before, head.folderId, ruleOf(head.folderId));
    if (moved !== null) kept.push(moved);
  }
  const changes = outcomeChanges(session, { ...outcome, kept }, late);
  if (changes.length > 0) await session.commit(changes);
}

/** Offers mails again that Dynamics did not take, where they are due. */
async function offerAgain(session: Session, { ruleOf, read, late }: Reading): Promise<void> {
  const due = [...late.values()].filter((each) => each.due <= session.now).slice(0, mailsAtOnce);
  if (due.length === 0) return;
  const outcome = await takeOver(session, await read(due.map(({ itemId }) => itemId)), ruleOf);
  const changes = [...settledChanges(due, outcome, late), ...outcomeChanges(session, outcome, late)];
  if (changes.length > 0) await session.commit(changes);
}
