import type { ColumnRights } from '../model/column-rights';
import type { SeenRecord } from '../model/seen';
import type { Entity } from '../model/values';
import type { Session } from './session';

/** How long what was learned about a person's rights is gone by. It may be stale without harm: a write is refused, and an emptied field asks again. */
const goodForMs = 3_600_000;

/** Learns what the mailbox's user may do with secured columns, where that was not learned within the hour. */
export async function learnRights(session: Session): Promise<void> {
  const { rightsAt } = session;
  if (rightsAt === null || session.now - rightsAt > goodForMs) await askRights(session);
}

/** Asks what the mailbox's user may do with secured columns; from then on the cycle goes by the answer. */
export async function askRights(session: Session): Promise<Readonly<Partial<Record<Entity, ColumnRights>>>> {
  const rights = await session.dynamics.columnRights(session.mailboxRow.systemUserId);
  const unsure = Object.values(rights).some((each) => each.unsure.length > 0);
  if (unsure) session.services.log.warn('rights-unknown', { mailbox: session.mailboxRow.id });
  session.goBy(rights);
  return rights;
}

/** The record without the fields that its reader may not see. */
export function withoutHidden(record: SeenRecord, rights: ColumnRights | undefined): SeenRecord {
  return withoutFields(record, rights?.hidden ?? []);
}

export function withoutFields(record: SeenRecord, fields: readonly string[]): SeenRecord {
  if (fields.length === 0) return record;
  const shown = Object.entries(record.values).filter(([field]) => !fields.includes(field));
  return { ...record, values: Object.fromEntries(shown) };
}
