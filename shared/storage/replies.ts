import { odata } from '@azure/data-tables';
import { z } from 'zod';
import type { Clock } from '../platform/clock';
import { errorCodes, TandemError } from '../platform/errors';
import type { Sealer } from '../platform/seal';
import { fromProperties, type Shape, toProperties } from './document';
import { encodeKey, joinKey } from './key';
import { removeRows } from './remove-rows';
import { deleteRow, getRow, insertRow, putRow, replaceRow } from './rows';
import type { Tables } from './tables';

/** What was done for a call, as far as a repeated call has to be told: ids and versions, and nothing that people wrote. */
export interface DoneCall {
  readonly id: string;
  readonly version: string | null;
}

/** A call under the key that its sender chose. */
export interface KeyedCall {
  readonly integration: string;
  /** Entra object id of the caller: nobody meets the keys of others. */
  readonly by: string;
  readonly key: string;
  /** All that the call asks for, as text; only a keyed digest of it is kept. */
  readonly asks: string;
}

export type Turn =
  | { readonly kind: 'first' }
  | { readonly kind: 'done'; readonly done: DoneCall }
  /** The key was used for something else. */
  | { readonly kind: 'another' }
  /** The same call is under way. */
  | { readonly kind: 'underWay' };

/** What was done under which idempotency key, for a day. */
export interface Replies {
  /** Takes a key for a call. One that was taken and never finished can be taken again after four minutes. */
  take(call: KeyedCall): Promise<Turn>;
  /** Keeps what was done. */
  finish(call: KeyedCall, done: DoneCall): Promise<void>;
  /** Gives the key back: nothing was done. */
  release(call: KeyedCall): Promise<void>;
  /** Removes what is older than a day, and returns how many rows that were. */
  prune(): Promise<number>;
}

interface Row {
  /** Keyed: people write short things that a plain digest would give away to whoever tries them all. */
  readonly digest: string;
  readonly at: number;
  readonly done: DoneCall | null;
}

const shape: Shape<Row> = {
  version: 1,
  schema: z.object({ digest: z.string(), at: z.number(), done: z.object({ id: z.string(), version: z.string().nullable() }).nullable() }),
};
const dayMs = 86_400_000;
/** Longer than a function's request may take. */
const underWayMs = 240_000;

/** Keys in the table `replies`: a partition a person of an integration, a row a key. */
export function tableReplies(tables: Tables, sealer: () => Promise<Sealer>, clock: Pick<Clock, 'now'>): Replies {
  const table = () => tables.table('replies');
  const partitionOf = ({ integration, by }: KeyedCall): string => joinKey(integration, by);
  const rowOf = async (call: KeyedCall, done: DoneCall | null) => ({
    partitionKey: partitionOf(call),
    rowKey: encodeKey(call.key),
    day: new Date(clock.now()).toISOString(),
    ...toProperties(shape, { digest: (await sealer()).digest(call.asks), at: clock.now(), done }),
  });

  return {
    async take(call) {
      try {
        await insertRow(await table(), await rowOf(call, null));
        return { kind: 'first' };
      } catch (error) {
        if (!(error instanceof TandemError) || error.code !== errorCodes.duplicate) throw error;
      }
      const there = await getRow(await table(), partitionOf(call), encodeKey(call.key));
      if (there === null) return { kind: 'underWay' };
      const { digest, at, done } = fromProperties(shape, there);
      const age = clock.now() - at;
      if (age < dayMs && !(await sealer()).matches(call.asks, digest)) return { kind: 'another' };
      if (age < dayMs && done !== null) return { kind: 'done', done };
      if (age < underWayMs) return { kind: 'underWay' };
      try {
        await replaceRow(await table(), await rowOf(call, null), there.etag);
        return { kind: 'first' };
      } catch (error) {
        if (error instanceof TandemError && (error.code === errorCodes.stale || error.code === errorCodes.gone))
          return { kind: 'underWay' };
        throw error;
      }
    },
    async finish(call, done) {
      await putRow(await table(), await rowOf(call, done));
    },
    async release(call) {
      await deleteRow(await table(), partitionOf(call), encodeKey(call.key));
    },
    prune: async () => removeRows(await table(), odata`day lt ${new Date(clock.now() - dayMs).toISOString()}`),
  };
}
