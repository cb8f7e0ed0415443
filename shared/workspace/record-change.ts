import type { WorkspaceRecord } from './record';

/**
 * What a load of the record cache saw happen to a record: `before` is null for one that is new to the cache, `now` for one that has left it.
 * It is told at least once; the versions of the two rows make it recognisable.
 */
export interface RecordChange {
  /** The id of the integration. */
  readonly integration: string;
  readonly before: WorkspaceRecord | null;
  readonly now: WorkspaceRecord | null;
  /** A table that is loaded for the first time tells nobody anything. */
  readonly isFirstLoad: boolean;
}

/** Hears of the changes of the record cache, such as to make notices of them. Where it throws, the load ends there and tells the change again when it goes on. */
export type OnRecordChange = (change: RecordChange) => Promise<void>;
