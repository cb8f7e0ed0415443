import type { JournalEntry } from '../../../shared/storage/journal';

/** A journal entry of a contact whose notes lost, with what a test changes. */
export function anEntry(changes: Partial<JournalEntry>): JournalEntry {
  return {
    at: 1_000,
    entity: 'contact',
    recordId: 'r1',
    itemId: 'i1',
    field: 'notes',
    side: 'dynamics',
    version: '5',
    action: 'updateRecord',
    reason: 'exchange-newer',
    value: null,
    winner: 'exchange',
    cycle: 0,
    ...changes,
  };
}
