import { type Approval, switchedOn } from '../model/mailbox-standing';
import { asTandemError, errorCodes, TandemError } from '../platform/errors';
import type { Services } from '../services';
import type { Integration } from '../storage/integrations';
import { type StoredMailbox, takesPart, toBeLoaded } from '../storage/mailboxes';

export type EnableServices = Pick<
  Services,
  'clock' | 'log' | 'integrations' | 'mailboxes' | 'participation' | 'messenger' | 'exchange' | 'dynamics'
>;

export interface Enabled {
  readonly mailbox: StoredMailbox;
  /** False where it took part already. */
  readonly isNew: boolean;
}

/** Whose approval a mailbox gets as it is switched on, by its row; null where there is none yet. Throws where it may not be. */
type ApprovalOf = (before: StoredMailbox | null) => Approval;

/**
 * Lets a Dynamics user's mailbox take part: checks that both sides know her, adds her row and wakes the first load. Doing it again is harmless, and ends
 * what a failure left half done. Whoever does it approves the mailbox thereby; nothing is tested but that it is there.
 * @param by the Entra object id of the admin; null where nobody is known
 * @throws TandemError `not-found` for an unknown integration, user or mailbox, `conflict` where the mailbox takes part in another integration
 */
export function enableMailbox(
  services: EnableServices,
  integrationId: string,
  systemUserId: string,
  by: string | null = null,
): Promise<Enabled> {
  return switchOn(services, integrationId, systemUserId, () => (before) => {
    return before?.approval.state === 'approved' ? before.approval : { state: 'approved', by, at: services.clock.now() };
  });
}

/**
 * Lets a mailbox take part that somebody has approved, and approves nothing: where that was taken back meanwhile, or Dynamics names another address or account
 * than was approved, it stays as it is.
 * @param demand throws where its row says that something else keeps it from being switched on
 * @throws TandemError as `enableMailbox`, and `conflict` without approval
 */
export function enableApproved(
  services: EnableServices,
  integrationId: string,
  systemUserId: string,
  demand: (before: StoredMailbox) => void = () => {},
): Promise<Enabled> {
  return switchOn(services, integrationId, systemUserId, (described) => (before) => {
    if (before?.approval.state !== 'approved') throw notApproved();
    demand(before);
    if (before.objectId !== described.objectId || before.email !== described.email.trim()) throw otherMailbox();
    return before.approval;
  });
}

async function switchOn(
  services: EnableServices,
  integrationId: string,
  systemUserId: string,
  approvalFor: (described: StoredMailbox) => ApprovalOf,
): Promise<Enabled> {
  const { integrations, mailboxes, participation, messenger, clock, log } = services;
  const integration = await integrations.get(integrationId);
  if (integration === null) throw noIntegration(integrationId);
  const before = await mailboxes.get(integration.id, systemUserId);
  if (before?.status === 'on') return { mailbox: before, isNew: false };

  const described = await describeMailbox(services, integration, systemUserId);
  const approvalOf = approvalFor(described);
  const fresh = { ...described, approval: approvalOf(before) };
  const isTakenNow = await participation.take(fresh.objectId, integration.id, fresh.id);
  const mailbox = await place(mailboxes, fresh, approvalOf).catch(async (error: unknown) => {
    // Whoever took the approval back or disabled the mailbox has given its place up already, perhaps before it was taken here. One that is paused keeps its place.
    if (isTakenNow && asTandemError(error).code === errorCodes.conflict)
      await participation.giveBack(fresh.objectId, integration.id, fresh.id);
    throw error;
  });
  await messenger.wake({ kind: 'work', integration: integration.id, mailbox: mailbox.id, reason: 'load', sentAt: clock.now() });
  log.info('mailbox-enabled', { integration: integration.id, mailbox: mailbox.id });
  return { mailbox, isNew: before === null };
}

/** The mailbox of a Dynamics user as both sides describe it now, as yet unsaved. Throws TandemError `not-found` for an unknown user or mailbox. */
export async function describeMailbox(
  { dynamics, exchange, clock }: Pick<Services, 'dynamics' | 'exchange' | 'clock'>,
  integration: Integration,
  systemUserId: string,
): Promise<StoredMailbox> {
  const user = await dynamics(integration).user(systemUserId);
  const { taskList, deletedItems } = await exchange
    .mailbox({ userId: user.objectId, zone: user.zone, deletedItems: null })
    .standardFolders();
  return {
    id: user.systemUserId,
    integration: integration.id,
    systemUserId: user.systemUserId,
    objectId: user.objectId,
    email: user.email,
    name: user.name,
    zone: user.zone,
    ...switchedOn,
    deletedItems,
    taskLists: [taskList],
    status: 'loading',
    filters: {},
    columnRights: null,
    enabledAt: clock.now(),
    marks: {},
    lastChangeAt: null,
    nextRetryAt: null,
    lastCycleAt: null,
    health: null,
  };
}

/** Adds the mailbox, or sets one that was paused or not switched on yet to loading; one that is loading or on by now stays as it is. */
async function place(mailboxes: Services['mailboxes'], fresh: StoredMailbox, approvalOf: ApprovalOf): Promise<StoredMailbox> {
  try {
    await mailboxes.insert(fresh);
    return fresh;
  } catch (error) {
    if (!(error instanceof TandemError) || error.code !== errorCodes.duplicate) throw error;
    const placed = await mailboxes.update(fresh.integration, fresh.id, (there) => {
      if (takesPart(there)) return there;
      const { filters, methods, profile, tested, loads } = there;
      return toBeLoaded({ ...fresh, approval: approvalOf(there), filters, methods, profile, tested, loads });
    });
    if (placed === null) throw error;
    return placed;
  }
}

/** The error for what takes an approval. */
export function notApproved(): TandemError {
  return new TandemError(errorCodes.conflict, { retry: 'never', fix: 'Approve the mailbox first.', detail: 'the mailbox is not approved' });
}

function otherMailbox(): TandemError {
  return new TandemError(errorCodes.conflict, {
    retry: 'never',
    fix: 'Import the users of Dynamics again, and approve the mailbox with what it is now.',
    detail: 'its address or account is another than was approved',
  });
}

/** The error for an integration that is not there. */
export function noIntegration(id: string): TandemError {
  return new TandemError(errorCodes.notFound, {
    retry: 'never',
    fix: 'Look the integrations up and use the id of one of them.',
    detail: `no integration ${id}`,
  });
}
