import type { Clock } from '../platform/clock';
import { errorCodes, TandemError } from '../platform/errors';
import { type Feed, type FeedCard, type FeedState, holdsStill } from '../storage/feed';
import type { Integration } from '../storage/integrations';
import type { Mailboxes } from '../storage/mailboxes';
import type { RecordLoads } from '../storage/record-loads';
import type { CardState } from './card';
import { type CardView, cardView } from './card-view';
import { appsOf, type GrantServices, integrationOf, nothingHere } from './grants';
import { type Language, languages } from './languages';
import type { Reader } from './shown';

export interface FeedServices extends GrantServices {
  readonly feed: Feed;
  readonly mailboxes: Pick<Mailboxes, 'get'>;
  readonly recordLoads: Pick<RecordLoads, 'words'>;
  readonly clock: Clock;
}

/** What part of her feed a person asks for, and in which version she has it. */
export interface FeedWish {
  readonly integration: string | undefined;
  /** The id of the card after which the page begins; null for the newest. */
  readonly cursor: string | null;
  readonly limit: number;
  readonly language: Language;
  /** The header `If-None-Match`; null where there is none. */
  readonly known: string | null;
}

/** A page of a feed. Times are UTC ms. */
export interface FeedPage {
  readonly integration: string;
  readonly cards: readonly CardView[];
  readonly next: string | null;
  /** In the whole feed. */
  readonly unread: number;
}

/** A page, or null where the one that she has is still right; its entity tag; and for how many seconds it need not be asked for again. */
export interface FeedAnswer {
  readonly page: FeedPage | null;
  readonly tag: string;
  readonly seconds: number;
}

/** When a client that shows the feed should ask again, in seconds. */
export const pollSeconds = 30;

const tagIn = /"([a-z0-9-]+)\.(\d+)\.([^"\s]*)"/g;

/**
 * A page of a person's own feed, newest first. Where her version is the right one, that takes one table read; the tag names the integration, so that not even that
 * has to be looked up. It is never right once a card has ended or a grant has changed.
 * @throws TandemError `not-found` where she sees no microapp, `bad-request` where she has to name the integration
 */
export async function feedPage(services: FeedServices, objectId: string, wish: FeedWish): Promise<FeedAnswer> {
  const { feed, clock } = services;
  const now = clock.now();
  const known = knownTag(wish);
  if (known !== null) {
    const state = await feed.glance({ integration: known.integration, objectId });
    if (state !== null && state.version === known.version && holdsStill(state, now))
      return { page: null, tag: tagOf(known.integration, state, wish), seconds: secondsOf(state, now) };
  }
  const integration = await integrationOf(services, objectId, wish.integration);
  const { state, cards } = await feed.refresh({ integration: integration.id, objectId }, now, async () =>
    (await appsOf(services, integration.id, objectId)).map(({ id }) => id),
  );
  const apps = state.apps ?? [];
  if (apps.length === 0) throw nothingHere();
  const answer = { tag: tagOf(integration.id, state, wish), seconds: secondsOf(state, now) };
  if (known !== null && answer.tag === tagOf(known.integration, known, wish)) return { ...answer, page: null };
  const visible = cards.filter(({ card, state: is }) => apps.includes(card.app) && is !== 'dismissed');
  return { ...answer, page: await pageOf(services, integration, visible, wish) };
}

/**
 * Says what a person did with one of her cards.
 * @throws TandemError `not-found` where she has no such card, `stale`
 */
export async function markCard(
  services: FeedServices,
  objectId: string,
  { integration: named, id, state }: { readonly integration: string | undefined; readonly id: string; readonly state: CardState },
): Promise<FeedCard> {
  const now = services.clock.now();
  const integration = await integrationOf(services, objectId, named);
  const reader = { integration: integration.id, objectId };
  const there = await services.feed.find(reader, id);
  const isHers = there !== null && there.card.expiresAt > now && (await services.grants.has(integration.id, there.card.app, objectId));
  const marked = isHers ? await services.feed.mark(reader, id, state, now) : null;
  if (marked !== null) return marked;
  throw new TandemError(errorCodes.notFound, {
    retry: 'never',
    fix: 'Read the feed again: the card has ended or was taken back.',
    detail: 'you have no such card',
  });
}

async function pageOf(
  services: FeedServices,
  integration: Integration,
  visible: readonly FeedCard[],
  { cursor, limit, language }: FeedWish,
): Promise<FeedPage> {
  const after = visible.filter(({ card }) => cursor === null || card.id > cursor);
  const shown = after.slice(0, limit);
  const reader = await readerOf(services, integration.id, shown[0]?.card.systemUserId ?? null, language);
  return {
    integration: integration.id,
    cards: shown.flatMap((each) => cardView(each, integration, reader) ?? []),
    next: after.length > limit ? (shown.at(-1)?.card.id ?? null) : null,
    unread: visible.filter(({ state }) => state === 'unread').length,
  };
}

async function readerOf(
  { mailboxes, recordLoads }: FeedServices,
  integration: string,
  systemUserId: string | null,
  language: Language,
): Promise<Reader> {
  const mailbox = systemUserId === null ? null : await mailboxes.get(integration, systemUserId);
  const { labels, baseLanguage, currencies } = await recordLoads.words(integration);
  return { language, zone: mailbox?.zone ?? 'UTC', labels, baseLanguage: baseLanguage ?? languages.en, currencies };
}

function secondsOf({ nextExpiry }: FeedState, now: number): number {
  return Math.max(0, Math.min(pollSeconds, nextExpiry === null ? pollSeconds : Math.floor((nextExpiry - now) / 1_000)));
}

function tagOf(integration: string, { version }: Pick<FeedState, 'version'>, wish: FeedWish): string {
  return `"${integration}.${version}.${partOf(wish)}"`;
}

/** What makes one page another one: the language, and which part of the feed it is. */
function partOf({ language, limit, cursor }: FeedWish): string {
  return [language, limit, cursor ?? ''].join('.');
}

/** The version that she has of this very page, as her client says. Whatever it makes up, only her own feed is looked at. */
function knownTag(wish: FeedWish): { readonly integration: string; readonly version: number } | null {
  for (const [, integration = '', version = '', part] of (wish.known ?? '').matchAll(tagIn)) {
    if (part === partOf(wish) && (wish.integration ?? integration) === integration) return { integration, version: Number(version) };
  }
  return null;
}
