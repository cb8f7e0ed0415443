import { z } from 'zod';
import { mostNamed } from '../../shared/mailboxes/many';
import { applyProfile, readProfile, removeProfile, saveProfile } from '../../shared/mailboxes/profiles';
import { IntegrationId } from '../../shared/model/integration-id';
import { ProfileBody, ServerProfile } from '../../shared/model/server-profile';
import { entityTag, expectationOf } from '../../shared/platform/etag';
import type { Services } from '../../shared/services';
import { json, register } from './answer';
import { empty, jsonOf } from './contract';
import { OfIntegration, Results } from './many-mailboxes';
import { Guid, Paging, Preconditions, pageOf } from './schemas';

const tag = 'Mailboxes';
const OneProfile = z.object({ integration: IntegrationId, id: IntegrationId });
const View = ServerProfile.extend({ etag: z.string() }).meta({ id: 'ServerProfile' });
const etag = { ETag: 'The version, for `If-Match` of a change.' };
type About = { readonly services: Services; readonly params: z.output<typeof OneProfile> };
const audit = {
  state: async ({ services, params: { integration, id } }: About) => (await services.profiles.get(integration, id))?.profile,
  shown: ['methods.act', 'methods.incoming'],
};

register(
  'listProfiles',
  {
    summary: 'List the server profiles of an integration',
    tag,
    query: Paging.extend(OfIntegration.shape),
    replies: { 200: jsonOf(pageOf(View)) },
  },
  async ({ query: { integration, ...page }, services }) => {
    const { items, next } = await services.profiles.list(integration, page);
    return json({ items: items.map(view), next });
  },
);

register(
  'getProfile',
  { summary: 'Read a server profile', tag, params: OneProfile, replies: { 200: jsonOf(View, 'What it is.', etag) } },
  async ({ params: { integration, id }, services }) => {
    const found = view(await readProfile(services, integration, id));
    return json(found, 200, { etag: found.etag });
  },
);

register(
  'putProfile',
  {
    summary: 'Make a server profile, or replace it',
    tag,
    params: OneProfile,
    headers: Preconditions,
    body: ProfileBody,
    audit,
    replies: { 200: jsonOf(View, 'It was there and is changed.', etag), 201: jsonOf(View, 'It is new.', etag) },
  },
  async ({ params, headers, body, services }) => {
    const { isNew, ...stored } = await saveProfile(services, { ...params, ...body }, expectationOf(headers));
    const saved = view(stored);
    return json(saved, isNew ? 201 : 200, { etag: saved.etag });
  },
);

register(
  'deleteProfile',
  {
    summary: 'Remove a server profile that no mailbox has',
    tag,
    params: OneProfile,
    headers: Preconditions,
    audit,
    replies: { 204: empty('It is gone.') },
  },
  async ({ params: { integration, id }, headers, services }) => {
    await removeProfile(services, integration, id, expectationOf(headers));
    return { status: 204 };
  },
);

register(
  'applyProfile',
  {
    summary: 'Give mailboxes a server profile and its methods',
    tag,
    params: OneProfile,
    query: Paging.pick({ cursor: true }),
    body: z.strictObject({ ids: z.array(Guid).min(1).max(mostNamed).optional().describe('The mailboxes; a page of all where absent.') }),
    replies: { 200: jsonOf(Results.extend({ next: z.string().nullable().describe('The cursor of the rest of all; null at the end.') })) },
  },
  async ({ params: { integration, id }, query: { cursor }, body: { ids }, services }) =>
    json(await applyProfile(services, integration, id, ids === undefined ? { cursor } : { ids })),
);

function view({ profile, etag: rowEtag }: Awaited<ReturnType<typeof readProfile>>) {
  return { ...profile, etag: entityTag(rowEtag) };
}
