import { type Scope, scopeOf } from '../model/filter';
import type { SeenRecord } from '../model/seen';
import type { Entity } from '../model/values';
import { isHome } from '../sync/sides';
import type { Session } from './session';

/** Which of the mailbox's records of an entity sync, by the filters of the integration and of its user. */
export function scopeIn({ integration, mailboxRow }: Session, entity: Entity): Scope {
  return scopeOf(entity, integration.settings.filters, mailboxRow.filters);
}

/**
 * The records by id, with those marked that are open and at home and outside the filters. Where there are filters, that takes one more request with the same ids,
 * as the mailbox's user: a record that her rights hide passes no filter.
 */
export async function withStanding(
  session: Session,
  entity: Entity,
  records: readonly SeenRecord[],
): Promise<ReadonlyMap<string, SeenRecord>> {
  const scope = scopeIn(session, entity);
  const asked = scope.kind === 'all' ? [] : records.filter((record) => record.standing === 'open' && isHome(record, session.mailboxRow));
  const ids = asked.map(({ id }) => id);
  const inside =
    scope.kind === 'some' && ids.length > 0 ? await session.dynamics.passing(entity, ids, scope.any, session.caller) : new Set<string>();
  const outside = new Set(ids.filter((id) => !inside.has(id)));
  return new Map(records.map((record) => [record.id, outside.has(record.id) ? { ...record, standing: 'filtered' } : record]));
}
