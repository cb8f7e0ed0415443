import type { WakeUp } from '../messaging/messages';
import { debounce } from '../messaging/slots';
import type { StoredMailbox } from '../storage/mailboxes';

/** A wake-up that asks for work on a mailbox. */
export function workFor(mailbox: StoredMailbox, reason: Extract<WakeUp, { kind: 'work' }>['reason'], sentAt: number): WakeUp {
  return { kind: 'work', integration: mailbox.integration, mailbox: mailbox.id, reason, sentAt };
}

/** Sweeps of a mailbox that fall due within this long are one. */
const sweepSlotMs = 60_000;

/** When a sweep that was asked for at a time is delivered, and the id by which several in one slot are one. */
export function sweepSlot(
  { integration, id }: Pick<StoredMailbox, 'integration' | 'id'>,
  at: number,
): { readonly id: string; readonly at: number } {
  return debounce(`sweep|${integration}|${id}`, at, sweepSlotMs);
}
