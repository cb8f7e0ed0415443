import { odata } from '@azure/data-tables';
import { z } from 'zod';
import type { Ages } from '../model/ages';
import type { ColumnRights } from '../model/column-rights';
import { Filters } from '../model/filter';
import { Approval, Methods, type Standing, switchedOn, Tested, type Workload, workloads } from '../model/mailbox-standing';
import { pushables, type Subscription } from '../model/push';
import type { Mark, Marked } from '../model/seen';
import type { Entity } from '../model/values';
import { errorCodes, TandemError } from '../platform/errors';
import { type HoldReason, holdReasons } from '../sync/decision';
import { fromProperties, type Shape, toProperties } from './document';
import type { Page } from './integrations';
import { encodeKey } from './key';
import { deleteRow, getRow, insertRow, partitionFilter, type ReadRow, replaceRow, rowPages, takeRows } from './rows';
import type { Table } from './table';
import type { Tables } from './tables';

/** What is wrong with a mailbox now, in words that help. */
export interface Health {
  readonly code: string;
  readonly detail: string | null;
  readonly fix: string;
  /** Failures in a row. */
  readonly failures: number;
  /** When the first of them was, UTC ms. */
  readonly since: number;
  /** The workload that it is about; absent where it is about the whole mailbox. */
  readonly about?: Workload | undefined;
}

/** What Exchange tells of a mailbox by itself, and what last kept it from that. */
export interface Push {
  readonly subscriptions: readonly Subscription[];
  /** Why not everything is subscribed to that should be, and when that is tried again, UTC ms; null where nothing is wrong. */
  readonly failure: (Pick<Health, 'code' | 'detail' | 'fix' | 'failures'> & { readonly retryAt: number }) | null;
}

/** What names a mailbox: ids of people are unique within an environment only, and copied environments share them. */
export interface MailboxRef {
  readonly integration: string;
  readonly id: string;
}

/** How much of a mailbox waits for an admin, by reason, and since when the oldest of it does, UTC ms. */
export type Held = Readonly<Partial<Record<HoldReason, { readonly count: number; readonly since: number }>>>;

/** A person's mailbox that takes part in an integration. Times are UTC ms. */
export interface StoredMailbox extends MailboxRef, Standing {
  /** The same as `id`. */
  readonly systemUserId: string;
  /** Entra object id. */
  readonly objectId: string;
  readonly email: string;
  readonly name: string;
  /** IANA name. */
  readonly zone: string;
  /** The id of the folder Deleted Items; empty before the mailbox was first switched on. */
  readonly deletedItems: string;
  /** The ids of the synced task lists, the default one first. */
  readonly taskLists: readonly string[];
  /** `off`: known, not switched on; `loading`: the first load is under way; `on`: in step; `paused`: stopped by an admin, keeps its items. */
  readonly status: 'off' | 'loading' | 'on' | 'paused';
  /** How often a load was asked for: one that ends does not stand for another that was asked for while it ran. Absent in older rows. */
  readonly loads?: number | undefined;
  readonly enabledAt: number;
  /** Filters of this person's own, beside those of the integration. */
  readonly filters: Filters;
  /** What its user may not do with secured columns, and when that was learned, UTC ms. */
  readonly columnRights: { readonly at: number; readonly by: Readonly<Partial<Record<Entity, ColumnRights>>> } | null;
  /** What each folder looked like just before it was last drained; all mail together, where it is tracked. */
  readonly marks: Readonly<Partial<Record<Marked, Mark>>>;
  readonly lastChangeAt: number | null;
  readonly nextRetryAt: number | null;
  readonly lastCycleAt: number | null;
  readonly health: Health | null;
  /** Absent where nothing was ever subscribed to. */
  readonly push?: Push | undefined;
  /** About how many pairs are linked: exact after each sweep; absent before the first cycle. */
  readonly pairs?: number | undefined;
  /** What its last cycle left for an admin to decide; absent where that is nothing. */
  readonly held?: Held | undefined;
  /** How old its edits were when they were carried over; absent where none was yet. Those of a cycle that broke off are not counted. */
  readonly ages?: Ages | undefined;
}

/** True for a mailbox that cycles serve. */
export function takesPart({ status }: Pick<StoredMailbox, 'status'>): boolean {
  return status === 'loading' || status === 'on';
}

/** Until when a service asked to leave the mailbox alone, UTC ms; null where it may be served now. */
export function restOf({ health, nextRetryAt }: Pick<StoredMailbox, 'health' | 'nextRetryAt'>, now: number): number | null {
  return health?.code === errorCodes.throttled && nextRetryAt !== null && nextRetryAt > now ? nextRetryAt : null;
}

/** The mailbox once it is to be loaded, or to be loaded again. */
export function toBeLoaded(mailbox: StoredMailbox): StoredMailbox {
  return { ...mailbox, status: 'loading', loads: (mailbox.loads ?? 0) + 1 };
}

export interface Mailboxes {
  get(integration: string, id: string): Promise<StoredMailbox | null>;
  /** A page in the order of their ids, for people. */
  list(integration: string, page: { readonly limit: number; readonly cursor: string | null }): Promise<Page<StoredMailbox>>;
  /** All mailboxes of an integration, up to 1,000 a page. */
  pages(integration: string): AsyncIterable<readonly StoredMailbox[]>;
  /** Those with the given ids; one that is not there is absent. Reads the range between the lowest and the highest id. */
  getMany(integration: string, ids: readonly string[]): Promise<StoredMailbox[]>;
  /** Adds a mailbox. Throws `duplicate`. */
  insert(mailbox: StoredMailbox): Promise<void>;
  /**
   * Changes a mailbox under its etag and returns it as it now is; null where it is not there. `change` may run more than once; where it returns what it
   * got, nothing is written. Throws `stale` after ten lost races.
   */
  update(integration: string, id: string, change: (mailbox: StoredMailbox) => StoredMailbox): Promise<StoredMailbox | null>;
  remove(integration: string, id: string): Promise<void>;
}

