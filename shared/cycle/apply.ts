import type { ItemWrite, ItemWritten } from '../exchange/exchange';
import { kindOf } from '../model/entity';
import type { SeenItem, SeenRecord } from '../model/seen';
import type { Entity, Values } from '../model/values';
import { atOnce } from '../platform/at-once';
import { errorCodes, type TandemError } from '../platform/errors';
import type { Outcome } from '../platform/outcome';
import { pairName } from '../storage/link-rows';
import type { PairPlan } from '../sync/pair-plan';
import type { Obstacle } from '../sync/undo';
import { proveAgain } from './prove';
import { withoutHidden } from './rights';
import type { Session } from './session';
import type { ReadPair } from './work';

/** A pair with its plan. */
export interface PlannedPair {
  readonly read: ReadPair;
  readonly plan: PairPlan;
  /** The incarnation that a create gives its item. */
  readonly incarnation: number;
  /** When the brake counted its departure, UTC ms; absent where it departs nowhere, or was counted before. */
  readonly countedAt?: number;
  /** What keeps an undo that was asked for from being done. */
  readonly obstacle: Obstacle | null;
}

/** What came of one pair's writes. */
export interface AppliedPair {
  readonly planned: PlannedPair;
  /** The record as Dynamics returned it; null where it was not written, or was deleted. */
  readonly record: SeenRecord | null;
  readonly item: SeenItem | null;
  /** The first write that failed; whatever was to follow it was left undone. */
  readonly error: TandemError | null;
  /** True where the failed write may have happened all the same. */
  readonly unsure: boolean;
}

const recordsAtOnce = 3;

/** Carries out the writes of a slice: each pair's record first, then its item. One pair that fails does not stop the others. */
export async function apply(session: Session, pairs: readonly PlannedPair[]): Promise<AppliedPair[]> {
  const records = await atOnce(recordsAtOnce, pairs, async (planned) => ({ planned, outcome: await writeRecord(session, planned) }));
  const writes = records.flatMap(({ planned, outcome }) => (outcome.ok ? itemWrite(session, planned) : []));
  const written = new Map((await writeItems(session, pairs, writes)).map((each) => [each.key, each]));
  return records.map(({ planned, outcome }): AppliedPair => {
    if (!outcome.ok) return { planned, record: null, item: null, error: outcome.error, unsure: false };
    const item = written.get(pairName(planned.read.work.key));
    if (item === undefined) return { planned, record: outcome.value, item: null, error: null, unsure: false };
    return item.outcome.ok
      ? { planned, record: outcome.value, item: item.outcome.value, error: null, unsure: false }
      : { planned, record: outcome.value, item: null, error: item.outcome.error, unsure: mayHaveHappened(item) };
  });
}

async function writeItems(session: Session, pairs: readonly PlannedPair[], writes: readonly ItemWrite[]): Promise<ItemWritten[]> {
  if (writes.length === 0) return [];
  for (const write of writes) session.written.add(write.kind === 'create' ? write.feed : write.ref.feed);
  return session.mailbox.write(writes, await proveAgain(session, pairs));
}

/** A request that nobody answered, or that an overloaded server answered for another, may have taken effect; so has a create of which only the rest failed. */
function mayHaveHappened({ outcome, made }: ItemWritten): boolean {
  return made === true || (!outcome.ok && ['timeout', 'unavailable', 'unexpected-reply'].includes(outcome.error.code));
}

async function writeRecord(session: Session, { read, plan }: PlannedPair): Promise<Outcome<SeenRecord | null>> {
  const { entity, recordId: id } = read.work.key;
  const { toRecord } = plan;
  if (toRecord.kind === 'none') return { ok: true, value: null };
  if (toRecord.kind === 'create') {
    const { organizedHere, organizerAddress } = itemNow(read);
    const organizer = organizedHere === false && typeof organizerAddress === 'string' ? { organizer: organizerAddress } : {};
    const create = { entity, id, values: toRecord.values, owner: session.mailboxRow.systemUserId, ...organizer };
    return session.dynamics.createRecord(create, session.caller, session.zone);
  }
  const version = versionOf(read);
  if (toRecord.kind === 'update') {
    const outcome = await session.dynamics.updateRecord(
      { entity, id, version, changes: toRecord.changes, current: recordNow(read) },
      session.caller,
      session.zone,
    );
    if (outcome.ok) return { ok: true, value: withoutHidden(outcome.value, session.rights[entity]) };
    if (outcome.error.code === errorCodes.columnRefused) session.rightsAt = null;
    return outcome;
  }
  const outcome = await session.dynamics.deleteRecord(entity, id, version, session.caller);
  return outcome.ok ? { ok: true, value: null } : outcome;
}

function versionOf({ record, link }: ReadPair): string {
  return 'record' in record && record.record !== null ? record.record.version : (link?.recordVersion ?? '');
}

function itemWrite(session: Session, { read, plan, incarnation }: PlannedPair): ItemWrite[] {
  const { toItem } = plan;
  const { key } = read.work;
  const name = pairName(key);
  if (toItem.kind === 'none') return [];
  if (toItem.kind === 'create') {
    const marker = { integration: session.integration.id, ...key, incarnation };
    return [
      {
        kind: 'create',
        key: name,
        itemKind: kindOf(key.entity),
        feed: feedFor(session, key.entity),
        marker,
        values: toItem.values,
        derived: toItem.derived,
      },
    ];
  }
  const place = itemPlace(read);
  if (place === null) return [];
  const ref = { kind: kindOf(key.entity), id: place.id, feed: place.feed };
  if (toItem.kind === 'delete') return [{ kind: 'delete', key: name, ref, version: place.version }];
  const { changes, derived, mark } = toItem;
  const marker = mark === true ? { marker: { integration: session.integration.id, ...key, incarnation } } : {};
  return [{ kind: 'update', key: name, ref, version: place.version, changes, current: itemNow(read), derived, ...marker }];
}

/** Where a new item of an entity goes. */
export function feedFor(session: Session, entity: Entity) {
  switch (kindOf(entity)) {
    case 'event':
    case 'series':
      return 'calendar' as const;
    case 'contact':
      return 'contacts' as const;
    case 'task':
      return `tasks:${session.mailboxRow.taskLists[0] ?? ''}` as const;
  }
}

/** The item's place and version as last seen. */
export function itemPlace({ item, link }: ReadPair): Pick<SeenItem, 'id' | 'feed' | 'version'> | null {
  if ('item' in item && item.item !== null) return item.item;
  return link === null ? null : { id: link.itemId, feed: link.feed, version: link.itemVersion };
}

/** All that is known of the record: what was read over what was last agreed. */
export function recordNow({ record, link }: ReadPair): Values {
  const base = link?.bases?.dynamics ?? {};
  return 'record' in record && record.record !== null ? { ...base, ...record.record.values } : base;
}

/** All that is known of the item: what was read over what was last agreed. */
export function itemNow({ item, link }: ReadPair): Values {
  const base = link?.bases?.exchange ?? {};
  return 'item' in item && item.item !== null ? { ...base, ...item.item.values } : base;
}
