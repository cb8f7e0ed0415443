import { entitiesThatSync } from '../model/integration-settings';
import type { Entity, Side, Value } from '../model/values';
import { inGroups } from '../platform/groups';
import type { Integration } from '../storage/integrations';
import { type PairKey, pairName } from '../storage/link-rows';
import type { StoredMailbox } from '../storage/mailboxes';
import type { Reason } from '../sync/reasons';
import { itemNow, type PlannedPair, recordNow } from './apply';
import { type DryAction, dryActions } from './dry-actions';
import { homeRecords } from './load';
import { preview } from './preview';
import type { CycleServices } from './services';
import { Session } from './session';
import { trackedItems } from './tracked-items';

/** What a cycle would do about one pair. */
export interface DryPair extends PairKey {
  readonly itemId: string | null;
  readonly actions: readonly DryAction[];
  readonly reason: Reason;
  /** The fields that each side would be given. */
  readonly fields: readonly DryField[];
  /** The addresses that Exchange would write to. */
  readonly mails: readonly string[];
}

/** A field that would be written, and on which side; its values only where they were asked for. */
export interface DryField {
  readonly field: string;
  readonly side: Side;
  readonly values?: { readonly before: Value; readonly after: Value };
}

/** What a cycle would do to a mailbox as things stand. Without `values`, no value of a field is in it. */
export interface DryRun {
  /** UTC ms. */
  readonly at: number;
  readonly actions: readonly { readonly entity: Entity; readonly action: DryAction; readonly reason: Reason; readonly count: number }[];
  /** How often each field would be written, by entity. */
  readonly fields: Readonly<Partial<Record<Entity, Readonly<Record<string, number>>>>>;
  /** The addresses that Exchange would write to. */
  readonly mails: readonly string[];
  /** The first pairs of which something would be done. */
  readonly pairs: readonly DryPair[];
  /** False where there are more records of this person in a table, or more tracked items in her mailbox, than were looked at. */
  readonly complete: boolean;
}

/** Records of a table that a dry run looks at. */
const mostRecords = 1_000;
const recordsAtOnce = 90;
/** Pairs that are shown one by one. */
const mostPairs = 200;

/**
 * Plans a mailbox, enabled or not, from both sides as they are now, and writes nothing: to neither side, to no table, and no delta link is read. A mailbox that is not
 * enabled yet shows what its first load would do.
 */
export async function dryRun(
  services: CycleServices,
  integration: Integration,
  mailbox: StoredMailbox,
  options: { readonly isEnabled: boolean; readonly withValues: boolean },
): Promise<DryRun> {
  const at = services.clock.now();
  const session = await Session.open(services, integration, mailbox, true);
  const planned: PlannedPair[] = [];
  let complete = true;
  for (const entity of entitiesThatSync(integration.settings)) {
    const keys = await keysOf(session, entity);
    if (keys.length > mostRecords) complete = false;
    for (const group of inGroups(keys.slice(0, mostRecords), recordsAtOnce))
      planned.push(...(await preview(session, group, !options.isEnabled)).planned);
  }
  const tracked = await trackedItems(session);
  const done = new Set(planned.map(({ plan }) => pairName(plan.pair)));
  const asked = tracked.items.filter(({ key }) => !done.has(pairName(key)));
  for (const group of inGroups(asked, recordsAtOnce)) planned.push(...(await preview(session, [], !options.isEnabled, [], group)).planned);
  return {
    at,
    actions: counted(planned),
    fields: fieldCounts(planned),
    mails: [...new Set(planned.flatMap(({ plan }) => plan.mails))].sort(),
    pairs: shown(planned, options.withValues),
    complete: complete && tracked.complete,
  };
}

/** The records that a mailbox should hold or is linked to, one more than are looked at where there are too many. */
async function keysOf(session: Session, entity: Entity): Promise<PairKey[]> {
  const found = new Map<string, PairKey>();
  const add = (recordId: string): void => void found.set(recordId, { entity, recordId });
  for await (const records of homeRecords(session, entity)) {
    for (const { id } of records) add(id);
    if (found.size > mostRecords) break;
  }
  for await (const links of session.partition.allLinks()) {
    for (const link of links) if (link.entity === entity && link.state !== 'released') add(link.recordId);
    if (found.size > mostRecords) break;
  }
  return [...found.values()];
}

function counted(planned: readonly PlannedPair[]): DryRun['actions'] {
  const counts = new Map<string, { entity: Entity; action: DryAction; reason: Reason; count: number }>();
  for (const { plan } of planned) {
    for (const action of dryActions(plan)) {
      const { entity } = plan.pair;
      const key = `${entity} ${action} ${plan.reason}`;
      const row = counts.get(key) ?? { entity, action, reason: plan.reason, count: 0 };
      row.count += 1;
      counts.set(key, row);
    }
  }
  return [...counts.values()];
}

function fieldCounts(planned: readonly PlannedPair[]): DryRun['fields'] {
  const fields: Partial<Record<Entity, Record<string, number>>> = {};
  for (const each of planned) {
    const { entity } = each.plan.pair;
    const counts = fields[entity] ?? {};
    for (const name of new Set(dryFields(each, false).map(({ field }) => field))) counts[name] = (counts[name] ?? 0) + 1;
    fields[entity] = counts;
  }
  return fields;
}

function shown(planned: readonly PlannedPair[], withValues: boolean): DryPair[] {
  const acting = planned.filter(({ plan }) => dryActions(plan).some((action) => action !== 'nothing'));
  return acting.slice(0, mostPairs).map((each) => dryPair(each, withValues));
}

/** What a planned pair would come to. */
export function dryPair(planned: PlannedPair, withValues: boolean): DryPair {
  const { plan, read } = planned;
  return {
    ...read.work.key,
    itemId: read.link?.itemId ?? (read.item.kind === 'tracked' ? read.item.item.id : null),
    actions: dryActions(plan),
    reason: plan.reason,
    fields: dryFields(planned, withValues),
    mails: plan.mails,
  };
}

function dryFields({ plan, read }: PlannedPair, withValues: boolean): DryField[] {
  const { toItem, toRecord } = plan;
  const written: readonly (readonly [Side, Readonly<Record<string, Value>>, Readonly<Record<string, Value>>])[] = [
    ['exchange', toItem.kind === 'create' ? toItem.values : toItem.kind === 'update' ? toItem.changes : {}, itemNow(read)],
    ['dynamics', toRecord.kind === 'create' ? toRecord.values : toRecord.kind === 'update' ? toRecord.changes : {}, recordNow(read)],
  ];
  return written.flatMap(([side, changes, now]) =>
    Object.entries(changes).map(([field, after]): DryField => {
      const named = { field, side };
      return withValues ? { ...named, values: { before: now[field] ?? null, after } } : named;
    }),
  );
}
