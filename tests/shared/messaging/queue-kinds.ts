import { ServiceBusClient, type ServiceBusReceivedMessage, type ServiceBusReceiver } from '@azure/service-bus';
import { startServiceBus } from '../../../local/service-bus';
import { VirtualClock } from '../../../local/simulation/virtual-clock';
import { type Rejected, Wakes } from '../../../local/simulation/wakes';
import { queues } from '../../../local/stack/queues';
import { createTokenSource } from '../../../shared/auth/token-source';
import type { PollMessage, WakeUp } from '../../../shared/messaging/messages';
import { createMessenger, type Messenger } from '../../../shared/messaging/senders';
import { testConfig } from '../test-config';

export interface Received {
  readonly wakeUp: WakeUp;
  readonly deliveries: number;
  complete(): Promise<void>;
  abandon(): Promise<void>;
}

export interface Holder {
  readonly session: string;
  /** The next message that is due; null where none comes. */
  receive(): Promise<Received | null>;
  close(): Promise<void>;
}

/** One kind of queue, from both its ends. */
export interface QueueKind {
  readonly messenger: Messenger;
  now(): number;
  pass(ms: number): Promise<void>;
  /** Rejects where another holds it. Without a name: the session that has waited longest. */
  accept(session?: string): Promise<Holder>;
  polls(): Promise<PollMessage[]>;
  rejected(): Promise<Rejected[]>;
  deadLetters(): Promise<WakeUp[]>;
  close(): Promise<void>;
}

export const queueKinds = { 'the Service Bus stand-in': onTheWire, memory: inMemory } as const;
export const kindNames = Object.keys(queueKinds) as (keyof typeof queueKinds)[];

/** How long is waited for what is there, and for what is not. */
const arrivesMs = 20_000;
const shortlyMs = 300;

async function onTheWire(): Promise<QueueKind> {
  const bus = await startServiceBus({ queues });
  const config = testConfig({ ServiceBus: bus.connectionString });
  const messenger = createMessenger(config, createTokenSource(config));
  const client = new ServiceBusClient(bus.connectionString, { retryOptions: { maxRetries: 0, timeoutInMs: arrivesMs } });
  const wait = (isThere: boolean) => ({ maxWaitTimeInMs: isThere ? arrivesMs : shortlyMs });
  // A receiver that deletes what it gets waits until it has as many as it asked for.
  const all = (receiver: ServiceBusReceiver, count: number) => receiver.receiveMessages(Math.max(1, count), wait(count > 0));
  async function drained(queue: string, sessionId?: string): Promise<ServiceBusReceivedMessage[]> {
    const mode = { receiveMode: 'receiveAndDelete' } as const;
    const receiver = sessionId === undefined ? client.createReceiver(queue, mode) : await client.acceptSession(queue, sessionId, mode);
    const found = await all(receiver, bus.counts(queue).active);
    await receiver.close();
    return found;
  }
  async function isDue(session: string): Promise<boolean> {
    const receiver = client.createReceiver('wakeups');
    const found = await receiver.peekMessages(100);
    await receiver.close();
    return found.some(({ sessionId, state }) => sessionId === session && state === 'active');
  }
  return {
    messenger,
    now: Date.now,
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    async accept(session) {
      const held = session === undefined ? await client.acceptNextSession('wakeups') : await client.acceptSession('wakeups', session);
      return {
        session: held.sessionId,
        async receive() {
          const [message] = await held.receiveMessages(1, wait(await isDue(held.sessionId)));
          if (message === undefined) return null;
          return {
            wakeUp: message.body as WakeUp,
            deliveries: message.deliveryCount ?? 0,
            complete: () => held.completeMessage(message),
            abandon: () => held.abandonMessage(message),
          };
        },
        close: () => held.close(),
      };
    },
    polls: async () => (await drained('polls', 'one|task')).map(({ body }) => body as PollMessage),
    async rejected() {
      return (await drained('rejected')).map(({ body, applicationProperties = {} }) => ({
        queue: String(applicationProperties.Queue),
        body,
        reason: String(applicationProperties.DeadLetterErrorDescription),
        sessionId: applicationProperties.SessionId === undefined ? undefined : String(applicationProperties.SessionId),
      }));
    },
    async deadLetters() {
      const receiver = client.createReceiver('wakeups', { subQueueType: 'deadLetter', receiveMode: 'receiveAndDelete' });
      const found = await all(receiver, bus.counts('wakeups').deadLettered);
      await receiver.close();
      return found.map(({ body }) => body as WakeUp);
    },
    async close() {
      await messenger.close();
      await client.close();
      await bus.close();
    },
  };
}

async function inMemory(): Promise<QueueKind> {
  const clock = new VirtualClock();
  const wakes = new Wakes(clock.now);
  return {
    messenger: wakes,
    now: clock.now,
    pass: async (ms) => clock.advance(ms),
    async accept(session) {
      const held = wakes.accept(session);
      if (held === null) throw new Error('No session has messages.');
      return {
        session: held.session,
        async receive() {
          const delivery = held.receive();
          if (delivery === null) return null;
          const { wakeUp, deliveries = 0 } = delivery;
          return { wakeUp, deliveries, complete: async () => delivery.complete(), abandon: async () => delivery.abandon() };
        },
        close: async () => held.close(),
      };
    },
    polls: async () => wakes.polls.splice(0),
    rejected: async () => wakes.rejected.splice(0),
    deadLetters: async () => wakes.deadLetters.splice(0).map(({ wakeUp }) => wakeUp),
    close: () => wakes.close(),
  };
}
