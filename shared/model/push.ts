/** What of a mailbox Exchange can tell changes of as they happen. Tasks are not among them: their notifications exist for signed-in persons only (Graph change notifications docs). */
export const pushables = ['calendar', 'contacts', 'mail'] as const;
export type Pushable = (typeof pushables)[number];

/** One Graph subscription. Times are UTC ms. */
export interface Subscription {
  readonly about: Pushable;
  /** As Graph named it. */
  readonly id: string;
  /** Tandem's public address when it was made: notifications go there for as long as it lives. */
  readonly address: string;
  /** The keyed hash of the secret that its notifications carry. */
  readonly secret: string;
  /** When it was made or last renewed. */
  readonly since: number;
  /** Until when Graph says that it lives. */
  readonly until: number;
}
