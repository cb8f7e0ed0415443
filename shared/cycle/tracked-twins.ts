import { kindOf } from '../model/entity';
import type { SeenItem } from '../model/seen';
import { type PairKey, pairName } from '../storage/link-rows';
import { naturalKeys } from '../sync/twins';
import { withTwins } from './find-twins';
import { homeKeys, kindred } from './home-keys';
import { readRecordSides } from './read-records';
import type { Session } from './session';
import type { LaterPair, PairWork, ReadPair } from './work';

/** A pair of an item that its user tracks and for which there is no record yet. */
type TrackedPair = ReadPair & { readonly item: { readonly kind: 'tracked'; readonly item: SeenItem } };

/**
 * The pairs with their twins. An item that carries the tracking category may itself be the twin of a record: Microsoft's sync puts its category on all that it makes. Then
 * the two are linked, and no second record is made of the item (promise 5).
 */
export async function meetings(session: Session, pairs: readonly ReadPair[]): Promise<{ pairs: ReadPair[]; later: LaterPair[] }> {
  const tracked = pairs.filter(isRecordless);
  const fitting = await recordsLike(session, tracked);
  if (fitting.length === 0) return { pairs: await withTwins(session, pairs), later: [] };
  const names = new Set(pairs.map(({ work }) => pairName(work.key)));
  const added = await unread(
    session,
    fitting.filter((key) => !names.has(pairName(key))),
  );
  const met = await withTwins(session, [...pairs, ...added], new Set(tracked.map(({ item }) => item.item.id)));
  const byItem = new Map(tracked.map((pair) => [pair.item.item.id, pair]));
  const taken = new Map(
    met.flatMap((pair) =>
      'item' in pair.item && pair.item.kind === 'same' && pair.item.item !== null && pair.link === null
        ? [[pair.item.item.id, pair] as const]
        : [],
    ),
  );
  const later: LaterPair[] = [];
  const kept = met.flatMap((pair): ReadPair[] => {
    if (isRecordless(pair) && taken.has(pair.item.item.id)) return pair.link === null ? [] : [{ ...pair, item: { kind: 'none' } }];
    const isNew = !names.has(pairName(pair.work.key));
    const item = itemOf(pair);
    const rival = item === null || taken.get(item.id) !== pair ? undefined : byItem.get(item.id);
    if (rival === undefined) return isNew ? [] : [pair];
    if (rival.link === null) return [pair];
    // The tie between the item and the record that was to be made is undone first; what follows finds the item free.
    later.push({ work: pair.work, due: session.now, why: 'check', error: null });
    return [];
  });
  return { pairs: kept, later };
}

function isRecordless(pair: ReadPair): pair is TrackedPair {
  const { item, link, record, work } = pair;
  return (
    item.kind === 'tracked' &&
    item.item.marker === null &&
    record.kind === 'none' &&
    work.former === undefined &&
    (link === null || link.state === 'tracking')
  );
}

function itemOf({ item }: ReadPair): SeenItem | null {
  return 'item' in item ? item.item : null;
}

/** The open records of the home that are linked to nothing and could be what one of these items stands for. */
async function recordsLike(session: Session, tracked: readonly TrackedPair[]): Promise<PairKey[]> {
  if (tracked.length === 0 || session.integration.settings.firstMeeting === 'create') return [];
  const keys = new Set(tracked.flatMap(({ item }) => naturalKeys(item.item.kind, item.item.values)));
  const found: PairKey[] = [];
  for (const entity of kindred(session, new Set(tracked.map(({ work }) => kindOf(work.key.entity)))))
    for (const { id, seeking } of await homeKeys(session, entity))
      if (seeking.some((key) => keys.has(key))) found.push({ entity, recordId: id });
  const links = await session.partition.links(found);
  return found.filter((key) => !links.has(pairName(key)));
}

/** Those records as pairs of which nothing else is known. */
async function unread(session: Session, keys: readonly PairKey[]): Promise<ReadPair[]> {
  const work = keys.map(
    (key): PairWork => ({
      key,
      link: null,
      heard: null,
      inbox: null,
      parked: session.parked.get(pairName(key)) ?? null,
      intent: session.intents.get(pairName(key)) ?? null,
      decision: null,
      undo: null,
    }),
  );
  const located = work.map((each) => ({ work: each, link: null, item: { kind: 'none' } as const }));
  const sides = await readRecordSides(session, located);
  return located.flatMap((each): ReadPair[] => {
    const record = sides.get(pairName(each.work.key));
    return record === undefined || record.kind === 'refused' ? [] : [{ ...each, record }];
  });
}
