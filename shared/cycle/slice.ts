import { asTandemError } from '../platform/errors';
import type { LinkChange } from '../storage/link-changes';
import { pairName } from '../storage/link-rows';
import { type AppliedPair, apply, type PlannedPair } from './apply';
import { brake } from './brake';
import { drain } from './drain';
import { agesOf, freshnessOf } from './freshness';
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
import type { PairWork } from './work';

/**
 * One slice: drain, read, plan, journal, apply, commit. Returns whether more is waiting. A slice that has something to write first proves that it still has
 * the mailbox, together with the intents of its creates; every commit proves it again; cursors go last (promise 6).
 */
export async function slice(session: Session): Promise<boolean> {
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
  session.ages.push(...agesOf(applied, session.now));
  session.clearInbox(inbox);
  log(session, planned, applied);
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

function log(session: Session, planned: readonly PlannedPair[], applied: readonly AppliedPair[]): void {
  const { log: lines } = session.services;
  const mailbox = session.mailboxRow.id;
  const counts: Record<string, number> = {};
  for (const { plan } of planned) if (plan.ending.kind !== 'untouched') counts[plan.reason] = (counts[plan.reason] ?? 0) + 1;
  if (Object.keys(counts).length > 0) lines.info('slice', { mailbox, ...counts });
  for (const { read: each, plan } of planned)
    if (plan.ending.kind === 'stopped' && plan.ending.state === 'frozen')
      lines.warn('pair-frozen', {
        mailbox,
        entity: each.work.key.entity,
        record: each.work.key.recordId,
        fields: plan.ending.hold.fields.join(','),
      });
  const freshness = freshnessOf(applied, session.now);
  if (freshness !== null) lines.info('freshness', { mailbox, ...freshness });
  for (const { read, obstacle } of planned) {
    if (obstacle !== null) lines.warn('undo-refused', { mailbox, entity: read.work.key.entity, record: read.work.key.recordId, obstacle });
  }
  for (const { planned: each, error } of applied) {
    if (error === null) continue;
    lines.warn('pair-parked', {
      mailbox,
      entity: each.read.work.key.entity,
      record: each.read.work.key.recordId,
      code: error.code,
      detail: error.detail ?? '',
    });
  }
}
