import { ReadyList } from './ready-list';
import type { MessageLock, StoredMessage } from './stored-message';

/** Whoever takes messages from a lane; outside tests that is a receiver link of a client. */
export interface Consumer {
  /** The link name, by which `$management` requests say whom they speak for. */
  readonly name: string;
  readonly mode: 'peekLock' | 'receiveAndDelete';
  /** How many more messages it can take now. */
  room(): number;
  /** `lock` is absent where the message was deleted on delivery. */
  deliver(message: StoredMessage, lock: MessageLock | undefined): void;
  /** Called when everything that could be handed out has been. */
  settleDown(): void;
  sessionLost(): void;
}

/** An ordered row of ready messages with the consumers that share it: a plain queue has one, a queue with sessions one per session. */
export class Lane {
  readonly ready = new ReadyList();
  #consumers: Consumer[] = [];
  #awake = false;

  constructor(private readonly hand: (message: StoredMessage, consumer: Consumer) => void) {}

  add(message: StoredMessage): void {
    this.ready.add(message);
    this.wake();
  }

  join(consumer: Consumer): void {
    this.#consumers.push(consumer);
    this.wake();
  }

  leave(consumer: Consumer): void {
    this.#consumers = this.#consumers.filter((other) => other !== consumer);
  }

  /** Hands out what there is in the next turn of the event loop, so that a burst of sends is one round of deliveries. */
  wake(): void {
    if (this.#awake || this.#consumers.length === 0) return;
    this.#awake = true;
    setImmediate(() => {
      this.#awake = false;
      this.#handOut();
    });
  }

  #handOut(): void {
    let full = 0;
    while (this.ready.size > 0 && full < this.#consumers.length) {
      const consumer = this.#consumers.shift();
      if (consumer === undefined) return;
      this.#consumers.push(consumer);
      const message = consumer.room() > 0 ? this.ready.takeFirst() : undefined;
      if (message === undefined) full += 1;
      else {
        full = 0;
        this.hand(message, consumer);
      }
    }
    for (const consumer of this.#consumers) consumer.settleDown();
  }
}
