import { type DryRun, dryRun } from '../cycle/dry-run';
import { cycleServicesOf, type Services } from '../services';
import { noIntegration } from './enable';

/**
 * Shows what a cycle would do to the mailbox of a Dynamics user, whether it takes part already or not. Writes nothing.
 * @throws TandemError `not-found` for an unknown integration or user
 */
export async function dryRunMailbox(services: Services, integrationId: string, systemUserId: string): Promise<DryRun> {
  const integration = await services.integrations.get(integrationId);
  if (integration === null) throw noIntegration(integrationId);
  const user = await services.dynamics(integration).user(systemUserId);
  const mailbox = await services.mailboxes.get(integrationId, systemUserId);
  return dryRun(cycleServicesOf(services), integration, user, mailbox !== null && mailbox.status !== 'loading');
}