const time = z.number().nullable();
const feed = z.custom<Marked>((value) => typeof value === 'string' && /^(calendar|contacts|mail|tasks:.+)$/s.test(value));

const names = z.array(z.string());
const rights = z.object({ hidden: names, readOnly: names, unsure: names });

const push = z.object({
  subscriptions: z.array(
    z.object({
      about: z.enum(pushables),
      id: z.string(),
      address: z.string(),
      secret: z.string(),
      since: z.number(),
      until: z.number(),
    }),
  ),
  failure: z
    .object({ code: z.string(), detail: z.string().nullable(), fix: z.string(), failures: z.number(), retryAt: z.number() })
    .nullable(),
});

const shape: Shape<StoredMailbox> = {
  version: 1,
  schema: z.object({
    id: z.string(),
    integration: z.string(),
    systemUserId: z.string(),
    objectId: z.string(),
    email: z.string(),
    name: z.string(),
    zone: z.string(),
    deletedItems: z.string(),
    taskLists: z.array(z.string()),
    status: z.enum(['off', 'loading', 'on', 'paused']),
    approval: Approval.default(switchedOn.approval),
    methods: Methods.default(switchedOn.methods),
    profile: z.string().nullable().default(null),
    tested: Tested.nullable().default(null),
    loads: z.number().optional(),
    enabledAt: z.number(),
    filters: Filters.default({}),
    columnRights: z
      .object({ at: z.number(), by: z.record(z.string(), rights) })
      .nullable()
      .default(null),
    marks: z.partialRecord(feed, z.object({ newest: z.string().nullable(), count: z.number() })) as z.ZodType<StoredMailbox['marks']>,
    lastChangeAt: time,
    nextRetryAt: time,
    lastCycleAt: time,
    health: z
      .object({
        code: z.string(),
        detail: z.string().nullable(),
        fix: z.string(),
        failures: z.number(),
        since: z.number(),
        about: z.enum(workloads).optional(),
      })
      .nullable(),
    push: push.optional(),
    pairs: z.number().optional(),
    held: z.partialRecord(z.enum(holdReasons), z.object({ count: z.number(), since: z.number() })).optional(),
    ages: z.object({ block: z.number(), now: z.array(z.number()), before: z.array(z.number()) }).optional(),
  }),
};

const mostRaces = 10;

/** Mailboxes in the table `mailboxes`: partition integration, row mailbox. */
export function tableMailboxes(tables: Tables): Mailboxes {
  const table = () => tables.table('mailboxes');
  return {
    async get(integration, id) {
      const row = await getRow(await table(), encodeKey(integration), encodeKey(id));
      return row === null ? null : mailboxOf(row);
    },
    async list(integration, { limit, cursor }) {
      const after = cursor === null ? null : encodeKey(cursor);
      const rows = await takeRows(await table(), partitionFilter(encodeKey(integration), after), limit + 1);
      const items = rows.slice(0, limit).map(mailboxOf);
      return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
    async *pages(integration) {
      for await (const rows of rowPages(await table(), partitionFilter(encodeKey(integration)))) yield rows.map(mailboxOf);
    },
    async getMany(integration, ids) {
      const wanted = new Set(ids);
      const keys = [...wanted].map(encodeKey).sort(byUnits);
      const [lowest, highest] = [keys[0], keys.at(-1)];
      if (lowest === undefined || highest === undefined) return [];
      const range = odata`RowKey ge ${lowest} and RowKey le ${highest}`;
      const found: StoredMailbox[] = [];
      for await (const rows of rowPages(await table(), `${partitionFilter(encodeKey(integration))} and ${range}`))
        found.push(...rows.map(mailboxOf).filter(({ id }) => wanted.has(id)));
      return found;
    },
    async insert(mailbox) {
      await insertRow(await table(), rowOf(mailbox));
    },
    update: async (integration, id, change) => update(await table(), integration, id, change),
    remove: async (integration, id) => deleteRow(await table(), encodeKey(integration), encodeKey(id)),
  };
}

async function update(
  table: Table,
  integration: string,
  id: string,
  change: (mailbox: StoredMailbox) => StoredMailbox,
): Promise<StoredMailbox | null> {
  for (let race = 1; ; race += 1) {
    const row = await getRow(table, encodeKey(integration), encodeKey(id));
    if (row === null) return null;
    const before = mailboxOf(row);
    const after = change(before);
    if (after === before) return before;
    try {
      await replaceRow(table, rowOf(after), row.etag);
      return after;
    } catch (error) {
      if (!(error instanceof TandemError)) throw error;
      if (error.code === errorCodes.gone) return null;
      if (error.code !== errorCodes.stale || race === mostRaces) throw error;
    }
  }
}

function rowOf(mailbox: StoredMailbox) {
  return { partitionKey: encodeKey(mailbox.integration), rowKey: encodeKey(mailbox.id), ...toProperties(shape, mailbox) };
}

function mailboxOf(row: ReadRow): StoredMailbox {
  return fromProperties(shape, row);
}

/** The order in which the service keeps keys. */
function byUnits(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
