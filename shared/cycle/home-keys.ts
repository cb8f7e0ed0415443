import { type ItemKind, kindOf } from '../model/entity';
import { entitiesThatSync } from '../model/integration-settings';
import type { Entity } from '../model/values';
import { naturalKeys, seekingKeys } from '../sync/twins';
import type { Session } from './session';

/** An open record of the home, by all its natural keys and by those with which it seeks an item. */
export interface NamedRecord {
  readonly id: string;
  readonly keys: readonly string[];
  readonly seeking: readonly string[];
}

/** The entities that sync and whose items are of these kinds. */
export function kindred({ integration }: Session, kinds: ReadonlySet<ItemKind>): Entity[] {
  return entitiesThatSync(integration.settings).filter((entity) => kinds.has(kindOf(entity)));
}

/** All open records of the home, listed once a cycle; none of a table that is closed to its user, which the session then knows. */
export async function homeKeys(session: Session, entity: Entity): Promise<readonly NamedRecord[]> {
  const known = session.homeKeys.get(entity);
  if (known !== undefined) return known;
  const found: NamedRecord[] = [];
  try {
    let nextLink: string | null = null;
    do {
      const { systemUserId } = session.mailboxRow;
      const page = await session.dynamics.listHomeNames(entity, systemUserId, nextLink, session.caller, session.zone);
      for (const { id, values } of page.records)
        found.push({ id, keys: naturalKeys(kindOf(entity), values), seeking: seekingKeys(kindOf(entity), values) });
      nextLink = page.nextLink;
    } while (nextLink !== null);
  } catch (error) {
    session.noteRefusal(entity, error);
  }
  session.homeKeys.set(entity, found);
  return found;
}
