import { z } from 'zod';
import { noIntegration } from '../../shared/mailboxes/enable';
import { putIntegration } from '../../shared/mailboxes/put-integration';
import { IntegrationConnection } from '../../shared/model/integration-connection';
import { IntegrationId } from '../../shared/model/integration-id';
import { IntegrationSettings } from '../../shared/model/integration-settings';
import { SafeUrl } from '../../shared/platform/safe-url';
import { body, type Handler, json, Paging, parameters, query, register } from './answer';

const Id = z.object({ id: IntegrationId });

/** The environment's own address: no path, no query. */
const EnvironmentUrl = SafeUrl.refine((url) => new URL(url).origin === url, 'is more than the address of an environment');

const IntegrationBody = z.strictObject({
  name: z.string().trim().min(1).max(200),
  baseUrl: EnvironmentUrl,
  settings: IntegrationSettings.prefault({}),
  connection: IntegrationConnection.prefault({}),
});

export const listIntegrations: Handler = async ({ request, services }) => json(await services.integrations.list(query(request, Paging)));

export const getIntegration: Handler = async ({ request, services }) => {
  const { id } = parameters(request, Id);
  const integration = await services.integrations.get(id);
  if (integration === null) throw noIntegration(id);
  return json(integration);
};

export const putOneIntegration: Handler = async ({ request, services }) => {
  const { id } = parameters(request, Id);
  const integration = { id, ...(await body(request, IntegrationBody)) };
  const isNew = await putIntegration(services, integration);
  return json(integration, isNew ? 201 : 200);
};

register('listIntegrations', listIntegrations);
register('getIntegration', getIntegration);
register('putIntegration', putOneIntegration);
