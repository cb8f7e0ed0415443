import { compareVersions, type Records } from '../storage/records';
import type { WorkspaceRecord } from './record';
import type { OnRecordChange } from './record-change';

export interface SaveParts {
  readonly records: Pick<Records, 'save' | 'remove'>;
  readonly onChange: OnRecordChange;
}

/**
 * Tells of a record that is news to the cache, and then puts it there: in this order a crash between tells it again instead of never. One that the cache has as
 * new or newer is told to nobody; `refresh` writes it over the same version, whose names and columns may be others by now. True where it was news.
 */
export async function saveRecord(
  { records, onChange }: SaveParts,
  integration: string,
  before: WorkspaceRecord | null,
  now: WorkspaceRecord,
  { isFirstLoad, refresh }: { readonly isFirstLoad: boolean; readonly refresh: boolean },
): Promise<boolean> {
  const isNews = before === null || compareVersions(before.version, now.version) < 0;
  if (isNews) await onChange({ integration, before, now, isFirstLoad });
  if (isNews || refresh) await records.save(integration, now, refresh);
  return isNews;
}

/** Tells that a record has left the cache, and takes it away: deleted, or no longer one of those that are loaded. */
export async function leaveRecord({ records, onChange }: SaveParts, integration: string, before: WorkspaceRecord): Promise<void> {
  await onChange({ integration, before, now: null, isFirstLoad: false });
  await records.remove(integration, before.table, before.id);
}
