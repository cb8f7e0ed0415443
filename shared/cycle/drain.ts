import type { Drained } from '../exchange/exchange';
import type { Feed } from '../model/seen';
import type { LinkChange } from '../storage/link-changes';
import { type PairKey, pairName } from '../storage/link-rows';
import type { Session } from './session';
import type { Heard } from './work';

/** Reads one page of each folder that still has some and remembers what it said about linked items. Items that are not linked stay where they are. */
export async function drain(session: Session): Promise<void> {
  const cursors = session.unread();
  if (cursors.length === 0) return;
  const isFirst = session.marks.size === 0;
  const answers = await session.mailbox.drain(cursors, isFirst);
  for (const drained of answers) await takeUp(session, drained);
  for (const { feed } of cursors) if (!answers.some((drained) => drained.feed === feed)) leaveForLater(session, feed);
}

/** A folder that did not answer is left out of this cycle; what the others said goes on, and another cycle follows soon. */
function leaveForLater(session: Session, feed: Feed): void {
  session.finished.add(feed);
  session.pauseUntil = Math.max(session.pauseUntil ?? 0, session.now + session.services.settings.retryFirstMs);
  session.services.log.warn('folder-silent', { mailbox: session.mailboxRow.id, feed });
}

async function takeUp(session: Session, drained: Drained): Promise<void> {
  switch (drained.kind) {
    case 'expired':
      if (session.cursors.get(drained.feed)?.link === null) return leaveForLater(session, drained.feed);
      session.services.log.warn('delta-expired', { mailbox: session.mailboxRow.id, feed: drained.feed });
      session.beginChain(drained.feed);
      session.lostTrack = true;
      return;
    case 'folderGone':
      await forgetFolder(session, drained.feed);
      return;
    case 'page': {
      const { feed, mark, next } = drained;
      const begunAt = session.cursors.get(feed)?.begunAt ?? session.now;
      const cursor = { ...next, begunAt };
      session.cursors.set(feed, cursor);
      session.reached.set(feed, cursor);
      if (mark !== null) session.marks.set(feed, mark);
      if (next.at === 'end' && session.isOutgrown(cursor)) session.beginChain(feed);
      else if (next.at === 'end') session.finished.add(feed);
      const said = new Map<string, Heard>();
      for (const id of drained.removed) said.set(id, { kind: 'removed' });
      for (const item of drained.changed) said.set(item.id, { kind: 'changed', item });
      const pairs = await session.partition.pairsOf([...said.keys()]);
      for (const [id, key] of pairs) {
        const heard = said.get(id);
        if (heard !== undefined) session.heard.set(pairName(key), { key, heard });
      }
    }
  }
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
