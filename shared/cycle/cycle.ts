import type { WakeUp } from '../messaging/messages';
import { withAges } from '../model/ages';
import type { Mark, Marked } from '../model/seen';
import { asTandemError, errorCodes, type TandemError } from '../platform/errors';
import { measure } from '../platform/metrics';
import { type Health, restOf, type StoredMailbox, takesPart } from '../storage/mailboxes';
import { askedFor } from './asked-for';
import { heldIn, sameHeld } from './held-facts';
import { loadHome } from './load';
import { trackMail, tracksMail, withoutMail } from './mail';
import type { CycleServices } from './services';
import { Session } from './session';
import { slice } from './slice';
import { subscribe } from './subscribe';
import { sweep } from './sweep';
import { sweepSlot, workFor } from './work-for';

/** How a wake-up ended. `more`: its time was up and it has scheduled its own continuation; `later`: so it has, for when a service can be asked again. */
export type CycleEnd = 'done' | 'more' | 'skipped' | 'lost' | 'later';

/** A look that was sent this long before the last committed drain began is answered by it. */
const lookMarginMs = 10_000;
/** A mailbox that was just enabled looks again after this long, for a poller that had not yet heard of it. */
const secondLookMs = 600_000;

/**
 * Serves one wake-up: a cycle over one mailbox, slice by slice, until nothing is left or its time is up. Never throws for a passing failure: it notes it in
 * the mailbox's health and schedules the next try, with the service's `Retry-After` or a growing delay of at most an hour.
 */
export async function runCycle(wakeUp: WakeUp, services: CycleServices): Promise<CycleEnd> {
  const begunAt = services.clock.now();
  const end = await cycle(wakeUp, services);
  const signals = { 'tandem.integration': wakeUp.integration, 'tandem.end': end };
  if (end !== 'skipped') measure('tandem.cycle.ms', services.clock.now() - begunAt, signals);
  return end;
}

async function cycle(wakeUp: WakeUp, services: CycleServices): Promise<CycleEnd> {
  let mailbox: StoredMailbox | null = null;
  try {
    mailbox = await services.mailboxes.get(wakeUp.integration, wakeUp.mailbox);
    const integration = await services.integrations.get(wakeUp.integration);
    if (mailbox === null || integration === null || !takesPart(mailbox)) return 'skipped';
    const restsUntil = restOf(mailbox, services.clock.now());
    if (restsUntil !== null) return await comeBack(services, wakeUp, restsUntil);
    const session = await Session.open(services, integration, mailbox);
    if (wakeUp.kind === 'look' && (await isAnswered(session, wakeUp.sentAt))) return 'skipped';
    if (!(await prepare(session, wakeUp))) return 'more';
    const end = await slices(session);
    if (end === 'done') await trackMail(session);
    await wakeAgain(session, end);
    await noteSuccess(session, end);
    return end;
  } catch (thrown) {
    const error = asTandemError(thrown);
    await tryAgainLater(services, wakeUp, mailbox, error);
    return error.code === errorCodes.mailboxLost ? 'lost' : 'later';
  }
}

/** A service asked for a pause that is not over yet. A look is answered by the retry that waits for its end; work comes back then. */
async function comeBack(services: CycleServices, wakeUp: WakeUp, at: number): Promise<CycleEnd> {
  if (wakeUp.kind === 'look') return 'skipped';
  await services.messenger.wake(wakeUp, { at });
  return 'later';
}

/** Only a look may be skipped: the inbox is empty, and it was sent well before the drain of the last cycle that committed. */
async function isAnswered(session: Session, sentAt: number): Promise<boolean> {
  if (sentAt + lookMarginMs > session.fence.drainedAt) return false;
  return (await session.partition.inbox(1)).length === 0;
}

/** Does what comes before the slices. False where another load was asked for meanwhile: that comes first, or what it is to keep quiet would be announced as news. */
async function prepare(session: Session, wakeUp: WakeUp): Promise<boolean> {
  const { services, mailboxRow } = session;
  if (mailboxRow.status === 'loading') {
    await loadHome(session);
    await services.messenger.wake(workFor(mailboxRow, 'sweep', session.now), { at: session.now + secondLookMs });
    const after = await services.mailboxes.update(mailboxRow.integration, mailboxRow.id, (now) =>
      now.status === 'loading' && now.loads === mailboxRow.loads ? { ...now, status: 'on' } : now,
    );
    if (after?.status !== 'loading') return true;
    await services.messenger.wake(workFor(mailboxRow, 'load', session.now));
    return false;
  }
  if (wakeUp.kind === 'work' && wakeUp.reason === 'sweep') await sweep(session);
  // Before the folders are drained: what changes from then on is pushed, and what changed before is found by this cycle.
  else if (wakeUp.kind === 'work' && wakeUp.reason === 'subscribe') await subscribe(session, false);
  else if (wakeUp.kind === 'work' && wakeUp.reason === 'resubscribe') await subscribe(session, true);
  return true;
}

