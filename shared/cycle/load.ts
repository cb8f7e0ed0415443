import type { ListedRecord } from '../dynamics/dynamics';
import { type Entity, entities } from '../model/values';
import type { Session } from './session';

/** The open records whose home this mailbox is, a page at a time, as its user. */
export async function* homeRecords(session: Session, entity: Entity): AsyncIterable<readonly ListedRecord[]> {
  let nextLink: string | null = null;
  do {
    const page = await session.dynamics.listHome(entity, session.mailboxRow.systemUserId, nextLink, session.caller);
    yield page.records;
    nextLink = page.nextLink;
  } while (nextLink !== null);
}

/** First load: every record's home is written first, so that the poller knows whom to wake; then each gets an inbox row. Doing it twice changes nothing. */
export async function loadHome(session: Session): Promise<void> {
  for (const entity of entities) {
    for await (const records of homeRecords(session, entity)) {
      await writeHomes(session, entity, records);
      await session.partition.addInbox(records.map(({ id, version }) => ({ entity, recordId: id, version, firstLoad: true })));
    }
  }
}

export async function writeHomes(session: Session, entity: Entity, records: readonly ListedRecord[]): Promise<void> {
  const { id: home, systemUserId } = session.mailboxRow;
  await session.services.homes.upsertMany(
    session.integration.id,
    entity,
    records.map(({ id, version }) => ({
      id,
      home,
      owner: systemUserId,
      organizer: entity === 'appointment' ? systemUserId : null,
      version,
      round: null,
    })),
  );
}
