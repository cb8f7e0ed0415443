import { type DryRun, dryRun } from '../cycle/dry-run';
import { cycleServicesOf, type Services } from '../services';
import { describeMailbox, noIntegration } from './enable';

/**
 * Shows what a cycle would do to the mailbox of a Dynamics user, whether it takes part already or not; with the values of fields only where they are asked for.
 * Writes nothing.
 * @throws TandemError `not-found` for an unknown integration or user
 */
export async function dryRunMailbox(services: Services, integrationId: string, systemUserId: string, withValues: boolean): Promise<DryRun> {
  const integration = await services.integrations.get(integrationId);
  if (integration === null) throw noIntegration(integrationId);
  const stored = await services.mailboxes.get(integrationId, systemUserId);
  const isKnown = stored !== null && stored.status !== 'off';
  const mailbox = isKnown ? stored : await describeMailbox(services, integration, systemUserId);
  return dryRun(cycleServicesOf(services), integration, mailbox, { isEnabled: mailbox.status !== 'loading', withValues });
}
