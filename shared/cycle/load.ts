import type { HomeQuery, ListedRecord, ListPage } from '../dynamics/dynamics';
import { hasSeveralHomes, isMeeting } from '../model/entity';
import { entitiesThatSync } from '../model/integration-settings';
import type { Entity } from '../model/values';
import { TandemError } from '../platform/errors';
import type { Home } from '../storage/homes';
import { scopeIn } from './scope';
import type { Session } from './session';

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

export async function writeHomes(session: Session, entity: Entity, records: readonly ListedRecord[]): Promise<void> {
  const { id: home, systemUserId } = session.mailboxRow;
  const shared = hasSeveralHomes(entity);
  const before = isMeeting(entity) ? await homesOf(session, entity, records) : new Map<string, Home>();
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
