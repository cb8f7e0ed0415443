import { switchedOn } from '../model/mailbox-standing';
import { errorCodes, TandemError } from '../platform/errors';
import type { Services } from '../services';
import type { Integration } from '../storage/integrations';
import { type StoredMailbox, takesPart } from '../storage/mailboxes';

export type EnableServices = Pick<
  Services,
  'clock' | 'log' | 'integrations' | 'mailboxes' | 'participation' | 'messenger' | 'exchange' | 'dynamics'
>;

export interface Enabled {
  readonly mailbox: StoredMailbox;
  /** False where it took part already. */
  readonly isNew: boolean;
}

/**
 * Lets a Dynamics user's mailbox take part: checks that both sides know her, adds her row and wakes the first load. Doing it again is harmless, and ends
 * what a failure left half done. Whoever does it approves the mailbox thereby; nothing is tested but that it is there.
 * @param by the Entra object id of the admin; null where nobody is known
 * @throws TandemError `not-found` for an unknown integration, user or mailbox, `conflict` where the mailbox takes part in another integration
 */
export async function enableMailbox(
  services: EnableServices,
  integrationId: string,
  systemUserId: string,
  by: string | null = null,
): Promise<Enabled> {
  const { integrations, mailboxes, participation, messenger, clock, log } = services;
  const integration = await integrations.get(integrationId);
  if (integration === null) throw noIntegration(integrationId);
  const before = await mailboxes.get(integration.id, systemUserId);
  if (before?.status === 'on') return { mailbox: before, isNew: false };

  const described = await describeMailbox(services, integration, systemUserId);
  const approval = before?.approval.state === 'approved' ? before.approval : { state: 'approved' as const, by, at: clock.now() };
  const fresh = { ...described, approval };
  await participation.take(fresh.objectId, integration.id, fresh.id);
  const mailbox = await place(mailboxes, fresh);
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
async function place(mailboxes: Services['mailboxes'], fresh: StoredMailbox): Promise<StoredMailbox> {
  try {
    await mailboxes.insert(fresh);
    return fresh;
  } catch (error) {
    if (!(error instanceof TandemError) || error.code !== errorCodes.duplicate) throw error;
    const placed = await mailboxes.update(fresh.integration, fresh.id, (there) =>
      takesPart(there) ? there : { ...fresh, filters: there.filters, methods: there.methods, profile: there.profile, tested: there.tested },
    );
    if (placed === null) throw error;
    return placed;
  }
}

/** The error for an integration that is not there. */
export function noIntegration(id: string): TandemError {
  return new TandemError(errorCodes.notFound, {
    retry: 'never',
    fix: 'Look the integrations up and use the id of one of them.',
    detail: `no integration ${id}`,
  });
}
