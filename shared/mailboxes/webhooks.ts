import { randomBytes } from 'node:crypto';
import type { WebhookState } from '../dynamics/webhooks';
import { guidFrom } from '../model/guid-from';
import { feedsThatAreRead } from '../model/integration-settings';
import { errorCodes, TandemError } from '../platform/errors';
import { webhookHeader, webhookUrl } from '../polling/dynamics-push';
import type { Services } from '../services';
import type { Integration } from '../storage/integrations';
import { noIntegration } from './enable';

type WebhookServices = Pick<Services, 'config' | 'dynamics' | 'integrations' | 'log' | 'sealer' | 'webhooks'>;

const keyBytes = 32;

/**
 * Has Dynamics call Tandem after each change of a record that syncs. Doing it again mends what is missing, follows the settings and the public address, and keeps the key.
 * @throws TandemError `not-found` for an unknown integration, `conflict` without a public address, `forbidden` where the application may not customize the environment
 */
export async function registerWebhooks(services: WebhookServices, id: string): Promise<WebhookState> {
  const { config, sealer, webhooks, log } = services;
  const integration = await integrationOf(services, id);
  if (config.publicUrl === null) throw noAddress();
  const { webhooks: theirs } = services.dynamics(integration);
  const organizationId = await theirs.organizationId();
  const key = (await webhooks.key(id)) ?? (await newKey(services, id));
  const endpointId = (await webhooks.get(id))?.endpointId ?? guidFrom(`tandem webhook|${config.publicUrl}|${id}`);
  // Known before it is called, so that no call is refused.
  await webhooks.put(id, { endpointId, organizationId, digest: (await sealer()).digest(key) });
  await theirs.register({
    endpointId,
    name: `Tandem (${id})`,
    url: webhookUrl(config.publicUrl, id),
    header: webhookHeader,
    key,
    entities: feedsThatAreRead(integration.settings),
  });
  log.info('webhooks-registered', { integration: id });
  return (await theirs.read(endpointId)) ?? { url: '', steps: [] };
}

/** What of an integration's webhook is registered in Dynamics now; null where nothing is. Throws TandemError `not-found`. */
export async function readWebhooks(services: WebhookServices, id: string): Promise<WebhookState | null> {
  const integration = await integrationOf(services, id);
  const known = await services.webhooks.get(id);
  return known === null ? null : services.dynamics(integration).webhooks.read(known.endpointId);
}

/** Removes an integration's webhook from Dynamics, and then its key. Doing it again is harmless. Throws TandemError `not-found`. */
export async function removeWebhooks(services: WebhookServices, id: string): Promise<void> {
  const integration = await integrationOf(services, id);
  const known = await services.webhooks.get(id);
  if (known === null) return;
  await services.dynamics(integration).webhooks.remove(known.endpointId);
  await services.webhooks.remove(id);
  services.log.info('webhooks-removed', { integration: id });
}

async function integrationOf({ integrations }: WebhookServices, id: string): Promise<Integration> {
  const integration = await integrations.get(id);
  if (integration === null) throw noIntegration(id);
  return integration;
}

async function newKey({ webhooks }: WebhookServices, id: string): Promise<string> {
  const key = randomBytes(keyBytes).toString('base64url');
  await webhooks.setKey(id, key);
  return key;
}

function noAddress(): TandemError {
  return new TandemError(errorCodes.conflict, {
    retry: 'never',
    fix: 'Set PUBLIC_URL to the address under which Dynamics reaches Tandem.',
    detail: 'PUBLIC_URL is missing',
  });
}
