import { z } from 'zod';
import { IntegrationId } from '../../shared/model/integration-id';
import type { Services } from '../../shared/services';
import { everyone, type Grant } from '../../shared/storage/grants';
import { grant, grantsOf, withdraw } from '../../shared/workspace/grants';
import { json, register } from './answer';
import { empty, jsonOf } from './contract';
import { Guid, IsoTime, Paging, pageOf } from './schemas';
import { isoTime } from './views';

const tag = 'Workspace';
const AppId = z.string().regex(/^[a-z][a-z-]{0,39}$/, 'is not the id of a microapp');
const Who = z.union([z.literal(everyone), Guid]).describe('The Entra object id of a person, or `everyone`.');
const OneApp = z.object({ id: IntegrationId, app: AppId });
const OneGrant = OneApp.extend({ who: Who });
const View = z.object({ who: Who, at: IsoTime.describe('When it was granted.') }).meta({ id: 'Grant' });
type About = { readonly services: Services; readonly params: z.output<typeof OneGrant> };
const audit = {
  state: async ({ services, params: { id, app, who } }: About) => ({ granted: (await services.grants.get(id, app, who)) !== null }),
  shown: ['granted'],
};

register(
  'listGrants',
  { summary: 'List who may see a microapp', tag, params: OneApp, query: Paging, replies: { 200: jsonOf(pageOf(View)) } },
  async ({ params: { id, app }, query, services }) => {
    const { items, next } = await grantsOf(services, id, app, query);
    return json({ items: items.map(view), next });
  },
);

register(
  'putGrant',
  {
    summary: 'Let a person, or everyone, see a microapp',
    tag,
    params: OneGrant,
    audit,
    replies: { 200: jsonOf(View, 'It is granted.') },
  },
  async ({ params: { id, app, who }, services }) => json(view(await grant(services, id, app, who))),
);

register(
  'deleteGrant',
  {
    summary: 'Withdraw a microapp from a person, or from everyone who was not granted it by name',
    tag,
    params: OneGrant,
    audit,
    replies: { 204: empty('It is not granted.') },
  },
  async ({ params: { id, app, who }, services }) => {
    await withdraw(services, id, app, who);
    return { status: 204 };
  },
);

function view({ who, at }: Grant): object {
  return { who, at: isoTime(at) };
}
