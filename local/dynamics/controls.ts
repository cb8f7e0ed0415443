import { z } from 'zod';
import { type Access, depths, verbs } from './access';
import type { Table } from './schema';
import { expandAll } from './series';
import type { Store } from './store';
import { allTables, tableNamed, tables } from './tables';
import type { Tracking } from './tracking';
import { View } from './view';

export type Controls = Readonly<Record<string, (body: unknown) => unknown>>;

/** Which service protection limit a throttled request is said to have met, with its code and message. */
export const throttleLimits = {
  requests: ['0x80072322', 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.'],
  time: [
    '0x80072321',
    'Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds over time window of 300 seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.',
  ],
  concurrency: ['0x80072326', 'Number of concurrent requests exceeded the limit of 52.'],
} as const;

/** What the controls work on. */
export interface Controlled {
  readonly store: Store;
  readonly access: Access;
  readonly tracking: Tracking;
  throttleLimit: keyof typeof throttleLimits;
  /** ms since 1970. */
  readonly now: () => number;
}

const table = z.string().refine((name) => tableNamed(name) !== undefined, {
  error: `a table's logical name is expected: ${allTables.map((each) => each.logicalName).join(', ')}`,
});
const user = z.string().toLowerCase();

/** What an administrator of the stand-in may do. A body that does not fit throws an error that says why. */
export function controlsFor(world: Controlled): Controls {
  const { store, access, tracking } = world;
  return {
    /** Sets how far a user's right goes: `none`, the user's own rows, or all. */
    setPrivilege: control(
      z.strictObject({ systemUserId: user, table: table.optional(), verb: z.enum(verbs).optional(), depth: z.enum(depths) }),
      ({ systemUserId, table: name, verb, depth }) => {
        for (const each of tablesFor(name))
          for (const one of verb === undefined ? verbs : [verb]) access.setDepth(systemUserId, each, one, depth);
      },
    ),
    /** Secures a column: only readers see it, only writers write it. `secured: false` releases it. */
    setColumnSecurity: control(
      z.strictObject({
        table,
        column: z.string(),
        secured: z.boolean(),
        readers: z.array(user).default([]),
        writers: z.array(user).default([]),
      }),
      ({ table: name, column, secured, readers, writers }) => {
        if (tableNamed(name)?.columns.has(column) !== true) throw new Error(`The table ${name} has no column ${column}.`);
        if (secured) access.secure({ table: name, column, readers, writers });
        else access.release(name, column);
      },
    ),
    /** Gives a user a license, or takes it away, as an administrator of Microsoft 365 does. */
    setLicense: control(z.strictObject({ systemUserId: user, licensed: z.boolean() }), ({ systemUserId, licensed }) => {
      const row = store.row(tables.systemUser, systemUserId);
      if (row === undefined) throw new Error(`There is no user ${systemUserId}.`);
      store.put(tables.systemUser, { ...row, version: store.nextVersion(), values: { ...row.values, islicensed: licensed } });
    }),
    /** Lets a user send requests on behalf of others, or no longer. */
    setActOnBehalf: control(z.strictObject({ systemUserId: user, allowed: z.boolean() }), ({ systemUserId, allowed }) =>
      access.setActOnBehalf(systemUserId, allowed),
    ),
    /** Makes every delta token given so far too old, of one table or of all; `status` is the HTTP status of the refusal from now on. */
    expireChangeTracking: control(
      z.strictObject({ table: table.optional(), status: z.union([z.literal(400), z.literal(410)]).optional() }),
      ({ table: name, status }) => {
        const upTo = store.version;
        store.nextVersion();
        for (const each of tablesFor(name)) tracking.expire(each, upTo);
        if (status !== undefined) tracking.expiredStatus = status;
      },
    ),
    /** Has change feeds repeat themselves, tell late or in another order, from now on. */
    setFeeds: control(
      z.strictObject({
        replays: z.boolean().optional(),
        lagMs: z.int().min(0).optional(),
        order: z.enum(['oldestFirst', 'newestFirst']).optional(),
      }),
      ({ replays = tracking.ways.replays, lagMs = tracking.ways.lagMs, order = tracking.ways.order }) => {
        tracking.ways = { replays, lagMs, order };
      },
    ),
    /** Turns change tracking of a table on or off. */
    setChangeTracking: control(z.strictObject({ table, enabled: z.boolean() }), ({ table: name, enabled }) => {
      for (const each of tablesFor(name)) tracking.setEnabled(each, enabled);
    }),
    /** Runs the job that makes the dates of recurring series which time has brought into the expansion window. */
    expandSeries: control(z.strictObject({}), () => expandAll(new View(store, access, { userId: '' }, world.now(), ''))),
    /** Takes a table out of the environment with its app, or puts it back; its rows stay. */
    setTable: control(z.strictObject({ table, there: z.boolean() }), ({ table: name, there }) => {
      for (const each of tablesFor(name)) tracking.setThere(each, there);
    }),
    /** Says which service protection limit injected throttling names. */
    setThrottleLimit: control(z.strictObject({ limit: z.enum(['requests', 'time', 'concurrency']) }), ({ limit }) => {
      world.throttleLimit = limit;
    }),
  };
}

function tablesFor(name: string | undefined): readonly Table[] {
  const found = name === undefined ? undefined : tableNamed(name);
  return found === undefined ? allTables : [found];
}

function control<T>(schema: z.ZodType<T>, run: (body: T) => unknown): (body: unknown) => unknown {
  return (body) => {
    const parsed = schema.safeParse(body ?? {});
    if (!parsed.success) throw new Error(`This control cannot be used so: ${z.prettifyError(parsed.error)}`);
    return run(parsed.data);
  };
}
