import type { Waiting } from '../../shared/mailboxes/waiting';
import type { JournalEntry } from '../../shared/storage/journal';

/** A time as people and programs read it. */
export function isoTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** A pair that waits, as people see it. */
export function waitingView(waiting: Waiting): object {
  return waiting.kind === 'parked'
    ? { ...waiting, due: isoTime(waiting.due), since: isoTime(waiting.since) }
    : { ...waiting, at: isoTime(waiting.at) };
}

/** An entry of the journal, with or without its value, as people see it; `cycle` is null where the entry is older than that was noted. */
export function journalView(entry: Omit<JournalEntry, 'value'>): object {
  return { ...entry, at: isoTime(entry.at), cycle: isoTime(entry.cycle === 0 ? null : entry.cycle) };
}
