import { z } from 'zod';
import type { SeenMail } from '../model/mail';
import { shaped } from './item';
import type { MailHead } from './mail';

const recipient = z.looseObject({ emailAddress: z.looseObject({ address: z.string().nullish() }).nullish() }).nullish();
const recipients = z.array(recipient).nullish();

const headJson = z.looseObject({ id: z.string(), internetMessageId: z.string().nullish() });

const messageJson = headJson.extend({
  parentFolderId: z.string(),
  subject: z.string().nullish(),
  from: recipient,
  toRecipients: recipients,
  ccRecipients: recipients,
  bccRecipients: recipients,
  isDraft: z.boolean().nullish(),
  importance: z.string().nullish(),
  conversationIndex: z.string().nullish(),
  sentDateTime: z.string().nullish(),
  receivedDateTime: z.string().nullish(),
  internetMessageHeaders: z.array(z.looseObject({ name: z.string().nullish(), value: z.string().nullish() })).nullish(),
});

/** The nearest so many mails that a References header names: a long thread names hundreds, and the near ones tell as much. */
const mostReferences = 5;
/** The longest message id that Dynamics keeps. */
const longestMessageId = 320;

export function mailHead(json: unknown, folderId: string): MailHead {
  const { id, internetMessageId } = shaped(headJson, json, 'a message');
  return { id, folderId, messageId: known(internetMessageId) };
}

/** A message as the model has it. Throws `unexpected-reply`. */
export function seenMail(json: unknown): SeenMail {
  const message = shaped(messageJson, json, 'a message');
  const header = (name: string): string =>
    message.internetMessageHeaders?.find((each) => each.name?.toLowerCase() === name)?.value?.trim() ?? '';
  const received = timeIn(message.receivedDateTime) ?? timeIn(message.sentDateTime) ?? 0;
  return {
    id: message.id,
    folderId: message.parentFolderId,
    messageId: known(message.internetMessageId),
    subject: message.subject ?? '',
    from: addressIn(message.from),
    to: addressesIn(message.toRecipients),
    cc: addressesIn(message.ccRecipients),
    bcc: addressesIn(message.bccRecipients),
    isDraft: message.isDraft === true,
    importance: message.importance === 'low' || message.importance === 'high' ? message.importance : 'normal',
    isPrivate: /^(personal|private|company-confidential)$/i.test(header('sensitivity')),
    answers: answersIn(header('in-reply-to'), header('references')),
    conversationIndex: known(message.conversationIndex),
    sentAt: timeIn(message.sentDateTime) ?? received,
    receivedAt: received,
  };
}

/** Message ids in angle brackets, nearest first, each once (RFC 5322, section 3.6.4). */
function answersIn(inReplyTo: string, references: string): string[] {
  const ids = [...messageIdsIn(inReplyTo), ...messageIdsIn(references).reverse().slice(0, mostReferences)];
  return [...new Set(ids.filter((id) => id.length <= longestMessageId))];
}

function messageIdsIn(text: string): string[] {
  return text.match(/<[^<>\s]+>/g) ?? [];
}

function addressIn(one: z.output<typeof recipient>): string | null {
  const address = one?.emailAddress?.address?.trim().toLowerCase() ?? '';
  return address === '' ? null : address;
}

function addressesIn(several: z.output<typeof recipients>): string[] {
  return [...new Set((several ?? []).flatMap((one) => addressIn(one) ?? []))];
}

function timeIn(text: string | null | undefined): number | null {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : at;
}

function known(text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}
