import { z } from 'zod';
import type { ItemKind } from '../model/entity';
import type { Feed } from '../model/seen';
import { errorCodes } from '../platform/errors';
import { sensitivityProperty } from './contact';
import { gravest } from './errors';
import { placeOf } from './event';
import type { Sighting, SightingQuery } from './exchange';
import { expandOf, markerProperty } from './extended';
import type { GraphPart } from './graph';
import { kindIn, shaped } from './item';
import { type Element, pagesFrom, pagesOn, type Reach } from './pages';
import { quoted } from './quoted';
import { itemOf } from './read-item';
import { sighted } from './requests';

const eventProperties = 'id,type,subject,start,end,isAllDay,isOrganizer,isCancelled,iCalUId,sensitivity';

/** What is asked for of each kind of item. */
const asked: Readonly<Record<ItemKind, { readonly select: string; readonly expand: string }>> = {
  event: { select: eventProperties, expand: expandOf([markerProperty]) },
  series: { select: `${eventProperties},recurrence`, expand: expandOf([markerProperty]) },
  contact: { select: 'id,givenName,surname,emailAddresses', expand: expandOf([markerProperty, sensitivityProperty]) },
  task: { select: 'id,title,dueDateTime,status', expand: 'linkedResources' },
};

const flags = z.looseObject({
  id: z.string(),
  type: z.string().nullish(),
  isOrganizer: z.boolean().nullish(),
  isCancelled: z.boolean().nullish(),
  status: z.string().nullish(),
});

/**
 * What a folder holds, a page at a time; of a calendar what stands alone in the window, or every series where no window is given. Left out is what can be nobody's twin: the copy of a meeting that somebody
 * else organizes, a meeting that was called off, a task that is done.
 */
export async function* sightings(
  reach: Reach,
  feed: Feed,
  window: { readonly from: number; readonly to: number } | null,
): AsyncIterable<readonly Sighting[]> {
  const kind = feed === 'calendar' && window === null ? 'series' : kindIn(feed);
  for await (const elements of pagesFrom(reach, sighted(reach.user, feed, window, asked[kind])))
    yield elements.flatMap((element) => sightingIn(reach, { kind, feed }, element));
}

/**
 * What answers one of the questions. Null where one is refused for good: Graph promises the filters by address (list contacts docs) and by the properties of
 * events, and the one by a task's title nobody does.
 */
export async function sightingsOf(reach: Reach, queries: readonly SightingQuery[]): Promise<readonly Sighting[] | null> {
  const answers = await reach.run(queries.map((query) => partFor(reach.user, query)));
  const refused = answers.flatMap((answer) => (answer.ok ? [] : [answer.error]));
  const error = gravest(refused.filter(({ code }) => code !== errorCodes.refused && code !== errorCodes.gone));
  if (error !== undefined) throw error;
  if (refused.some(({ code }) => code === errorCodes.refused)) return null;
  const found = new Map<string, Sighting>();
  for (const [index, query] of queries.entries()) {
    const answer = answers[index];
    if (answer?.ok !== true) continue;
    for await (const elements of pagesOn(reach, answer.body))
      for (const element of elements) for (const each of sightingIn(reach, query, element)) found.set(each.id, each);
  }
  return [...found.values()];
}

function partFor(user: string, query: SightingQuery): GraphPart {
  const { kind, feed } = query;
  if ('from' in query) return sighted(user, feed, query, asked[kind]);
  return sighted(user, feed, null, asked[kind], filterFor(query));
}

function filterFor(query: Exclude<SightingQuery, { readonly from: number }>): string {
  if ('address' in query) return `emailAddresses/any(a:a/address eq ${quoted(query.address)})`;
  if ('title' in query) return `title eq ${quoted(query.title)}`;
  return 'subject' in query ? `subject eq ${quoted(query.subject)}` : `iCalUId eq ${quoted(query.iCalUId)}`;
}

function sightingIn(reach: Reach, { kind, feed }: Pick<SightingQuery, 'kind' | 'feed'>, element: Element): Sighting[] {
  const json = shaped(flags, element, 'an item of a list');
  const place = kind === 'series' ? 'master' : 'single';
  if (placeOf(element).kind !== place || json.isOrganizer === false || json.isCancelled === true || json.status === 'completed') return [];
  const { id, kind: found, marker, values } = itemOf(element, feed, reach, true);
  return [{ id, kind: found, feed, marker, values }];
}
