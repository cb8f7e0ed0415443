import type { ShelfKind } from './mailbox';

/** Lifecycle events of subscriptions to Outlook's items (Graph change notification docs). */
export const lifecycleEvents = ['reauthorizationRequired', 'subscriptionRemoved', 'missed'] as const;
export type LifecycleEvent = (typeof lifecycleEvents)[number];

/** A subscription as the stand-in keeps it. */
export interface StoredSubscription {
  readonly id: string;
  readonly application: string;
  /** As it was asked for. */
  readonly resource: string;
  /** Whose mailbox it is about, and what kind of items in it. */
  readonly owner: string;
  readonly kind: Extract<ShelfKind, 'event' | 'contact' | 'message'>;
  readonly changeTypes: readonly string[];
  readonly notificationUrl: string;
  readonly lifecycleUrl: string | null;
  readonly clientState: string | null;
  /** ms since 1970. */
  readonly expires: number;
}
