import type { WakeUp } from '../messaging/messages';
import type { StoredMailbox } from '../storage/mailboxes';

/** A wake-up that asks for work on a mailbox. */
export function workFor(mailbox: StoredMailbox, reason: Extract<WakeUp, { kind: 'work' }>['reason'], sentAt: number): WakeUp {
  return { kind: 'work', integration: mailbox.integration, mailbox: mailbox.id, reason, sentAt };
}
