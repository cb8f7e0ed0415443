import { entityOf } from '../model/entity';
import type { Feed, SeenItem } from '../model/seen';
import { errorCodes, TandemError } from '../platform/errors';
import type { PairKey } from '../storage/link-rows';
import { carriesCategory } from '../sync/tracked';
import { hearTracked } from './drain';
import type { Session } from './session';
import type { Heard } from './work';

/** An item that its user tracks and that has no link yet, under the id that its record would get. */
export interface TrackedItem {
  readonly key: PairKey;
  readonly heard: Heard;
}

/** Items of a mailbox that a look at what is tracked goes through, and those among them that it takes up. */
const mostListed = 10_000;
const mostTracked = 200;

/** What its user tracks and no cycle has taken up yet, from plain lists of the folders, never from a delta; whether that is all. */
export async function trackedItems(session: Session): Promise<{ readonly items: readonly TrackedItem[]; readonly complete: boolean }> {
  const found: SeenItem[] = [];
  let listed = 0;
  for (const feed of session.cursors.keys()) {
    for await (const { count, items } of carryingIn(session, feed)) {
      listed += count;
      found.push(...items.slice(0, mostTracked - found.length));
      if (items.length > 0 && found.length >= mostTracked) return { items: await asTracked(session, found), complete: false };
      if (listed > mostListed) return { items: await asTracked(session, found), complete: false };
    }
  }
  return { items: await asTracked(session, found), complete: true };
}

/** These items as far as they carry the tracking category and are of a kind that syncs, each with the id that its record would get. */
export async function asTracked(session: Session, items: readonly SeenItem[]): Promise<readonly TrackedItem[]> {
  await hearTracked(
    session,
    items.filter(({ kind }) => session.syncs({ entity: entityOf(kind) })),
  );
  const tracked = [...session.heard.values()];
  session.heard.clear();
  return tracked;
}

/** A page of a folder at a time: how many items it holds, and those of them that carry the category and are not linked. None of a folder that is gone. */
async function* carryingIn(session: Session, feed: Feed): AsyncIterable<{ readonly count: number; readonly items: readonly SeenItem[] }> {
  const { mailbox, partition, integration } = session;
  try {
    for await (const page of mailbox.listFolder(feed, null)) {
      const carrying = page.filter(({ categories }) => carriesCategory({ categories }, integration.settings));
      const linked = await partition.pairsOf(carrying.map(({ id }) => id));
      const refs = carrying.filter(({ id }) => !linked.has(id)).map(({ kind, id }) => ({ kind, id, feed }));
      yield { count: page.length, items: refs.length === 0 ? [] : await mailbox.readItems(refs) };
    }
  } catch (error) {
    if (!(error instanceof TandemError) || error.code !== errorCodes.gone) throw error;
  }
}
