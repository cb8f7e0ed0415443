import { type Container, create_container, type EventContext, type link as Link, type Receiver, type Sender } from 'rhea';
import { asFault, entityNotFound } from './faults';
import { MAX_MESSAGE_BYTES, takeMessages } from './intake';
import { manage } from './management';
import type { Queue } from './queue';
import { answerRequests, openReplyLink } from './requests';
import { closeWith } from './rhea-links';
import { Subscriber } from './subscriber';

type Node = { kind: 'authorization' } | { kind: 'management'; queue: Queue } | { kind: 'queue'; queue: Queue };

/** The AMQP endpoint: gives every link a client opens to whom it belongs, and takes it away when link, session or connection end. */
export class Broker {
  readonly container: Container;
  readonly #subscribers = new Set<Subscriber>();

  /** `queues` by lower-case name. */
  constructor(private readonly queues: ReadonlyMap<string, Queue>) {
    this.container = create_container({
      id: 'service-bus-stand-in',
      sender_options: { autosettle: false, treat_modified_as_released: false },
      receiver_options: { autoaccept: false, credit_window: 0, max_message_size: MAX_MESSAGE_BYTES },
    });
    this.container.sasl_server_mechanisms.enable_anonymous();
    this.container.on('sender_open', ({ sender }: EventContext) => sender && this.#open(sender, () => this.#openSender(sender)));
    this.container.on(
      'receiver_open',
      ({ receiver }: EventContext) => receiver && this.#open(receiver, () => this.#openReceiver(receiver)),
    );
    this.container.on('session_close', ({ session }: EventContext) => this.#drop(({ link }) => link.session === session));
    for (const end of ['connection_close', 'disconnected']) {
      this.container.on(end, ({ connection }: EventContext) => this.#drop(({ link }) => link.connection === connection));
    }
    this.container.on('error', (error: unknown) => console.error('The Service Bus stand-in failed:', error));
  }

  /** Throws `not-found` when there is no such queue, dead-letter queue or system node. */
  find(address: string | undefined): Node {
    const path = (address ?? '').toLowerCase().replace(/^\/|\/$/g, '');
    if (path === '$cbs') return { kind: 'authorization' };
    const [, entity = '', deadLetter, management] = /^(.*?)(\/\$deadletterqueue)?(\/\$management)?$/.exec(path) ?? [];
    const queue = deadLetter === undefined ? this.queues.get(entity) : this.queues.get(entity)?.deadLetters;
    if (queue === undefined) throw entityNotFound(address ?? '');
    return { kind: management === undefined ? 'queue' : 'management', queue };
  }

  #open(link: Link, open: () => void): void {
    try {
      open();
    } catch (error) {
      closeWith(link, asFault(error));
    }
  }

  /** A client's receiver: we send. */
  #openSender(link: Sender): void {
    const node = this.find(link.source?.address);
    if (node.kind !== 'queue') {
      openReplyLink(link);
      return;
    }
    const subscriber = new Subscriber(link, node.queue);
    link.on('sender_close', () => this.#drop((other) => other === subscriber));
    this.#subscribers.add(subscriber);
    subscriber.start();
  }

  /** A client's sender: we receive. */
  #openReceiver(link: Receiver): void {
    const address = link.target?.address;
    link.set_target({ address });
    if (link.source) link.set_source(link.source);
    const node = this.find(address);
    switch (node.kind) {
      case 'authorization':
        answerRequests(link, () => ({ statusCode: 202, statusDescription: 'Accepted' }));
        break;
      case 'management':
        answerRequests(link, (request) => manage(node.queue, request));
        break;
      case 'queue':
        takeMessages(link, node.queue);
        break;
    }
  }

  #drop(isGone: (subscriber: Subscriber) => boolean): void {
    for (const subscriber of [...this.#subscribers].filter(isGone)) {
      this.#subscribers.delete(subscriber);
      subscriber.stop();
    }
  }
}
