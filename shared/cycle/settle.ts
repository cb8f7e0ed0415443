import { withoutFiles } from '../model/attachments';
import type { Values } from '../model/values';
import { errorCodes, type TandemError } from '../platform/errors';
import type { HeldRow } from '../storage/hold-rows';
import type { LinkChange } from '../storage/link-changes';
import { type Intent, type PairKey, type Parked, pairName } from '../storage/link-rows';
import type { Hold } from '../sync/decision';
import type { Link } from '../sync/link';
import type { Ending } from '../sync/pair-plan';
import { halfDoneBases } from '../sync/pending';
import { agreedRecord } from './agreed';
import { type AppliedPair, feedFor, type PlannedPair } from './apply';
import { askedFor } from './asked-for';
import { joiningBlanks } from './begun';
import { withPending } from './pending-change';
import { followFolder, putLink } from './put-link';
import type { Session } from './session';
import { creatingChange, keptChange } from './tracked-link';
import { isFirstLoad, type LaterPair, type PairWork } from './work';

/** Writes of a slice that end otherwise than planned are taken up again at once at most this often, then with growing distance. */
const attemptsAtOnce = 3;

/** The intent of a create, to be inserted before its request goes out; `again`: it was inserted already, and its time begins anew. */
export function intentOf(
  session: Session,
  { read, plan, incarnation }: PlannedPair,
  again: boolean,
): readonly { readonly intent: Intent; readonly renew: boolean }[] {
  if (plan.toItem.kind !== 'create') return [];
  const record = 'record' in read.record ? read.record.record : null;
  // As files, the dates that differ are written once the series is there; whether they were is seen when it is found.
  const notYet: Values = read.work.key.entity === 'series' ? { occurrences: [] } : {};
  const intent: Intent = {
    ...read.work.key,
    feed: feedFor(session, read.work.key.entity),
    incarnation,
    startedAt: session.now,
    recordVersion: record?.version ?? '',
    bases: {
      dynamics: { ...withoutFiles(record?.values ?? {}), ...notYet },
      exchange: { ...withoutFiles({ ...joiningBlanks(session.rules, read.work.key.entity), ...plan.toItem.values }), ...notYet },
    },
    withheld: plan.ending.kind === 'linked' && plan.ending.withheld,
  };
  return [{ intent, renew: again || read.work.intent !== null }];
}

/** What a finished pair leaves in the partition. */
export function settledChanges(session: Session, applied: AppliedPair): LinkChange[] {
  const { planned, error } = applied;
  if (error !== null) return failedChanges(session, applied, error);
  const { ending } = planned.plan;
  if (ending.kind === 'linked' && ending.again !== undefined) {
    const work = { ...planned.read.work, parked: null, heard: null };
    return [...laterChanges(session, { work, due: session.now, why: 'check', error: null }), ...endingChanges(session, applied)];
  }
  return [...doneWith(session, planned.read.work, staysHeld(planned)), ...endingChanges(session, applied)];
}

/** True where the pair waits for an admin, now or still. */
function staysHeld({ read, plan: { ending } }: PlannedPair): boolean {
  if (ending.kind === 'untouched') return read.link?.state === 'held' || read.link?.state === 'frozen';
  return ending.kind === 'stopped' || (ending.kind === 'linked' && ending.hold !== null);
}

/** As much of a `LaterPair` as parking it takes. */
type Later = Omit<LaterPair, 'work'> & { readonly work: Pick<PairWork, 'key' | 'inbox' | 'parked' | 'link' | 'heard'> };

/** What a pair that could not be planned leaves: a row that brings it back. */
export function laterChanges(session: Session, { work, due, why, error }: Later): LinkChange[] {
  const reason = { code: error?.code ?? '', detail: error?.detail ?? '', fix: error?.fix ?? '' };
  const attempts = (work.parked?.attempts ?? 0) + (error === null ? 0 : 1);
  const since = work.parked?.since ?? session.now;
  return [
    ...park(session, { ...work.key, due, why, attempts, ...reason, since, firstLoad: isFirstLoad(work) }),
    ...keptChange(session, work),
  ];
}

/** What an echo leaves: nothing but the removal of what brought it here. */
export function echoChanges(session: Session, work: PairWork): LinkChange[] {
  return unpark(session, work);
}

