/** What Exchange gets that is worked out from a record rather than copied from it. Absent: leave as it is. */
export interface Derived {
  /** A task's reminder, UTC ms; null switches it off. */
  readonly reminderAt?: number | null;
  /** Whether an event reminds; how long before is Exchange's business. */
  readonly reminderOn?: boolean;
}
