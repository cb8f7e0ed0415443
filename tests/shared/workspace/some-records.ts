import type { WorkspaceRecord } from '../../../shared/workspace/record';
import type { Reader } from '../../../shared/workspace/shown';
import type { RecordTableName } from '../../../shared/workspace/tables';

/** Somebody who reads English in Berlin. */
export const aReader: Reader = {
  language: 'en',
  zone: 'Europe/Berlin',
  baseLanguage: 1033,
  labels: {
    'lead.leadsourcecode': { 8: { 1033: 'Web', 1031: 'Netz' }, 10: { 1033: 'Other' } },
    'opportunity.opportunityratingcode': { 1: { 1033: 'Hot' }, 2: { 1033: 'Warm' }, 3: { 1033: 'Cold' } },
  },
  currencies: { euro: 'EUR' },
};

/** A record with these values; everything else about it is unremarkable. */
export function aRecord(table: RecordTableName, values: WorkspaceRecord['values'], change: Partial<WorkspaceRecord> = {}): WorkspaceRecord {
  return {
    table,
    id: '11111111-0000-4000-8000-000000000001',
    version: '100',
    owner: { table: 'systemuser', id: 'anna', name: 'Anna' },
    state: 0,
    createdAt: 0,
    modifiedAt: 0,
    createdBy: null,
    modifiedBy: null,
    values,
    ...change,
  };
}