function endingChanges(session: Session, applied: AppliedPair): LinkChange[] {
  const { planned } = applied;
  const { link, work } = planned.read;
  const { ending } = planned.plan;
  switch (ending.kind) {
    case 'untouched':
      return isAdopted(planned) && link !== null ? [{ put: 'link', link, formerItemId: work.link?.itemId ?? null }] : [];
    case 'noted': {
      if (link === null) return [];
      const { tracked, trackedAs, ...rest } = link;
      const { trackingCategory } = session.integration.settings;
      const wish = ending.tracked ? { tracked: true as const, trackedAs: trackingCategory } : {};
      return [{ put: 'link', link: { ...rest, ...wish }, formerItemId: null }];
    }
    case 'forgotten':
      return work.link === null ? [] : [{ drop: 'link', link: work.link }];
    case 'released':
      return putLink(session, applied, {
        state: 'released',
        reason: ending.reason,
        keepBases: ending.reason === 'closed',
        withheld: link?.withheld ?? false,
        heldFields: [],
        untold: ending.untold,
        again: [],
      });
    case 'linked': {
      const { hold, withheld } = ending;
      const changes = putLink(session, applied, {
        state: hold === null ? 'linked' : 'held',
        reason: planned.plan.reason,
        keepBases: true,
        withheld,
        heldFields: hold?.fields ?? [],
        untold: [],
        again: ending.again ?? [],
      });
      return hold === null ? changes : [...changes, ...holdChanges(session, work.key, hold)];
    }
    case 'stopped':
      return link === null ? [] : stoppedChanges(session, applied, link, ending);
  }
}

/** A link that is stopped keeps all that it knows. One that was stopped over the same thing before is written anew only where it has changed since. */
function stoppedChanges(
  session: Session,
  { planned }: AppliedPair,
  link: Link,
  { state, hold }: Extract<Ending, { kind: 'stopped' }>,
): LinkChange[] {
  const { work } = planned.read;
  const known = link.state === state && link.reason === hold.reason && !isAdopted(planned);
  const changed: LinkChange = {
    put: 'link',
    link: { ...link, state, reason: hold.reason, at: session.now },
    formerItemId: work.link?.itemId ?? null,
  };
  return [...(known ? [] : [changed]), ...holdChanges(session, work.key, hold)];
}

/** The row of a hold, unless the same hold is there already: it says since when an admin is waited for. */
function holdChanges(session: Session, key: PairKey, hold: Hold): LinkChange[] {
  const before = session.holds.get(pairName(key));
  const row: HeldRow = { ...key, ...hold, at: session.now };
  if (before !== undefined && isSameHold(before, row)) return [];
  session.holds.set(pairName(key), row);
  return [{ put: 'hold', hold: row }];
}

function isSameHold(left: Hold, right: Hold): boolean {
  const told = ({ reason, action, fields, whom }: Hold) => JSON.stringify([reason, action, [...fields].sort(), [...whom].sort()]);
  return told(left) === told(right);
}

/** A pair whose write failed: what did succeed is kept, the rest is parked with the other side's reason. */
function failedChanges(session: Session, applied: AppliedPair, error: TandemError): LinkChange[] {
  const { planned, unsure } = applied;
  const { work } = planned.read;
  const attempts = (work.parked?.attempts ?? 0) + 1;
  const isStale = (error.code === errorCodes.stale || error.code === errorCodes.columnRefused) && attempts < attemptsAtOnce;
  const isCreate = planned.plan.toItem.kind === 'create';
  const isThrottled = error.code === errorCodes.throttled;
  const wait = delayOf(session, error, attempts);
  if (isThrottled) session.pause(session.now + wait, error);
  const searchAfter = 2 * session.services.settings.requestTimeoutMs;
  const due = isStale ? session.now : session.now + (unsure && isCreate ? Math.max(searchAfter, isThrottled ? wait : 0) : wait);
  const parked: Parked = {
    ...work.key,
    due,
    why: isStale ? 'check' : 'failed',
    attempts,
    code: error.code,
    detail: error.detail ?? '',
    fix: error.fix,
    since: work.parked?.since ?? session.now,
    firstLoad: isFirstLoad(work),
  };
  const keepsIntent = isCreate && unsure;
  return [...(keepsIntent ? [] : dropIntent(session, planned)), ...halfDone(session, applied), ...park(session, parked)];
}

