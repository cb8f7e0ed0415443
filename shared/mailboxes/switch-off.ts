import type { Subscription } from '../model/push';
import { asTandemError } from '../platform/errors';
import type { Services } from '../services';
import { type StoredMailbox, takesPart } from '../storage/mailboxes';
import { noMailbox } from './disable';

/** What changing a mailbox takes that may be switched off thereby. */
export type SwitchServices = Pick<Services, 'mailboxes' | 'exchange' | 'log'>;

/**
 * Changes a mailbox; where no cycle serves it any more after that, Exchange is not to tell of it either.
 * @throws TandemError `not-found`
 */
export async function changeMailbox(
  { mailboxes, exchange, log }: SwitchServices,
  integration: string,
  id: string,
  change: (mailbox: StoredMailbox) => StoredMailbox,
): Promise<StoredMailbox> {
  let subscriptions: readonly Subscription[] = [];
  const mailbox = await mailboxes.update(integration, id, (there) => {
    const after = change(there);
    const isLeft = takesPart(there) && !takesPart(after);
    subscriptions = isLeft ? (there.push?.subscriptions ?? []) : [];
    return isLeft ? { ...after, push: undefined } : after;
  });
  if (mailbox === null) throw noMailbox(integration, id);
  for (const each of subscriptions) {
    try {
      await exchange.subscriptions.remove(each.id);
    } catch (thrown) {
      // It ends by itself within days, and until then what it tells is ignored.
      log.info('subscription-left', { integration, mailbox: id, code: asTandemError(thrown).code });
    }
  }
  return mailbox;
}
