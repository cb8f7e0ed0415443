import type { ItemRef } from '../exchange/exchange';
import { kindOf } from '../model/entity';
import { markerOf, type SeenItem } from '../model/seen';
import type { Entity } from '../model/values';
import { atOnce } from '../platform/at-once';
import { pairName } from '../storage/link-rows';
import { fitting, naturalKeys, type Seeker, seekingKeys, twinsOf } from '../sync/twins';
import { homeKeys, kindred } from './home-keys';
import type { Session } from './session';
import { type Sighted, sightedFor } from './sighted';
import { isFirstLoad, type ReadPair } from './work';

/** Requests about single items that run at once; the mailbox's fourth belongs to the probe. */
const fatesAtOnce = 3;

/**
 * The pairs, each record that has no item yet with the item that was the same before Tandem knew them, if there is one. Candidates come from one listing of a folder,
 * which serves the whole cycle, or from a question a record; rivals from one listing of the home, and only where an item fits. An item that is linked, or that was let
 * go, is nobody's twin, unless it is one of those that are `free` all the same.
 */
export async function withTwins(session: Session, pairs: readonly ReadPair[], free: ReadonlySet<string> = new Set()): Promise<ReadPair[]> {
  const seeking = pairs.filter(seeks);
  if (seeking.length === 0) return [...pairs];
  const twins = new Map<string, SeenItem>();
  for (const kind of new Set(seeking.map(({ work }) => kindOf(work.key.entity)))) {
    const group = seeking.filter(({ work }) => kindOf(work.key.entity) === kind);
    for (const [name, item] of await twinsAmong(session, group, free)) twins.set(name, item);
  }
  return pairs.map((pair) => {
    const item = twins.get(pairName(pair.work.key));
    return item === undefined ? pair : { ...pair, item: { kind: 'same', item } };
  });
}

type SeekingPair = ReadPair & { readonly record: Extract<ReadPair['record'], { kind: 'created' }> };

/** A record that stands at home, was never linked, and of which no create is under way. */
function seeks(pair: ReadPair): pair is SeekingPair {
  const { work, link, record, item } = pair;
  return link === null && work.intent === null && record.kind === 'created' && item.kind === 'none';
}

/** The twins of records whose items are of one kind, by pair. */
async function twinsAmong(session: Session, pairs: readonly SeekingPair[], free: ReadonlySet<string>): Promise<Map<string, SeenItem>> {
  const seekers = pairs.map((pair) => seekerOf(session, pair));
  const isFirst = pairs.some(({ work }) => isFirstLoad(work));
  const asking = isFirst ? pairs : pairs.filter((_, index) => (seekers[index]?.keys.length ?? 0) > 0);
  const sighted = await sightedFor(
    session,
    asking.map(({ record }) => record.record),
    isFirst,
  );
  const candidates = await unlinked(session, seekers, sighted, free);
  if (candidates.length === 0) return new Map();
  const rivals = seekers.some((seeker) => fitting(seeker, candidates).length > 0) ? await rivalsOf(session, pairs, candidates) : new Map();
  const found = twinsOf(seekers, candidates, rivals);
  return readTwins(session, seekers, found, candidates);
}

/** With the setting `create` only an item that carries the record's own marker is taken for its item. */
function seekerOf({ integration }: Session, { work, record }: SeekingPair): Seeker {
  const kind = kindOf(work.key.entity);
  const keys = integration.settings.firstMeeting === 'create' ? [] : seekingKeys(kind, record.record.values);
  return { name: pairName(work.key), keys };
}

/** Of the candidates those that any of the records may take, without those that are linked, or were. */
async function unlinked(
  session: Session,
  seekers: readonly Seeker[],
  all: readonly Sighted[],
  free: ReadonlySet<string>,
): Promise<Sighted[]> {
  const names = new Set(seekers.map(({ name }) => name));
  const sought = new Set(seekers.flatMap(({ keys }) => keys));
  const wanted = all.filter(({ markedFor, keys }) => (markedFor !== null && names.has(markedFor)) || keys.some((key) => sought.has(key)));
  const linked = await session.partition.pairsOf(wanted.map(({ id }) => id));
  return wanted.filter(({ id }) => !linked.has(id) || free.has(id));
}

/** The keys of the home's other records without an item that fit one of the candidates, by pair. */
async function rivalsOf(
  session: Session,
  pairs: readonly SeekingPair[],
  candidates: readonly Sighted[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const names = new Map<string, { readonly entity: Entity; readonly recordId: string; readonly keys: readonly string[] }>();
  const kinds = new Set(pairs.map(({ work }) => kindOf(work.key.entity)));
  for (const entity of kindred(session, kinds)) {
    for (const { id, keys } of await homeKeys(session, entity)) {
      const key = { entity, recordId: id };
      if (fitting({ keys }, candidates).length > 0) names.set(pairName(key), { ...key, keys });
    }
  }
  const links = await session.partition.links([...names.values()]);
  return new Map([...names].filter(([name]) => !links.has(name)).map(([name, { keys }]) => [name, keys]));
}

/** The items as they are now. One that has been deleted since it was listed, or has changed and no longer fits, is left alone. */
async function readTwins(
  session: Session,
  seekers: readonly Seeker[],
  found: ReadonlyMap<string, string>,
  candidates: readonly Sighted[],
): Promise<Map<string, SeenItem>> {
  const wanted = new Set(found.values());
  const refs = candidates.filter(({ id }) => wanted.has(id)).map(({ id, feed, kind }) => ({ kind, id, feed }));
  const items = new Map((await living(session, refs)).map((item) => [item.id, item]));
  const twins = new Map<string, SeenItem>();
  for (const seeker of seekers) {
    const item = items.get(found.get(seeker.name) ?? '');
    if (item === undefined) continue;
    const marker = markerOf(item.marker);
    const isOwn = marker !== null && marker.integration === session.integration.id && pairName(marker) === seeker.name;
    const keys = naturalKeys(item.kind, item.values);
    if (isOwn || (item.marker === null && keys.some((key) => seeker.keys.includes(key)))) twins.set(seeker.name, item);
  }
  return twins;
}

/** The items that are still there. A task that is gone does not answer; anything else goes on answering from among the deleted, so its fate is asked for (promise 3). */
async function living(session: Session, refs: readonly ItemRef[]): Promise<SeenItem[]> {
  const tasks = refs.filter(({ kind }) => kind === 'task');
  const others = refs.filter(({ kind }) => kind !== 'task');
  const fates = await atOnce(fatesAtOnce, others, (ref) => session.mailbox.fate(ref, '', null));
  return [
    ...(tasks.length === 0 ? [] : await session.mailbox.readItems(tasks)),
    ...fates.flatMap((fate) => (fate.kind === 'exists' ? [fate.item] : [])),
  ];
}
