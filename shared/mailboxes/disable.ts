import { errorCodes, TandemError } from '../platform/errors';
import type { Services } from '../services';
import { changeMailbox, type SwitchServices, stopped } from './switch-off';

/**
 * Switches a mailbox off: no cycle serves it any more, and every item, record and link stays as it is. A cycle that is under way ends its slices first, and a
 * test that is under way does not switch it on. Doing it again is harmless.
 * @throws TandemError `not-found`
 */
export async function disableMailbox(
  services: SwitchServices & Pick<Services, 'participation'>,
  integration: string,
  id: string,
): Promise<void> {
  const mailbox = await changeMailbox(services, integration, id, stopped);
  await services.participation.giveBack(mailbox.objectId, integration, id);
  services.log.info('mailbox-disabled', { integration, mailbox: id });
}

/** The error for a mailbox that does not take part. */
export function noMailbox(integration: string, id: string): TandemError {
  return new TandemError(errorCodes.notFound, {
    retry: 'never',
    fix: 'Enable the mailbox first.',
    detail: `no mailbox ${id} in the integration ${integration}`,
  });
}
