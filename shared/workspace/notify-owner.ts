import type { Dynamics } from '../dynamics/dynamics';
import { Assignment } from '../messaging/messages';
import { rejectUnreadable } from '../messaging/reject';
import type { Messenger } from '../messaging/senders';
import type { Clock } from '../platform/clock';
import { asTandemError, errorCodes, TandemError } from '../platform/errors';
import type { Log } from '../platform/telemetry';
import type { Feed } from '../storage/feed';
import type { Grants } from '../storage/grants';
import type { Integration, Integrations } from '../storage/integrations';
import type { Mailboxes } from '../storage/mailboxes';
import { compareVersions, type Records } from '../storage/records';
import type { RecordRef, Told, ToldPerson } from '../storage/told';
import { actorOf, isNews, planNotices, type Recipient } from './notices';
import type { Reference, WorkspaceRecord } from './record';
import type { RecordChange } from './record-change';

export interface NoticeServices {
  readonly clock: Clock;
  readonly log: Log;
  readonly integrations: Pick<Integrations, 'get'>;
  readonly mailboxes: Pick<Mailboxes, 'get'>;
  readonly records: Pick<Records, 'get'>;
  readonly feed: Feed;
  readonly told: Told;
  readonly grants: Pick<Grants, 'has'>;
  readonly messenger: Pick<Messenger, 'notify' | 'reject'>;
  dynamics(integration: Integration): Pick<Dynamics, 'users'>;
}

/** The first wait after a passing failure, and the longest, in ms. Eighty tries take about three days: as long as a card usually lives. */
const retryFirstMs = 1_000;
const retryMostMs = 3_600_000;
const mostAttempts = 80;
/**
 * A record that is told of and not in the cache is about to be put there, or is gone again by then. That takes longer than the queue knows a message again: a load
 * that broke off in between tells it again, and either that message or this one finds the record.
 */
const attemptsForAbsent = 11;

/** Passes on what a load saw, if it can send a card or take one back. Throws TandemError where the queue cannot be reached. */
export async function tellAssignment({ messenger }: Pick<NoticeServices, 'messenger'>, change: RecordChange): Promise<void> {
  const { integration, before, now } = change;
  const either = now ?? before;
  if (either === null || !isNews(change)) return;
  await messenger.notify({
    integration,
    table: either.table,
    id: either.id,
    before: before === null ? null : { owner: ownerOf(before), version: before.version },
    now: now === null ? null : { owner: ownerOf(now), version: now.version, actor: actorOf(change), at: now.modifiedAt },
    attempt: 0,
  });
}

/**
 * Serves one message of the queue `assignments`: decides from the record as it is now who gets a card and whose goes. Doing it again, at once or elsewhere,
 * changes nothing. After a passing failure it is tried again later; a message that does not parse is put aside with the reason.
 */
export async function notifyOwner(message: unknown, services: NoticeServices): Promise<void> {
  const parsed = Assignment.safeParse(message);
  if (!parsed.success) return rejectUnreadable(services, 'assignments', message, parsed.error);
  const assignment = parsed.data;
  const { integration, table, attempt } = assignment;
  try {
    await serve(services, assignment);
  } catch (thrown) {
    const error = asTandemError(thrown);
    const about = { integration, table, attempt };
    if (error.retry === 'never' || attempt + 1 >= mostAttempts) return services.log.error('notice-lost', error, about);
    const wait = Math.max(error.retryAfterMs ?? 0, Math.min(retryFirstMs * 2 ** attempt, retryMostMs));
    await services.messenger.notify({ ...assignment, attempt: attempt + 1 }, { at: services.clock.now() + wait });
    services.log.warn('notice-waits', { ...about, code: error.code, detail: error.detail ?? '' });
  }
}

