import { ServiceBusClient, type ServiceBusReceivedMessage } from '@azure/service-bus';
import { type ServiceBusStandIn, startServiceBus } from '../../../local/service-bus';
import { createTokenSource } from '../../../shared/auth/token-source';
import type { WakeUp } from '../../../shared/messaging/messages';
import { createMessenger, type Messenger } from '../../../shared/messaging/senders';
import { testConfig } from '../test-config';

describe('the messenger', () => {
  let bus: ServiceBusStandIn;
  let messenger: Messenger;
  let client: ServiceBusClient;

  beforeEach(async () => {
    const window = { sessions: true, duplicateWindowMs: 60_000 };
    bus = await startServiceBus({ queues: { polls: window, wakeups: window, rejected: {} } });
    const config = testConfig({ ServiceBus: bus.connectionString });
    messenger = createMessenger(config, createTokenSource(config));
    client = new ServiceBusClient(bus.connectionString);
  });
  afterEach(async () => {
    await messenger.close();
    await client.close();
    await bus.close();
  });

  async function take(queue: string, sessionId: string, count: number): Promise<ServiceBusReceivedMessage[]> {
    const receiver = await client.acceptSession(queue, sessionId, { receiveMode: 'receiveAndDelete' });
    const messages: ServiceBusReceivedMessage[] = [];
    while (messages.length < count) messages.push(...(await receiver.receiveMessages(count - messages.length)));
    await receiver.close();
    return messages;
  }

  const work = (mailbox: string): WakeUp => ({ kind: 'work', integration: 'one', mailbox, reason: 'more', sentAt: 1 });

  test('a wake-up arrives in the session of its mailbox', async () => {
    await messenger.wake(work('m1'));
    const [message] = await take('wakeups', 'one|m1', 1);
    expect(message).toMatchObject({ body: work('m1'), contentType: 'application/json' });
  });

  test('of wake-ups under one id the first arrives, no earlier than it should', async () => {
    const at = Date.now() + 300;
    await messenger.wake(work('m1'), { at, id: 'slot' });
    await messenger.wake(work('m1'), { at, id: 'slot' });
    await messenger.wake(work('m1'), { at, id: 'other' });
    const messages = await take('wakeups', 'one|m1', 2);
    expect(messages.map(({ messageId }) => messageId).sort()).toEqual(['other', 'slot']);
    expect(Date.now()).toBeGreaterThanOrEqual(at);
  });

  test('many wake-ups go in few requests and each keeps its session', async () => {
    const wakeUps = Array.from({ length: 3_000 }, (_, index) => ({ wakeUp: work(`m${index % 3}`) }));
    await messenger.wakeMany(wakeUps);
    expect(await take('wakeups', 'one|m2', 1_000)).toHaveLength(1_000);
    await messenger.wakeMany([]);
  });

  test('a poll is asked for once a slot and lives no longer than it is wanted', async () => {
    const poll = { kind: 'dynamicsFeed', integration: 'one', entity: 'task', slot: 7 } as const;
    await messenger.sendPoll(poll, { id: 'one|task|7', ttlMs: 15_000 });
    await messenger.sendPoll(poll, { id: 'one|task|7', ttlMs: 15_000 });
    const [message] = await take('polls', 'one|task', 1);
    expect(message).toMatchObject({ body: poll, timeToLive: 15_000, messageId: 'one|task|7' });
    expect(bus.counts('polls').active).toBe(0);
  });

  test('an unreadable message is put aside with its reason, cut to a bearable length', async () => {
    await messenger.reject('wakeups', { text: 'x'.repeat(100_000) }, 'kind: wrong', 'one|m1');
    const receiver = client.createReceiver('rejected', { receiveMode: 'receiveAndDelete' });
    const [message] = await receiver.receiveMessages(1);
    expect(String(message?.body).length).toBe(32_000);
    expect(message?.applicationProperties).toEqual({
      DeadLetterReason: 'bad-message',
      DeadLetterErrorDescription: 'kind: wrong',
      Queue: 'wakeups',
      SessionId: 'one|m1',
    });
  });

  test('a queue that is missing is a matter of settings', async () => {
    const empty = await startServiceBus({ queues: {} });
    const config = testConfig({ ServiceBus: empty.connectionString, REQUEST_TIMEOUT_SECONDS: '5' });
    const lost = createMessenger(config, createTokenSource(config));
    await expect(lost.wake(work('m1'))).rejects.toMatchObject({ code: 'settings', detail: 'Service Bus: MessagingEntityNotFound' });
    await lost.close();
    await empty.close();
  });
});
