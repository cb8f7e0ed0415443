import { randomUUID } from 'node:crypto';
import type { ServiceBusClient, ServiceBusMessage, ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import type { TokenSource } from '../auth/token-source';
import type { Config } from '../platform/config';
import type { Page } from '../storage/integrations';
import { messageError } from './message-error';
import { queueNames } from './messages';
import { openClient } from './senders';

/** The queues whose messages can die. What does not parse goes to `rejected`, which the app may only send to. */
export const mortalQueues = [queueNames.polls, queueNames.wakeUps, queueNames.assignments] as const;
export type MortalQueue = (typeof mortalQueues)[number];

/** A message that was delivered too often. */
export interface DeadLetter {
  /** Its number in the dead-letter queue; names it as long as it is there. */
  readonly number: string;
  /** When it was sent, UTC ms; null where the queue does not say. */
  readonly sentAt: number | null;
  readonly deliveries: number;
  /** Why it died, in the words of Service Bus. */
  readonly reason: string | null;
  /** Whose work it was: feed or mailbox; null for an assignment. */
  readonly session: string | null;
  /** What it asks for. Messages hold ids and nothing else. */
  readonly body: unknown;
}

/** The dead-letter queues, and how long the queues themselves wait. All throw TandemError. */
export interface DeadLetters {
  /** A page, oldest first. Nothing is locked or changed. */
  list(queue: MortalQueue, page: { readonly limit: number; readonly cursor: string | null }): Promise<Page<DeadLetter>>;
  /** How many there are in the dead-letter queue, `most` at most. */
  count(queue: MortalQueue, most: number): Promise<number>;
  /**
   * Since when the oldest message that is due has waited in the queue itself, UTC ms; null where none waits among the first 1,000. What is only scheduled does
   * not wait yet. A queue with sessions may be looked into without one (Service Bus docs, "Message browsing").
   */
  oldestWaiting(queue: MortalQueue): Promise<number | null>;
  /**
   * Sends messages anew and takes them out of the dead-letter queue: those with the given numbers, or all; 200 a call. A failure may leave one in both places, which is
   * harmless: what a message asks for can be done twice.
   */
  redrive(queue: MortalQueue, numbers: readonly string[] | null): Promise<{ readonly redriven: number; readonly complete: boolean }>;
}

const peekedAtOnce = 100;
/** What one call looks through. */
const mostPeeked = 5_000;
const mostReceived = 1_000;
const mostRedriven = 200;
/** How long an empty queue is waited for, in ms. */
const patience = 1_000;

/** Dead letters over the Service Bus namespace of the settings. It connects for each call: they are rare. */
export function createDeadLetters(config: Config, tokens: TokenSource): DeadLetters {
  async function within<T>(queue: MortalQueue, work: (receiver: ServiceBusReceiver, client: ServiceBusClient) => Promise<T>): Promise<T> {
    const client = openClient(config, tokens);
    try {
      return await work(client.createReceiver(queue, { subQueueType: 'deadLetter' }), client);
    } catch (error) {
      throw messageError(error);
    } finally {
      await client.close();
    }
  }

  return {
    list: (queue, { limit, cursor }) =>
      within(queue, async (receiver) => {
        const found: DeadLetter[] = [];
        for await (const message of peeked(receiver, mostPeeked)) {
          const letter = letterOf(message);
          if (cursor !== null && BigInt(letter.number) <= BigInt(cursor)) continue;
          if (found.length === limit) return { items: found, next: found.at(-1)?.number ?? null };
          found.push(letter);
        }
        return { items: found, next: null };
      }),
    count: (queue, most) =>
      within(queue, async (receiver) => {
        let count = 0;
        for await (const _ of peeked(receiver, most)) count += 1;
        return count;
      }),
    oldestWaiting: (queue) =>
      within(queue, async (_, client) => {
        for await (const message of peeked(client.createReceiver(queue), mostReceived))
          if (message.state === 'active') return message.enqueuedTimeUtc?.getTime() ?? null;
        return null;
      }),
    redrive: (queue, numbers) =>
      within(queue, async (receiver, client) => {
        const sender = client.createSender(queue);
        const wanted = numbers === null ? null : new Set(numbers);
        const most = Math.min(mostRedriven, wanted?.size ?? mostRedriven);
        const others: ServiceBusReceivedMessage[] = [];
        let redriven = 0;
        while (redriven < most && redriven + others.length < mostReceived) {
          const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: patience });
          if (message === undefined) break;
          if (wanted !== null && !wanted.has(numberOf(message))) {
            others.push(message);
            continue;
          }
          await sender.sendMessages(copyOf(message));
          await receiver.completeMessage(message);
          redriven += 1;
        }
        for (const message of others) await receiver.abandonMessage(message);
        return { redriven, complete: wanted === null ? (await receiver.peekMessages(1)).length === 0 : redriven === wanted.size };
      }),
  };
}

/** The messages from the first on, none of them locked. */
async function* peeked(receiver: ServiceBusReceiver, most: number): AsyncGenerator<ServiceBusReceivedMessage> {
  for (let count = 0; count < most; ) {
    const messages = await receiver.peekMessages(Math.min(peekedAtOnce, most - count));
    if (messages.length === 0) return;
    count += messages.length;
    yield* messages;
  }
}

function letterOf(message: ServiceBusReceivedMessage): DeadLetter {
  return {
    number: numberOf(message),
    sentAt: message.enqueuedTimeUtc?.getTime() ?? null,
    deliveries: message.deliveryCount ?? 0,
    reason: message.deadLetterReason ?? null,
    session: message.sessionId ?? null,
    body: message.body,
  };
}

function numberOf({ sequenceNumber }: ServiceBusReceivedMessage): string {
  return sequenceNumber?.toString() ?? '';
}

/** The same message under a new id, which duplicate detection has not seen. */
function copyOf({ body, contentType, sessionId }: ServiceBusReceivedMessage): ServiceBusMessage {
  return {
    body: body as unknown,
    messageId: randomUUID(),
    ...(contentType === undefined ? {} : { contentType }),
    ...(sessionId === undefined ? {} : { sessionId }),
  };
}
