import type { PollingServices } from './services';

/**
 * Wakes a mailbox for a look, at the end of the current time slot and under the slot's id: duplicate detection lets one through, and that one is delivered
 * after everything it stands for.
 */
export async function wakeForLook(services: PollingServices, integration: string, mailbox: string): Promise<void> {
  const { wakeUpSlotMs } = services.settings;
  const at = (Math.floor(services.clock.now() / wakeUpSlotMs) + 1) * wakeUpSlotMs;
  await services.messenger.wake({ kind: 'look', integration, mailbox, sentAt: at }, { at, id: `look|${integration}|${mailbox}|${at}` });
}
