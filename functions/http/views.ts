import type { Waiting } from '../../shared/mailboxes/waiting';

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
