import { z } from 'zod';
import { startPath } from '../../shared/auth/sign-in-needed';
import { adaptiveCard } from '../../shared/workspace/adaptive-card';
import { deskFor, openApp } from '../../shared/workspace/desk-for';
import { nothingHere } from '../../shared/workspace/grants';
import { languageFor, say } from '../../shared/workspace/languages';
import { lookUp, lookupOf } from '../../shared/workspace/look-up';
import { pageOf } from '../../shared/workspace/microapps';
import { pageFor } from '../../shared/workspace/page-for';
import { tablesOf } from '../../shared/workspace/record-view';
import { json, register } from './answer';
import { jsonOf } from './contract';
import { Guid } from './schemas';
import { Languages, WorkspaceOf } from './workspace-schemas';

const Page = z
  .looseObject({
    kind: z.enum(['list', 'detail', 'form', 'signIn']),
    app: z.string(),
    page: z.string(),
    title: z.string(),
    card: z.looseObject({ type: z.literal('AdaptiveCard') }).describe('The same as an Adaptive Card, version 1.6.'),
  })
  .meta({ id: 'Page' });

const Sort = z
  .string()
  .regex(/^\w{1,100} (ascending|descending)$/)
  .transform((sort) => {
    const [column = '', direction] = sort.split(' ');
    return { column, direction: direction === 'descending' ? ('descending' as const) : ('ascending' as const) };
  })
  .describe('A column and `ascending` or `descending`, such as `name ascending`.');

register(
  'getPage',
  {
    summary: 'Read a page of a microapp',
    tag: 'Workspace',
    params: z.object({ app: z.string().max(100), page: z.string().max(100) }),
    query: WorkspaceOf.extend({
      id: Guid.optional().describe('The record that the page is about.'),
      search: z.string().max(200).default('').describe('Words that a row must have.'),
      sort: Sort.optional(),
      cursor: z.string().max(4_000).optional().describe('`next` of the page before.'),
    }),
    headers: Languages,
    replies: { 200: jsonOf(Page) },
  },
  async ({ params, query, headers, services, caller }) => {
    const language = languageFor(headers['accept-language'] ?? null);
    const visit = { objectId: caller.objectId, language, integration: query.integration, app: params.app };
    const { integration, app } = await openApp(services, visit);
    const page = pageOf(app, params.page);
    if (page === undefined) throw nothingHere();
    const desk = await deskFor(services, integration, visit, tablesOf(page));
    const wish = { id: query.id ?? null, search: query.search, sort: query.sort ?? null, cursor: query.cursor ?? null };
    const start = startPath(integration.id, { objectId: caller.objectId });
    const view = await pageFor(desk, app, page, wish, `${services.config.publicUrl ?? ''}${start}`);
    const card = adaptiveCard(view, { search: say(language, 'button.search'), nextPage: say(language, 'button.nextPage') });
    return json({ ...view, card }, 200, { 'content-language': language });
  },
);

register(
  'lookUpRows',
  {
    summary: 'Look rows up while somebody types',
    tag: 'Workspace',
    params: z.object({ app: z.string().max(100), table: z.string().max(100) }),
    query: WorkspaceOf.extend({ q: z.string().max(200).default('').describe('What a name begins with or contains.') }),
    headers: Languages,
    replies: {
      200: jsonOf(z.object({ items: z.array(z.object({ id: Guid, name: z.string(), beside: z.string().nullable() })).max(20) })),
    },
  },
  async ({ params, query, headers, services, caller }) => {
    const language = languageFor(headers['accept-language'] ?? null);
    const visit = { objectId: caller.objectId, language, integration: query.integration, app: params.app };
    const { integration, app } = await openApp(services, visit);
    const lookup = lookupOf(app, params.table);
    if (lookup === undefined) throw nothingHere();
    const desk = await deskFor(services, integration, visit, []);
    return json({ items: await lookUp(desk, lookup, query.q) });
  },
);
