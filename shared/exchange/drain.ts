import { z } from 'zod';
import type { Feed, SeenItem } from '../model/seen';
import { elementsOf, type Value } from '../model/values';
import { asTandemError, errorCodes, type TandemError } from '../platform/errors';
import type { Answer } from './batch';
import { gravest, unexpected } from './errors';
import { type EventReading, placeOf } from './event';
import type { DeltaCursor, Drained } from './exchange';
import { categoriesOf, itemHead, shaped } from './item';
import { markIn } from './marks';
import { type Element, pageOf, type Reach } from './pages';
import { itemOf } from './read-item';
import { deltaPart, firstDelta, markOf } from './requests';

/**
 * A page of each folder's delta, all in one chain. What was read is returned even where other folders failed, for a page that is read and not
 * saved shortens the life of its chain; an error is thrown only where nothing was read, and then rather the throttle.
 */
export async function drain(reach: Reach, cursors: readonly DeltaCursor[], withMarks: boolean): Promise<Drained[]> {
  const { graph, run, user } = reach;
  const parts = cursors.flatMap((cursor) => {
    const delta = cursor.link === null ? firstDelta(user, cursor.feed, cursor.window) : deltaPart(graph.relative(cursor.link));
    return withMarks ? [markOf(user, cursor.feed), delta] : [delta];
  });
  const answers = await run(parts);
  const drained: Drained[] = [];
  const errors: TandemError[] = [];
  for (const [index, cursor] of cursors.entries()) {
    const mark = withMarks ? answers[2 * index] : undefined;
    const delta = answers[withMarks ? 2 * index + 1 : index];
    if (delta === undefined) continue;
    try {
      drained.push(drainedFrom(reach, cursor, mark, delta));
    } catch (error) {
      errors.push(asTandemError(error));
    }
  }
  const error = gravest(errors);
  if (drained.length === 0 && error !== undefined) throw error;
  return drained;
}

function drainedFrom(reach: Reach, cursor: DeltaCursor, mark: Answer | undefined, delta: Answer): Drained {
  const { feed } = cursor;
  if (!delta.ok) {
    if (delta.error.code === errorCodes.cursorExpired) return { kind: 'expired', feed };
    if (delta.error.code === errorCodes.gone) return { kind: 'folderGone', feed };
    throw delta.error;
  }
  const page = pageOf(delta.body);
  const { '@odata.nextLink': next, '@odata.deltaLink': end } = page;
  const link = next ?? end;
  if (link === undefined) throw unexpected('a delta page leads nowhere');
  return {
    kind: 'page',
    feed,
    mark: markIn(mark),
    ...changesIn(page.value, feed, reach),
    next: { feed, link: reach.graph.relative(link), at: next === undefined ? 'end' : 'round', window: cursor.window },
  };
}

/**
 * An item may come twice in a page; the last word counts (Graph delta query docs). A date of a series is heard as a change of the series, which has to be read
 * whole in any case; where the page does not name the master itself, its version is unknown. A series shows the categories of the dates that were named with it,
 * so that one that somebody tracks by a single date is noticed.
 */
function changesIn(elements: readonly Element[], feed: Feed, reading: EventReading): { changed: SeenItem[]; removed: string[] } {
  const last = new Map<string, Element>();
  for (const element of elements) {
    last.delete(element.id);
    last.set(element.id, element);
  }
  const changed: SeenItem[] = [];
  const removed: string[] = [];
  const dated = new Map<string, string[]>();
  for (const element of last.values()) {
    if (element['@removed'] !== undefined) {
      removed.push(element.id);
      continue;
    }
    const place = feed === 'calendar' ? placeOf(element) : null;
    if (place?.kind !== 'date') changed.push(itemOf(element, feed, reading, false));
    else if (place.masterId !== null)
      dated.set(place.masterId, [...(dated.get(place.masterId) ?? []), ...elementsOf(categoriesIn(element))]);
  }
  const unnamed = [...dated].filter(([id]) => !last.has(id)).map(([id]) => unreadSeries(id));
  return { changed: [...changed, ...unnamed].map((item) => withCategories(item, dated.get(item.id) ?? [])), removed };
}

/** A series of which only dates were named: nothing is known of it but that it may have changed. */
function unreadSeries(id: string): SeenItem {
  return { kind: 'series', id, feed: 'calendar', version: '', modifiedAt: 0, marker: null, values: {} };
}

function categoriesIn(element: Element): Value | undefined {
  return categoriesOf(shaped(z.looseObject({ categories: itemHead.categories }), element, 'a date of a series'));
}

function withCategories(item: SeenItem, more: readonly string[]): SeenItem {
  if (more.length === 0) return item;
  const categories = [...new Set([...elementsOf(item.values.categories), ...more])].sort();
  return { ...item, values: { ...item.values, categories } };
}
