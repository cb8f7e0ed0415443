import { z } from 'zod';
import type { WebhookState } from '../../shared/dynamics/webhooks';
import { readWebhooks, registerWebhooks, removeWebhooks } from '../../shared/mailboxes/webhooks';
import { json, register } from './answer';
import { empty, jsonOf } from './contract';
import { OneIntegration } from './schemas';

const tag = 'Push';

const WebhooksView = z
  .object({
    registered: z.boolean(),
    url: z.string().nullable().describe('Where Dynamics calls.'),
    steps: z.array(z.object({ table: z.string(), message: z.string(), enabled: z.boolean() })).describe('After what it calls.'),
  })
  .meta({ id: 'Webhooks' });

function view(state: WebhookState | null): object {
  return { registered: state !== null, url: state?.url ?? null, steps: state?.steps ?? [] };
}

register(
  'getWebhooks',
  { summary: 'Read the webhooks of an integration', tag, params: OneIntegration, replies: { 200: jsonOf(WebhooksView) } },
  async ({ params: { id }, services }) => json(view(await readWebhooks(services, id))),
);

register(
  'registerWebhooks',
  { summary: 'Have Dynamics tell of changes as they happen', tag, params: OneIntegration, replies: { 200: jsonOf(WebhooksView) } },
  async ({ params: { id }, services }) => json(view(await registerWebhooks(services, id))),
);

register(
  'removeWebhooks',
  { summary: 'Have Dynamics tell no more', tag, params: OneIntegration, replies: { 204: empty('They are removed.') } },
  async ({ params: { id }, services }) => {
    await removeWebhooks(services, id);
    return { status: 204 };
  },
);
