import { z } from 'zod';
import { IntegrationId } from '../../shared/model/integration-id';
import { cardStates } from '../../shared/workspace/card';
import type { CardView } from '../../shared/workspace/card-view';
import { feedPage, markCard, pollSeconds } from '../../shared/workspace/feed-page';
import { languageFor } from '../../shared/workspace/languages';
import { recordTableNames } from '../../shared/workspace/tables';
import { json, register } from './answer';
import { empty, jsonOf } from './contract';
import { IsoTime } from './schemas';
import { isoTime } from './views';
import { Languages, WorkspaceOf } from './workspace-schemas';

const tag = 'Workspace';
const CardId = z
  .string()
  .max(150)
  .regex(/^\d{13}\.[a-z]+\.[0-9a-f-]{36}\.(?:new|existing)\.\d{1,20}$/, 'is not the id of a card');

const Link = z.union([
  z.object({ kind: z.enum(['call', 'mail', 'url']), href: z.string() }),
  z.object({ kind: z.literal('page'), page: z.string(), id: z.string().nullable() }),
]);
const Value = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.object({ table: z.string(), id: z.string(), name: z.string().nullable() }),
]);
const Notification = z
  .object({
    id: CardId,
    app: z.string(),
    trigger: z.enum(['new', 'existing']).describe('Whether the record was made for you, or given to you.'),
    state: z.enum(cardStates),
    at: IsoTime.describe('When the record became yours.'),
    expiresAt: IsoTime,
    title: z.string(),
    body: z.string(),
    record: z.object({ table: z.enum(recordTableNames), id: z.string(), version: z.string() }),
    fields: z.array(z.object({ label: z.string(), text: z.string(), value: Value, link: Link.nullable() })),
    link: z.object({
      page: z.string().describe('The page of the microapp that is about the record.'),
      href: z.string().describe('Where the API answers with it.'),
      dynamics: z.string().describe('The form of the record in Dynamics.'),
    }),
    buttons: z.array(
      z.object({
        label: z.string(),
        style: z.enum(['primary', 'secondary']),
        does: z.union([
          z.object({ kind: z.literal('page'), page: z.string(), id: z.string().nullable() }),
          z.object({ kind: z.literal('action'), action: z.string(), asks: z.array(z.never()) }),
        ]),
      }),
    ),
    card: z.looseObject({ type: z.literal('AdaptiveCard') }).describe('The same as an Adaptive Card.'),
  })
  .meta({ id: 'Notification' });

const FeedView = z.object({
  integration: IntegrationId,
  items: z.array(Notification),
  next: z.string().nullable().describe('The cursor of the next page; null at the end.'),
  unread: z.int().describe('In the whole feed.'),
  pollAfterSeconds: z.int().describe('When to ask again. Sooner tells nothing new, for the reply may be kept that long.'),
});

const caching = {
  ETag: 'Of the feed’s version, the language and the page: for `If-None-Match`.',
  'Cache-Control': 'For how long the reply holds: never longer than until a card ends.',
};

register(
  'listNotifications',
  {
    summary: 'Read your feed, newest first',
    tag,
    query: WorkspaceOf.extend({
      cursor: CardId.optional().describe('The `next` of the page before.'),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
    headers: Languages.extend({ 'if-none-match': z.string().max(2_000).optional().describe('The `ETag` of the reply that you have.') }),
    replies: { 200: jsonOf(FeedView, 'A page of it.', caching), 304: empty('Nothing has changed.', caching) },
  },
  async ({ query: { integration, cursor = null, limit }, headers, services, caller }) => {
    const language = languageFor(headers['accept-language'] ?? null);
    const wish = { integration, cursor, limit, language, known: headers['if-none-match'] ?? null };
    const { page, tag: etag, seconds } = await feedPage(services, caller.objectId, wish);
    const said = {
      etag,
      'cache-control': `private, max-age=${seconds}`,
      vary: 'Authorization, Accept-Language',
      'content-language': language,
    };
    if (page === null) return { status: 304, headers: said };
    const { cards, ...rest } = page;
    return json({ ...rest, items: cards.map(viewOf), pollAfterSeconds: Math.min(pollSeconds, seconds) }, 200, said);
  },
);

register(
  'markNotification',
  {
    summary: 'Say that you have read a card, done what it asks, or want it gone',
    tag,
    params: z.object({ id: CardId }),
    query: WorkspaceOf,
    body: z.strictObject({ state: z.enum(['read', 'done', 'dismissed']) }),
    replies: { 200: jsonOf(z.object({ id: CardId, state: z.enum(cardStates) }), 'It is so now.') },
  },
  async ({ params: { id }, query: { integration }, body: { state }, services, caller }) => {
    const marked = await markCard(services, caller.objectId, { integration, id, state });
    return json({ id: marked.card.id, state: marked.state });
  },
);

function viewOf(card: CardView): object {
  return { ...card, at: isoTime(card.at), expiresAt: isoTime(card.expiresAt) };
}
