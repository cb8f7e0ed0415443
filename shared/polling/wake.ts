import { debounce } from '../messaging/slots';
import type { PollingServices } from './services';

/** What it takes to wake a mailbox. */
export interface WakingServices extends Pick<PollingServices, 'clock' | 'messenger'> {
  readonly settings: Pick<PollingServices['settings'], 'wakeUpSlotMs'>;
}

/** Wakes mailboxes for a look, each once a slot however often it is asked for. */
export async function wakeForLook(services: WakingServices, integration: string, mailboxes: readonly string[]): Promise<void> {
  const now = services.clock.now();
  await services.messenger.wakeMany(
    mailboxes.map((mailbox) => {
      const slot = debounce(`look|${integration}|${mailbox}`, now, services.settings.wakeUpSlotMs);
      return { wakeUp: { kind: 'look', integration, mailbox, sentAt: slot.at }, options: slot };
    }),
  );
}
