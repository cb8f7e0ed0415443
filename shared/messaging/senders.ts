import { randomUUID } from 'node:crypto';
import { ServiceBusClient, type ServiceBusMessage, type ServiceBusSender } from '@azure/service-bus';
import type { TokenSource } from '../auth/token-source';
import type { Config } from '../platform/config';
import { errorCodes, TandemError } from '../platform/errors';
import { spanned, traceParent } from '../platform/tracing';
import { messageError } from './message-error';
import { type Assignment, type PollMessage, pollSession, queueNames, type WakeUp, wakeUpSession } from './messages';

export interface WakeOptions {
  /** When it is to be delivered, UTC ms; at once where absent or past. */
  readonly at?: number;
  /** An id that duplicate detection goes by; a new one where absent. */
  readonly id?: string;
}

export interface PollOptions extends Pick<WakeOptions, 'at'> {
  readonly id: string;
  readonly ttlMs: number;
}

/** Sends messages. Every method throws TandemError, and then the message may or may not have arrived. */
export interface Messenger {
  /** Asks for a poll, at once or `at` a time (UTC ms); duplicates of the id are dropped, and `ttlMs` after it was due nobody needs it any more. */
  sendPoll(message: PollMessage, options: PollOptions): Promise<void>;
  wake(wakeUp: WakeUp, options?: WakeOptions): Promise<void>;
  /** Many wake-ups in few requests. Not all or none: a failure may leave some sent. */
  wakeMany(wakeUps: readonly { readonly wakeUp: WakeUp; readonly options?: WakeOptions }[]): Promise<void>;
  /** Tells of a record that may have become somebody's. Duplicates of what is told in the same attempt are dropped. */
  notify(assignment: Assignment, options?: Pick<WakeOptions, 'at'>): Promise<void>;
  /** Puts a copy of an unreadable message into the queue `rejected`, with the reason as its dead-letter properties. */
  reject(queue: string, body: unknown, reason: string, sessionId?: string): Promise<void>;
  close(): Promise<void>;
}

/** What is kept of an unreadable message, in characters: enough to see what it was. */
const longestBody = 32_000;
const longestReason = 1_000;
const retries = 3;

/** A messenger over the Service Bus namespace of the settings. It connects at the first send. */
export function createMessenger(config: Config, tokens: TokenSource): Messenger {
  let client: ServiceBusClient | undefined;
  const senders = new Map<string, ServiceBusSender>();

  function senderOf(queue: string): ServiceBusSender {
    client ??= openClient(config, tokens);
    const sender = senders.get(queue) ?? client.createSender(queue);
    senders.set(queue, sender);
    return sender;
  }

  function send(queue: string, messages: readonly ServiceBusMessage[]): Promise<void> {
    return spanned('send', 'send', { 'tandem.queue': queue, 'tandem.messages': messages.length }, async () => {
      try {
        const sender = senderOf(queue);
        const marked = withOrigin(messages);
        const [only] = marked;
        if (marked.length === 1 && only !== undefined) await sender.sendMessages(only);
        else await sendInBatches(sender, marked);
      } catch (error) {
        throw messageError(error);
      }
    });
  }

  return {
    sendPoll: (message, { id, ttlMs, at }) =>
      send(queueNames.polls, [{ ...json(message), ...due(at), messageId: id, sessionId: pollSession(message), timeToLive: ttlMs }]),
    wake: (wakeUp, options) => send(queueNames.wakeUps, [wakeUpMessage(wakeUp, options)]),
    wakeMany: (wakeUps) =>
      send(
        queueNames.wakeUps,
        wakeUps.map(({ wakeUp, options }) => wakeUpMessage(wakeUp, options)),
      ),
    notify: (assignment, { at } = {}) =>
      send(queueNames.assignments, [{ ...json(assignment), ...due(at), messageId: assignmentId(assignment) }]),
    reject: (queue, body, reason, sessionId) => send(queueNames.rejected, [rejected(queue, body, reason, sessionId)]),
    async close() {
      await client?.close();
      client = undefined;
      senders.clear();
    },
  };
}

/** A client of the namespace of the settings, with bounded waits. */
export function openClient({ serviceBus, requestTimeoutMs }: Config, tokens: TokenSource): ServiceBusClient {
  const options = { retryOptions: { timeoutInMs: requestTimeoutMs, maxRetries: retries } };
  switch (serviceBus.by) {
    case 'connectionString':
      return new ServiceBusClient(serviceBus.connectionString, options);
    case 'identity':
      return new ServiceBusClient(serviceBus.fullyQualifiedNamespace, tokens.asTokenCredential(), options);
  }
}

/** Lets whoever serves a message name the trace in which it was sent. */
function withOrigin(messages: readonly ServiceBusMessage[]): readonly ServiceBusMessage[] {
  const traceparent = traceParent();
  if (traceparent === null) return messages;
  return messages.map((message) => ({ ...message, applicationProperties: { ...message.applicationProperties, traceparent } }));
}

function wakeUpMessage(wakeUp: WakeUp, { at, id }: WakeOptions = {}): ServiceBusMessage {
  return {
    ...json(wakeUp),
    messageId: id ?? randomUUID(),
    sessionId: wakeUpSession(wakeUp),
    ...due(at),
  };
}

function due(at: number | undefined): Pick<ServiceBusMessage, 'scheduledEnqueueTimeUtc'> {
  return at === undefined ? {} : { scheduledEnqueueTimeUtc: new Date(at) };
}

function rejected(queue: string, body: unknown, reason: string, sessionId: string | undefined): ServiceBusMessage {
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
  return {
    body: text.slice(0, longestBody),
    contentType: 'text/plain',
    messageId: randomUUID(),
    applicationProperties: {
      DeadLetterReason: errorCodes.badMessage,
      DeadLetterErrorDescription: reason.slice(0, longestReason),
      Queue: queue,
      ...(sessionId === undefined ? {} : { SessionId: sessionId }),
    },
  };
}

/** At most 128 characters, as Service Bus wants it. */
export function assignmentId({ integration, table, id, before, now, attempt }: Assignment): string {
  return [integration, table, id, now?.version ?? `-${before?.version ?? ''}`, attempt].join('|');
}

function json(body: PollMessage | WakeUp | Assignment): Pick<ServiceBusMessage, 'body' | 'contentType'> {
  return { body, contentType: 'application/json' };
}

async function sendInBatches(sender: ServiceBusSender, messages: readonly ServiceBusMessage[]): Promise<void> {
  let batch = await sender.createMessageBatch();
  for (const message of messages) {
    if (batch.tryAddMessage(message)) continue;
    await sender.sendMessages(batch);
    batch = await sender.createMessageBatch();
    if (!batch.tryAddMessage(message)) {
      throw new TandemError(errorCodes.refused, { retry: 'never', fix: 'Report it.', detail: 'a message is too long for a batch' });
    }
  }
  if (batch.count > 0) await sender.sendMessages(batch);
}
