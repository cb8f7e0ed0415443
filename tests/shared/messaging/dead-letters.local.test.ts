import { ServiceBusClient } from '@azure/service-bus';
import { type ServiceBusStandIn, startServiceBus } from '../../../local/service-bus';
import { createDeadLetters, type DeadLetter, type DeadLetters } from '../../../shared/messaging/dead-letters';
import { testConfig } from '../test-config';

const noTokens = {
  token: () => Promise.reject(new Error('no token is needed')),
  asTokenCredential: () => ({ getToken: async () => null }),
};

let bus: ServiceBusStandIn;
let client: ServiceBusClient;
let letters: DeadLetters;
beforeEach(async () => {
  bus = await startServiceBus({
    queues: { polls: { sessions: true }, wakeups: { sessions: true, duplicateWindowMs: 60_000 }, rejected: {} },
  });
  client = new ServiceBusClient(bus.connectionString);
  letters = createDeadLetters(testConfig({ ServiceBus: bus.connectionString }), noTokens);
});
afterEach(async () => {
  await client.close();
  await bus.close();
});

const body = (index: number) => ({ kind: 'work', integration: 'contoso', mailbox: `m${index}`, reason: 'more', sentAt: index });

/** Lets so many wake-ups die. */
async function bury(count: number): Promise<void> {
  const sender = client.createSender('wakeups');
  for (let index = 0; index < count; index += 1) {
    await sender.sendMessages({
      body: body(index),
      contentType: 'application/json',
      messageId: `id-${index}`,
      sessionId: `contoso|m${index}`,
    });
    const session = await client.acceptSession('wakeups', `contoso|m${index}`);
    const [message] = await session.receiveMessages(1);
    if (message !== undefined)
      await session.deadLetterMessage(message, { deadLetterReason: 'died', deadLetterErrorDescription: 'in a test' });
    await session.close();
  }
}

async function readAll(limit: number): Promise<DeadLetter[]> {
  const all: DeadLetter[] = [];
  for (let cursor: string | null = null; ; ) {
    const page = await letters.list('wakeups', { limit, cursor });
    all.push(...page.items);
    if (page.next === null) return all;
    cursor = page.next;
  }
}

test('they are listed page by page, oldest first, and stay where they are', async () => {
  await bury(7);
  const all = await readAll(3);
  expect(all.map(({ body }) => body)).toEqual(Array.from({ length: 7 }, (_, index) => body(index)));
  expect(all[0]).toMatchObject({ reason: 'died', session: 'contoso|m0', sentAt: expect.any(Number) });
  expect(await readAll(100)).toEqual(all);
  expect([await letters.count('wakeups', 5), await letters.count('wakeups', 100), await letters.count('polls', 100)]).toEqual([5, 7, 0]);
  expect(bus.counts('wakeups')).toMatchObject({ active: 0, deadLettered: 7 });
});

test('sent anew, a message comes once more to its session, although its first id is still remembered', async () => {
  await bury(3);
  expect(await letters.redrive('wakeups', null)).toEqual({ redriven: 3, complete: true });
  expect(bus.counts('wakeups')).toMatchObject({ active: 3, deadLettered: 0 });
  const session = await client.acceptSession('wakeups', 'contoso|m1');
  expect((await session.receiveMessages(1)).map((message) => message.body as unknown)).toEqual([body(1)]);
});

test('only what was named is sent, and the others stay', async () => {
  await bury(4);
  const [, second, , fourth] = await readAll(10);
  expect(await letters.redrive('wakeups', [second?.number ?? '', fourth?.number ?? ''])).toEqual({ redriven: 2, complete: true });
  expect((await readAll(10)).map(({ session }) => session)).toEqual(['contoso|m0', 'contoso|m2']);
  expect(await letters.redrive('wakeups', [second?.number ?? ''])).toEqual({ redriven: 0, complete: false });
  expect(bus.counts('wakeups')).toMatchObject({ active: 2, deadLettered: 2, locked: 0 });
});

test('the oldest message that is due is told, and what is only scheduled is not', async () => {
  expect(await letters.oldestWaiting('wakeups')).toBeNull();
  const sender = client.createSender('wakeups');
  const later = { body: body(1), sessionId: 'contoso|m1', scheduledEnqueueTimeUtc: new Date(Date.now() + 600_000) };
  await sender.sendMessages(later);
  expect(await letters.oldestWaiting('wakeups')).toBeNull();
  const before = Date.now();
  await sender.sendMessages({ body: body(2), sessionId: 'contoso|m2' });
  const oldest = await letters.oldestWaiting('wakeups');
  expect(oldest).toBeGreaterThanOrEqual(before - 1);
  expect(oldest).toBeLessThanOrEqual(Date.now());
  await sender.sendMessages({ body: body(3), sessionId: 'contoso|m3' });
  expect(await letters.oldestWaiting('wakeups')).toBe(oldest);
});

test('a namespace that is away is said to be away', async () => {
  const away = createDeadLetters(
    testConfig({ ServiceBus: bus.connectionString.replace(/:\d+;/, ':9;'), REQUEST_TIMEOUT_SECONDS: '1' }),
    noTokens,
  );
  await expect(away.list('wakeups', { limit: 1, cursor: null })).rejects.toMatchObject({ name: 'TandemError', retry: 'later' });
});
