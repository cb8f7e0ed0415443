/** When and under which id to send what should happen once a slot. */
export interface Debounced {
  /** The end of the slot, UTC ms. */
  readonly at: number;
  readonly id: string;
}

/**
 * Makes many messages about one thing into one a slot: scheduled for the end of the current slot, under an id that all of the slot share. Duplicate
 * detection lets the first through, and that one is delivered after everything it stands for.
 * @param what tells this thing from others in the same queue, such as `syncNow|contoso|anna`
 */
export function debounce(what: string, now: number, slotMs: number): Debounced {
  const at = (Math.floor(now / slotMs) + 1) * slotMs;
  return { at, id: `${what}|${at}` };
}
