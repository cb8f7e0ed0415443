import { debounce } from '../messaging/slots';
import { errorCodes, TandemError } from '../platform/errors';
import type { Services } from '../services';
import { noMailbox } from './disable';

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
  if (mailbox.status === 'paused') {
    throw new TandemError(errorCodes.conflict, { retry: 'never', fix: 'Enable the mailbox first.', detail: 'the mailbox is switched off' });
  }
  const now = clock.now();
  const slot = debounce(`syncNow|${integration}|${id}`, now, config.wakeUpSlotMs);
  await messenger.wake({ kind: 'work', integration, mailbox: id, reason: 'syncNow', sentAt: now }, slot);
}
