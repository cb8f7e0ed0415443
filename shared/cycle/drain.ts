import type { Drained } from '../exchange/exchange';
import { entityOf } from '../model/entity';
import type { Feed, SeenItem } from '../model/seen';
import { errorCodes, TandemError } from '../platform/errors';
import type { LinkChange } from '../storage/link-changes';
import { type PairKey, pairName } from '../storage/link-rows';
import type { Link } from '../sync/link';
import { carriesCategory, staysTracked, trackedRecordId } from '../sync/tracked';
import type { Session } from './session';
import type { Heard } from './work';
import { sweepSlot, workFor } from './work-for';

/**
 * Reads one page of each folder, or of those that still have some, and remembers what it said about linked items. Every slice asks again, so that it goes by
 * what Exchange holds now; but not before everything is taken up that was heard so far. Items that are neither linked nor tracked stay where they are.
 */
export async function drain(session: Session): Promise<void> {
  session.isFresh = session.heard.size === 0;
  if (!session.isFresh) return;
  if (session.unread().length === 0) session.finished.clear();
  const cursors = session.unread();
  const isFirst = session.marks.size === 0;
  const answers = await session.mailbox.drain(cursors, isFirst);
  for (const drained of answers) await takeUp(session, drained);
  for (const { feed } of cursors) if (!answers.some((drained) => drained.feed === feed)) leaveForLater(session, feed);
}

/** A folder that did not answer is left out of this cycle; what the others said goes on, and another cycle follows soon. */
function leaveForLater(session: Session, feed: Feed): void {
  session.finished.add(feed);
  session.silent.add(feed);
  session.pause(session.mailbox.restsUntil() ?? session.now + session.services.settings.retryFirstMs, null);
  session.services.log.warn('folder-silent', { mailbox: session.mailboxRow.id, feed });
}

async function takeUp(session: Session, drained: Drained): Promise<void> {
  switch (drained.kind) {
    case 'expired':
      if (session.cursors.get(drained.feed)?.link === null) return leaveForLater(session, drained.feed);
      session.services.log.warn('delta-expired', { mailbox: session.mailboxRow.id, feed: drained.feed });
      await askForSweep(session, session.now);
      session.beginChain(drained.feed);
      return;
    case 'folderGone':
      if (!drained.feed.startsWith('tasks:')) throw noSuchFolder(drained.feed);
      await forgetFolder(session, drained.feed);
      return;
    case 'page': {
      const { feed, mark, next } = drained;
      const begunAt = session.cursors.get(feed)?.begunAt ?? session.now;
      const cursor = { ...next, begunAt };
      session.cursors.set(feed, cursor);
      session.reached.set(feed, cursor);
      if (mark !== null) session.marks.set(feed, mark);
      if (next.at === 'end' && session.isOutgrown(cursor)) {
        await askForSweep(session, session.now + settledMs);
        session.beginChain(feed);
      } else if (next.at === 'end') session.finished.add(feed);
      const said = new Map<string, Heard>();
      for (const id of drained.removed) said.set(id, { kind: 'removed' });
      for (const item of drained.changed) said.set(item.id, { kind: 'changed', item });
      const pairs = await session.partition.pairsOf([...said.keys()]);
      const links = await session.partition.links([...pairs.values()]);
      for (const [id, key] of pairs) {
        const heard = said.get(id);
        if (heard !== undefined && isNews(session, heard, links.get(pairName(key)))) session.heard.set(pairName(key), { key, heard });
      }
      await hearTracked(
        session,
        drained.changed.filter(({ id }) => !pairs.has(id)),
      );
    }
  }
}

/** A delta may be late: what happened just before a chain was replaced, and its last answer did not tell yet, shows in a plain list by then. */
const settledMs = 600_000;

/** A chain that is begun again tells no deletion of before: only a comparison of plain lists finds those. It is asked for before the new chain is kept. */
async function askForSweep({ services, mailboxRow, now }: Session, at: number): Promise<void> {
  await services.messenger.wake(workFor(mailboxRow, 'sweep', now), sweepSlot(mailboxRow, at));
}

/** Every mailbox has a calendar and a contacts folder: one that is not found says nothing about what lies in it (promise 3). */
function noSuchFolder(feed: Feed): TandemError {
  return new TandemError(errorCodes.unavailable, {
    retry: 'later',
    fix: 'Look in Exchange whether the mailbox is being moved, and whether its default folders are there.',
    detail: `Exchange does not find the folder ${feed}`,
  });
}

/** Remembers items that are not linked and carry the tracking category, each under the id that its record gets. */
export async function hearTracked(session: Session, items: readonly SeenItem[]): Promise<void> {
  const place = { integration: session.integration.id, mailbox: session.mailboxRow.id };
  const carrying = items.filter(({ values }) => carriesCategory(values, session.integration.settings));
  for (const item of await withIdentity(session, carrying)) {
    const key = { entity: entityOf(item.kind), recordId: trackedRecordId(place, item, 1) };
    if (!session.heard.has(pairName(key))) session.heard.set(pairName(key), { key, heard: { kind: 'tracked', item } });
  }
}

/** The items, each series of which only a date was named read whole: the id of its record follows from what its master alone tells. */
export async function withIdentity({ mailbox }: Pick<Session, 'mailbox'>, items: readonly SeenItem[]): Promise<readonly SeenItem[]> {
  const unknown = items.filter(({ kind, values }) => kind === 'series' && values.iCalUId === undefined);
  if (unknown.length === 0) return items;
  const masters = await mailbox.readItems(unknown.map(({ kind, id, feed }) => ({ kind, id, feed })));
  return [...items.filter((item) => !unknown.includes(item)), ...masters.filter(({ kind }) => kind === 'series')];
}

/** False for what Tandem itself wrote or has seen, and for the item of a pair that was let go. */
function isNews({ integration: { settings } }: Session, heard: Heard, link: Link | undefined): boolean {
  if (link === undefined || heard.kind === 'tracked') return false;
  if (link.state === 'released')
    return (
      heard.kind === 'changed' &&
      settings.trackCategorizedItems &&
      staysTracked(heard.item.values, link, settings) !== (link.tracked === true)
    );
  return heard.kind === 'removed' || heard.item.version !== link.itemVersion || heard.item.id !== link.itemId;
}

/** A task list was deleted: its cursor goes, and each task that was linked in it is looked for elsewhere. */
async function forgetFolder(session: Session, feed: Feed): Promise<void> {
  session.cursors.delete(feed);
  session.reached.delete(feed);
  const lost: PairKey[] = [];
  for await (const page of session.partition.allLinks())
    lost.push(...page.filter((link) => link.feed === feed && link.state !== 'released'));
  for (const key of lost) session.heard.set(pairName(key), { key, heard: { kind: 'removed' } });
  if (!session.stored.delete(feed)) return;
  const change: LinkChange = { drop: 'cursor', feed };
  await session.commit([[change]]);
}
