import { asTandemError } from '../platform/errors';
import { type Noting, spanned } from '../platform/tracing';
import type { LinkChange } from '../storage/link-changes';
import { pairName } from '../storage/link-rows';
import { apply } from './apply';
import { brake } from './brake';
import { drain } from './drain';
import { agesOf } from './freshness';
import { gather } from './gather';
import { journalEntries } from './journal-entries';
import { claimHomes } from './load';
import { giveUpMeetings } from './meeting-home';
import { pairsGained } from './pair-count';
import { planOf } from './plan-of';
import { begin } from './prove';
import { type Read, read } from './read';
import type { Session } from './session';
import { echoChanges, laterChanges, settledChanges } from './settle';
import { tellOfSlice } from './tell-of-slice';
import type { PairWork } from './work';

/**
 * One slice: drain, read, plan, journal, apply, commit. Returns whether more is waiting. A slice that has something to write first proves that it still has
 * the mailbox, together with the intents of its creates; every commit proves it again; cursors go last (promise 6).
 */
export function slice(session: Session): Promise<boolean> {
  const { integration, id } = session.mailboxRow;
  return spanned('slice', 'step', { 'tandem.integration': integration, 'tandem.mailbox': id }, (noting) => oneSlice(session, noting));
}

async function oneSlice(session: Session, noting: Noting): Promise<boolean> {
  const heldBefore = new Set(session.holds.keys());
  await drain(session);
  const { work, inbox, more } = await gather(session);
  const { pairs, later, echoes } = await readOrKeep(session, work);
  const { planned, counting } = await brake(
    session,
    pairs.map((pair) => planOf(session, pair)),
  );
  const writing = planned.filter(({ plan }) => plan.toRecord.kind !== 'none' || plan.toItem.kind !== 'none');

  if (writing.length > 0) {
    session.foundNews = true;
    await begin(session, writing, counting);
    await claimHomes(session, writing);
    await session.services.journal.write(session.mailboxRow, journalEntries(writing, { now: session.now, cycle: session.drainedAt }));
  }
  const applied = await apply(session, planned);
  await giveUpMeetings(session, applied);

  const groups = [
    writing.length > 0 ? [] : counting,
    session.takeOutdated(),
    ...applied.map((each) => settledChanges(session, each)),
    ...later.map((each) => laterChanges(session, each)),
    ...echoes.map(({ work: each }) => echoChanges(session, each)),
  ].filter((group) => group.length > 0);
  const cursors = reachedCursors(session);
  if (groups.length > 0 || cursors.length > 0) await session.commit([...groups, cursors], session.isDrained);
  session.pairsGained += pairsGained(applied);
  const ages = agesOf(applied, session.now);
  session.ages.push(...ages);
  session.clearInbox(inbox);
  tellOfSlice(session, { planned, applied, ages, heldBefore }, noting);
  return more || session.unread().length > 0 || dueNow(session);
}

/** Reads the pairs. Where that fails, what the deltas said is kept first: an answer of theirs that was read and not saved soon ends its chain. */
async function readOrKeep(session: Session, work: readonly PairWork[]): Promise<Read> {
  try {
    return await read(session, work);
  } catch (error) {
    await keepHeard(session, work).catch((second) => {
      session.services.log.warn('heard-not-kept', { mailbox: session.mailboxRow.id, code: asTandemError(second).code });
    });
    throw error;
  }
}

/** Parks every pair that was heard of, so that the next cycle asks for its item by id, and saves the cursors. */
async function keepHeard(session: Session, work: readonly PairWork[]): Promise<void> {
  const due = session.now;
  const unread = [...session.heard.values()];
  const links = await session.partition.links(unread.flatMap(({ key, heard }) => (heard.kind === 'tracked' ? [key] : [])));
  const waiting = unread.map(({ key, heard }) => {
    const name = pairName(key);
    return { key, heard, link: links.get(name) ?? null, parked: session.parked.get(name) ?? null, inbox: null };
  });
  const groups = [...work.filter(({ heard }) => heard !== null), ...waiting].map((each) =>
    laterChanges(session, { work: each, due, why: 'check', error: null }),
  );
  session.heard.clear();
  await session.commit([...groups, reachedCursors(session)]);
}

/** The cursors of pages of which nothing is left to take up. */
function reachedCursors(session: Session): LinkChange[] {
  if (session.heard.size > 0) return [];
  const changes = [...session.reached.values()].map((cursor): LinkChange => ({ put: 'cursor', cursor }));
  for (const feed of session.reached.keys()) session.stored.add(feed);
  session.reached.clear();
  return changes;
}

function dueNow(session: Session): boolean {
  return [...session.parked.values()].some(({ due }) => due <= session.now);
}
