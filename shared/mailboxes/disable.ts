import { errorCodes, TandemError } from '../platform/errors';
import type { Services } from '../services';
import { takesPart } from '../storage/mailboxes';

/**
 * Switches a mailbox off: no cycle serves it any more, and every item, record and link stays as it is. A cycle that is under way ends its slices first.
 * Doing it again is harmless.
 * @throws TandemError `not-found`
 */
export async function disableMailbox(
  { mailboxes, participation, log }: Pick<Services, 'log' | 'mailboxes' | 'participation'>,
  integration: string,
  id: string,
): Promise<void> {
  const mailbox = await mailboxes.update(integration, id, (there) =>
    !takesPart(there) ? there : { ...there, status: 'paused', nextRetryAt: null, health: null },
  );
  if (mailbox === null) throw noMailbox(integration, id);
  await participation.giveBack(mailbox.objectId, integration, id);
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