async function serve(services: NoticeServices, assignment: Assignment): Promise<void> {
  const { integration: integrationId, table, id, now: seen } = assignment;
  const integration = await services.integrations.get(integrationId);
  if (integration === null) return;
  const ref: RecordRef = { integration: integrationId, table, id };
  const record = await recordNow(services, assignment);
  const memory = await services.told.of(ref);
  if (record !== null && isEdit(assignment) && memory.told.length === 0) return;
  const now = services.clock.now();
  const plan = planNotices({
    before: assignment.before === null ? memory.lastOwner : { owner: assignment.before.owner?.id ?? null },
    seen: seen === null ? null : { ...seen, owner: seen.owner?.id ?? null },
    record,
    behindOwner: record?.owner == null ? [] : await peopleBehind(services, integration, record.owner),
    told: memory.told.filter(({ isSure }) => isSure).map(({ objectId }) => objectId),
    settings: integration.connection.notices,
    now,
  });
  const sending = new Map(plan.send.map(({ to, card }) => [to, card.id]));
  // What somebody else may be sending just now goes only where it concerns her no more, or another card comes in its place.
  const gone = memory.told.filter(({ objectId, card, isSure }) =>
    isSure ? plan.takeBack.includes(objectId) : !plan.audience.includes(objectId) || (sending.get(objectId) ?? card) !== card,
  );
  for (const person of gone) await takeBack(services, ref, person, now);
  const { revise } = plan;
  const kept = revise === null ? [] : memory.told.filter(({ objectId, isSure }) => isSure && revise.people.includes(objectId));
  let revised = 0;
  for (const { objectId, card } of kept)
    if (revise !== null && (await services.feed.revise({ integration: integrationId, objectId }, card, revise, now))) revised += 1;
  if (record === null) await services.told.rememberOwner(ref, assignment.before?.owner?.id ?? memory.lastOwner?.owner ?? null);
  let sent = 0;
  for (const { to, card } of plan.send) {
    if (!(await services.grants.has(integrationId, card.app, to))) continue;
    await services.told.begin(ref, to, card.id);
    const reader = { integration: integrationId, objectId: to };
    // One that a process which died had sent may be older than what the cache has now.
    if (!(await services.feed.put(reader, card, now))) await services.feed.revise(reader, card.id, card, now);
    await services.told.end(ref, to, card.id);
    sent += 1;
  }
  services.log.info('notices-sent', {
    integration: integrationId,
    table,
    sent,
    takenBack: gone.length,
    revised,
    silence: plan.silence ?? '',
  });
  // Whoever took cards back or revised them meanwhile may not have seen these; where the record has not moved on by now, the message that says so is still to come.
  if (sent > 0 && (await hasMovedOn(services, ref, record))) await serve(services, assignment);
}

/** Nobody got the record and nobody lost it: only cards that are there can be concerned. */
function isEdit({ before, now }: Assignment): boolean {
  return before !== null && now !== null && before.owner?.id === now.owner?.id;
}

async function hasMovedOn(
  { records }: NoticeServices,
  { integration, table, id }: RecordRef,
  then: WorkspaceRecord | null,
): Promise<boolean> {
  const record = await records.get(integration, table, id);
  return record?.version !== then?.version;
}

async function takeBack({ feed, told }: NoticeServices, ref: RecordRef, { objectId, card }: ToldPerson, now: number): Promise<void> {
  await feed.remove({ integration: ref.integration, objectId }, card, now);
  await told.forget(ref, objectId);
}

/** The record as the cache has it, at least as new as what was seen. Throws `stale` where the cache is not there yet. */
async function recordNow(
  { records }: NoticeServices,
  { integration, table, id, before, now, attempt }: Assignment,
): Promise<WorkspaceRecord | null> {
  const record = await records.get(integration, table, id);
  if (now === null) return record !== null && compareVersions(record.version, before?.version ?? '') > 0 ? record : null;
  if (record !== null && compareVersions(record.version, now.version) >= 0) return record;
  if (record === null && attempt >= attemptsForAbsent) return null;
  throw new TandemError(errorCodes.stale, {
    retry: 'later',
    fix: 'Wait: it is tried again.',
    detail: 'the record cache does not have the record yet',
  });
}

/** The people behind an owner whom a card can reach. A user who is disabled or linked to nobody in Entra is none. */
async function peopleBehind(services: NoticeServices, integration: Integration, owner: Reference): Promise<readonly Recipient[]> {
  const { users } = services.dynamics(integration);
  if (owner.table === 'team') return users.membersOf(owner.id);
  const mailbox = await services.mailboxes.get(integration.id, owner.id);
  if (mailbox !== null) return [{ objectId: mailbox.objectId, systemUserId: owner.id }];
  const user = await users.one(owner.id);
  return user === null || !user.isEnabled || user.objectId === null ? [] : [{ objectId: user.objectId, systemUserId: owner.id }];
}

function ownerOf({ owner }: WorkspaceRecord): { table: 'systemuser' | 'team'; id: string } | null {
  if (owner === null) return null;
  return { table: owner.table === 'team' ? 'team' : 'systemuser', id: owner.id };
}