/** What stands although the pair could not be finished. A link to an item that was found by its intent is kept in any case: without it the item would be created once more. */
function halfDone(session: Session, applied: AppliedPair): LinkChange[] {
  const { planned, record } = applied;
  const { link, work } = planned.read;
  const { toRecord } = planned.plan;
  const formerItemId = work.link?.itemId ?? null;
  const made = madeChange(session, applied);
  if (made.length > 0 || link === null) return made;
  const waiting = withPending(planned, link) ?? link;
  if (link.bases === null || waiting.pending === undefined || record === null || toRecord.kind !== 'update')
    return isAdopted(planned) ? [{ put: 'link', link: waiting, formerItemId }, ...followFolder(session, link)] : [];
  const { version, values } = agreedRecord(applied, session.rules);
  const bases = halfDoneBases(link.bases, waiting.pending, values);
  return [{ put: 'link', link: { ...waiting, bases, recordVersion: version, at: session.now }, formerItemId }];
}

/** The link of a tracked item whose record is known to be there now, with its version: should the record be deleted before the item is done, that is a deletion and no reason to make it again. */
function madeChange(session: Session, { planned, record }: AppliedPair): LinkChange[] {
  const { link, record: side } = planned.read;
  if (record !== null && planned.plan.toRecord.kind === 'create') return creatingChange(session, planned, record.version);
  const seen = 'record' in side ? side.record : null;
  const isNews = link?.state === 'tracking' && link.bases !== null && link.recordVersion === '' && record === null;
  if (!isNews || seen === null) return [];
  const known = { ...link, recordVersion: seen.version };
  return [{ put: 'link', link: withPending(planned, known) ?? known, formerItemId: planned.read.work.link?.itemId ?? null }];
}

/** True where the link was made from an old intent whose item was found, and is in no table yet. */
function isAdopted({ read }: PlannedPair): boolean {
  return read.link !== null && read.link !== read.work.link;
}

/** How long to leave a failed pair alone: as the service said, or growing from attempt to attempt up to an hour; what only a person can mend waits longest. */
function delayOf(session: Session, error: TandemError, attempts: number): number {
  const { retryFirstMs, retryMostMs } = session.services.settings;
  const asked = askedFor(error);
  if (asked !== null) return asked;
  if (error.retry === 'never') return retryMostMs;
  return Math.min(retryMostMs, retryFirstMs * 2 ** Math.min(attempts - 1, 20));
}

function doneWith(session: Session, work: PairWork, isHeld: boolean): LinkChange[] {
  const freed: LinkChange[] = !isHeld && session.holds.delete(pairName(work.key)) ? [{ drop: 'hold', pair: work.key }] : [];
  const former = work.former === undefined ? [] : unpark(session, { key: work.former });
  const decided: LinkChange[] = session.decisions.delete(pairName(work.key)) ? [{ drop: 'decision', pair: work.key }] : [];
  const undone: LinkChange[] = session.undos.delete(pairName(work.key)) ? [{ drop: 'undo', pair: work.key }] : [];
  return [...unpark(session, work), ...former, ...dropKnownIntent(session, work.key), ...freed, ...decided, ...undone];
}

function unpark(session: Session, work: Pick<PairWork, 'key'>): LinkChange[] {
  const parked = session.parked.get(pairName(work.key));
  if (parked === undefined) return [];
  session.parked.delete(pairName(work.key));
  return [{ drop: 'parked', parked }];
}

/** Parks a pair in place of where it was parked before. A transaction may name a row only once, so one that stays where it is is only written. */
function park(session: Session, parked: Parked): LinkChange[] {
  const before = session.parked.get(pairName(parked));
  session.parked.set(pairName(parked), parked);
  const moved: LinkChange[] = before === undefined || before.due === parked.due ? [] : [{ drop: 'parked', parked: before }];
  return [...moved, { put: 'parked', parked }];
}

function dropIntent(session: Session, planned: PlannedPair): LinkChange[] {
  return dropKnownIntent(session, planned.read.work.key);
}

function dropKnownIntent(session: Session, pair: PairKey): LinkChange[] {
  return session.intents.delete(pairName(pair)) ? [{ drop: 'intent', pair }] : [];
}
