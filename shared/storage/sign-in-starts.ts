import { z } from 'zod';
import { errorCodes, TandemError } from '../platform/errors';
import { fromProperties, type Shape, toProperties } from './document';
import { joinKey } from './key';
import { deleteRow, getRow, insertRow, partitionFilter, replaceRow, takeRows } from './rows';
import type { Tables } from './tables';

/** A sign-in that somebody began and that waits for the provider's answer. It holds digests, and nothing that would finish it. */
export interface SignInStart {
  readonly integration: string;
  readonly use: 'service' | 'action';
  /** Entra object id of who began it. */
  readonly by: string;
  /** Digest of the browser's secret. */
  readonly browser: string;
  readonly redirectUri: string;
  /** The client and service that it went to; tokens of another are not taken. */
  readonly client: string;
  /** UTC ms. */
  readonly expiresAt: number;
  /** How often it was begun anew from the page that told of a failure. */
  readonly again: number;
}

/** What a callback finds: a start that from now on is used up, or why there is none. */
export type Taken =
  | { readonly kind: 'taken'; readonly start: SignInStart }
  | { readonly kind: 'unknown' | 'expired' | 'used' | 'otherBrowser' };

export interface SignInStarts {
  /** @param digest that of the state */
  put(digest: string, start: SignInStart): Promise<void>;
  /** Uses a start up; of callers at the same time one succeeds. One of another browser stays for the right one. */
  take(digest: string, isBrowser: (digest: string) => boolean, now: number): Promise<Taken>;
}

const shape: Shape<SignInStart & { readonly used: boolean }> = {
  version: 1,
  schema: z.object({
    integration: z.string(),
    use: z.enum(['service', 'action']),
    by: z.string(),
    browser: z.string(),
    redirectUri: z.string(),
    client: z.string(),
    expiresAt: z.number(),
    again: z.int(),
    used: z.boolean(),
  }),
};

/** How long a start is kept beyond its end, so that a late or repeated answer is told apart from an invented one. */
const rememberedMs = 60 * 60_000;
/** So many old rows go with each new one: more than come. */
const sweptAtOnce = 20;

/** Starts in the table `tokens`, in partitions by digest; a bar is in no integration's id. */
export function tableSignInStarts(tables: Tables): SignInStarts {
  const table = () => tables.table('tokens');
  const partitionOf = (digest: string) => joinKey('start', digest.slice(0, 1));

  return {
    async put(digest, start) {
      const partitionKey = partitionOf(digest);
      await insertRow(await table(), { partitionKey, rowKey: digest, ...toProperties(shape, { ...start, used: false }) });
      for (const row of await takeRows(await table(), partitionFilter(partitionKey), sweptAtOnce)) {
        const { expiresAt } = fromProperties(shape, row);
        if (expiresAt + rememberedMs < start.expiresAt) await deleteRow(await table(), partitionKey, row.rowKey);
      }
    },
    async take(digest, isBrowser, now) {
      const partitionKey = partitionOf(digest);
      const row = await getRow(await table(), partitionKey, digest);
      if (row === null) return { kind: 'unknown' };
      const { used, ...start } = fromProperties(shape, row);
      if (!isBrowser(start.browser)) return { kind: 'otherBrowser' };
      if (used) return { kind: 'used' };
      if (start.expiresAt <= now) return { kind: 'expired' };
      try {
        await replaceRow(await table(), { partitionKey, rowKey: digest, ...toProperties(shape, { ...start, used: true }) }, row.etag);
      } catch (error) {
        if (error instanceof TandemError && (error.code === errorCodes.stale || error.code === errorCodes.gone)) return { kind: 'used' };
        throw error;
      }
      return { kind: 'taken', start };
    },
  };
}
