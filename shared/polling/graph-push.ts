import { z } from 'zod';
import { debounce } from '../messaging/slots';
import type { Sealer } from '../platform/seal';
import { type Mailboxes, type MailboxRef, type StoredMailbox, takesPart } from '../storage/mailboxes';
import type { PollingServices } from './services';
import { type WakingServices, wakeForLook } from './wake';

/** The most notifications in one request. */
export const mostNotifications = 1_000;

const short = z.string().max(400);

/** What Graph sends; of its many properties only these are read (change notification docs). */
export const GraphNotifications = z.object({
  value: z
    .array(z.object({ subscriptionId: short, clientState: short.nullish(), lifecycleEvent: short.nullish() }))
    .min(1)
    .max(mostNotifications),
});
export type GraphNotifications = z.output<typeof GraphNotifications>;

type Notification = GraphNotifications['value'][number];

/** What became of the notifications of one request. */
export interface Pushed {
  readonly accepted: number;
  /** Of a subscription that nobody knows: of a mailbox that was disabled, or one whose making got lost. */
  readonly unknown: number;
  /** Without the secret of their subscription. */
  readonly refused: number;
}

interface PushServices extends WakingServices, Pick<PollingServices, 'log'> {
  readonly mailboxes: Pick<Mailboxes, 'get'>;
  readonly sealer: () => Promise<Sealer>;
}

/** What Graph says of the subscriptions of one mailbox within so long becomes one renewal. */
const resubscribeSlotMs = 10_000;

/**
 * Takes notifications of one mailbox: each that carries its subscription's secret is worth a look, and one that speaks of the subscription itself has it renewed or
 * made anew. Reads one row, sends at most two wake-ups and writes nothing: what changed is read by the cycle.
 */
export async function takePush(services: PushServices, ref: MailboxRef, notifications: readonly Notification[]): Promise<Pushed> {
  const mailbox = await services.mailboxes.get(ref.integration, ref.id);
  const known = mailbox === null || !takesPart(mailbox) ? [] : notifications.filter((each) => secretOf(mailbox, each) !== null);
  const accepted = mailbox === null || known.length === 0 ? [] : await proved(services, mailbox, known);
  const counts = { accepted: accepted.length, unknown: notifications.length - known.length, refused: known.length - accepted.length };
  if (counts.refused > 0) services.log.warn('push-refused', { integration: ref.integration, mailbox: ref.id, ...counts });
  if (accepted.length === 0) return counts;
  if (accepted.some(endsSubscription)) await wakeToResubscribe(services, ref);
  else await wakeForLook(services, ref.integration, [ref.id]);
  return counts;
}

function secretOf({ push }: StoredMailbox, { subscriptionId }: Notification): string | null {
  return push?.subscriptions.find(({ id }) => id === subscriptionId)?.secret ?? null;
}

async function proved({ sealer }: PushServices, mailbox: StoredMailbox, known: readonly Notification[]): Promise<Notification[]> {
  const seal = await sealer();
  // A burst repeats the same few secrets, and each costs a hash.
  const checked = new Map<string, boolean>();
  return known.filter((notification) => {
    const [secret, given] = [secretOf(mailbox, notification), notification.clientState ?? ''];
    if (secret === null) return false;
    const name = `${secret} ${given}`;
    const isRight = checked.get(name) ?? seal.matches(given, secret);
    checked.set(name, isRight);
    return isRight;
  });
}

/** What is missed is found by a look; of the other lifecycle events, and of one that is yet unknown, the subscription itself is in question. */
function endsSubscription({ lifecycleEvent }: Notification): boolean {
  return typeof lifecycleEvent === 'string' && lifecycleEvent !== 'missed';
}

/** The cycle that mends subscriptions looks as well. */
async function wakeToResubscribe({ clock, messenger }: PushServices, { integration, id: mailbox }: MailboxRef): Promise<void> {
  const now = clock.now();
  const slot = debounce(`resubscribe|${integration}|${mailbox}`, now, resubscribeSlotMs);
  await messenger.wake({ kind: 'work', integration, mailbox, reason: 'resubscribe', sentAt: now }, slot);
}
