import { startOf } from '../model/appointment';
import { customOf } from '../model/custom-fields';
import { isMeeting, kindOf } from '../model/entity';
import { markerText, type SeenItem } from '../model/seen';
import { seriesEnd } from '../model/series';
import type { Value } from '../model/values';
import { atOnce } from '../platform/at-once';
import { asTandemError, errorCodes, type TandemError } from '../platform/errors';
import { pairName } from '../storage/link-rows';
import { type ItemSide, type Link, mayComeBack } from '../sync/link';
import { travels } from '../sync/private';
import { itemSide } from '../sync/sides';
import { staysTracked, trackedRecordId } from '../sync/tracked';
import { seriesObstacle } from '../sync/tracked-series';
import { lacksFields } from './begun';
import { isOld } from './gather';
import { isView } from './meeting-home';
import { withMoved } from './moved-unmarked';
import { hindered, type Located, readRecordSides } from './read-records';
import { isCopy, namesAnothers, recognised } from './recognise';
import { recovered } from './recovered';
import { learnRights } from './rights';
import type { Session } from './session';
import { followedLink } from './tracked-link';
import { meetings } from './tracked-twins';
import type { EchoPair, LaterPair, PairWork, ReadPair } from './work';

export interface Read {
  readonly pairs: readonly ReadPair[];
  readonly later: readonly LaterPair[];
  readonly echoes: readonly EchoPair[];
}

/** Requests about single items that run at once; the mailbox's fourth belongs to the probe. */
const readsAtOnce = 3;

/** Reads both sides of the pairs of a slice, as far as they have to be read. */
export async function read(session: Session, work: readonly PairWork[]): Promise<Read> {
  if (!work.every(isEcho)) await learnRights(session);
  const later: LaterPair[] = [];
  const echoes: EchoPair[] = [];
  const toRead: Located[] = [];
  const known = await withMoved(session, await recognised(session, work));
  const items = [...(await readWhole(session, known)), ...(await readExpected(session, known))];
  const whole = new Map(items.map((item) => [item.id, item]));
  await atOnce(readsAtOnce, known, async (each) => {
    if (isEcho(each)) echoes.push({ work: each });
    else {
      const located = await locateAlone(session, each, whole);
      if (located.kind === 'later') later.push({ work: each, due: located.due, why: located.why, error: located.error });
      else toRead.push({ work: each, link: located.link, item: located.item });
    }
  });
  const sides = await readRecordSides(session, toRead);
  const pairs = toRead.flatMap((each): ReadPair[] => {
    const record = sides.get(pairName(each.work.key)) ?? { kind: 'same', record: null };
    if (record.kind !== 'refused') return [recovered(withoutRecord(session, { ...each, record }), session.mailboxRow, session.rules)];
    later.push(refusedLater(session, each.work, record.error));
    return [];
  });
  const met = await meetings(session, pairs);
  const taken = new Set(met.pairs.flatMap((pair) => metItem(pair) ?? []));
  const works = new Map(toRead.map(({ work: each }) => [pairName(each.key), each]));
  const fit = met.pairs.filter((pair) => {
    const error = unfit(session, pair);
    if (error !== null) later.push(refusedLater(session, works.get(pairName(pair.work.former ?? pair.work.key)) ?? pair.work, error));
    return error === null;
  });
  return { pairs: fit, later: [...later.filter(({ work: each }) => !keeps(each, taken)), ...met.later], echoes };
}

function refusedLater(session: Session, work: PairWork, error: TandemError): LaterPair {
  return { work, due: session.now + session.services.settings.retryMostMs, why: 'failed', error };
}

/** The id of the item that a record is about to be linked to for the first time; null for any other pair. */
function metItem({ link, item }: ReadPair): string | null {
  return link === null && item.kind === 'same' ? (item.item?.id ?? null) : null;
}

/** True for a tracked item that would be kept for a record of its own, although it is one of those. */
function keeps({ link, heard }: PairWork, taken: ReadonlySet<string>): boolean {
  return link === null && heard?.kind === 'tracked' && taken.has(heard.item.id);
}

/** Why Dynamics cannot hold what is tracked; null where it can, and for what is none of its business. */
function unfit({ zone, rules, now }: Session, { item, work: { key } }: Pick<ReadPair, 'item' | 'work'>): TandemError | null {
  if (item.kind !== 'tracked' || key.entity !== 'series' || !travels('series', item.item.values, rules)) return null;
  const obstacle = seriesObstacle(item.item.values, zone, now);
  return obstacle === null ? null : hindered(obstacle);
}

/**
 * A tracked item whose record is proved not to be there gets one; where there was one before, under another id. One whose record was made and seen, and has gone
 * since, is a pair whose record was deleted.
 */
