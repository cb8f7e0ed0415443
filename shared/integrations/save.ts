import { type SecretUse, secretUses } from '../auth/client-secrets';
import { checkSettings } from '../mailboxes/filters';
import { errorCodes, TandemError } from '../platform/errors';
import { demandExpected, type Expectation } from '../platform/etag';
import type { Services } from '../services';
import type { Integration, StoredIntegration } from '../storage/integrations';
import { withSecrets } from './change-secrets';
import { checkConnection, checkKeptSecrets } from './check-connection';
import type { SecretChange } from './new-secrets';
import { takeEffect } from './take-effect';

export type SaveServices = Pick<
  Services,
  'integrations' | 'mailboxes' | 'messenger' | 'clock' | 'log' | 'dynamics' | 'clientSecrets' | 'webhooks' | 'turns'
> & { readonly config: Pick<Services['config'], 'authorityUrl' | 'loopbackHosts'> };

export interface Saved extends StoredIntegration {
  readonly isNew: boolean;
}

export interface Wish {
  readonly integration: Integration;
  readonly secrets: readonly SecretChange[];
  readonly expectation: Expectation;
}

/**
 * Adds an integration, or changes it, with its secrets: all of it or nothing. Its address stays: links and cursors belong to one environment.
 * @throws TandemError `stale` or `precondition-required` where it is not what the caller expected, `conflict` for another address or while somebody else
 * changes it, `bad-request` where parts of the connection do not go together or Dynamics does not take the filters or the added columns
 */
export async function saveIntegration(services: SaveServices, { integration, secrets, expectation }: Wish): Promise<Saved> {
  const { integrations, turns, config, clock, log } = services;
  const { authorityUrl, loopbackHosts } = config;
  checkConnection(integration.connection, { baseUrl: integration.baseUrl, authorityUrl, loopbackHosts, now: clock.now() });
  const { before, etag } = await turns.take(integration.id, async (mine) => {
    const there = await integrations.find(integration.id);
    demandExpected(expectation, there?.etag ?? null);
    const known = there?.integration ?? null;
    if (known !== null && known.baseUrl !== integration.baseUrl) throw otherEnvironment();
    await checkSettings(services, known, integration);
    if (known !== null)
      checkKeptSecrets(known.connection, integration.connection, await keptAfter(services, integration.id, secrets), config);
    if (known === null) await forgetRest(services, integration.id);
    const written = await withSecrets(services, integration.id, secrets, mine, () => integrations.put(integration, there?.etag ?? null));
    return { before: known, etag: written };
  });
  if (before !== null) await takeEffect(services, before, integration);
  log.info('integration-saved', { integration: integration.id });
  return { integration, etag, isNew: before === null };
}

/** The uses whose secrets are there and stay as they are. */
async function keptAfter({ clientSecrets }: SaveServices, id: string, secrets: readonly SecretChange[]): Promise<SecretUse[]> {
  const facts = await clientSecrets.describe(id);
  return secretUses.filter((use) => facts[use] !== null && !secrets.some((change) => change.use === use));
}

/** What an integration of this id left behind that went while a poll was under way, or whose making was cut short. */
export async function forgetRest(
  { integrations, clientSecrets, webhooks }: Pick<SaveServices, 'integrations' | 'clientSecrets' | 'webhooks'>,
  id: string,
): Promise<void> {
  await clientSecrets.remove(id);
  // Its row counts the names of its key, and goes with the others.
  await webhooks.remove(id);
  await integrations.forget(id);
}

function otherEnvironment(): TandemError {
  return new TandemError(errorCodes.conflict, {
    retry: 'never',
    fix: 'Make a new integration for the other environment.',
    detail: 'the integration belongs to another environment',
  });
}
