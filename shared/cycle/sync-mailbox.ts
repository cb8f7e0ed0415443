import { WakeUp } from '../messaging/messages';
import { rejectUnreadable } from '../messaging/reject';
import { runCycle } from './cycle';
import type { CycleServices } from './services';

/** Serves one wake-up message. A message that does not parse is put aside with the reason; everything else is the cycle's business. */
export async function syncMailbox(message: unknown, services: CycleServices): Promise<void> {
  const parsed = WakeUp.safeParse(message);
  if (!parsed.success) return rejectUnreadable(services, 'wakeups', message, parsed.error);
  await runCycle(parsed.data, services);
}
