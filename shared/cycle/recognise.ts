import { markerOf, type SeenItem } from '../model/seen';
import { type PairKey, pairName } from '../storage/link-rows';
import type { Link } from '../sync/link';
import { carriesCategory, itemRecordId, trackedRecordId } from '../sync/tracked';
import { isView, trackedElsewhere } from './meeting-home';
import type { Session } from './session';
import type { Heard, PairWork } from './work';

export type HeardTracked = Extract<Heard, { kind: 'tracked' }>;

/**
 * Looks closer at what deltas called tracked: reads the items whole, for a delta shows no marker, and tells new ones from copies of linked items, which are left alone, and
 * from items whose link was lost, which are linked again to the record that they name.
 */
export async function recognised(session: Session, given: readonly PairWork[]): Promise<PairWork[]> {
  const work = await withMeetings(session, given);
  const tracked = work.flatMap(({ heard }) => (heard?.kind === 'tracked' ? [heard] : []));
  if (tracked.length === 0) return [...work];
  const refs = tracked.map(({ item: { kind, id, feed } }) => ({ kind, id, feed }));
  const whole = new Map((await session.mailbox.readItems(refs)).map((item) => [item.id, item]));
  for (const { item } of tracked) if (isOtherwise(session, item, whole.get(item.id))) whole.delete(item.id);
  for (const item of [...whole.values()]) if (await isView(session, item)) whole.delete(item.id);
  const named = await linksNamed(session, [...whole.values()]);
  return work.flatMap((each) => (each.heard?.kind === 'tracked' ? closer(session, each, each.heard, whole, named) : [each]));
}

/** True for an item that, read whole, no longer carries the category, or has become a series or ceased to be one since: a delta tells of it anew. */
function isOtherwise({ integration: { settings } }: Session, heard: SeenItem, now: SeenItem | undefined): boolean {
  if (now === undefined) return false;
  return now.kind !== heard.kind || (carriesCategory(heard.values, settings) && !carriesCategory(now.values, settings));
}

/** Meetings that are news here and that somebody tracked who does not organize them, with this mailbox's own item of the meeting. */
async function withMeetings(session: Session, work: readonly PairWork[]): Promise<PairWork[]> {
  const items = new Map<string, SeenItem>();
  const news = work.filter(({ link, heard, inbox }) => (link === null || wasUntracked(link)) && heard === null && inbox !== null);
  for (const entity of ['appointment', 'series'] as const) {
    const ids = news.filter(({ key }) => key.entity === entity).map(({ key }) => key.recordId);
    const homes = ids.length === 0 ? [] : (await session.services.homes.getMany(session.integration.id, entity, ids)).values();
    for (const home of homes) {
      const item = await trackedElsewhere(session, entity, home);
      if (item !== null) items.set(pairName({ entity, recordId: home.id }), item);
    }
  }
  return work.map((each) => {
    const item = news.includes(each) ? items.get(pairName(each.key)) : undefined;
    return item === undefined ? each : { ...each, heard: { kind: each.link === null ? 'tracked' : 'changed', item } };
  });
}

/** True for a pair that its user let go; by now she may track its item again, which somebody else had taken over. */
function wasUntracked({ state, reason }: Link): boolean {
  return state === 'released' && reason === 'category-removed';
}

function closer(
  session: Session,
  work: PairWork,
  heard: HeardTracked,
  whole: ReadonlyMap<string, SeenItem>,
  named: ReadonlyMap<string, Link>,
): PairWork[] {
  const item = whole.get(heard.item.id);
  const rest = unheard(work);
  if (item === undefined) return rest;
  const fresh: HeardTracked = { kind: 'tracked', item };
  const key = ownMarker(session, item);
  const lost = key !== null && !named.has(pairName(key));
  const copies = (work.link !== null && work.link.itemId !== item.id) || (key !== null && !lost && pairName(key) !== pairName(work.key));
  if (!copies)
    return lost && work.link === null ? [...moved(work, key), { ...work, ...bare, key, heard: fresh }] : [{ ...work, heard: fresh }];
  if (session.integration.settings.ignoreCopies) return rest;
  const { entity } = work.key;
  const recordId = itemRecordId({ integration: session.integration.id, mailbox: session.mailboxRow.id }, item, 1);
  return [...rest, { ...work, ...bare, key: { entity, recordId }, heard: fresh }];
}

/** A pair without what was heard of its item; none where nothing else brought it. */
export function unheard(work: PairWork): PairWork[] {
  return work.inbox === null && work.parked === null && work.intent === null ? [] : [{ ...work, heard: null }];
}

/** True where an item that was kept to be tracked turns out to be a copy of another pair's item that is to be left alone. */
export async function isCopy(session: Session, item: SeenItem, link: Link): Promise<boolean> {
  const key = ownMarker(session, item);
  if (key === null || pairName(key) === pairName(link) || !session.integration.settings.ignoreCopies) return false;
  return (await session.partition.links([key])).size > 0;
}

/**
 * True for an item whose marker names a record that was never made of it: it is a copy, or came from that record. Once the record is gone, its pair ended with it, and
 * what people removed does not come back (promise 5).
 */
export function namesAnothers({ integration, mailboxRow }: Session, item: SeenItem): boolean {
  const marker = markerOf(item.marker);
  if (marker?.integration !== integration.id || !integration.settings.ignoreCopies) return false;
  const place = { integration: integration.id, mailbox: mailboxRow.id };
  return ![trackedRecordId, itemRecordId].some((idOf) => idOf(place, item, marker.incarnation) === marker.recordId);
}

/** A pair of which nothing else is known. */
const bare = { link: null, inbox: null, parked: null, intent: null } as const;

/** What was to be taken up under the key that the item turned out not to have. */
function moved(work: PairWork, key: PairKey): PairWork[] {
  const waits = work.inbox !== null || work.parked !== null || work.intent !== null;
  return waits && pairName(work.key) !== pairName(key) ? [{ ...work, heard: null }] : [];
}

/** The record that an item names as its own: only what this integration wrote, and on an event only where this mailbox organizes it. */
function ownMarker({ integration }: Session, item: SeenItem): PairKey | null {
  const marker = markerOf(item.marker);
  if (marker?.integration !== integration.id || item.values.organizedHere === false) return null;
  return { entity: marker.entity, recordId: marker.recordId };
}

async function linksNamed(session: Session, items: readonly SeenItem[]): Promise<ReadonlyMap<string, Link>> {
  const keys = items.flatMap((item) => ownMarker(session, item) ?? []);
  return keys.length === 0 ? new Map() : session.partition.links(keys);
}
