import { z } from 'zod';
import { itemBodySchema, type StoredBody, storeBody } from './html';
import type { Item } from './mailbox';
import { parseInstant } from './time';

const address = z.strictObject({ name: z.string().optional(), address: z.string() });

/** A mail as it comes from outside: what its sender wrote, and the headers that say what it answers. */
export const arrivingSchema = z.strictObject({
  /** Whose mailboxes it comes into, by address or object id. */
  to: z.array(z.string()).min(1),
  /** The folder it is filed in on arrival, by id or well-known name, as an inbox rule would. */
  folder: z.string().default('inbox'),
  from: address,
  toRecipients: z.array(address).optional(),
  ccRecipients: z.array(address).default([]),
  subject: z.string().default(''),
  body: itemBodySchema.optional(),
  internetMessageId: z.string(),
  headers: z.array(z.strictObject({ name: z.string(), value: z.string() })).default([]),
  conversationId: z.string().optional(),
  /** Base64. */
  conversationIndex: z.string().optional(),
  importance: z.enum(['low', 'normal', 'high']).default('normal'),
  receivedDateTime: z.string().optional(),
});
export type Arriving = z.output<typeof arrivingSchema>;

export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

/** A message as Exchange keeps it. Times in ms. */
export interface StoredMessage extends Item, MessageFields {}

export interface MessageFields {
  readonly subject: string;
  readonly body: StoredBody;
  readonly from: MailAddress;
  readonly toRecipients: readonly MailAddress[];
  readonly ccRecipients: readonly MailAddress[];
  readonly internetMessageId: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly conversationId: string;
  readonly conversationIndex: string;
  readonly importance: 'low' | 'normal' | 'high';
  readonly received: number;
  readonly isDraft: boolean;
  isRead: boolean;
  categories: readonly string[];
}

/** A folder that a person made; its folder is the one it lies in. */
export interface StoredMailFolder extends Item {
  displayName: string;
}

/** What a mailbox keeps of a mail that arrives. */
export function arrived(mail: Arriving, owner: string, now: number): MessageFields {
  const received = mail.receivedDateTime === undefined ? now : (parseInstant(mail.receivedDateTime) ?? now);
  return {
    subject: mail.subject,
    body: storeBody(mail.body ?? null),
    from: named(mail.from),
    toRecipients: (mail.toRecipients ?? [{ address: owner }]).map(named),
    ccRecipients: mail.ccRecipients.map(named),
    internetMessageId: mail.internetMessageId,
    headers: [{ name: 'Message-ID', value: mail.internetMessageId }, ...mail.headers],
    conversationId: mail.conversationId ?? mail.internetMessageId,
    conversationIndex: mail.conversationIndex ?? '',
    importance: mail.importance,
    received,
    isDraft: false,
    isRead: false,
    categories: [],
  };
}

function named({ name, address: at }: z.output<typeof address>): MailAddress {
  return { name: name ?? at, address: at };
}
