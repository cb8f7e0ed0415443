import type { SightingQuery } from '../exchange/exchange';
import { startOf } from '../model/appointment';
import { kindOf } from '../model/entity';
import type { Feed, SeenRecord } from '../model/seen';
import { elementsOf, type Value } from '../model/values';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * What to ask Exchange to find the twins of these records, all of one kind, in these folders: contacts by each address, tasks by their title, events by their
 * start, series by their subject, and meetings by their iCalUId where it is known. The answers hold more than the twins; nothing is asked twice.
 */
export function queriesFor(records: readonly SeenRecord[], feeds: readonly Feed[]): SightingQuery[] {
  const queries = new Map<string, SightingQuery>();
  for (const feed of feeds)
    for (const record of records) for (const query of queriesOf(record, feed)) queries.set(JSON.stringify(query), query);
  return [...queries.values()];
}

function queriesOf({ entity, values }: SeenRecord, feed: Feed): SightingQuery[] {
  const kind = kindOf(entity);
  const { subject, iCalUId } = values;
  switch (kind) {
    case 'contact':
      return elementsOf(values.emails).map((address) => ({ kind, feed: 'contacts', address: address.trim() }));
    case 'task':
      return isTaskList(feed) && typeof subject === 'string' ? [{ kind, feed, title: subject.trim() }] : [];
    case 'event':
      return typeof iCalUId === 'string' ? [{ kind, feed: 'calendar', iCalUId }] : aroundStart(values.time);
    case 'series':
      if (typeof iCalUId === 'string') return [{ kind, feed: 'calendar', iCalUId }];
      return typeof subject === 'string' ? [{ kind, feed: 'calendar', subject: subject.trim() }] : [];
  }
}

/** The calendar just around a start; around a whole day with room for the zone in which that begins. */
function aroundStart(time: Value | undefined): SightingQuery[] {
  const start = startOf(time);
  if (Number.isNaN(start)) return [];
  const isWholeDay = typeof time === 'string' && !time.includes('T');
  const [from, to] = isWholeDay ? [start - dayMs, start + 2 * dayMs] : [start - minuteMs, start + minuteMs];
  return [{ kind: 'event', feed: 'calendar', from, to }];
}

function isTaskList(feed: Feed): feed is `tasks:${string}` {
  return feed.startsWith('tasks:');
}
