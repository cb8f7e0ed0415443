import { switchedOn } from '../../../shared/model/mailbox-standing';
import type { Health, StoredMailbox } from '../../../shared/storage/mailboxes';

export const noon = Date.parse('2026-10-05T12:00:00Z');

/** A mailbox that is in step, but for what a test is about. */
export function aMailbox(changes: Partial<StoredMailbox> = {}): StoredMailbox {
  const id = changes.id ?? '5a5e0e00-0000-4000-8000-000000000001';
  return {
    ...switchedOn,
    id,
    integration: 'contoso',
    systemUserId: id,
    objectId: '0b1ec7ed-0000-4000-8000-000000000001',
    email: 'anna@contoso.example',
    name: 'Anna Berger',
    zone: 'Europe/Berlin',
    deletedItems: 'deleted',
    taskLists: ['tasks'],
    status: 'on',
    filters: {},
    columnRights: null,
    enabledAt: noon,
    marks: {},
    lastChangeAt: null,
    nextRetryAt: null,
    lastCycleAt: null,
    health: null,
    ...changes,
  };
}

/** A mailbox as the import leaves it. */
export function imported(changes: Partial<StoredMailbox> = {}): StoredMailbox {
  return aMailbox({ status: 'off', approval: { state: 'empty', by: null, at: null }, deletedItems: '', taskLists: [], ...changes });
}

export function aFailure(code: string, changes: Partial<Health> = {}): Health {
  return { code, detail: 'why', fix: 'what helps', failures: 1, since: noon - 60_000, ...changes };
}
