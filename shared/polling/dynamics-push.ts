import { z } from 'zod';
import { entityOfTable } from '../dynamics/webhooks';
import { debounce } from '../messaging/slots';
import { feedsThatAreRead } from '../model/integration-settings';
import type { Entity } from '../model/values';
import { errorCodes, TandemError } from '../platform/errors';
import type { Sealer } from '../platform/seal';
import type { Integration } from '../storage/integrations';
import type { WebhookRows } from '../storage/webhooks';
import type { PollingServices } from './services';

/** The header with which a webhook proves itself. */
export const webhookHeader = 'x-tandem-key';

/** Where Dynamics calls for one integration. */
export function webhookUrl(publicUrl: string, integration: string): string {
  return `${publicUrl}/app/api/push/dynamics/${integration}`;
}

/** What Dataverse sends (RemoteExecutionContext); of all it holds only these are read. */
export const DynamicsNotification = z.object({
  PrimaryEntityName: z.string().max(200),
  PrimaryEntityId: z.guid(),
  OrganizationId: z.guid().toLowerCase(),
  MessageName: z.string().max(200),
});
export type DynamicsNotification = z.output<typeof DynamicsNotification>;

interface PushServices extends Pick<PollingServices, 'clock' | 'log' | 'messenger'> {
  readonly settings: Pick<PollingServices['settings'], 'pollPeriodMs' | 'wakeUpSlotMs'>;
  readonly integrations: { get(id: string): Promise<Integration | null> };
  readonly webhooks: Pick<WebhookRows, 'get'>;
  readonly sealer: () => Promise<Sealer>;
}

/** A poll that a push asks for may wait this long for its turn, in ms. */
const shortestLife = 60_000;

/**
 * Takes a call of an integration's webhook: the feed of the table is read at the end of the slot, once however many changes there were in it. True where it was
 * worth that. What the call says is not written, for the feed tells it again and in order.
 * @throws TandemError `unauthorized` without the webhook's key, and the same where no such webhook is registered
 */
export async function takeDynamicsPush(
  services: PushServices,
  integrationId: string,
  key: string,
  { PrimaryEntityName, OrganizationId }: DynamicsNotification,
): Promise<boolean> {
  const webhook = await services.webhooks.get(integrationId);
  if (webhook === null || !(await services.sealer()).matches(key, webhook.digest)) {
    services.log.warn('push-refused', { integration: integrationId, refused: 1 });
    throw notOurs();
  }
  const entity = entityOfTable(PrimaryEntityName);
  const integration = await services.integrations.get(integrationId);
  if (entity === undefined || integration === null || OrganizationId !== webhook.organizationId) return false;
  const feeds = feedsThatAreRead(integration.settings).filter((feed) => feed === entity);
  for (const feed of feeds) await pollNow(services, integrationId, feed);
  return feeds.length > 0;
}

async function pollNow({ clock, messenger, settings }: PushServices, integration: string, entity: Entity): Promise<void> {
  const { at, id } = debounce(`push|${integration}|${entity}`, clock.now(), settings.wakeUpSlotMs);
  const slot = Math.floor(at / settings.pollPeriodMs);
  await messenger.sendPoll(
    { kind: 'dynamicsFeed', integration, entity, slot },
    { id, at, ttlMs: Math.max(settings.pollPeriodMs, shortestLife) },
  );
}

function notOurs(): TandemError {
  return new TandemError(errorCodes.unauthorized, {
    retry: 'never',
    fix: 'Register the webhooks of the integration again.',
    detail: 'the key of the webhook is missing or wrong',
  });
}
