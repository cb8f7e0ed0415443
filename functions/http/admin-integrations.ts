import type { HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import { CreateBody, IntegrationBody, newIntegration } from '../../shared/integrations/create-body';
import { secretChanges } from '../../shared/integrations/new-secrets';
import { removeIntegration } from '../../shared/integrations/remove';
import { saveIntegration, type Wish } from '../../shared/integrations/save';
import { IntegrationView, viewOf } from '../../shared/integrations/view';
import { noIntegration } from '../../shared/mailboxes/enable';
import { IntegrationSettings } from '../../shared/model/integration-settings';
import { expectationOf } from '../../shared/platform/etag';
import type { Services } from '../../shared/services';
import { json, register } from './answer';
import { empty, jsonOf } from './contract';
import { OneIntegration, Paging, Preconditions, pageOf } from './schemas';

const tag = 'Integrations';
const etag = { ETag: 'The version, for `If-Match` of a change.' };

/** Filters may hold what people are called, and parameters of a sign-in a secret: of those the audit says only that they changed. */
const shownSettings = [
  'baseUrl',
  ...Object.keys(IntegrationSettings.shape)
    .filter((name) => !['filters', 'customFields', 'trackingCategory'].includes(name))
    .map((name) => `settings.${name}`),
  ...['template', 'rateLimit', 'timeoutSeconds', 'logRequests', 'fullLoad', 'incrementalLoad', 'icon'].map((name) => `connection.${name}`),
  ...['by', 'clientId', 'clientAuthentication'].flatMap((name) => [`connection.service.${name}`, `connection.action.${name}`]),
];

const ofIntegration = {
  state: ({ services, params: { id } }: { readonly services: Services; readonly params: z.output<typeof OneIntegration> }) =>
    services.integrations.get(id),
  shown: shownSettings,
};

register(
  'listIntegrations',
  { summary: 'List integrations', tag, query: Paging, replies: { 200: jsonOf(pageOf(IntegrationView)) } },
  async ({ query, services }) => {
    const { items, next } = await services.integrations.list(query);
    return json({ items: await Promise.all(items.map((each) => viewOf(services, each))), next });
  },
);

register(
  'createIntegration',
  {
    summary: 'Connect an environment, from a template',
    tag,
    body: CreateBody,
    audit: { state: ({ services, body }) => services.integrations.get(body.id), shown: shownSettings },
    replies: { 201: jsonOf(IntegrationView, 'It is connected.', { ...etag, Location: 'Where it is.' }) },
  },
  async ({ request, body, services }) => {
    const { integration, secrets } = newIntegration(body);
    const changes = secretChanges(secrets, services.clock.now());
    const location = `${new URL(request.url).pathname.replace(/\/$/, '')}/${integration.id}`;
    return saved(services, { integration, secrets: changes, expectation: { is: 'new' } }, { location });
  },
);

register(
  'getIntegration',
  { summary: 'Read an integration', tag, params: OneIntegration, replies: { 200: jsonOf(IntegrationView, 'What it is.', etag) } },
  async ({ params: { id }, services }) => {
    const stored = await services.integrations.find(id);
    if (stored === null) throw noIntegration(id);
    const view = await viewOf(services, stored);
    return json(view, 200, { etag: view.etag });
  },
);

register(
  'putIntegration',
  {
    summary: 'Connect an environment, or replace what is known of it',
    tag,
    params: OneIntegration,
    headers: Preconditions,
    body: IntegrationBody,
    audit: ofIntegration,
    replies: {
      200: jsonOf(IntegrationView, 'It was there and is changed.', etag),
      201: jsonOf(IntegrationView, 'It is new.', etag),
    },
  },
  async ({ params: { id }, headers, body: { secrets, ...rest }, services }) => {
    const changes = secretChanges(secrets, services.clock.now());
    return saved(services, { integration: { id, ...rest }, secrets: changes, expectation: expectationOf(headers) });
  },
);

register(
  'deleteIntegration',
  {
    summary: 'Disconnect an environment in which no mailbox takes part',
    tag,
    params: OneIntegration,
    headers: Preconditions,
    audit: ofIntegration,
    replies: { 204: empty('It is gone, with its secrets and cursors.') },
  },
  async ({ params: { id }, headers, services }) => {
    await removeIntegration(services, id, expectationOf(headers));
    return { status: 204 };
  },
);

async function saved(services: Services, wish: Wish, headers: Readonly<Record<string, string>> = {}): Promise<HttpResponseInit> {
  const { isNew, ...stored } = await saveIntegration(services, wish);
  const view = await viewOf(services, stored);
  return json(view, isNew ? 201 : 200, { ...headers, etag: view.etag });
}
