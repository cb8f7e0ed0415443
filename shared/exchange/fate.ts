import { z } from 'zod';
import type { SeenItem } from '../model/seen';
import { errorCodes, TandemError } from '../platform/errors';
import { sightingOf } from './calendars';
import { spanOf } from './event';
import type { ItemFate, ItemRef } from './exchange';
import { shaped } from './item';
import { fetchOne, type Reach } from './pages';
import { movedTask } from './read';
import { wholeItemOf } from './read-item';
import { wholeItem } from './requests';
import { seriesSpan } from './series';

/**
 * What has become of an item (promise 3: absence is not deletion). A deleted event or contact goes on answering by its immutable id, from where
 * deleted things lie; a moved task answers under another id in another list.
 */
export async function fateOf(reach: Reach, ref: ItemRef, marker: string): Promise<ItemFate> {
  const json = await jsonOrGone(reach, ref);
  switch (ref.kind) {
    case 'task':
      return json === null ? movedFate(await movedTask(reach, marker)) : { kind: 'exists', item: wholeItemOf(json, ref.feed, reach) };
    case 'contact':
      return json === null || (await isDeleted(reach, json)) ? { kind: 'deleted' } : existing(reach, ref, json);
    case 'event':
    case 'series':
      return json === null ? { kind: 'deleted' } : eventFate(reach, ref, json);
  }
}

async function jsonOrGone(reach: Reach, ref: ItemRef): Promise<unknown> {
  try {
    return await fetchOne(reach, wholeItem(reach.user, ref, reach.custom));
  } catch (error) {
    if (error instanceof TandemError && error.code === errorCodes.gone) return null;
    throw error;
  }
}

async function isDeleted(reach: Reach, json: unknown): Promise<boolean> {
  const { parentFolderId } = shaped(z.object({ parentFolderId: z.string().nullish() }), json, 'a contact');
  return parentFolderId === (await reach.deletedItems());
}

function existing(reach: Reach, { feed }: ItemRef, json: unknown): ItemFate {
  return { kind: 'exists', item: wholeItemOf(json, feed, reach) };
}

/** An event that no calendar shows at its own start and end lies among the deleted; while one calendar refuses to tell, it counts as existing. */
async function eventFate(reach: Reach, ref: ItemRef, json: unknown): Promise<ItemFate> {
  const item = wholeItemOf(json, ref.feed, reach);
  const span = ref.kind === 'series' ? seriesSpan(item.values) : spanOf(item.values.time);
  if (span === null) return { kind: 'exists', item };
  return (await sightingOf(reach, ref.id, span)) === 'nowhere' ? { kind: 'deleted' } : { kind: 'exists', item };
}

function movedFate(item: SeenItem | null): ItemFate {
  return item === null ? { kind: 'missing' } : { kind: 'exists', item };
}
