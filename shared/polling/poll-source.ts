import { PollMessage } from '../messaging/messages';
import { rejectUnreadable } from '../messaging/reject';
import { feedsThatAreRead } from '../model/integration-settings';
import { asTandemError, errorCodes } from '../platform/errors';
import { goOnLoading } from '../workspace/loading';
import { readFeed } from './feed';
import { probeMailboxes } from './probe';
import type { PollingServices } from './services';
import { watchNow } from './watchdog';

/**
 * Serves one poll message. A failure is logged and the message is done with: the next slot asks again, from the cursor that was saved last. A message that
 * does not parse is put aside with the reason.
 */
export async function pollSource(message: unknown, services: PollingServices): Promise<void> {
  const parsed = PollMessage.safeParse(message);
  if (!parsed.success) return rejectUnreadable(services, 'polls', message, parsed.error);
  const poll = parsed.data;
  if (poll.kind === 'watch') return watchNow(services);
  try {
    switch (poll.kind) {
      case 'dynamicsFeed': {
        const integration = await services.integrations.get(poll.integration);
        if (integration !== null && feedsThatAreRead(integration.settings).includes(poll.entity))
          await readFeed(services, integration, poll.entity);
        return;
      }
      case 'exchangeProbe':
        return await probeMailboxes(services, poll.integration, poll.mailboxes, poll.only ?? null);
      case 'recordLoad':
        return await goOnLoading(services, poll);
    }
  } catch (thrown) {
    const error = asTandemError(thrown);
    if (error.code === errorCodes.stale)
      return services.log.info('feed-read-elsewhere', { integration: poll.integration, kind: poll.kind });
    services.log.warn('poll-failed', { integration: poll.integration, kind: poll.kind, code: error.code, detail: error.detail ?? '' });
  }
}
