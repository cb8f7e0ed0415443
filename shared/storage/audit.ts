import { odata } from '@azure/data-tables';
import { z } from 'zod';
import { fromProperties, type Shape, toProperties } from './document';
import type { Page } from './integrations';
import { removeRows } from './remove-rows';
import { insertRow, putRow, type Row, takeRows } from './rows';
import type { Tables } from './tables';

/** What became of an act; `intended` where nobody lived to say. */
export const auditOutcomes = ['intended', 'done', 'refused', 'failed'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

/** A value of a setting; `hidden` where it may be people's content or a secret. */
export type AuditValue = string | number | boolean | null;

/** One thing that an act changed: before and after where those may be shown, else only that it changed. */
export interface AuditChange {
  readonly field: string;
  readonly before?: AuditValue | undefined;
  readonly after?: AuditValue | undefined;
}

/** One act of an admin. Holds no secret and nothing that people wrote. */
export interface AuditEntry {
  readonly id: string;
  /** When it was asked for, UTC ms. */
  readonly at: number;
  /** The Entra object id of who asked. */
  readonly by: string;
  /** The name of the route. */
  readonly route: string;
  /** The ids of what it was about, by their names in the route. */
  readonly targets: Readonly<Record<string, string>>;
  /** The fields that were sent. */
  readonly fields: readonly string[];
  readonly outcome: AuditOutcome;
  /** When the outcome was known, UTC ms. */
  readonly endedAt: number | null;
  /** The status that was answered. */
  readonly status: number | null;
  /** The code of the error, where it was refused or failed. */
  readonly code: string | null;
  /** What it changed; null where the route does not tell. */
  readonly changes: readonly AuditChange[] | null;
}

export interface Audit {
  /** Writes that an act is about to be done. Throws TandemError, and then it must not be done. */
  begin(entry: AuditEntry): Promise<void>;
  /** Writes what became of it. */
  end(entry: AuditEntry): Promise<void>;
  /** A page of what was asked for from `from` until before `to`, UTC ms, newest first. */
  read(
    range: { readonly from: number; readonly to: number },
    page: { readonly limit: number; readonly cursor: string | null },
  ): Promise<Page<AuditEntry>>;
  /** Removes the days that ended before a time, UTC ms, and returns how many rows that were. */
  prune(before: number): Promise<number>;
}

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]).optional();

const shape: Shape<AuditEntry> = {
  version: 1,
  schema: z.object({
    id: z.string(),
    at: z.number(),
    by: z.string(),
    route: z.string(),
    targets: z.record(z.string(), z.string()),
    fields: z.array(z.string()),
    outcome: z.enum(auditOutcomes),
    endedAt: z.number().nullable(),
    status: z.number().nullable(),
    code: z.string().nullable(),
    changes: z.array(z.object({ field: z.string(), before: value, after: value })).nullable(),
  }),
};

const day = 86_400_000;
const latest = 9_999_999_999_999;
const latestDay = 99_999;

/** The audit in the table `audit`: a partition a day and the newest first, so that the order of the keys is that of reading. */
export function tableAudit(tables: Tables): Audit {
  const table = () => tables.table('audit');
  return {
    async begin(entry) {
      await insertRow(await table(), rowOf(entry));
    },
    async end(entry) {
      await putRow(await table(), rowOf(entry));
    },
    async read({ from, to }, { limit, cursor }) {
      const newest = cursor === null ? odata`RowKey ge ${timeKey(to - 1)}` : odata`RowKey gt ${cursor}`;
      const days = odata`PartitionKey ge ${dayKey(to - 1)} and PartitionKey le ${dayKey(from)}`;
      const rows = await takeRows(await table(), `${days} and ${newest} and ${odata`RowKey lt ${timeKey(from - 1)}`}`, limit + 1);
      const page = rows.slice(0, limit);
      return { items: page.map((row) => fromProperties(shape, row)), next: rows.length > limit ? (page.at(-1)?.rowKey ?? null) : null };
    },
    prune: async (before) => removeRows(await table(), odata`PartitionKey gt ${dayKey(before)}`),
  };
}

function rowOf(entry: AuditEntry): Row {
  return { partitionKey: dayKey(entry.at), rowKey: `${timeKey(entry.at)}|${entry.id}`, ...toProperties(shape, entry) };
}

function dayKey(at: number): string {
  return String(latestDay - Math.floor(Math.min(Math.max(at, 0), latest) / day)).padStart(5, '0');
}

function timeKey(at: number): string {
  return String(latest - Math.min(Math.max(at, 0), latest)).padStart(13, '0');
}
