import type { Caller, DynamicsUser } from '../dynamics/dynamics';
import type { Mailbox } from '../exchange/exchange';
import { kindOf } from '../model/entity';
import type { SeenItem } from '../model/seen';
import { type Entity, entities } from '../model/values';
import { inGroups } from '../platform/groups';
import type { Integration } from '../storage/integrations';
import { type PairKey, pairName } from '../storage/link-rows';
import type { LinkPartition } from '../storage/links';
import type { ItemSide, Link } from '../sync/link';
import type { PairPlan } from '../sync/pair-plan';
import { planPair } from '../sync/plan';
import type { Reason } from '../sync/reasons';
import { itemSide, recordSide } from '../sync/sides';
import type { CycleServices } from './services';

export type DryAction = 'createItem' | 'updateItem' | 'deleteItem' | 'updateRecord' | 'deleteRecord' | 'hold' | 'release' | 'nothing';

/** What a cycle would do to a mailbox as things stand, as counts. No value of a field is in it. */
export interface DryRun {
  /** UTC ms. */
  readonly at: number;
  readonly actions: readonly { readonly entity: Entity; readonly action: DryAction; readonly reason: Reason; readonly count: number }[];
  /** How often each field would be written, by entity. */
  readonly fields: Readonly<Record<Entity, Readonly<Record<string, number>>>>;
  /** The addresses that Exchange would write to. */
  readonly mails: readonly string[];
  /** False where a table holds more open records of this person than were looked at. */
  readonly complete: boolean;
}

/** Records of a table that a dry run looks at. */
const mostRecords = 1_000;
const recordsAtOnce = 90;

/**
 * Plans a mailbox, enabled or not, from both sides as they are now, and writes nothing: to neither side, to no table, and no delta link is read. A mailbox that is not
 * enabled yet shows what its first load would do.
 */
export async function dryRun(services: CycleServices, integration: Integration, user: DynamicsUser, isEnabled: boolean): Promise<DryRun> {
  const at = services.clock.now();
  const partition = await services.links({ integration: integration.id, id: user.systemUserId });
  const mailbox = services.exchange.mailbox({ userId: user.objectId, zone: user.zone, deletedItems: null });
  const plans: PairPlan[] = [];
  let complete = true;
  for (const entity of entities) {
    const ids = await homeIds(services, integration, user, entity);
    if (ids.length > mostRecords) complete = false;
    for (const group of inGroups(ids.slice(0, mostRecords), recordsAtOnce)) {
      plans.push(...(await planGroup({ services, integration, user, partition, mailbox, isEnabled, at }, entity, group)));
    }
  }
  return {
    at,
    actions: counted(plans),
    fields: fieldsOf(plans),
    mails: [...new Set(plans.flatMap(({ mails }) => mails))].sort(),
    complete,
  };
}

async function homeIds(services: CycleServices, integration: Integration, user: DynamicsUser, entity: Entity): Promise<string[]> {
  const ids: string[] = [];
  let nextLink: string | null = null;
  do {
    const page = await services.dynamics(integration).listHome(entity, user.systemUserId, nextLink, callerOf(user));
    ids.push(...page.records.map(({ id }) => id));
    nextLink = page.nextLink;
  } while (nextLink !== null && ids.length <= mostRecords);
  return ids;
}

interface Setting {
  readonly services: CycleServices;
  readonly integration: Integration;
  readonly user: DynamicsUser;
  readonly partition: LinkPartition;
  readonly mailbox: Mailbox;
  readonly isEnabled: boolean;
  readonly at: number;
}

async function planGroup(setting: Setting, entity: Entity, ids: readonly string[]): Promise<PairPlan[]> {
  const { services, integration, user, partition, mailbox, isEnabled, at } = setting;
  const rules = integration.settings;
  const records = await services.dynamics(integration).readRecords(entity, ids, callerOf(user), user.zone);
  const links = await partition.links(ids.map((recordId): PairKey => ({ entity, recordId })));
  const items = await itemsOf(mailbox, [...links.values()]);
  return records.map((record) => {
    const link = links.get(pairName({ entity, recordId: record.id })) ?? null;
    const pair = {
      entity,
      recordId: record.id,
      link,
      record: recordSide(record, link, user, rules),
      item: sideOf(link, items, integration),
    };
    return planPair(pair, { rules, now: at, zone: user.zone, firstLoad: !isEnabled });
  });
}

async function itemsOf(mailbox: Mailbox, links: readonly Link[]): Promise<ReadonlyMap<string, SeenItem>> {
  const linked = links.filter(({ state }) => state !== 'released');
  if (linked.length === 0) return new Map();
  const items = await mailbox.readItems(linked.map(({ entity, itemId, feed }) => ({ kind: kindOf(entity), id: itemId, feed })));
  return new Map(items.map((item) => [item.id, item]));
}

/** An item that does not answer counts as unchanged: whether it was deleted takes more than one look to tell. */
function sideOf(link: Link | null, items: ReadonlyMap<string, SeenItem>, integration: Integration): ItemSide {
  if (link === null) return { kind: 'none' };
  const item = items.get(link.itemId);
  return item === undefined ? { kind: 'same', item: null } : itemSide(item, link, integration.settings);
}

function callerOf(user: DynamicsUser): Caller {
  return { objectId: user.objectId };
}

function actionsOf({ toItem, toRecord, ending }: PairPlan): DryAction[] {
  const actions: DryAction[] = [];
  if (toRecord.kind !== 'none') actions.push(toRecord.kind === 'update' ? 'updateRecord' : 'deleteRecord');
  if (toItem.kind !== 'none')
    actions.push(toItem.kind === 'create' ? 'createItem' : toItem.kind === 'update' ? 'updateItem' : 'deleteItem');
  if (ending.kind === 'linked' && ending.hold !== null) actions.push('hold');
  if (ending.kind === 'released') actions.push('release');
  return actions.length === 0 ? ['nothing'] : actions;
}

function counted(plans: readonly PairPlan[]): DryRun['actions'] {
  const counts = new Map<string, { entity: Entity; action: DryAction; reason: Reason; count: number }>();
  for (const plan of plans) {
    for (const action of actionsOf(plan)) {
      const { entity } = plan.pair;
      const key = `${entity} ${action} ${plan.reason}`;
      const row = counts.get(key) ?? { entity, action, reason: plan.reason, count: 0 };
      row.count += 1;
      counts.set(key, row);
    }
  }
  return [...counts.values()];
}

function fieldsOf(plans: readonly PairPlan[]): DryRun['fields'] {
  const fields: Record<Entity, Record<string, number>> = { task: {}, contact: {}, appointment: {}, series: {} };
  for (const { pair, toItem, toRecord } of plans) {
    const counts = fields[pair.entity];
    const item = toItem.kind === 'create' ? toItem.values : toItem.kind === 'update' ? toItem.changes : {};
    const record = toRecord.kind === 'update' ? toRecord.changes : {};
    for (const name of new Set([...Object.keys(item), ...Object.keys(record)])) counts[name] = (counts[name] ?? 0) + 1;
  }
  return fields;
}
