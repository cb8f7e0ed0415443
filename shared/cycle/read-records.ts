import type { Obstacle, SeenRecord } from '../model/seen';
import type { Entity } from '../model/values';
import { atOnce } from '../platform/at-once';
import { errorCodes, TandemError } from '../platform/errors';
import { pairName } from '../storage/link-rows';
import type { ItemSide, Link, RecordSide } from '../sync/link';
import { isHome, recordSide } from '../sync/sides';
import { hasOwnHome } from './meeting-home';
import { type OnlyShown, onlyShown } from './only-shown';
import { withStanding } from './scope';
import type { Session } from './session';
import type { PairWork } from './work';

/** A pair whose item is known. */
export interface Located {
  readonly work: PairWork;
  readonly link: Link | null;
  readonly item: ItemSide;
}

/** A record that says nothing for now: its whole table is closed to the mailbox's user, or it cannot sync as it stands. */
export interface Refused {
  readonly kind: 'refused';
  readonly error: TandemError;
}

const readsAtOnce = 3;

/** Reads the records of pairs as the mailbox's user, a table at a time, many in one request. A pair whose record need not be read is absent. */
export async function readRecordSides(session: Session, pairs: readonly Located[]): Promise<ReadonlyMap<string, RecordSide | Refused>> {
  const sides = new Map<string, RecordSide | Refused>();
  const wanted = new Map<Entity, Located[]>();
  for (const pair of pairs) {
    if (!needsRecord(pair)) continue;
    const { entity } = pair.work.key;
    wanted.set(entity, [...(wanted.get(entity) ?? []), pair]);
  }
  for (const [entity, named] of wanted) {
    const group = await withoutProvenGone(session, entity, named, sides);
    if (group.length === 0) continue;
    const shown = onlyShown(session, entity);
    const seen = await readTable(session, entity, group);
    await atOnce(readsAtOnce, group, async ({ work, link }) => {
      const side =
        seen instanceof TandemError ? ({ kind: 'refused', error: seen } as const) : await sideOf(session, work, link, seen, shown);
      sides.set(pairName(work.key), side);
    });
  }
  return sides;
}

/** Records that Dynamics reported as deleted are asked for by id at once: only that proves it (promise 3). Those that are there after all are read like the rest. */
async function withoutProvenGone(
  session: Session,
  entity: Entity,
  group: readonly Located[],
  sides: Map<string, RecordSide | Refused>,
): Promise<readonly Located[]> {
  const kept = await atOnce(readsAtOnce, group, async (pair) => {
    const { inbox, key } = pair.work;
    if (inbox === null || inbox.version !== '' || inbox.partsChanged === true) return pair;
    const { kind } = await session.dynamics.existence(entity, key.recordId, session.zone);
    if (kind !== 'deleted') return pair;
    sides.set(pairName(key), { kind: 'deleted' });
    return null;
  });
  return kept.filter((pair) => pair !== null);
}

async function readTable(
  session: Session,
  entity: Entity,
  group: readonly Located[],
): Promise<ReadonlyMap<string, SeenRecord> | TandemError> {
  const ids = group.map(({ work }) => work.key.recordId);
  try {
    const records = await session.dynamics.readRecords(entity, ids, session.caller, session.zone);
    return await withStanding(session, entity, records);
  } catch (error) {
    return session.noteRefusal(entity, error);
  }
}

/** An item that is as it was, and of which nothing else was heard, needs no look at its record; unless something of the pair waits or is unconfirmed. */
function needsRecord({ work, link, item }: Located): boolean {
  if (work.undo !== null || item.kind === 'tracked') return true;
  if (link?.state === 'released' && work.inbox === null && work.parked === null) return false;
  if (link?.state === 'held' || link?.state === 'tracking' || link?.pending !== undefined || work.decision !== null) return true;
  return work.inbox !== null || work.parked !== null || work.intent !== null || item.kind !== 'same';
}

async function sideOf(
  session: Session,
  { key }: PairWork,
  link: Link | null,
  seen: ReadonlyMap<string, SeenRecord>,
  shown: OnlyShown,
): Promise<RecordSide | Refused> {
  const record = seen.get(key.recordId);
  if (record === undefined) return unseenSide(session, key.entity, key.recordId, link, shown);
  if (await hasOwnHome(session, link, record.organizer)) return { kind: 'movedHome', record: await shown(record, link) };
  const side = recordSide(await shown(record, link), link, session.mailboxRow, session.rules);
  return record.obstacle !== undefined && isLiving(side) ? { kind: 'refused', error: hindered(record.obstacle) } : side;
}

/** True for a record that would be written from or to. */
function isLiving({ kind }: RecordSide): boolean {
  return kind === 'created' || kind === 'changed' || kind === 'same';
}

export function hindered({ detail, fix }: Obstacle): TandemError {
  return new TandemError(errorCodes.refused, { retry: 'never', fix, detail });
}

/** What her own read does not return is read once as the service, only to tell deleted from left. */
async function unseenSide(session: Session, entity: Entity, id: string, link: Link | null, shown: OnlyShown): Promise<RecordSide> {
  const existence = await session.dynamics.existence(entity, id, session.zone);
  switch (existence.kind) {
    case 'deleted':
      return { kind: 'deleted' };
    case 'unreadable':
      return { kind: 'unreadable' };
    case 'exists': {
      if (isHome(existence.record, session.mailboxRow)) return { kind: 'unreadable' };
      return { kind: 'movedHome', record: await shown(existence.record, link) };
    }
  }
}