function withoutRecord(session: Session, pair: ReadPair): ReadPair {
  const { item, link, work, record } = pair;
  if (item.kind !== 'tracked') return pair;
  // A meeting that she does not organize is at home where she tracks it: only one whose home is this mailbox gets so far.
  if (record.kind === 'movedHome' && item.item.values.organizedHere === false && record.record.standing === 'open')
    return { ...pair, record: { kind: 'created', record: record.record } };
  if (record.kind !== 'deleted' || (link === null && namesAnothers(session, item.item))) return pair;
  if (link?.state === 'tracking' && link.bases !== null && link.recordVersion !== '') return pair;
  if (link?.state !== 'released') return { ...pair, record: { kind: 'none' } };
  const place = { integration: session.integration.id, mailbox: session.mailboxRow.id };
  const key = { entity: work.key.entity, recordId: trackedRecordId(place, item.item, link.incarnation + 1) };
  return { work: { ...work, key, former: work.key }, link: null, record: { kind: 'none' }, item };
}

type Location =
  | { readonly kind: 'found'; readonly link: Link | null; readonly item: ItemSide }
  | { readonly kind: 'later'; readonly due: number; readonly why: LaterPair['why']; readonly error: TandemError | null };

/** True where everything that was heard is a version that Tandem itself wrote or has already seen. */
function isEcho({ link, heard, inbox, parked, intent, decision, undo }: PairWork): boolean {
  if (link === null || parked !== null || intent !== null || decision !== null || undo !== null) return false;
  const itemKnown =
    heard === null || (heard.kind === 'changed' && heard.item.version === link.itemVersion && heard.item.id === link.itemId);
  const recordKnown = inbox === null || (inbox.partsChanged !== true && inbox.version !== '' && inbox.version === link.recordVersion);
  return itemKnown && recordKnown;
}

/** Contacts and series that a delta named, read whole: it leaves out a contact's extended properties, and most of the single dates of a series. */
async function readWhole(session: Session, work: readonly PairWork[]): Promise<SeenItem[]> {
  const refs = work.flatMap((each) => {
    const { heard, link } = each;
    if (heard?.kind !== 'changed' || !isPartial(session, heard.item) || isEcho(each) || link?.state === 'released') return [];
    const { kind, id, feed } = heard.item;
    return [{ kind, id, feed }];
  });
  return refs.length === 0 ? [] : session.mailbox.readItems(refs);
}

/** Items that have to be looked at, all that are where they were last in one go; what is not among them is asked for one by one. */
async function readExpected(session: Session, work: readonly PairWork[]): Promise<SeenItem[]> {
  const expected = work.flatMap((each) => {
    const { link, heard, parked } = each;
    if (link === null || isEcho(each) || heard?.kind === 'removed' || parked?.why === 'recheck' || !isAsked(session, each, link)) return [];
    return [{ ref: { kind: kindOf(link.entity), id: link.itemId, feed: link.feed }, time: timeOf(link) }];
  });
  return expected.length === 0 ? [] : session.mailbox.readExpected(expected);
}

/** Whether Exchange has to be asked what has become of a linked item, because what was heard does not tell. */
function isAsked(session: Session, work: PairWork, link: Link): boolean {
  const { intent, heard, undo, inbox, parked, decision } = work;
  if (intent !== null && link.state !== 'linked') return false;
  if (link.state === 'tracking' || undo !== null) return true;
  if (heard?.kind === 'changed') return false;
  if (link.state === 'released') return (inbox !== null || parked !== null) && mayComeBack(link);
  return (
    heard?.kind === 'removed' ||
    parked !== null ||
    decision !== null ||
    isOutside(session, link) ||
    (inbox !== null && lacksFields(session.rules, link)) ||
    session.silent.has(link.feed) ||
    isUnheard(work, link)
  );
}

/** True for the item of a record with news of which no delta has said anything: a delta may tell late, and the record's news would overwrite what it has not told. */
function isUnheard({ heard, inbox }: PairWork, { state }: Link): boolean {
  return heard === null && inbox !== null && (state === 'linked' || state === 'held');
}

function isPartial({ rules }: Session, { kind }: SeenItem): boolean {
  return (
    kind === 'contact' ||
    kind === 'series' ||
    (kind === 'event' && (rules.appointmentAttachments || customOf(rules.customFields, 'appointment').length > 0))
  );
}

/** One pair that cannot be read is set aside and does not stop the others; what concerns the whole mailbox does. */
async function locateAlone(session: Session, work: PairWork, whole: ReadonlyMap<string, SeenItem>): Promise<Location> {
  try {
    return await locate(session, work, whole);
  } catch (thrown) {
    const error = asTandemError(thrown);
    if (error.code !== errorCodes.refused && error.code !== errorCodes.gone) throw thrown;
    return { kind: 'later', due: session.now + session.services.settings.retryMostMs, why: 'failed', error };
  }
}

async function locate(session: Session, work: PairWork, whole: ReadonlyMap<string, SeenItem>): Promise<Location> {
  const { link, heard, intent } = work;
  if (intent !== null && link?.state !== 'linked') return locateIntent(session, work);
  if (link === null) return found(link, heard?.kind === 'tracked' ? { kind: 'tracked', item: heard.item } : { kind: 'none' });
  if (link.state === 'tracking') return locateTracking(session, work, link, whole);
  if (isAsked(session, work, link)) return ask(session, work, link, whole);
  if (heard?.kind !== 'changed') return found(link, { kind: 'same', item: null });
  if (link.state === 'released') return locateReleased(session, heard.item, link);
  const item = isPartial(session, heard.item) ? whole.get(heard.item.id) : heard.item;
  return item === undefined ? ask(session, work, link, whole) : found(link, itemSide(item, link, session.rules));
}

