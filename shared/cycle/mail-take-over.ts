import { accept } from '../mail/acceptance';
import { type Correlation, conversationStart, correlate, tokenIn } from '../mail/correlate';
import { newEmail } from '../mail/new-email';
import { mailRowId } from '../mail/row-id';
import { correlationMethods, type FolderRule, type SeenMail, type TrackedEmail, type TrackedMail } from '../model/mail';
import { errorCodes, TandemError } from '../platform/errors';
import type { Session } from './session';

/** A mail that is to become a row. */
interface Accepted {
  readonly mail: SeenMail;
  readonly rule: FolderRule | null;
  readonly correlation: Correlation | null;
}

/** What came of mails that were decided on. Those that were left are in neither list. */
export interface MailOutcome {
  readonly kept: readonly TrackedMail[];
  /** Those that Dynamics did not take, by the id that the row would have. */
  readonly refused: readonly { readonly id: string; readonly itemId: string }[];
}

/** Decides on mails that are new here and makes the rows of those that are accepted. */
export async function takeOver(
  session: Session,
  mails: readonly SeenMail[],
  ruleOf: (folderId: string) => FolderRule | null,
): Promise<MailOutcome> {
  if (mails.length === 0) return { kept: [], refused: [] };
  const { mailbox, dynamics, caller, integration, mailboxRow, services } = session;
  const { tokenPrefix } = integration.settings.mail;
  const oldestFirst = [...mails].sort((left, right) => left.receivedAt - right.receivedAt);
  const people = await dynamics.emails.people([...new Set(mails.flatMap(addressesOf))], caller);
  const known = await dynamics.emails.tracked(traitsOf(mails, tokenPrefix), caller);
  const accepted = decide(session, oldestFirst, known, ruleOf, (address) => people.get(address)?.table ?? null);
  if (accepted.length === 0) return { kept: [], refused: [] };

  // Whoever has lost the mailbox learns it here, before anything is written.
  await session.commit([]);
  const bodies = await mailbox.mail.bodies(accepted.map(({ mail }) => mail.id));
  const kept: TrackedMail[] = [];
  const refused: { id: string; itemId: string }[] = [];
  const counts = { made: 0, there: 0 };
  for (const { mail, rule, correlation } of accepted) {
    const body = bodies.get(mail.id);
    if (body === undefined) continue;
    const id = mailRowId(integration.id, mailboxRow.id, mail);
    const email = newEmail({ id, owner: mailboxRow.systemUserId, mail, body, rule, correlation, people, tokenPrefix });
    const isHeld = known.some((each) => each.id !== id && each.messageId !== null && each.messageId === mail.messageId && !each.isOutgoing);
    try {
      counts[isHeld ? 'there' : await dynamics.emails.receive(email, caller)] += 1;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refused.push({ id, itemId: mail.id });
      services.log.warn('mail-refused', { mailbox: mailboxRow.id, record: id, code: error.code, detail: error.detail ?? '' });
      continue;
    }
    const method = correlation?.method ?? correlationMethods.none;
    kept.push({ id, folderId: mail.folderId, method, regarding: email.regarding, at: session.now });
  }
  session.foundNews ||= counts.made > 0;
  services.log.info('mail-tracked', { mailbox: mailboxRow.id, ...counts, refused: refused.length });
  return { kept, refused };
}

/** The mails that are accepted. One that answers another that is accepted with it is matched to it as if that were tracked already. */
function decide(
  session: Session,
  mails: readonly SeenMail[],
  tracked: readonly TrackedEmail[],
  ruleOf: (folderId: string) => FolderRule | null,
  tableOf: (address: string) => string | null,
): Accepted[] {
  const { integration, mailboxRow } = session;
  const { mail: settings, privateItems } = integration.settings;
  const known = [...tracked];
  const accepted: Accepted[] = [];
  for (const mail of mails) {
    const rule = ruleOf(mail.folderId);
    const correlation = correlate(mail, known, settings.tokenPrefix);
    const sender = mail.from === null ? null : tableOf(mail.from);
    const facts = { mail, owner: mailboxRow.email.toLowerCase(), rule, correlation, sender };
    const verdict = accept(facts, { ...settings, private: privateItems === 'full' });
    if (verdict.kind === 'leave') continue;
    accepted.push({ mail, rule, correlation });
    known.push({
      id: mailRowId(integration.id, mailboxRow.id, mail),
      messageId: mail.messageId,
      trackingToken: tokenIn(mail.subject, settings.tokenPrefix),
      conversationIndex: mail.conversationIndex,
      isOutgoing: false,
      regarding: rule?.regarding ?? correlation?.email.regarding ?? null,
      createdAt: session.now,
    });
  }
  return accepted;
}

function addressesOf({ from, to, cc, bcc }: SeenMail): string[] {
  return [...(from === null ? [] : [from]), ...to, ...cc, ...bcc];
}

function traitsOf(mails: readonly SeenMail[], prefix: string) {
  const distinct = (texts: readonly (string | null)[]): string[] => [...new Set(texts.filter((text) => text !== null))];
  return {
    messageIds: distinct(mails.flatMap(({ messageId, answers }) => [messageId, ...answers])),
    tokens: distinct(mails.map(({ subject }) => tokenIn(subject, prefix))),
    conversations: distinct(mails.map(({ conversationIndex }) => conversationStart(conversationIndex))),
  };
}

/** Dynamics does not take this one mail: a rule or plug-in refuses it, or what it is to be about, or answers, is gone. */
function isRefusal(error: unknown): error is TandemError {
  const codes: readonly string[] = [
    errorCodes.refused,
    errorCodes.duplicate,
    errorCodes.columnRefused,
    errorCodes.gone,
    errorCodes.notFound,
  ];
  return error instanceof TandemError && codes.includes(error.code);
}
