import type { ReadColumn } from '../dynamics/record-columns';
import { wakeForLook } from '../polling/wake';
import type { Services } from '../services';
import type { Integration } from '../storage/integrations';
import { takesPart } from '../storage/mailboxes';
import { tellAssignment } from './notify-owner';
import type { RecordChange } from './record-change';
import { saveRecord } from './save-record';
import type { RecordTableName } from './tables';

export type AfterServices = Pick<Services, 'clock' | 'config' | 'dynamics' | 'mailboxes' | 'messenger' | 'records' | 'recordLoads'>;

/** The tables whose records have items in mailboxes. */
const synced: readonly RecordTableName[] = ['contact', 'appointment', 'phonecall', 'task'];

/** What was done to a record. */
export interface Touched {
  readonly table: RecordTableName;
  readonly id: string;
  /** Users and teams whose it was or is. */
  readonly owners: readonly string[];
}

/**
 * Brings the cache up to what an action has done, so that lists are fresh when its reply arrives, tells whom the record became, and wakes the mailboxes that it
 * is synced with. Read as the service and without secured columns: the cache holds nothing that only one person may see.
 */
export async function afterAction(services: AfterServices, integration: Integration, { table, id, owners }: Touched): Promise<void> {
  const { records } = services;
  const dynamics = services.dynamics(integration);
  const columns = await columnsOf(services, integration, table);
  const filter = integration.connection.tables[table]?.filter ?? null;
  const [now] = await dynamics.records.byId({ table, columns, filter }, [id]);
  if (now !== undefined) {
    const before = await records.get(integration.id, table, id);
    const parts = { records, onChange: (change: RecordChange) => tellAssignment(services, change) };
    await saveRecord(parts, integration.id, before, now, { isFirstLoad: false, refresh: true });
  }
  if (!synced.includes(table)) return;
  const hers = [...new Set([...owners, ...(now?.owner == null ? [] : [now.owner.id])])];
  const mailboxes = await services.mailboxes.getMany(integration.id, hers);
  const awake = mailboxes.filter(takesPart).map((mailbox) => mailbox.id);
  if (awake.length > 0) await wakeForLook({ ...services, settings: services.config }, integration.id, awake);
}

/** What is cached of a table: as the last load has found it, or as it is where there was none yet. */
async function columnsOf(services: AfterServices, integration: Integration, table: RecordTableName): Promise<readonly ReadColumn[]> {
  const { state } = await services.recordLoads.read(integration.id);
  const known = state.tables[table]?.columns ?? [];
  if (known.length > 0) return known;
  return (await services.dynamics(integration).records.facts(table, integration.connection.tables[table]?.columns ?? [])).columns;
}
