import type { Integration } from '../storage/integrations';
import { type StoredMailbox, takesPart } from '../storage/mailboxes';
import { isPushed, planSubscriptions, type Subscribing } from '../sync/subscriptions';

/** What a mailbox should be subscribed to: its mail only where a cycle has left a mark of it, for only those track mail. */
export function subscribingOf(
  mailbox: Pick<StoredMailbox, 'status' | 'marks'>,
  { settings }: Pick<Integration, 'settings'>,
  publicUrl: string | null,
): Subscribing {
  const address = settings.push && takesPart(mailbox) ? publicUrl : null;
  return { address, about: mailbox.marks.mail === undefined ? ['calendar', 'contacts'] : ['calendar', 'contacts', 'mail'] };
}

/** True where everything of a mailbox that can be pushed is. */
export function isPushedNow(
  mailbox: StoredMailbox,
  integration: Pick<Integration, 'settings'>,
  publicUrl: string | null,
  now: number,
): boolean {
  return isPushed(subscribingOf(mailbox, integration, publicUrl), mailbox.push?.subscriptions ?? [], now);
}

/** True where a mailbox that is well has subscriptions to make, renew or remove, and the last failure of that lies long enough ago. */
export function needsSubscribing(
  mailbox: StoredMailbox,
  integration: Pick<Integration, 'settings'>,
  publicUrl: string | null,
  now: number,
): boolean {
  if (mailbox.status !== 'on' || mailbox.health !== null) return false;
  const { subscriptions, failure } = mailbox.push ?? { subscriptions: [], failure: null };
  if (failure !== null && failure.retryAt > now) return false;
  return planSubscriptions(subscribingOf(mailbox, integration, publicUrl), subscriptions, now).length > 0;
}
