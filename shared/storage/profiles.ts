import { ServerProfile } from '../model/server-profile';
import { errorCodes, TandemError } from '../platform/errors';
import { fromProperties, type Shape, toProperties } from './document';
import type { Page } from './integrations';
import { encodeKey, joinKey } from './key';
import { deleteRow, getRow, insertRow, partitionFilter, replaceRow, takeRows } from './rows';
import type { Tables } from './tables';

/** A profile and the etag of its row. */
export interface StoredProfile {
  readonly profile: ServerProfile;
  readonly etag: string;
}

/** The server profiles of integrations. */
export interface Profiles {
  get(integration: string, id: string): Promise<StoredProfile | null>;
  /** A page in the order of their ids. */
  list(integration: string, page: { readonly limit: number; readonly cursor: string | null }): Promise<Page<StoredProfile>>;
  /** Writes it over what had this etag, null for nothing, and returns the new one. Throws `stale` where somebody else has saved since. */
  put(profile: ServerProfile, etag: string | null): Promise<string>;
  /** Removes one that still has this etag; whichever where none is given. Throws `stale`. */
  remove(integration: string, id: string, etag?: string): Promise<void>;
}

const shape: Shape<ServerProfile> = { version: 1, schema: ServerProfile };
const lost = new Set<string>([errorCodes.duplicate, errorCodes.gone]);

/** Profiles in the table `mailboxes`, in partitions of their own: no integration's id holds a bar. */
export function tableProfiles(tables: Tables): Profiles {
  const table = () => tables.table('mailboxes');
  const partitionOf = (integration: string): string => joinKey('profile', integration);
  return {
    async get(integration, id) {
      const row = await getRow(await table(), partitionOf(integration), encodeKey(id));
      return row === null ? null : { profile: fromProperties(shape, row), etag: row.etag };
    },
    async list(integration, { limit, cursor }) {
      const after = cursor === null ? null : encodeKey(cursor);
      const rows = await takeRows(await table(), partitionFilter(partitionOf(integration), after), limit + 1);
      const items = rows.slice(0, limit).map((row) => ({ profile: fromProperties(shape, row), etag: row.etag }));
      return { items, next: rows.length > limit ? (items.at(-1)?.profile.id ?? null) : null };
    },
    async put(profile, etag) {
      const row = { partitionKey: partitionOf(profile.integration), rowKey: encodeKey(profile.id), ...toProperties(shape, profile) };
      try {
        return await (etag === null ? insertRow(await table(), row) : replaceRow(await table(), row, etag));
      } catch (error) {
        if (!(error instanceof TandemError) || !lost.has(error.code)) throw error;
        throw new TandemError(errorCodes.stale, {
          retry: 'now',
          fix: 'Read it again.',
          detail: 'somebody else has saved it',
          cause: error,
        });
      }
    },
    remove: async (integration, id, etag) => deleteRow(await table(), partitionOf(integration), encodeKey(id), etag),
  };
}
