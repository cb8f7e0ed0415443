import type { HomeQuery, ListedRecord, ListPage } from '../dynamics/dynamics';
import { hasSeveralHomes, isMeeting } from '../model/entity';
import { entitiesThatSync } from '../model/integration-settings';
import type { Entity } from '../model/values';
import { TandemError } from '../platform/errors';
import { groupedBy } from '../platform/groups';
import { claimFree, type Home } from '../storage/homes';
import type { PlannedPair } from './apply';
import { scopeIn } from './scope';
import type { Session } from './session';
import { workFor } from './work-for';

/** The open records whose home this mailbox is and that pass its filters, a page at a time, as its user; none of a table that is closed to her, which the session then knows. */
export async function* homeRecords(session: Session, entity: Entity): AsyncIterable<readonly ListedRecord[]> {
  const scope = scopeIn(session, entity);
  if (scope.kind === 'none') return;
  const { systemUserId } = session.mailboxRow;
  const home: HomeQuery = { entity, systemUserId, filters: scope.kind === 'some' ? scope.any : [] };
  let nextLink: string | null = null;
  do {
    const page: ListPage | TandemError = await listPage(session, home, nextLink);
    if (page instanceof TandemError) return;
    yield page.records;
    nextLink = page.nextLink;
  } while (nextLink !== null);
}

async function listPage(session: Session, home: HomeQuery, nextLink: string | null): Promise<ListPage | TandemError> {
  try {
    return await session.dynamics.listHome(home, nextLink, session.caller);
  } catch (error) {
    return session.noteRefusal(home.entity, error);
  }
}

/** First load: every record's home is written first, so that the poller knows whom to wake; then each gets an inbox row. Doing it twice changes nothing. */
export async function loadHome(session: Session): Promise<void> {
  for (const entity of entitiesThatSync(session.integration.settings)) {
    for await (const records of homeRecords(session, entity)) {
      await writeHomes(session, entity, records);
      await session.partition.addInbox(records.map(({ id, version }) => ({ entity, recordId: id, version, firstLoad: true })));
    }
  }
}

/**
 * Writes this mailbox as the home of the records. A mailbox that had one before hears of it first: once its home row is written over, no feed names it again, and its
 * copy would stay until the next sweep.
 */
export async function writeHomes(session: Session, entity: Entity, records: readonly ListedRecord[]): Promise<void> {
  const { id: home, systemUserId } = session.mailboxRow;
  const shared = hasSeveralHomes(entity);
  const before = await homesOf(session, entity, records);
  if (!shared) await tellFormerHomes(session, entity, before);
  await session.services.homes.upsertMany(
    session.integration.id,
    entity,
    records.map(({ id, version }) => ({
      id,
      homes: shared ? [...new Set([...(before.get(id)?.homes ?? []), home])] : [home],
      owner: shared ? (before.get(id)?.owner ?? null) : systemUserId,
      organizer: isMeeting(entity) && !shared ? systemUserId : null,
      version,
      round: null,
      ...meetingOf(before.get(id)),
    })),
  );
}

/**
 * Writes this mailbox as the home of the records that are about to be made of its items, so that it hears of them wherever they go, and of their end, before any feed
 * has told of them. A meeting for which its mailboxes have vied has its home already, which stays.
 */
export async function claimHomes({ services, integration, mailboxRow }: Session, writing: readonly PlannedPair[]): Promise<void> {
  const { id: mailbox, systemUserId } = mailboxRow;
  const made = writing.filter(({ read, plan }) => plan.toRecord.kind === 'create' && read.item.kind === 'tracked');
  const keys = made.map(({ read }) => read.work.key);
  for (const entity of new Set(keys.map((key) => key.entity))) {
    const ids = keys.filter((key) => key.entity === entity).map(({ recordId }) => recordId);
    const homes = ids.map((id): Home => ({ id, homes: [mailbox], owner: systemUserId, organizer: null, version: '', round: null }));
    if (!isMeeting(entity)) await services.homes.upsertMany(integration.id, entity, homes);
    else for (const home of homes) await claimFree(services.homes, integration.id, entity, home);
  }
}

async function tellFormerHomes(
  { services, integration, mailboxRow, now }: Session,
  entity: Entity,
  before: ReadonlyMap<string, Home>,
): Promise<void> {
  const moved = [...before.values()].flatMap(({ id, homes }) =>
    homes.filter((home) => home !== mailboxRow.id).map((home) => ({ home, id })),
  );
  for (const [home, rows] of groupedBy(moved, (each) => each.home)) {
    const mailbox = await services.mailboxes.get(integration.id, home);
    if (mailbox === null) continue;
    const partition = await services.links(mailbox);
    await partition.addInbox(rows.map(({ id }) => ({ entity, recordId: id, version: '', firstLoad: false })));
    if (mailbox.status !== 'paused') await services.messenger.wake(workFor(mailbox, 'syncNow', now));
  }
}

function meetingOf(before: Home | undefined): Pick<Home, 'meeting'> {
  return before?.meeting === undefined ? {} : { meeting: before.meeting };
}

/** Those records with several homes whose row does not name this one: of two mailboxes that load at the same time, one may have overwritten the other. */
export async function withoutThisHome(session: Session, entity: Entity, records: readonly ListedRecord[]): Promise<ListedRecord[]> {
  if (!hasSeveralHomes(entity)) return [];
  const known = await homesOf(session, entity, records);
  return records.filter(({ id }) => known.get(id)?.homes.includes(session.mailboxRow.id) !== true);
}

function homesOf(session: Session, entity: Entity, records: readonly ListedRecord[]): Promise<ReadonlyMap<string, Home>> {
  return session.services.homes.getMany(
    session.integration.id,
    entity,
    records.map(({ id }) => id),
  );
}
