/** One mailing that Exchange would have sent to a meeting's attendees. */
export interface MailLogEntry {
  /** ISO, UTC. */
  readonly at: string;
  readonly kind: 'invitation' | 'update' | 'cancellation';
  readonly from: string;
  readonly to: readonly string[];
  /** The immutable id of the organizer's event. */
  readonly id: string;
  readonly iCalUId: string;
}

/** Counts what Exchange would have mailed; nothing is sent. */
export class MailLog {
  private log: MailLogEntry[];

  constructor(entries: readonly MailLogEntry[] = []) {
    this.log = [...entries];
  }

  /** Notes a mailing, unless nobody would have got it. */
  send(entry: MailLogEntry): void {
    if (entry.to.length > 0) this.log.push(entry);
  }

  entries(): readonly MailLogEntry[] {
    return [...this.log];
  }

  reset(): void {
    this.log = [];
  }
}
