import type { Subscription } from '../model/push';
import { asTandemError, errorCodes, TandemError } from '../platform/errors';
import type { Services } from '../services';
import { takesPart } from '../storage/mailboxes';

/**
 * Switches a mailbox off: no cycle serves it any more, and every item, record and link stays as it is. A cycle that is under way ends its slices first.
 * Doing it again is harmless.
 * @throws TandemError `not-found`
 */
export async function disableMailbox(
  { mailboxes, participation, exchange, log }: Pick<Services, 'log' | 'mailboxes' | 'participation' | 'exchange'>,
  integration: string,
  id: string,
): Promise<void> {
  let subscriptions: readonly Subscription[] = [];
  const mailbox = await mailboxes.update(integration, id, (there) => {
    subscriptions = there.push?.subscriptions ?? [];
    return !takesPart(there) ? there : { ...there, status: 'paused', nextRetryAt: null, health: null, push: undefined };
  });
  if (mailbox === null) throw noMailbox(integration, id);
  await participation.giveBack(mailbox.objectId, integration, id);
  for (const each of subscriptions) {
    try {
      await exchange.subscriptions.remove(each.id);
    } catch (thrown) {
      // It ends by itself within days, and until then what it tells is ignored.
      log.info('subscription-left', { integration, mailbox: id, code: asTandemError(thrown).code });
    }
  }
  log.info('mailbox-disabled', { integration, mailbox: id });
}

/** The error for a mailbox that does not take part. */
export function noMailbox(integration: string, id: string): TandemError {
  return new TandemError(errorCodes.notFound, {
    retry: 'never',
    fix: 'Enable the mailbox first.',
    detail: `no mailbox ${id} in the integration ${integration}`,
  });
}
