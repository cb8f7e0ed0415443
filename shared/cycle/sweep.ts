import type { ListedItem } from '../exchange/exchange';
import { entitiesThatSync } from '../model/integration-settings';
import type { Feed } from '../model/seen';
import type { Entity } from '../model/values';
import { errorCodes, TandemError } from '../platform/errors';
import type { LinkChange } from '../storage/link-changes';
import { type PairKey, type Parked, pairName } from '../storage/link-rows';
import { type Link, mayComeBack } from '../sync/link';
import { carriesCategory } from '../sync/tracked';
import { lacksFields } from './begun';
import { hearTracked } from './drain';
import { homeRecords, withoutThisHome, writeHomes } from './load';
import type { Session } from './session';

/** A version that no row has, so that the pair is read although nothing is new. */
const unknownVersion = '?';

/** Parked rows that one sweep adds at a time. */
const pageSize = 90;

/**
 * The daily sweep: compares plain lists of both sides with the links, never the delta chain. It alone sees what no feed tells: sharing, roles, teams, and
 * whatever was missed. It decides nothing: what differs is put where the next slices read both sides.
 */
export async function sweep(session: Session): Promise<void> {
  await takeOverZone(session);
  const listed = await sweepRecords(session);
  await sweepItems(session, listed);
}

/** A person who has moved to another time zone is served in it from the next cycle on. */
async function takeOverZone(session: Session): Promise<void> {
  const { mailboxRow, services } = session;
  const { zone } = await session.dynamics.user(mailboxRow.systemUserId);
  if (zone === mailboxRow.zone) return;
  await services.mailboxes.update(mailboxRow.integration, mailboxRow.id, (now) => ({ ...now, zone }));
  services.log.info('zone-changed', { mailbox: mailboxRow.id });
}

/** Records that should be linked and are not, that may be again, or that have another version, get an inbox row. Returns every record that was listed. */
async function sweepRecords(session: Session): Promise<ReadonlySet<string>> {
  const listed = new Set<string>();
  for (const entity of entitiesThatSync(session.integration.settings)) {
    for await (const records of homeRecords(session, entity)) {
      const links = await session.partition.links(records.map(({ id }) => ({ entity, recordId: id })));
      const news = records.flatMap((record) => {
        const key = { entity, recordId: record.id };
        listed.add(pairName(key));
        const link = links.get(pairName(key));
        if (link !== undefined && mayComeBack(link)) return [{ record, version: '' }];
        if (link?.recordVersion !== record.version) return [{ record, version: record.version }];
        return lacksFields(session.rules, link) ? [{ record, version: unknownVersion }] : [];
      });
      const unnamed = await withoutThisHome(session, entity, records);
      await writeHomes(session, entity, [...new Set([...unnamed, ...news.map(({ record }) => record)])]);
      await session.partition.addInbox(news.map(({ record, version }) => ({ entity, recordId: record.id, version, firstLoad: false })));
    }
  }
  return listed;
}

/** Links whose record was not listed or whose item is missing or has another version are parked, due now, so that both sides are read by id. */
async function sweepItems(session: Session, listed: ReadonlySet<string>): Promise<void> {
  const versions = new Map<Feed, ReadonlyMap<string, string>>();
  let pairs = 0;
  for (const feed of session.cursors.keys()) versions.set(feed, await listItems(session, feed));
  for await (const page of session.partition.allLinks()) {
    const suspects: PairKey[] = [];
    pairs += page.filter(({ state }) => state !== 'released').length;
    for (const link of page) {
      if (link.state === 'released' || !session.syncs(link) || session.refused.has(link.entity)) continue;
      const items = versions.get(link.feed) ?? (await listItems(session, link.feed));
      versions.set(link.feed, items);
      if (!listed.has(pairName(link)) || items.get(link.itemId) !== link.itemVersion)
        suspects.push({ entity: link.entity as Entity, recordId: (link as Link).recordId });
    }
    for (let at = 0; at < suspects.length; at += pageSize) await parkAll(session, suspects.slice(at, at + pageSize));
  }
  session.pairsSwept = pairs;
}

/** The versions of a folder's items; none where the folder is gone, so that each of its items is asked for. */
async function listItems(session: Session, feed: Feed): Promise<ReadonlyMap<string, string>> {
  const versions = new Map<string, string>();
  try {
    for await (const items of session.mailbox.listFolder(feed, null)) {
      for (const { id, version } of items) versions.set(id, version);
      await hearUnlinked(session, feed, items);
    }
    return versions;
  } catch (error) {
    if (!(error instanceof TandemError) || error.code !== errorCodes.gone) throw error;
    return new Map();
  }
}

/** Items that carry the tracking category and are not linked: from before the mailbox took part, from outside the calendar's window, or missed by a delta. */
async function hearUnlinked(session: Session, feed: Feed, items: readonly ListedItem[]): Promise<void> {
  const carrying = items.filter(({ categories }) => carriesCategory({ categories }, session.integration.settings));
  if (carrying.length === 0) return;
  const linked = await session.partition.pairsOf(carrying.map(({ id }) => id));
  const refs = carrying.filter(({ id }) => !linked.has(id)).map(({ kind, id }) => ({ kind, id, feed }));
  if (refs.length > 0) await hearTracked(session, await session.mailbox.readItems(refs));
}

async function parkAll(session: Session, pairs: readonly PairKey[]): Promise<void> {
  const now = session.now;
  const groups = pairs
    .filter((pair) => !session.parked.has(pairName(pair)))
    .map((pair): LinkChange[] => {
      const parked: Parked = { ...pair, due: now, why: 'check', attempts: 0, code: '', detail: '', fix: '', since: now, firstLoad: false };
      session.parked.set(pairName(parked), parked);
      return [{ put: 'parked', parked }];
    });
  if (groups.length > 0) await session.commit(groups);
}
