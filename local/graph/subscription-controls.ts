import { z } from 'zod';
import type { Exchange } from './exchange';
import type { Notifier } from './notifier';
import { lifecycleEvents, type StoredSubscription } from './subscriptions';

const ending = z.strictObject({
  user: z.string().optional(),
  /** Whether the subscriber hears of it. */
  tell: z.boolean().default(true),
});
const telling = z.strictObject({ user: z.string().optional(), event: z.enum(lifecycleEvents) });

/** What can happen to subscriptions that no request does. Every control answers with how many it was about. */
export function subscriptionControls(exchange: Exchange, notifier: Notifier): Record<string, (body: unknown) => unknown> {
  const of = (user: string | undefined): StoredSubscription[] => {
    const owner = user === undefined ? undefined : exchange.find(user)?.person.objectId;
    if (user !== undefined && owner === undefined) throw new Error(`Nobody in this company has the id or address '${user}'.`);
    return [...exchange.subscriptions.values()].filter((each) => owner === undefined || each.owner === owner);
  };
  return {
    /** Ends the subscriptions of one user or of all, as Graph does after a password change, for example. */
    endSubscriptions(body) {
      const { user, tell } = ending.parse(body ?? {});
      const ended = of(user);
      for (const each of ended) {
        exchange.subscriptions.delete(each.id);
        if (tell) notifier.lifecycle(each, 'subscriptionRemoved');
      }
      return { ended: ended.length };
    },
    /** Sends a lifecycle notification for each subscription of one user or of all. */
    tellLifecycle(body) {
      const { user, event } = telling.parse(body ?? {});
      const told = of(user);
      for (const each of told) notifier.lifecycle(each, event);
      return { told: told.length };
    },
    /** Who is subscribed to what, and until when. */
    subscriptions(body) {
      const { user } = z.strictObject({ user: z.string().optional() }).parse(body ?? {});
      return of(user).map(({ id, resource, expires }) => ({ id, resource, expires: new Date(expires).toISOString() }));
    },
  };
}
