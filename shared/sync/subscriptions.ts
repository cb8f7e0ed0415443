import type { Pushable, Subscription } from '../model/push';

/** What a mailbox should be subscribed to. */
export interface Subscribing {
  /** Tandem's public address; null where changes are not to be pushed. */
  readonly address: string | null;
  readonly about: readonly Pushable[];
}

export type SubscriptionStep =
  | { readonly kind: 'create'; readonly about: Pushable }
  | { readonly kind: 'renew'; readonly subscription: Subscription }
  | { readonly kind: 'remove'; readonly subscription: Subscription };

/**
 * What to do so that a mailbox is subscribed to what it should be, and to nothing else: what is missing or has run out is made, what has lived half of its life is
 * renewed, and last of all what nobody needs any more is removed. Of two about the same the one that lives longer stays.
 * @param all true to renew whatever is kept, however young: Graph answers that a subscription is gone only to who asks for it
 */
export function planSubscriptions(wanted: Subscribing, have: readonly Subscription[], now: number, all = false): SubscriptionStep[] {
  const live = have.filter(({ until }) => until > now);
  const kept = keptOf(wanted, live);
  const missing = aboutOf(wanted).filter((about) => !kept.some((each) => each.about === about));
  return [
    ...missing.map((about): SubscriptionStep => ({ kind: 'create', about })),
    ...kept.filter((each) => all || isHalfOver(each, now)).map((subscription): SubscriptionStep => ({ kind: 'renew', subscription })),
    ...live.filter((each) => !kept.includes(each)).map((subscription): SubscriptionStep => ({ kind: 'remove', subscription })),
  ];
}

/** True while Exchange tells of every change that it should tell of. */
export function isPushed(wanted: Subscribing, have: readonly Subscription[], now: number): boolean {
  const about = aboutOf(wanted);
  const kept = keptOf(
    wanted,
    have.filter(({ until }) => until > now),
  );
  return about.length > 0 && kept.length === about.length;
}

function aboutOf({ address, about }: Subscribing): readonly Pushable[] {
  return address === null ? [] : about;
}

function keptOf(wanted: Subscribing, live: readonly Subscription[]): Subscription[] {
  return aboutOf(wanted).flatMap((about) => {
    const same = live.filter((each) => each.about === about && each.address === wanted.address);
    return same.sort((one, other) => other.until - one.until).slice(0, 1);
  });
}

function isHalfOver({ since, until }: Subscription, now: number): boolean {
  return now >= since + (until - since) / 2;
}