/** Runs slices until nothing is left, the time is up, or a service asked to be left alone. Nothing goes on behind its caller's back. */
async function slices(session: Session): Promise<'done' | 'more' | 'later'> {
  try {
    const end = await slicesToDo(session);
    await session.inboxCleared();
    return end;
  } finally {
    await Promise.allSettled([session.inboxCleared()]);
  }
}

async function slicesToDo(session: Session): Promise<'done' | 'more' | 'later'> {
  const end = session.now + session.services.settings.cycleMs;
  for (;;) {
    const more = await slice(session);
    if (session.pauseUntil !== null) return 'later';
    if (!more) return 'done';
    // What a page has named is finished first: its cursor is saved only then, and the next cycle would begin where this one did.
    if (session.now >= end && session.heard.size === 0) return 'more';
  }
}

/** Schedules what has to follow: the rest of this cycle, or the earliest retry. */
async function wakeAgain(session: Session, end: CycleEnd): Promise<void> {
  const { services, mailboxRow } = session;
  if (end === 'more') await services.messenger.wake(workFor(mailboxRow, 'more', session.now), { at: session.now });
  const due = nextDue(session);
  if (due !== null && due !== mailboxRow.nextRetryAt)
    await services.messenger.wake(workFor(mailboxRow, 'retry', due), { at: Math.max(due, session.now) });
}

/** When the mailbox has to be served again at the latest; where a service asked for a pause, at its end and not before. */
function nextDue({ services, parked, intents, pauseUntil, mailFailure }: Session): number | null {
  const { requestTimeoutMs } = services.settings;
  const dues = [
    ...[...parked.values()].map(({ due }) => due),
    ...[...intents.values()].map(({ startedAt }) => startedAt + 2 * requestTimeoutMs),
    ...(mailFailure === null ? [] : [mailFailure.due]),
  ];
  return pauseUntil ?? (dues.length === 0 ? null : Math.min(...dues));
}

/** Writes the mailbox's row, but only where something happened: an idle mailbox costs no write. */
async function noteSuccess(session: Session, end: CycleEnd): Promise<void> {
  const { mailboxRow, services } = session;
  const marks: Partial<Record<Marked, Mark>> = end === 'done' ? Object.fromEntries(session.marks) : {};
  const taskLists = [...session.cursors.keys()].flatMap((feed) => (feed.startsWith('tasks:') ? [feed.slice('tasks:'.length)] : []));
  const nextRetryAt = nextDue(session);
  const refusal = refusalIn(session);
  const pairs = Math.max(0, (session.pairsSwept ?? mailboxRow.pairs ?? 0) + session.pairsGained);
  const held = heldIn(session);
  const same =
    !session.foundNews &&
    session.ages.length === 0 &&
    mailboxRow.health === null &&
    (mailboxRow.pairs ?? 0) === pairs &&
    sameHeld(mailboxRow.held, held) &&
    refusal === null &&
    session.rightsAt === (mailboxRow.columnRights?.at ?? null) &&
    mailboxRow.nextRetryAt === nextRetryAt &&
    (mailboxRow.marks.mail === undefined || tracksMail(session)) &&
    [...session.marks].every(([feed, mark]) => isSameMark(mailboxRow.marks[feed], mark)) &&
    sameLists(taskLists, mailboxRow.taskLists);
  if (same) return;
  await services.mailboxes.update(mailboxRow.integration, mailboxRow.id, (now) => ({
    ...now,
    marks: withoutWritten(session, { ...(tracksMail(session) ? now.marks : withoutMail(now.marks)), ...marks }),
    taskLists: [...now.taskLists.filter((list) => taskLists.includes(list)), ...taskLists.filter((list) => !now.taskLists.includes(list))],
    nextRetryAt,
    health: refusal === null ? null : { ...refusal, failures: (now.health?.failures ?? 0) + 1, since: now.health?.since ?? session.now },
    lastCycleAt: session.drainedAt,
    pairs,
    held,
    ...(session.ages.length === 0 ? {} : { ages: withAges(now.ages, session.ages, session.now) }),
    lastChangeAt: session.foundNews ? session.drainedAt : now.lastChangeAt,
    columnRights: session.rightsAt === null ? null : { at: session.rightsAt, by: session.rights },
  }));
}

