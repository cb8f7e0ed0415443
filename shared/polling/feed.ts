import { randomUUID } from 'node:crypto';
import type { FeedCursor, FeedPage, FeedRow } from '../dynamics/dynamics';
import type { Entity } from '../model/values';
import { atOnce } from '../platform/at-once';
import { errorCodes, TandemError } from '../platform/errors';
import type { Home } from '../storage/homes';
import type { Integration } from '../storage/integrations';
import { fallsIn } from '../sync/due';
import { refreshSeen } from '../workspace/loading';
import { routeRows } from './routing';
import type { PollingServices } from './services';

const hour = 3_600_000;
/** Pages of an ordinary round that one message reads at most. */
const pagesAtOnce = 20;
const confirmAtOnce = 4;

/**
 * Reads what a table's change tracking has to say and routes it; the cursor moves last, under its etag (promise 6). A full round, the first or the one after
 * an expired token, goes a page a message, and at its end what the home table has and the round lacked is confirmed by a read. What
 * an ordinary reading says of a table of the record cache goes there at once, and its assignments with it, before the cursor moves.
 */
export async function readFeed(services: PollingServices, integration: Integration, entity: Entity): Promise<void> {
  let state = await services.integrations.readFeedState(integration.id, entity);
  for (let pages = 0; pages < pagesAtOnce; pages += 1) {
    const { page, anew } = await nextPage(services, integration, entity, state.cursor);
    const round = page.full ? ((anew ? null : state.round) ?? randomUUID()) : null;
    await routeRows(services, integration, entity, page.rows, round);
    const ends = page.next.at === 'end';
    if (ends && round !== null && integration.settings.entities[entity]) await confirmLacking(services, integration, entity, round);
    if (ends && isStill(services, state.cursor, page, `${integration.id}|${entity}`)) return;
    if (!page.full) await refreshSeen(services, integration, entity, seenIn(page.rows));
    const reached = { cursor: page.next, round: ends ? null : round };
    state = { ...reached, etag: await services.integrations.saveFeedState(integration.id, entity, reached, state.etag) };
    if (ends) return;
    if (page.full) return await goOn(services, integration.id, entity);
  }
  await goOn(services, integration.id, entity);
}

/**
 * True where nothing was said and the cursor is at its end already: the old token goes on telling everything since, so an idle table costs no write. It is renewed
 * once an hour all the same, for tokens expire after some days.
 */
function isStill({ clock, settings }: PollingServices, cursor: FeedCursor | null, page: FeedPage, feed: string): boolean {
  return cursor?.at === 'end' && !page.full && page.rows.length === 0 && !fallsIn(hour, feed, clock.now(), settings.pollPeriodMs);
}

/** Dates of a series are rows of their own to the record cache. */
function seenIn(rows: readonly FeedRow[]): { readonly changed: readonly string[]; readonly deleted: readonly string[] } {
  const idsOf = (isGone: boolean): string[] => rows.filter(({ kind }) => (kind === 'deleted') === isGone).map(({ id }) => id);
  return { changed: idsOf(false), deleted: idsOf(true) };
}

interface NextPage {
  readonly page: FeedPage;
  /** True for the first page of a full round: what an abandoned round has seen may have gone since, so the new one has a name of its own. */
  readonly anew: boolean;
}

async function nextPage(services: PollingServices, integration: Integration, entity: Entity, cursor: FeedCursor | null): Promise<NextPage> {
  const dynamics = services.dynamics(integration);
  try {
    return { page: await dynamics.readFeed(entity, cursor), anew: cursor === null };
  } catch (error) {
    if (!(error instanceof TandemError) || error.code !== errorCodes.cursorExpired) throw error;
    services.log.warn('change-tracking-expired', { integration: integration.id, entity });
    return { page: await dynamics.readFeed(entity, null), anew: true };
  }
}

/** The rest of a round goes on in a message of its own. */
async function goOn(services: PollingServices, integration: string, entity: Entity): Promise<void> {
  const { pollPeriodMs } = services.settings;
  const slot = Math.floor(services.clock.now() / pollPeriodMs);
  await services.messenger.sendPoll(
    { kind: 'dynamicsFeed', integration, entity, slot },
    { id: randomUUID(), ttlMs: Math.max(pollPeriodMs, 60_000) },
  );
}

/** Home rows that a full round did not name: those whose record is proved to be gone are routed as deletions. */
async function confirmLacking(services: PollingServices, integration: Integration, entity: Entity, round: string): Promise<void> {
  const dynamics = services.dynamics(integration);
  for await (const page of services.homes.scan(integration.id, entity)) {
    const lacking = page.filter((home: Home) => home.round !== round);
    if (lacking.length === 0) continue;
    const ids = lacking.map(({ id }) => id);
    const seen = new Set((await dynamics.readRecords(entity, ids, 'service', 'UTC')).map(({ id }) => id));
    const unseen = ids.filter((id) => !seen.has(id));
    const fates = await atOnce(confirmAtOnce, unseen, async (id) => ({ id, fate: await dynamics.existence(entity, id, 'UTC') }));
    const gone = fates.filter(({ fate }) => fate.kind === 'deleted').map(({ id }): FeedRow => ({ kind: 'deleted', id }));
    await routeRows(services, integration, entity, gone, null);
  }
}
