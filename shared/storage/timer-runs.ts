import { z } from 'zod';
import { errorCodes, TandemError } from '../platform/errors';
import { type LastRun, type TimerName, timerNames } from '../sync/silence';
import { fromProperties, type Shape, toProperties } from './document';
import { insertRow, partitionFilter, replaceRow, takeRows } from './rows';
import type { Tables } from './tables';

export interface NotedRun {
  readonly run: LastRun;
  readonly etag: string;
}

/** When each timer ran last, for all processes, and what this process remembers of it. */
export interface TimerRuns {
  readonly memory: {
    /** When this process last noted that a timer ran, UTC ms. */
    readonly notedAt: Map<TimerName, number>;
    /** When it last looked after the timers, UTC ms. */
    watchedAt: number;
  };
  read(): Promise<ReadonlyMap<TimerName, NotedRun>>;
  /** Saves over what was read with this etag, null where there was nothing; false where somebody was faster. */
  save(name: TimerName, run: LastRun, etag: string | null): Promise<boolean>;
}

const partition = 'timer';

const shape: Shape<LastRun> = {
  version: 1,
  schema: z.object({ at: z.number(), by: z.enum(['timer', 'watchdog']), silentSince: z.number().nullable() }),
};

/** A row a timer in the table `integrations`. */
export function tableTimerRuns(tables: Tables): TimerRuns {
  const table = () => tables.table('integrations');
  return {
    memory: { notedAt: new Map(), watchedAt: Number.NEGATIVE_INFINITY },
    async read() {
      const rows = await takeRows(await table(), partitionFilter(partition), 100);
      const runs = new Map(rows.map((row) => [row.rowKey, { run: fromProperties(shape, row), etag: row.etag }]));
      return new Map(
        timerNames.flatMap((name) => {
          const found = runs.get(name);
          return found === undefined ? [] : [[name, found] as const];
        }),
      );
    },
    async save(name, run, etag) {
      const row = { partitionKey: partition, rowKey: name, ...toProperties(shape, run) };
      try {
        await (etag === null ? insertRow(await table(), row) : replaceRow(await table(), row, etag));
        return true;
      } catch (error) {
        if (error instanceof TandemError && (isTaken(error) || error.code === errorCodes.gone)) return false;
        throw error;
      }
    },
  };
}

function isTaken({ code }: TandemError): boolean {
  return code === errorCodes.stale || code === errorCodes.duplicate;
}
