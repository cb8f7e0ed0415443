/**
 * Remembers message ids for a window that starts when a message is *sent*, also where it is scheduled for later, and that a repeat does not
 * prolong (Azure Service Bus docs, "Duplicate detection").
 */
export class DuplicateWindow {
  /** Id to time of sending; oldest first, because ids are only ever added at the end. */
  readonly #sentAt = new Map<string, number>();

  /** `windowMs` 0 turns detection off. */
  constructor(private readonly windowMs: number) {}

  /** Whether `id` was sent before within the window; if not, the window starts now. */
  isRepeat(id: string, now: number): boolean {
    if (this.windowMs === 0) return false;
    for (const [oldId, sentAt] of this.#sentAt) {
      if (now - sentAt < this.windowMs) break;
      this.#sentAt.delete(oldId);
    }
    if (this.#sentAt.has(id)) return true;
    this.#sentAt.set(id, now);
    return false;
  }
}
