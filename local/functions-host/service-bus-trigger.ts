import { setTimeout as sleep } from 'node:timers/promises';
import {
  isServiceBusError,
  type ServiceBusClient,
  type ServiceBusReceivedMessage,
  type ServiceBusReceiver,
  type ServiceBusSessionReceiver,
} from '@azure/service-bus';
import type { ServiceBusSettings } from './host-json';
import type { Invoker } from './invocation';
import type { Logger } from './logging';
import { describeError } from './problem';
import { messageInvocation } from './service-bus-messages';

export interface ServiceBusTrigger {
  readonly functionName: string;
  readonly bindingName: string;
  readonly queueName: string;
  readonly connection: string;
  readonly hasSessions: boolean;
  /** The function's own choice; host.json decides where it makes none. */
  readonly autoComplete: boolean | undefined;
  readonly isBinary: boolean;
}

/** How long to wait before the next try when the queue cannot be reached, in ms. */
const RETRY_DELAY = 500;

/**
 * Feeds one function from one queue, a message an invocation: up to `maxConcurrentSessions` sessions at once, each in order, or up to
 * `maxConcurrentCalls` messages at once. A message is completed when the function succeeds and abandoned when it throws; locks are renewed.
 * Source: "Azure Service Bus bindings for Azure Functions", host.json settings.
 */
export class ServiceBusDriver {
  private readonly stopping = new AbortController();
  /** One a session that is awaited or served; not one signal for all, because the SDK leaves a listener on it at each accept. */
  private readonly rounds = new Set<AbortController>();
  private workers: Promise<void>[] = [];
  private lastTrouble = '';

  constructor(
    private readonly trigger: ServiceBusTrigger,
    private readonly settings: ServiceBusSettings,
    private readonly client: ServiceBusClient,
    private readonly invoker: Invoker,
    private readonly log: Logger,
  ) {}

  start(): void {
    const { hasSessions } = this.trigger;
    const count = hasSessions ? this.settings.maxConcurrentSessions : 1;
    this.workers = Array.from({ length: count }, () => (hasSessions ? this.serveSessions() : this.serveMessages()));
  }

  /** Takes no further message and resolves when those at hand are settled. */
  async stop(): Promise<void> {
    this.stopping.abort();
    for (const round of this.rounds) round.abort();
    await Promise.all(this.workers);
  }

  private async serveSessions(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const round = new AbortController();
      this.rounds.add(round);
      const session = await this.nextSession(round.signal);
      if (session !== undefined) {
        await this.serveSession(session, round.signal).catch((error) => this.report(error));
        await session.close().catch(() => undefined);
      }
      this.rounds.delete(round);
    }
  }

  private async nextSession(signal: AbortSignal): Promise<ServiceBusSessionReceiver | undefined> {
    try {
      const accepting = this.client.acceptNextSession(this.trigger.queueName, {
        abortSignal: signal,
        maxAutoLockRenewalDurationInMs: this.settings.maxAutoLockRenewalDuration,
        skipParsingBodyAsJson: true,
      });
      const session = await unlessAborted(accepting, signal);
      if (session === undefined) accepting.then((late) => late.close()).catch(() => undefined);
      this.lastTrouble = '';
      return session;
    } catch (error) {
      if (signal.aborted || (isServiceBusError(error) && error.code === 'ServiceTimeout')) return undefined;
      this.report(error);
      await sleep(RETRY_DELAY, undefined, { signal }).catch(() => undefined);
      return undefined;
    }
  }

  /** Serves one session until it has been idle for `sessionIdleTimeout` or its lock is lost. */
  private async serveSession(session: ServiceBusSessionReceiver, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const [message] = await session.receiveMessages(1, { maxWaitTimeInMs: this.settings.sessionIdleTimeout, abortSignal: signal });
      // The SDK closes a receiver that it could not drain in time, and still hands over what it got: that belongs to the session's next holder.
      if (message === undefined || session.isClosed) return;
      const isSettled = await this.serveMessage(session, message);
      if (!isSettled) return;
    }
  }

  private async serveMessages(): Promise<void> {
    const { signal } = this.stopping;
    const receiver = this.client.createReceiver(this.trigger.queueName, {
      maxAutoLockRenewalDurationInMs: this.settings.maxAutoLockRenewalDuration,
      skipParsingBodyAsJson: true,
    });
    const atHand = new Set<Promise<unknown>>();
    const subscription = receiver.subscribe(
      {
        processMessage: async (message) => {
          const serving = this.serveMessage(receiver, message);
          atHand.add(serving);
          await serving.finally(() => atHand.delete(serving));
        },
        processError: async ({ error }) => this.report(error),
      },
      { autoCompleteMessages: false, maxConcurrentCalls: this.settings.maxConcurrentCalls },
    );
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await subscription.close().catch(() => undefined);
    await Promise.allSettled(atHand);
    await receiver.close().catch(() => undefined);
  }

  /** Runs the function and settles the message; false where the message could not be settled, because its lock is lost. */
  private async serveMessage(receiver: ServiceBusReceiver, message: ServiceBusReceivedMessage): Promise<boolean> {
    const { functionName, bindingName, isBinary } = this.trigger;
    if (this.stopping.signal.aborted) return this.settle(message, () => receiver.abandonMessage(message));
    try {
      await this.invoker.invoke(functionName, messageInvocation(bindingName, message, isBinary));
    } catch {
      // The invoker has logged it; the queue counts the delivery and dead-letters the message when there were too many.
      return this.settle(message, () => receiver.abandonMessage(message));
    }
    const autoComplete = this.trigger.autoComplete ?? this.settings.autoCompleteMessages;
    return autoComplete ? this.settle(message, () => receiver.completeMessage(message)) : true;
  }

  private async settle(message: ServiceBusReceivedMessage, act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      const { functionName } = this.trigger;
      const text = `functions: ${functionName} could not settle message ${message.messageId}: ${describeError(error)}`;
      this.log('error', `Function.${functionName}`, text);
      return false;
    }
  }

  /** Tells a trouble with the queue once, however many workers meet it, until it has passed. */
  private report(error: unknown): void {
    if (this.stopping.signal.aborted) return;
    const trouble = `functions: ${this.trigger.functionName} cannot read queue ${this.trigger.queueName}: ${describeError(error)}`;
    if (trouble === this.lastTrouble) return;
    this.lastTrouble = trouble;
    this.log('error', 'Host.Triggers', trouble);
  }
}

/** The SDK does not give up a session that it waits for: undefined as soon as the signal is aborted. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  return Promise.race([work, aborted]);
}
