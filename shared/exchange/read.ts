import { z } from 'zod';
import type { ItemKind } from '../model/entity';
import type { Feed, SeenItem } from '../model/seen';
import { type ErrorCode, errorCodes } from '../platform/errors';
import { ownCalendars } from './calendars';
import { gravest } from './errors';
import { placeOf } from './event';
import type { ItemRef, ListedItem } from './exchange';
import { batchLimit } from './graph';
import { kindIn, shaped } from './item';
import { type Element, fetchOne, pageOf, pagesFrom, type Reach } from './pages';
import { wholeItemOf } from './read-item';
import {
  byICalUId,
  byMarker,
  calendarView,
  contactFolders,
  deletedItemsFolder,
  idsOf,
  linkedTasks,
  taskLists,
  wholeItem,
} from './requests';
import { carriesMarker } from './task';

/** Codes that say that an id answers nothing: gone, or not an id of this mailbox at all. */
const absent: readonly ErrorCode[] = [errorCodes.gone, errorCodes.notFound];

/** Items by id with everything that Tandem maps; what is not found is left out. Any other failure throws. */
export async function readItems(reach: Reach, refs: readonly ItemRef[]): Promise<SeenItem[]> {
  const chunks = Array.from({ length: Math.ceil(refs.length / batchLimit) }, (_, index) =>
    refs.slice(index * batchLimit, (index + 1) * batchLimit),
  );
  const read = await Promise.all(chunks.map((chunk) => readChunk(reach, chunk)));
  return read.flat();
}

async function readChunk(reach: Reach, refs: readonly ItemRef[]): Promise<SeenItem[]> {
  const answers = await reach.run(refs.map((ref) => wholeItem(reach.user, ref, reach.custom)));
  const failed = answers.flatMap((answer) => (answer.ok || absent.includes(answer.error.code) ? [] : [answer.error]));
  const error = gravest(failed);
  if (error !== undefined) throw error;
  return refs.flatMap((ref, index) => {
    const answer = answers[index];
    return answer?.ok === true ? [wholeItemOf(answer.body, ref.feed, reach)] : [];
  });
}

/** The item of a folder that carries the marker, or null. It is also looked for in the other folders, calendars and lists of the user: she may have moved it there. */
export async function findByMarker(reach: Reach, kind: ItemKind, feed: Feed, marker: string): Promise<SeenItem | null> {
  if (feed.startsWith('tasks:')) return kind === 'task' ? ((await findTask(reach, feed, marker)) ?? movedTask(reach, marker)) : null;
  const found = (await markedIn(reach, feed, marker, null)) ?? (await markedElsewhere(reach, feed, marker));
  return found !== null && found.kind === kind ? wholeFound(reach, found) : null;
}

async function markedElsewhere(reach: Reach, feed: Feed, marker: string): Promise<SeenItem | null> {
  for (const folder of feed === 'contacts' ? await ownContactFolders(reach) : await ownCalendars(reach)) {
    const moved = await markedIn(reach, feed, marker, folder);
    if (moved !== null) return moved;
  }
  return null;
}

async function ownContactFolders(reach: Reach): Promise<string[]> {
  const ids: string[] = [];
  for await (const folders of pagesFrom(reach, contactFolders(reach.user))) ids.push(...folders.map(({ id }) => id));
  return ids;
}

/** A series shows its dates only to who asks for it by its id. */
async function wholeFound(reach: Reach, found: SeenItem): Promise<SeenItem | null> {
  if (found.kind !== 'series') return found;
  const [series] = await readItems(reach, [{ kind: 'series', id: found.id, feed: found.feed }]);
  return series ?? null;
}

async function markedIn(reach: Reach, feed: Feed, marker: string, folder: string | null): Promise<SeenItem | null> {
  const page = pageOf(await fetchOne(reach, byMarker(reach.user, feed, marker, reach.custom, folder)));
  const items = page.value.map((element) => wholeItemOf(element, feed, reach));
  return items.find((item) => item.marker === marker) ?? null;
}

/** The single event or the series of this iCalUId, as everybody whom the meeting concerns knows it. A series shows its dates only to who asks for it by its id. */
export async function findMeeting(reach: Reach, iCalUId: string, kind: 'event' | 'series'): Promise<SeenItem | null> {
  const { value } = pageOf(await fetchOne(reach, byICalUId(reach.user, iCalUId, reach.custom)));
  const place = kind === 'series' ? 'master' : 'single';
  const [found] = value.filter((element) => placeOf(element).kind === place);
  if (found === undefined) return null;
  if (kind === 'event') return wholeItemOf(found, 'calendar', reach);
  const [series] = await readItems(reach, [{ kind, id: found.id, feed: 'calendar' }]);
  return series ?? null;
}

/** The task of a list whose linked resource carries the marker: searched here, for Graph does not promise to filter by it. */
async function findTask(reach: Reach, feed: Feed, marker: string): Promise<SeenItem | null> {
  for await (const elements of pagesFrom(reach, linkedTasks(reach.user, feed))) {
    const found = elements.find((element) => carriesMarker(element, marker));
    if (found !== undefined) return wholeItemOf(found, feed, reach);
  }
  return null;
}

/** The task of any list that carries the marker, or null: one that was moved has another id in another list, and one that was moved back a third. */
export async function movedTask(reach: Reach, marker: string): Promise<SeenItem | null> {
  for (const { feed } of await taskFeeds(reach)) {
    const item = await findTask(reach, feed, marker);
    if (item !== null) return item;
  }
  return null;
}

/** Ids, versions and categories of what a folder holds, a page at a time; of a calendar what stands alone in the window, or every series where no window is given. */
export async function* listFolder(
  reach: Reach,
  feed: Feed,
  window: { readonly from: number; readonly to: number } | null,
): AsyncIterable<readonly ListedItem[]> {
  const first = feed === 'calendar' && window !== null ? calendarView(reach.user, window, 'id,type,categories') : idsOf(reach.user, feed);
  for await (const elements of pagesFrom(reach, first)) {
    yield elements.filter((element) => placeOf(element).kind !== 'date').map((element) => listedItem(element, feed));
  }
}

function listedItem(element: Element, feed: Feed): ListedItem {
  const { id, '@odata.etag': version, categories } = element;
  const named: readonly unknown[] = Array.isArray(categories) ? categories : [];
  const kind = placeOf(element).kind === 'master' ? 'series' : kindIn(feed);
  return { id, kind, version: String(version ?? ''), categories: named.filter((name) => typeof name === 'string') };
}

/** The feeds of all task lists, in one chain as long as they fit on a page. */
export async function taskFeeds(reach: Reach): Promise<{ readonly feed: Feed; readonly isDefault: boolean }[]> {
  const feeds: { feed: Feed; isDefault: boolean }[] = [];
  for await (const lists of pagesFrom(reach, taskLists(reach.user))) {
    for (const list of lists) feeds.push({ feed: `tasks:${list.id}`, isDefault: list.wellknownListName === 'defaultList' });
  }
  return feeds;
}

/** The id of Deleted Items. */
export async function deletedItemsId(reach: Pick<Reach, 'run' | 'user'>): Promise<string> {
  return shaped(z.object({ id: z.string() }), await fetchOne(reach, deletedItemsFolder(reach.user)), 'a mail folder').id;
}
