import type { Subscription } from '../model/push';
import { asTandemError } from '../platform/errors';
import type { Services } from '../services';
import { type StoredMailbox, takesPart } from '../storage/mailboxes';
import { noMailbox } from './disable';

/** What changing a mailbox takes that may be switched off thereby. */
export type SwitchServices = Pick<Services, 'mailboxes' | 'exchange' | 'log'>;

/** Whether a test of the mailbox waits or is under way. */
export function isUnderTest({ tested }: StoredMailbox): boolean {
  return tested !== null && tested.endedAt === null;
}

/**
 * The mailbox once an administrator has stopped it: no cycle serves it any more, and every item, record and link stays as it is. A test that is not over is
 * withdrawn: its end would switch the mailbox on again.
 */
export function stopped(mailbox: StoredMailbox): StoredMailbox {
  const untested: StoredMailbox = isUnderTest(mailbox) ? { ...mailbox, tested: null } : mailbox;
  return takesPart(untested) ? { ...untested, status: 'paused', nextRetryAt: null, health: null } : untested;
}

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
