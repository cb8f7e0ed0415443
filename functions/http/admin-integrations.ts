import type { HttpResponseInit } from '@azure/functions';
import { CreateBody, IntegrationBody, newIntegration } from '../../shared/integrations/create-body';
import { secretChanges } from '../../shared/integrations/new-secrets';
import { removeIntegration } from '../../shared/integrations/remove';
import { saveIntegration, type Wish } from '../../shared/integrations/save';
import { IntegrationView, viewOf } from '../../shared/integrations/view';
import { noIntegration } from '../../shared/mailboxes/enable';
import { expectationOf } from '../../shared/platform/etag';
import type { Services } from '../../shared/services';
import { json, register } from './answer';
import { empty, jsonOf } from './contract';
import { OneIntegration, Paging, Preconditions, pageOf } from './schemas';

const tag = 'Integrations';
const etag = { ETag: 'The version, for `If-Match` of a change.' };

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