/** An item whose record was about to be made, wherever it was moved since. It stays tracked unless it carried the category and lost it since. */
async function locateTracking(session: Session, work: PairWork, link: Link, whole: ReadonlyMap<string, SeenItem>): Promise<Location> {
  const { heard } = work;
  if (heard?.kind === 'moved') return found(followedLink(link, heard.item), { kind: 'tracked', item: heard.item });
  const location = await ask(session, work, link, whole);
  if (location.kind !== 'found' || !('item' in location.item) || location.item.item === null) return location;
  const { item } = location.item;
  if ((await isCopy(session, item, link)) || (await isView(session, item))) return found(link, { kind: 'none' });
  const isOff = link.tracked === true && !staysTracked(item.values, link, session.integration.settings);
  return isOff ? location : found(link, { kind: 'tracked', item });
}

/** An item that was let go and whose tracking category was put on or taken off since. */
async function locateReleased(session: Session, heard: SeenItem, link: Link): Promise<Location> {
  const [item] = await session.mailbox.readItems([{ kind: heard.kind, id: heard.id, feed: heard.feed }]);
  const isOn = item !== undefined && staysTracked(item.values, link, session.integration.settings);
  if (item === undefined || item.kind !== kindOf(link.entity) || isOn === (link.tracked === true))
    return found(link, { kind: 'same', item: null });
  if (!isOn) return found(link, { kind: 'same', item });
  return found(link, (await isView(session, item)) ? { kind: 'same', item: null } : { kind: 'tracked', item });
}

function found(link: Link | null, item: ItemSide): Location {
  return { kind: 'found', link, item };
}

/** A create that was cut short: left alone while its request may be under way, then searched by its marker. */
async function locateIntent(session: Session, { key, intent, link }: PairWork): Promise<Location> {
  if (intent === null) return found(link, { kind: 'none' });
  if (!isOld(session, intent.startedAt)) {
    return { kind: 'later', due: intent.startedAt + 2 * session.services.settings.requestTimeoutMs, why: 'check', error: null };
  }
  const marker = markerText({ integration: session.integration.id, ...key, incarnation: intent.incarnation });
  const item = await session.mailbox.findByMarker(kindOf(key.entity), intent.feed, marker);
  if (item === null) return found(link, { kind: 'none' });
  const adopted: Link = {
    ...key,
    itemId: item.id,
    feed: item.feed,
    state: 'linked',
    reason: 'new-record',
    incarnation: intent.incarnation,
    recordVersion: intent.recordVersion,
    itemVersion: '',
    bases: intent.bases,
    withheld: intent.withheld,
    at: intent.startedAt,
  };
  return found(adopted, itemSide(item, adopted, session.rules));
}

/** The item, if it was read already; else asks Exchange what has become of it. A task that answers nowhere is asked for once more, a minute later, before it counts as deleted. */
async function ask(session: Session, work: PairWork, link: Link, whole: ReadonlyMap<string, SeenItem>): Promise<Location> {
  const item = whole.get(link.itemId);
  if (item !== undefined) return found(link, itemSide(item, link, session.rules));
  const marker = markerText({ integration: session.integration.id, ...work.key, incarnation: link.incarnation });
  const ref = { kind: kindOf(link.entity), id: link.itemId, feed: link.feed };
  const fate = await session.mailbox.fate(ref, marker, timeOf(link));
  switch (fate.kind) {
    case 'exists':
      return found(link, itemSide(fate.item, link, session.rules));
    case 'deleted':
      return found(link, { kind: 'deleted' });
    case 'missing': {
      const { parked } = work;
      // An item that Tandem took away with its record: nothing is going to be deleted that a second look could save.
      if (link.state === 'released' && ['moved-home', 'left-filter-deleted'].includes(link.reason)) return found(link, { kind: 'deleted' });
      if (parked?.why === 'recheck' && parked.due <= session.now) return found(link, { kind: 'deleted' });
      return {
        kind: 'later',
        due: parked?.why === 'recheck' ? parked.due : session.now + session.services.settings.taskRecheckMs,
        why: 'recheck',
        error: null,
      };
    }
  }
}

/** Events outside the calendar's window are in no feed, so they are read before anything is decided about them. */
function isOutside(session: Session, link: Link): boolean {
  if (!isMeeting(link.entity)) return false;
  const window = session.cursors.get('calendar')?.window ?? session.window;
  const start = startOf(timeOf(link) ?? null);
  const end = link.entity === 'series' ? seriesEnd(link.bases?.exchange ?? {}) : start;
  return !(end >= window.from && start < window.to);
}

function timeOf(link: Link): string | null {
  const time: Value | undefined = link.bases?.exchange.time;
  return typeof time === 'string' ? time : null;
}
