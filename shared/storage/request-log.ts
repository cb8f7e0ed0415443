import { randomUUID } from 'node:crypto';
import { odata } from '@azure/data-tables';
import { z } from 'zod';
import type { NotedRequest } from '../dynamics/noted-fetch';
import type { Clock } from '../platform/clock';
import { groupedBy, inGroups } from '../platform/groups';
import { fromProperties, type Shape, toProperties } from './document';
import type { Page } from './integrations';
import { joinKey } from './key';
import { removeRows } from './remove-rows';
import { partitionFilter, type Row, takeRows, transact, transactionRows } from './rows';
import type { Tables } from './tables';

/** A request as it is kept. */
export interface LoggedRequest extends NotedRequest {
  /** So many before it were not kept, because there were too many at once or the table did not take them. */
  readonly lost: number;
}

/** The requests to each environment, for those integrations that ask for it. Kept for 24 hours. */
export interface RequestLog {
  /** Keeps a request in memory until it is written with others, some seconds later. Never fails; what does not fit is counted. */
  note(integration: string, request: NotedRequest): void;
  /** Writes what is in memory. Never fails; what the table does not take is counted. */
  flush(): Promise<void>;
  /** A page of the last 24 hours, newest first. Throws TandemError. */
  read(integration: string, page: { readonly limit: number; readonly cursor: string | null }): Promise<Page<LoggedRequest>>;
  /** Removes what is older, and returns how many rows that were. Throws TandemError. */
  prune(): Promise<number>;
}

const hour = 3_600_000;
const hoursKept = 24;
const latest = 9_999_999_999_999;
const latestHour = 9_999_999;
/** How long a request waits to be written, in ms. */
const pause = 2_000;
const mostWaiting = 500;

const shape: Shape<LoggedRequest> = {
  version: 1,
  schema: z.object({
    at: z.number(),
    method: z.string(),
    path: z.string(),
    status: z.number().nullable(),
    ms: z.number(),
    requestId: z.string().nullable(),
    lost: z.number(),
  }),
};

/** The log in the table `requests`: a partition for each hour of an integration, and the newest first. */
export function tableRequestLog(tables: Tables, clock: Clock): RequestLog {
  const table = () => tables.table('requests');
  let waiting: { readonly integration: string; readonly request: LoggedRequest }[] = [];
  const lost = new Map<string, number>();
  let isScheduled = false;

  function lose(integration: string, count: number): void {
    lost.set(integration, (lost.get(integration) ?? 0) + count);
  }

  async function flush(): Promise<void> {
    const taken = waiting;
    waiting = [];
    const byPartition = groupedBy(taken, ({ integration, request }) => partitionOf(integration, request.at));
    for (const [partition, all] of byPartition) {
      for (const group of inGroups(all, transactionRows)) {
        try {
          await transact(
            await table(),
            group.map(({ request }) => ['upsert', rowOf(partition, request), 'Replace']),
          );
        } catch {
          // The log is a help and nothing depends on it: that requests are missing is told by the next one that is kept.
          for (const { integration, request } of group) lose(integration, request.lost + 1);
        }
      }
    }
  }

  async function flushLater(): Promise<void> {
    isScheduled = true;
    await clock.sleep(pause);
    isScheduled = false;
    await flush();
  }

  return {
    flush,
    note(integration, request) {
      if (waiting.length >= mostWaiting) {
        lose(integration, 1);
        return;
      }
      waiting.push({ integration, request: { ...request, lost: lost.get(integration) ?? 0 } });
      lost.delete(integration);
      if (!isScheduled) void flushLater();
    },
    async read(integration, { limit, cursor }) {
      const now = clock.now();
      const oldest = now - hoursKept * hour;
      const from = cursor === null ? now : timeIn(cursor);
      const rows = [];
      for (let at = from; hourOf(at) >= hourOf(oldest) && rows.length <= limit; at -= hour) {
        const filter = `${partitionFilter(partitionOf(integration, at), cursor)} and ${odata`RowKey lt ${timeKey(oldest)}`}`;
        rows.push(...(await takeRows(await table(), filter, limit + 1 - rows.length)));
      }
      const page = rows.slice(0, limit);
      return { items: page.map((row) => fromProperties(shape, row)), next: rows.length > limit ? (page.at(-1)?.rowKey ?? null) : null };
    },
    prune: async () => removeRows(await table(), odata`PartitionKey gt ${`${hourKey(clock.now() - hoursKept * hour)}}`}`),
  };
}

function rowOf(partitionKey: string, request: LoggedRequest): Row {
  return { partitionKey, rowKey: `${timeKey(request.at)}|${randomUUID()}`, ...toProperties(shape, request) };
}

function partitionOf(integration: string, at: number): string {
  return joinKey(hourKey(at), integration);
}

function hourOf(at: number): number {
  return Math.floor(at / hour);
}

function hourKey(at: number): string {
  return String(latestHour - hourOf(at)).padStart(7, '0');
}

function timeKey(at: number): string {
  return String(latest - at).padStart(13, '0');
}

/** The time of a row, UTC ms; that of the beginning of all for what is no key. */
function timeIn(rowKey: string): number {
  const at = latest - Number(rowKey.split('|')[0]);
  return Number.isSafeInteger(at) ? at : 0;
}
