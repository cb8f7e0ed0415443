import { type CorrelationMethod, correlationMethods, type SeenMail, type TrackedEmail } from '../model/mail';

/** The tracked mail that a mail answers, and by what that was seen. */
export interface Correlation {
  readonly email: TrackedEmail;
  readonly method: CorrelationMethod;
}

/** The bytes that a conversation's mails have in common at the start of their index (PidTagConversationIndex, MS-OXOMSG). */
const headerBytes = 22;
/** As much of that as can be compared as text: base64 tells three bytes with four characters. */
const headerCharacters = 28;

/** The tracking token that stands last in a subject, such as `CRM:0001001`; null where there is none. */
export function tokenIn(subject: string, prefix: string): string | null {
  const escaped = prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = [...subject.matchAll(new RegExp(`(?:^|\\s)(${escaped}\\d{3,20})(?=\\s|$)`, 'g'))];
  return found.at(-1)?.[1] ?? null;
}

/** How the index of every mail in the conversation begins, as text; null for an index that is too short to say. */
export function conversationStart(index: string | null): string | null {
  return index === null || bytesOf(index).length < headerBytes ? null : index.slice(0, headerCharacters);
}

/**
 * The mail that this one answers, among those that Dynamics holds: the one its In-Reply-To or, failing that, its References name; else the one with its tracking
 * token; else one of its conversation. Of several the newest. A mail is no answer to itself.
 */
export function correlate(mail: SeenMail, known: readonly TrackedEmail[], prefix: string): Correlation | null {
  const others = known.filter(({ messageId }) => messageId === null || messageId !== mail.messageId);
  for (const id of mail.answers) {
    const email = newest(others.filter(({ messageId }) => messageId === id));
    if (email !== null) return { email, method: correlationMethods.inReplyTo };
  }
  const token = tokenIn(mail.subject, prefix);
  const named = token === null ? null : newest(others.filter(({ trackingToken }) => trackingToken === token));
  if (named !== null) return { email: named, method: correlationMethods.trackingToken };
  const header = headerOf(mail.conversationIndex);
  const spoken =
    header === null ? null : newest(others.filter(({ conversationIndex }) => headerOf(conversationIndex)?.equals(header) === true));
  return spoken === null ? null : { email: spoken, method: correlationMethods.conversationIndex };
}

function headerOf(index: string | null): Buffer | null {
  if (index === null) return null;
  const bytes = bytesOf(index);
  return bytes.length < headerBytes ? null : bytes.subarray(0, headerBytes);
}

function bytesOf(index: string): Buffer {
  return Buffer.from(index, 'base64');
}

function newest(emails: readonly TrackedEmail[]): TrackedEmail | null {
  return emails.reduce<TrackedEmail | null>((best, email) => (best === null || email.createdAt > best.createdAt ? email : best), null);
}