/**
 * The marks by which the probe finds a folder different. One that was written to has none: what a user takes out of it again before the next look would
 * leave it as it was before the write, and nobody would look.
 */
function withoutWritten({ written }: Session, marks: StoredMailbox['marks']): StoredMailbox['marks'] {
  return Object.fromEntries(Object.entries(marks).filter(([feed]) => !written.has(feed)));
}

/** What asked for a pause, or what keeps a table closed to the mailbox's user; that is remembered while pairs still wait because of it. */
function refusalIn({
  pausedBy,
  mailFailure,
  refused,
  parked,
  mailboxRow: { health },
}: Session): Pick<Health, 'code' | 'detail' | 'fix' | 'about'> | null {
  const [refusal] = refused.values();
  const error = pausedBy ?? refusal ?? mailFailure?.error;
  if (error !== undefined) {
    const about = pausedBy === null ? (refusal === undefined ? 'incoming' : 'act') : undefined;
    return { code: error.code, detail: error.detail ?? '', fix: error.fix, about };
  }
  const lasts = health?.code === errorCodes.forbidden || health?.code === errorCodes.settings;
  const isRemembered = lasts && [...parked.values()].some(({ code }) => code === health.code);
  return isRemembered ? health : null;
}

function isSameMark(known: Mark | undefined, mark: Mark): boolean {
  return known?.newest === mark.newest && known.count === mark.count;
}

function sameLists(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((each) => right.includes(each));
}

/**
 * Schedules the same work anew and then notes the failure: where state cannot be written either, the wake-up is what counts. Who lost the mailbox to another
 * worker only comes back: the other may have looked before this wake-up's news were there. What a retry that already waits will do is not asked for again,
 * so that an outage does not pile up wake-ups.
 */
async function tryAgainLater(services: CycleServices, wakeUp: WakeUp, mailbox: StoredMailbox | null, error: TandemError): Promise<void> {
  const { retryFirstMs, retryMostMs } = services.settings;
  const now = services.clock.now();
  const failures = (mailbox?.health?.failures ?? 0) + 1;
  const isLost = error.code === errorCodes.mailboxLost;
  const backOff = isLost ? retryFirstMs : Math.min(retryMostMs, retryFirstMs * 2 ** Math.min(failures - 1, 20));
  const at = now + (askedFor(error) ?? (error.retry === 'never' ? retryMostMs : backOff));
  const facts = { mailbox: wakeUp.mailbox, code: error.code, detail: error.detail ?? '', retryAt: new Date(at).toISOString() };
  if (isLost) services.log.info('mailbox-lost', facts);
  else services.log.warn('cycle-failed', facts);
  if (!isLost && mailbox !== null && isCovered(wakeUp, mailbox, now, at)) return;
  const again = wakeUp.kind === 'work' ? wakeUp : ({ ...wakeUp, kind: 'work', reason: 'retry' } as const);
  const isSweep = again.reason === 'sweep';
  await services.messenger.wake(
    { ...again, sentAt: now },
    isSweep ? sweepSlot({ integration: again.integration, id: again.mailbox }, at) : { at },
  );
  if (mailbox === null || isLost) return;
  await noteFailure(services, mailbox, error, at, failures);
}

/** True where a retry waits that comes no later than this wake-up would come again, and does the same. */
function isCovered(wakeUp: WakeUp, { nextRetryAt }: StoredMailbox, now: number, at: number): boolean {
  if (wakeUp.kind === 'work' && !['heartbeat', 'more', 'syncNow', 'recheck', 'approval', 'subscribe'].includes(wakeUp.reason)) return false;
  return nextRetryAt !== null && nextRetryAt > now && nextRetryAt <= at;
}

async function noteFailure(
  services: CycleServices,
  mailbox: StoredMailbox,
  error: TandemError,
  nextRetryAt: number,
  failures: number,
): Promise<void> {
  const now = services.clock.now();
  try {
    await services.mailboxes.update(mailbox.integration, mailbox.id, (row) => ({
      ...row,
      nextRetryAt,
      health: { code: error.code, detail: error.detail ?? '', fix: error.fix, failures, since: row.health?.since ?? now },
    }));
  } catch (thrown) {
    services.log.warn('health-not-noted', { mailbox: mailbox.id, code: asTandemError(thrown).code });
  }
}
