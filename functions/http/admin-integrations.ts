import { z } from 'zod';
import { noIntegration } from '../../shared/mailboxes/enable';
import { putIntegration } from '../../shared/mailboxes/put-integration';
import { IntegrationConnection } from '../../shared/model/integration-connection';
import { IntegrationId } from '../../shared/model/integration-id';
import { IntegrationSettings } from '../../shared/model/integration-settings';
import { SafeUrl } from '../../shared/platform/safe-url';
import { json, register } from './answer';
import { jsonOf } from './contract';
import { OneIntegration, Paging, pageOf } from './schemas';

/** The environment's own address: no path, no query. */
const EnvironmentUrl = SafeUrl.refine((url) => new URL(url).origin === url, 'is more than the address of an environment');

const IntegrationBody = z.strictObject({
  name: z.string().trim().min(1).max(200),
  baseUrl: EnvironmentUrl,
  settings: IntegrationSettings.meta({ id: 'IntegrationSettings' }).prefault({}),
  connection: IntegrationConnection.meta({ id: 'IntegrationConnection' }).prefault({}),
});

const IntegrationView = IntegrationBody.extend({ id: IntegrationId }).meta({ id: 'Integration' });

register(
  'listIntegrations',
  { summary: 'List integrations', tag: 'Integrations', query: Paging, replies: { 200: jsonOf(pageOf(IntegrationView)) } },
  async ({ query, services }) => json(await services.integrations.list(query)),
);

register(
  'getIntegration',
  { summary: 'Read an integration', tag: 'Integrations', params: OneIntegration, replies: { 200: jsonOf(IntegrationView) } },
  async ({ params: { id }, services }) => {
    const integration = await services.integrations.get(id);
    if (integration === null) throw noIntegration(id);
    return json(integration);
  },
);

register(
  'putIntegration',
  {
    summary: 'Connect an environment, or change how it syncs',
    tag: 'Integrations',
    params: OneIntegration,
    body: IntegrationBody,
    replies: { 200: jsonOf(IntegrationView, 'It was there and is changed.'), 201: jsonOf(IntegrationView, 'It is new.') },
  },
  async ({ params: { id }, body, services }) => {
    const integration = { id, ...body };
    const isNew = await putIntegration(services, integration);
    return json(integration, isNew ? 201 : 200);
  },
);
