import { z } from 'zod';
import { errorCodes, TandemError } from '../platform/errors';
import { fromProperties, type Shape, toProperties } from './document';
import { joinKey } from './key';
import { getRow, insertRow, type ReadRow, replaceRow, rowPages } from './rows';
import type { Tables } from './tables';

/** Whose tokens of an integration: Tandem's own, or those of a person by her Entra object id. */
export type TokenHolder = 'service' | { readonly objectId: string };

/** All that is known of tokens beside themselves; times in UTC ms. */
export interface TokenState {
  /** `again`: the sign-in service wants a person to sign in again. `out`: disconnected. */
  readonly state: 'in' | 'again' | 'out';
  /** The number at the end of the secret's name, and its version; null where there are no tokens. */
  readonly number: number;
  readonly version: string | null;
  /** The client and service that gave them. */
  readonly client: string;
  /** The account that signed in, where the service says so. */
  readonly account: string | null;
  readonly signedInAt: number;
  /** When somebody ended the sign-in; absent where nobody has. */
  readonly endedAt?: number | undefined;
  readonly expiresAt: number;
  /** From when on they are renewed. */
  readonly renewAt: number;
  /** Until when somebody has taken it upon himself to renew them. */
  readonly leasedUntil: number | null;
  /** Why the last renewal failed, and when the next may be tried. */
  readonly failure: {
    readonly code: string;
    readonly detail: string;
    readonly fix: string;
    readonly at: number;
    readonly retryAt: number;
  } | null;
  /** Numbers of older secrets that are still to be erased. */
  readonly leftovers: readonly number[];
}

export type StoredTokenState = TokenState & { readonly etag: string };

export interface TokenStates {
  read(integration: string, holder: TokenHolder): Promise<StoredTokenState | null>;
  /** Saves over what had this etag, null for nothing, and returns the new one; null where somebody else has saved since. */
  save(integration: string, holder: TokenHolder, state: TokenState, etag: string | null): Promise<string | null>;
  /** Everybody of whose tokens of an integration something is there, if only to be erased. */
  holders(integration: string): Promise<TokenHolder[]>;
}

const shape: Shape<TokenState> = {
  version: 1,
  schema: z.object({
    state: z.enum(['in', 'again', 'out']),
    number: z.int(),
    version: z.string().nullable(),
    client: z.string(),
    account: z.string().nullable(),
    signedInAt: z.number(),
    endedAt: z.number().optional(),
    expiresAt: z.number(),
    renewAt: z.number(),
    leasedUntil: z.number().nullable(),
    failure: z.object({ code: z.string(), detail: z.string(), fix: z.string(), at: z.number(), retryAt: z.number() }).nullable(),
    leftovers: z.array(z.int()),
  }),
};

const prefix = 'token';
const service = 'service';
const lost = new Set<string>([errorCodes.stale, errorCodes.gone, errorCodes.duplicate]);

/** The part of a secret's name and of a row's key that says whose tokens they are. */
export function holderName(holder: TokenHolder): string {
  return holder === 'service' ? service : holder.objectId;
}

/** The state of tokens in the table `tokens`; never a token. */
export function tableTokenStates(tables: Tables): TokenStates {
  const table = () => tables.table('tokens');
  const keyOf = (integration: string, holder: TokenHolder) => ({
    partitionKey: integration,
    rowKey: joinKey(prefix, holderName(holder)),
  });

  return {
    async read(integration, holder) {
      const { partitionKey, rowKey } = keyOf(integration, holder);
      const row: ReadRow | null = await getRow(await table(), partitionKey, rowKey);
      return row === null ? null : { ...fromProperties(shape, row), etag: row.etag };
    },
    async save(integration, holder, state, etag) {
      const row = { ...keyOf(integration, holder), ...toProperties(shape, state) };
      try {
        return etag === null ? await insertRow(await table(), row) : await replaceRow(await table(), row, etag);
      } catch (error) {
        if (error instanceof TandemError && lost.has(error.code)) return null;
        throw error;
      }
    },
    async holders(integration) {
      const found: TokenHolder[] = [];
      const filter = `PartitionKey eq '${integration}' and RowKey ge '${prefix}|' and RowKey lt '${prefix}}'`;
      for await (const page of rowPages(await table(), filter)) {
        for (const row of page) {
          const { version, leftovers } = fromProperties(shape, row);
          if (version === null && leftovers.length === 0) continue;
          const name = row.rowKey.slice(prefix.length + 1);
          found.push(name === service ? 'service' : { objectId: name });
        }
      }
      return found;
    },
  };
}
