import type { Caller } from '../dynamics/dynamics';
import { isOutOfSight, type WorkspaceCalls } from '../dynamics/workspace';
import { errorCodes, TandemError } from '../platform/errors';
import type { Records } from '../storage/records';
import { say } from './languages';
import type { WorkspaceRecord } from './record';
import type { Reader } from './shown';
import type { RecordTableName } from './tables';

/** All that pages and actions of one person in one environment are made with. */
export interface Desk {
  readonly integration: string;
  readonly caller: Caller;
  /** The environment as she herself. */
  readonly dynamics: WorkspaceCalls;
  readonly records: Pick<Records, 'get' | 'owned'>;
  /** Whether the cache has all records of a table: not before it was loaded in full once. */
  isLoaded(table: RecordTableName): Promise<boolean>;
  /** Whose records are hers: her own id as a user, and the teams that she is a member of. */
  readonly owners: readonly string[];
  readonly reader: Reader;
  /** UTC ms. */
  readonly now: number;
}

/** A record read live as the person. Throws `not-found` where it is not there or not hers to see, `sign-in-needed`. */
export async function liveRecord({ dynamics, caller, reader }: Desk, table: RecordTableName, id: string): Promise<WorkspaceRecord> {
  try {
    return await dynamics.record(table, id, caller);
  } catch (error) {
    throw isOutOfSight(error) ? notYours(reader) : error;
  }
}

export function notYours({ language }: Reader): TandemError {
  return new TandemError(errorCodes.notFound, {
    retry: 'never',
    fix: 'Ask its owner, or whoever gives rights in Dynamics.',
    detail: say(language, 'page.notYours'),
  });
}

/** What somebody meets who wants to change what is closed. */
export function closed({ language }: Reader): TandemError {
  return new TandemError(errorCodes.conflict, { retry: 'never', fix: 'Open it again in Dynamics.', detail: say(language, 'page.closed') });
}
