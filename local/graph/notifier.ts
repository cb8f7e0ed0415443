import { tenantId } from '../company/people';
import type { Exchange } from './exchange';
import { folders, type Happening, type Item, type Mailbox, type ShelfKind } from './mailbox';
import type { LifecycleEvent, StoredSubscription } from './subscriptions';
import { etagOf } from './versions';

/** Graph gives up waiting for a validation after this long. */
const answerMs = 10_000;
/** A notification that is not taken is sent so often, so far apart; Graph itself goes on for four hours. */
const attempts = 4;
const againMs = 1_000;

const names = { event: 'Event', contact: 'Contact', message: 'Message' } as const;

/** Tells subscribers on this machine what changes, as Graph does: at least once, in no promised order, several in one request. */
export class Notifier {
  private readonly outbox = new Map<string, object[]>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly end = new AbortController();

  /** @param canCall false where nobody may be called at all */
  constructor(
    private readonly exchange: Exchange,
    readonly canCall: boolean,
  ) {
    for (const mailbox of exchange.all())
      mailbox.watcher = (kind, item, folder, what) => {
        if (exchange.subscriptions.size > 0) this.happened(mailbox, kind, item, folder, what);
      };
  }

  stop(): void {
    this.end.abort();
    for (const timer of this.timers) clearTimeout(timer);
  }

  /** Whether an address answers a validation with its token, as text. */
  async validates(url: string): Promise<boolean> {
    const token = `Validation: Testing client application reachability for subscription Request-Id: ${crypto.randomUUID()} <&>`;
    const address = new URL(url);
    address.searchParams.append('validationToken', token);
    try {
      const reply = await this.post(address.href, 'text/plain; charset=utf-8', '');
      return reply.status === 200 && (reply.headers.get('content-type') ?? '').startsWith('text/plain') && (await reply.text()) === token;
    } catch {
      return false;
    }
  }

  /** Tells a subscriber about the subscription itself. */
  lifecycle(subscription: StoredSubscription, lifecycleEvent: LifecycleEvent): void {
    if (subscription.lifecycleUrl !== null) this.put(subscription.lifecycleUrl, { ...headOf(subscription), lifecycleEvent });
  }

  private happened(
    mailbox: Mailbox,
    kind: ShelfKind,
    item: Pick<Item, 'key' | 'placement' | 'version'>,
    folder: number,
    what: Happening,
  ): void {
    if ((kind === 'event' && folder !== folders.calendar) || (kind === 'contact' && folder !== folders.contacts)) return;
    const owner = mailbox.person.objectId;
    for (const subscription of this.exchange.subscriptions.values()) {
      const wants = subscription.owner === owner && subscription.kind === kind && subscription.changeTypes.includes(what);
      if (!wants || subscription.expires <= this.exchange.now()) continue;
      const id = mailbox.idOf(kind, item, 'usual');
      const resource = `Users/${owner}/${names[subscription.kind]}s/${id}`;
      this.put(subscription.notificationUrl, {
        ...headOf(subscription),
        changeType: what,
        resource,
        resourceData: {
          '@odata.type': `#Microsoft.Graph.${names[subscription.kind]}`,
          '@odata.id': resource,
          '@odata.etag': etagOf(owner, item.version),
          id,
        },
      });
    }
  }

  /** What waits for the same address leaves in one request. */
  private put(url: string, notification: object): void {
    const { notifications, notificationDelayMs } = this.exchange.switches;
    if (notifications === 'lose') return;
    const copies = notifications === 'duplicate' ? [notification, notification] : [notification];
    const waiting = this.outbox.get(url);
    if (waiting !== undefined) {
      waiting.push(...copies);
      return;
    }
    this.outbox.set(url, copies);
    this.after(notificationDelayMs, () => {
      const value = this.outbox.get(url) ?? [];
      this.outbox.delete(url);
      void this.deliver(url, JSON.stringify({ value }), attempts);
    });
  }

  private async deliver(url: string, body: string, left: number): Promise<void> {
    const status = await this.post(url, 'application/json; charset=utf-8', body).then(
      (reply) => reply.status,
      () => 0,
    );
    if ((status < 200 || status >= 300) && left > 1) this.after(againMs, () => void this.deliver(url, body, left - 1));
  }

  private post(url: string, type: string, body: string): Promise<Response> {
    const signal = AbortSignal.any([this.end.signal, AbortSignal.timeout(answerMs)]);
    return fetch(url, { method: 'POST', headers: { 'content-type': type }, body, redirect: 'manual', signal });
  }

  private after(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      run();
    }, ms);
    timer.unref();
    this.timers.add(timer);
  }
}

function headOf({ id, expires, clientState }: StoredSubscription): object {
  return {
    subscriptionId: id,
    subscriptionExpirationDateTime: new Date(expires).toISOString().replace('Z', '+00:00'),
    clientState,
    tenantId,
  };
}
