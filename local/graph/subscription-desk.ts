import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { WireReply, WireRequest } from '../serving/wire';
import type { Caller } from './access';
import { commonHeaders, GraphFailure, notImplemented, type RequestIds } from './errors';
import type { Exchange } from './exchange';
import type { Notifier } from './notifier';
import { parsePath } from './router';
import type { StoredSubscription } from './subscriptions';

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);
const minute = 60_000;
/** What asks for less lives this long all the same. */
const shortestMinutes = 45;

const address = z.url().refine((text) => loopback.has(new URL(text).hostname), 'is not on this machine');
const time = z.iso.datetime({ offset: true }).transform(Date.parse);

const creation = z.strictObject({
  changeType: z.string().regex(/^(created|updated|deleted)(,(created|updated|deleted))*$/),
  notificationUrl: address,
  lifecycleNotificationUrl: address.nullish(),
  resource: z.string(),
  expirationDateTime: time,
  clientState: z.string().max(128).nullish(),
});
const renewal = z.strictObject({ expirationDateTime: time });

const kinds = { events: 'event', contacts: 'contact', messages: 'message' } as const;

export function isAboutSubscriptions(url: URL): boolean {
  return parsePath(url)?.segments[0]?.toLowerCase() === 'subscriptions';
}

/** The label under which such a request is counted; undefined for any other. */
export function subscriptionLabel({ method, url }: WireRequest): string | undefined {
  if (!isAboutSubscriptions(url)) return undefined;
  const [, id, rest] = parsePath(url)?.segments ?? [];
  return [`${method} subscriptions`, ...(id === undefined ? [] : ['{}']), ...(rest === undefined ? [] : [rest])].join('/');
}

/** Serves `/subscriptions` (Graph subscription docs) for events, contacts and messages of a user, for applications alone. */
export class SubscriptionDesk {
  constructor(
    private readonly exchange: Exchange,
    private readonly notifier: Notifier,
  ) {}

  async serve(request: WireRequest, caller: Caller, origin: string, ids: RequestIds): Promise<WireReply> {
    if (caller.person !== undefined) throw notImplemented('subscriptions of signed-in persons');
    const reply = (status: number, body?: object): WireReply => {
      const { 'content-type': type = '', ...headers } = commonHeaders(ids);
      return body === undefined ? { status, headers } : { status, headers: { ...headers, 'content-type': type }, body };
    };
    const [, id, rest] = parsePath(request.url)?.segments ?? [];
    const shown = (subscription: StoredSubscription) => ({
      '@odata.context': `${origin}/v1.0/$metadata#subscriptions/$entity`,
      ...view(subscription),
    });
    if (id === undefined) {
      if (request.method === 'POST') return reply(201, shown(await this.create(request, caller)));
      if (request.method === 'GET') return reply(200, { value: this.of(caller).map(view) });
      throw notImplemented(`${request.method} on subscriptions`);
    }
    const found = this.of(caller).find((each) => each.id === id.toLowerCase());
    if (found === undefined) throw new GraphFailure(404, 'ResourceNotFound', 'The object was not found.');
    switch (`${request.method} ${rest ?? ''}`) {
      case 'GET ':
        return reply(200, shown(found));
      case 'PATCH ': {
        const renewed = { ...found, expires: this.end(read(renewal, request).expirationDateTime) };
        this.exchange.subscriptions.set(found.id, renewed);
        return reply(200, shown(renewed));
      }
      case 'DELETE ':
        this.exchange.subscriptions.delete(found.id);
        return reply(204);
      case 'POST reauthorize':
        return reply(204);
      default:
        throw notImplemented(`${request.method} ${rest ?? ''} on a subscription`);
    }
  }

  /** Those of the caller that have not run out. */
  private of({ application }: Caller): StoredSubscription[] {
    const now = this.exchange.now();
    for (const { id, expires } of this.exchange.subscriptions.values()) if (expires <= now) this.exchange.subscriptions.delete(id);
    return [...this.exchange.subscriptions.values()].filter((each) => each.application === application.toLowerCase());
  }

  private async create(request: WireRequest, { application }: Caller): Promise<StoredSubscription> {
    const wish = read(creation, request);
    const [, user = '', collection = ''] = /^\/?users\/([^/]+)\/(\w+)$/i.exec(wish.resource) ?? [];
    const kind = Object.entries(kinds).find(([name]) => name === collection.toLowerCase())?.[1];
    if (kind === undefined) throw notImplemented(`subscriptions to '${wish.resource}'`);
    const mailbox = this.exchange.find(decodeURIComponent(user));
    if (mailbox === undefined) throw new GraphFailure(404, 'ResourceNotFound', 'The user is not found.');
    const expires = this.end(wish.expirationDateTime);
    const lifecycleUrl = wish.lifecycleNotificationUrl ?? null;
    for (const url of [wish.notificationUrl, ...(lifecycleUrl === null ? [] : [lifecycleUrl])]) {
      if (this.notifier.canCall && (await this.notifier.validates(url))) continue;
      throw new GraphFailure(
        400,
        'ValidationError',
        'Subscription validation request failed. The notification endpoint must answer with the token.',
      );
    }
    const subscription: StoredSubscription = {
      id: randomUUID(),
      application: application.toLowerCase(),
      resource: wish.resource,
      owner: mailbox.person.objectId,
      kind,
      changeTypes: wish.changeType.split(','),
      notificationUrl: wish.notificationUrl,
      lifecycleUrl,
      clientState: wish.clientState ?? null,
      expires,
    };
    this.exchange.subscriptions.set(subscription.id, subscription);
    return subscription;
  }

  /** When a subscription ends that is to end then. */
  private end(wanted: number): number {
    const now = this.exchange.now();
    const { subscriptionMinutes } = this.exchange.switches;
    if (wanted <= now) throw new GraphFailure(400, 'InvalidRequest', 'Subscription expiration has to be in the future.');
    if (wanted > now + subscriptionMinutes * minute)
      throw new GraphFailure(400, 'InvalidRequest', `Subscription expiration can only be ${subscriptionMinutes} minutes in the future.`);
    return Math.max(wanted, now + shortestMinutes * minute);
  }
}

/** As Graph shows it: never with what its notifications carry. */
function view({ id, application, resource, changeTypes, notificationUrl, lifecycleUrl, expires }: StoredSubscription): object {
  return {
    id,
    resource,
    applicationId: application,
    changeType: changeTypes.join(','),
    clientState: null,
    notificationUrl,
    lifecycleNotificationUrl: lifecycleUrl,
    expirationDateTime: new Date(expires).toISOString(),
    creatorId: application,
  };
}

function read<S extends z.ZodType>(schema: S, request: WireRequest): z.output<S> {
  let content: unknown;
  try {
    content = JSON.parse(request.body);
  } catch {
    throw new GraphFailure(400, 'BadRequest', 'Unable to read JSON request payload.');
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new GraphFailure(400, 'InvalidRequest', `${issue?.path.join('/') ?? ''}: ${issue?.message ?? 'is invalid'}`);
}
