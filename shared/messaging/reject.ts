import type { z } from 'zod';
import type { Log } from '../platform/telemetry';
import type { Messenger } from './senders';

/**
 * Puts a message that does not parse into the queue `rejected`, with the reason as its dead-letter properties. (A function of the Node model cannot settle
 * the message that triggered it, so it cannot be dead-lettered where it is; throwing would lose the reason and retry what can never work.)
 */
export async function rejectUnreadable(
  services: { readonly log: Log; readonly messenger: Pick<Messenger, 'reject'> },
  queue: string,
  message: unknown,
  error: z.ZodError,
): Promise<void> {
  const reason = error.issues.map(({ path, message: rule }) => `${path.join('.') || 'message'}: ${rule}`).join('; ');
  services.log.warn('message-rejected', { queue, reason });
  await services.messenger.reject(queue, message, reason);
}
