import { runTest, type TestServices } from '../mailboxes/run-test';
import { WakeUp } from '../messaging/messages';
import { rejectUnreadable } from '../messaging/reject';
import { type CycleEnd, runCycle } from './cycle';

/** Serves one wake-up message. A message that does not parse is put aside with the reason; everything else is the wake-up's business. */
export async function syncMailbox(message: unknown, services: TestServices): Promise<void> {
  const parsed = WakeUp.safeParse(message);
  if (!parsed.success) return rejectUnreadable(services, 'wakeups', message, parsed.error);
  await serveWakeUp(parsed.data, services);
}

/** Serves a wake-up: a test where one was asked for, and otherwise a cycle. */
export function serveWakeUp(wakeUp: WakeUp, services: TestServices): Promise<CycleEnd> {
  return wakeUp.kind === 'work' && wakeUp.reason === 'test' ? runTest(wakeUp, services) : runCycle(wakeUp, services);
}
