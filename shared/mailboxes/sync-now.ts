import { debounce } from '../messaging/slots';
import type { Services } from '../services';
import { takesPart } from '../storage/mailboxes';
import { noMailbox } from './disable';
import { notOn } from './reload';

/**
 * Asks for a cycle of a mailbox now. Asking again within the same moment is one.
 * @throws TandemError `not-found`, or `conflict` for a mailbox that is switched off
 */
export async function syncNow(
  { config, clock, mailboxes, messenger }: Pick<Services, 'config' | 'clock' | 'mailboxes' | 'messenger'>,
  integration: string,
  id: string,
): Promise<void> {
  const mailbox = await mailboxes.get(integration, id);
  if (mailbox === null) throw noMailbox(integration, id);
  if (!takesPart(mailbox)) throw notOn();
  const now = clock.now();
  const slot = debounce(`syncNow|${integration}|${id}`, now, config.wakeUpSlotMs);
  await messenger.wake({ kind: 'work', integration, mailbox: id, reason: 'syncNow', sentAt: now }, slot);
}
