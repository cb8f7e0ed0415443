import { z } from 'zod';
import type { Pushable } from '../model/push';
import { errorCodes, TandemError } from '../platform/errors';
import { runChain } from './batch';
import { unexpected } from './errors';
import type { Graph, GraphPart } from './graph';
import { userPath } from './requests';

/** What Graph is asked to tell, and whom. */
export interface SubscriptionWish {
  /** Entra object id of the mailbox's owner. */
  readonly userId: string;
  readonly about: Pushable;
  /** Gets notifications of changes; its query comes along with each. */
  readonly notificationUrl: string;
  /** Gets what becomes of the subscription itself. Can be said only when it is made. */
  readonly lifecycleUrl: string;
  /** Comes along with each notification, and proves that Graph sends it. At most 128 characters. */
  readonly clientState: string;
}

/** Graph's change notifications for mailboxes. Every method throws TandemError. */
export interface Subscriptions {
  /** Graph calls both addresses before it answers. Until when the subscription lives is UTC ms. A lost answer leaves one that ends by itself. */
  create(wish: SubscriptionWish): Promise<{ readonly id: string; readonly until: number }>;
  /** Lets it live on, which also confirms that it may; returns until when, UTC ms, or null where it is gone. */
  renew(id: string): Promise<number | null>;
  /** One that is gone already is a success. */
  remove(id: string): Promise<void>;
}

/** Less than every limit that Graph's pages have named for events, contacts and messages: 4,230 minutes in older ones, 10,080 in newer ones. */
const lifeMs = 4_200 * 60_000;

const reply = z.looseObject({ id: z.string(), expirationDateTime: z.string().transform(Date.parse).pipe(z.number()) });

export function createSubscriptions(graph: Graph): Subscriptions {
  async function send(part: GraphPart): Promise<unknown> {
    const [answer] = await runChain(graph, [part]);
    if (answer === undefined) throw unexpected('a request about a subscription has no answer');
    if (!answer.ok) throw answer.error;
    return answer.body;
  }

  /** What a request comes to, or null where the subscription is gone. */
  async function unlessGone<T>(request: Promise<T>): Promise<T | null> {
    try {
      return await request;
    } catch (error) {
      if (error instanceof TandemError && error.code === errorCodes.gone) return null;
      throw error;
    }
  }

  const expiration = (): string => new Date(graph.now() + lifeMs).toISOString();

  return {
    async create({ userId, about, notificationUrl, lifecycleUrl, clientState }) {
      const { id, expirationDateTime } = parsed(
        await send({
          method: 'POST',
          url: '/subscriptions',
          headers: {},
          body: {
            changeType: 'created,updated,deleted',
            notificationUrl,
            lifecycleNotificationUrl: lifecycleUrl,
            resource: `${userPath(userId).slice(1)}/${collections[about]}`,
            expirationDateTime: expiration(),
            clientState,
          },
        }),
      );
      return { id, until: expirationDateTime };
    },
    async renew(id) {
      const part = { method: 'PATCH', url: urlOf(id), headers: {}, body: { expirationDateTime: expiration() } } as const;
      return unlessGone(send(part).then((body) => parsed(body).expirationDateTime));
    },
    async remove(id) {
      await unlessGone(send({ method: 'DELETE', url: urlOf(id), headers: {} }));
    },
  };
}

const collections: Readonly<Record<Pushable, string>> = { calendar: 'events', contacts: 'contacts', mail: 'messages' };

function urlOf(id: string): string {
  return `/subscriptions/${encodeURIComponent(id)}`;
}

function parsed(body: unknown): z.output<typeof reply> {
  const { success, data } = reply.safeParse(body);
  if (!success) throw unexpected('an answer about a subscription has no id or no end');
  return data;
}
