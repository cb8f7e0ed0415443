import { workFor } from '../cycle/work-for';
import { errorCodes, TandemError } from '../platform/errors';
import type { Services } from '../services';
import { type StoredMailbox, takesPart, toBeLoaded } from '../storage/mailboxes';
import { noMailbox } from './disable';

type ReloadServices = Pick<Services, 'clock' | 'mailboxes' | 'messenger'>;

/** Has a mailbox that takes part loaded like a new one, again where a load is under way: what is linked stays linked, nobody is invited to what was agreed on meanwhile. One that does not take part is left alone. */
export async function loadAgain({ mailboxes, messenger, clock }: ReloadServices, mailbox: StoredMailbox): Promise<void> {
  if (!takesPart(mailbox)) return;
  await mailboxes.update(mailbox.integration, mailbox.id, (now) => (takesPart(now) ? toBeLoaded(now) : now));
  await messenger.wake(workFor(mailbox, 'load', clock.now()));
}

/**
 * Has both sides of a mailbox read in full: every record that is at home there, then every item. What is linked stays so, and nothing is made twice.
 * @throws TandemError `not-found`, or `conflict` for a mailbox that does not take part
 */
export async function resync(services: ReloadServices & Pick<Services, 'log'>, integration: string, id: string): Promise<void> {
  const mailbox = await services.mailboxes.get(integration, id);
  if (mailbox === null) throw noMailbox(integration, id);
  if (!takesPart(mailbox)) throw notOn();
  await loadAgain(services, mailbox);
  await services.messenger.wake(workFor(mailbox, 'sweep', services.clock.now()));
  services.log.info('mailbox-resynced', { integration, mailbox: id });
}

/** The error for what only a mailbox that takes part can be asked. */
export function notOn(): TandemError {
  return new TandemError(errorCodes.conflict, {
    retry: 'never',
    fix: 'Enable or resume the mailbox first.',
    detail: 'the mailbox is switched off',
  });
}
