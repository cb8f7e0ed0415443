import type { Services } from '../services';
import type { StoredMailbox } from '../storage/mailboxes';
import { changeMailbox, type SwitchServices } from './switch-off';

export type ApprovalVerdict = 'approve' | 'reject';

/** Who decides (Entra object id) and when, UTC ms. */
export interface Decided {
  readonly by: string;
  readonly at: number;
}

/** The mailbox once somebody decided about it. Rejected, it is off and keeps its items; approved, it waits to be tested unless it takes part already. */
export function decided(mailbox: StoredMailbox, verdict: ApprovalVerdict, { by, at }: Decided): StoredMailbox {
  const state = verdict === 'approve' ? 'approved' : 'rejected';
  if (mailbox.approval.state === state) return mailbox;
  const approved: StoredMailbox = { ...mailbox, approval: { state, by, at } };
  return verdict === 'approve' ? approved : switchedOff(approved);
}

/** What Dynamics says of a person now. */
export interface KnownPerson {
  readonly objectId: string;
  readonly email: string;
  readonly name: string;
}

/**
 * The mailbox once Dynamics names another address or account for its person: it is another mailbox then, so what was approved has to be looked at again. One
 * that nobody had approved only takes the new address over.
 */
export function renamed(mailbox: StoredMailbox, person: KnownPerson, at: number): StoredMailbox {
  const { objectId, email, name } = mailbox;
  const isSame = objectId === person.objectId && email === person.email;
  if (isSame) return name === person.name ? mailbox : { ...mailbox, name: person.name };
  const moved: StoredMailbox = { ...mailbox, ...person, tested: null };
  if (mailbox.approval.state !== 'approved') return moved;
  return switchedOff({ ...moved, approval: { state: 'pending', by: mailbox.approval.by, at } });
}

/** No cycle serves it any more; items, records and links stay as they are. */
function switchedOff(mailbox: StoredMailbox): StoredMailbox {
  return { ...mailbox, status: 'off', nextRetryAt: null, health: null };
}

type ApprovalServices = SwitchServices & Pick<Services, 'clock' | 'participation'>;

/**
 * Approves or rejects a mailbox. Rejecting one that takes part switches it off. Doing it again is harmless.
 * @throws TandemError `not-found`
 */
export async function decideApproval(
  services: ApprovalServices,
  { integration, id, by }: { readonly integration: string; readonly id: string; readonly by: string },
  verdict: ApprovalVerdict,
): Promise<StoredMailbox> {
  const at = services.clock.now();
  const mailbox = await changeMailbox(services, integration, id, (there) => decided(there, verdict, { by, at }));
  if (verdict === 'reject') await services.participation.giveBack(mailbox.objectId, integration, id);
  services.log.info('mailbox-decided', { integration, mailbox: id, verdict });
  return mailbox;
}
