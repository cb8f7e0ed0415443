import { errorCodes, TandemError } from '../platform/errors';
import type { StoredMailbox } from '../storage/mailboxes';
import { noMailbox } from './disable';
import { type EnableServices, enableApproved, notApproved } from './enable';
import { notOn } from './reload';
import { changeMailbox, isUnderTest, type SwitchServices, stopped } from './switch-off';

/**
 * Stops a mailbox for a while: no cycle serves it, items, records and links stay, and no other integration may take it. One that was never on and is being
 * tested is not switched on by that test. Doing it again is harmless.
 * @throws TandemError `not-found`, or `conflict` for one that was never switched on and is not being tested
 */
export async function pauseMailbox(services: SwitchServices, integration: string, id: string): Promise<StoredMailbox> {
  let wasTested = false;
  const mailbox = await changeMailbox(services, integration, id, (there) => {
    wasTested = isUnderTest(there);
    return stopped(there);
  });
  if (mailbox.status !== 'paused' && !wasTested) throw notOn();
  services.log.info('mailbox-paused', { integration, mailbox: id });
  return mailbox;
}

/**
 * Lets a mailbox that was paused go on: it is loaded like a new one, so that nobody is invited to what was agreed on meanwhile. Doing it again is harmless.
 * @throws TandemError `not-found`, or `conflict` for one that was never switched on, is not approved, or has another address or account since
 */
export async function resumeMailbox(services: EnableServices, integration: string, id: string): Promise<StoredMailbox> {
  const mailbox = await services.mailboxes.get(integration, id);
  if (mailbox === null) throw noMailbox(integration, id);
  if (mailbox.approval.state !== 'approved') throw notApproved();
  if (mailbox.status === 'off') throw neverOn();
  return (await enableApproved(services, integration, id)).mailbox;
}

function neverOn(): TandemError {
  return new TandemError(errorCodes.conflict, {
    retry: 'never',
    fix: 'Test the mailbox: that switches it on.',
    detail: 'the mailbox was never switched on',
  });
}
