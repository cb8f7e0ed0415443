import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import { type ServiceBusStandIn, startServiceBus } from '../../local/service-bus';
import { type HostEvent, HostProcess } from './fixtures/host-process';

let bus: ServiceBusStandIn;
let client: ServiceBusClient;
let host: HostProcess;

beforeAll(async () => {
  bus = await startServiceBus({
    queues: { orders: { sessions: true, lockMs: 3_000, maxDeliveryCount: 3 }, letters: { maxDeliveryCount: 2 } },
  });
  client = new ServiceBusClient(bus.connectionString);
  host = await HostProcess.start({ ServiceBus: bus.connectionString, ORDERS_QUEUE: 'orders' });
});

afterAll(async () => {
  await host.end('SIGKILL');
  await client.close();
  await bus.close();
});

async function send(queue: string, ...messages: ServiceBusMessage[]): Promise<void> {
  const sender = client.createSender(queue);
  await sender.sendMessages(messages);
  await sender.close();
}

const order = (sessionId: string, number: number, body: object = {}): ServiceBusMessage => ({
  sessionId,
  messageId: `${sessionId}-${number}`,
  body: { sessionId, number, ...body },
});

const of = (events: HostEvent[], sessionId: string): HostEvent[] => events.filter((event) => event.sessionId === sessionId);

test('messages of a session come one at a time and in order, with what the trigger tells about them', async () => {
  const messages = Array.from({ length: 5 }, (_, number) => order('a', number, { waitMs: 10 }));
  await send('orders', { ...messages[0], body: messages[0]?.body, applicationProperties: { Kind: 'first' } }, ...messages.slice(1));
  const events = of(await host.eventsWhen((all) => of(all, 'a').length >= 10), 'a');
  expect(events.map(({ begin }) => begin)).toEqual(Array.from({ length: 10 }, (_, index) => index % 2 === 0));
  expect(events.filter(({ begin }) => begin).map(({ message }) => (message as { number: number }).number)).toEqual([0, 1, 2, 3, 4]);
  expect(events[0]).toMatchObject({ messageId: 'a-0', sessionId: 'a', deliveryCount: 1, applicationProperties: { kind: 'first' } });
  await gone('orders');
});

test('as many sessions are served at once as host.json says, and an idle one makes room', async () => {
  await send('orders', ...['b', 'c', 'd'].map((session) => order(session, 1, { waitMs: 1_500 })));
  const events = await host.eventsWhen((all) => ['b', 'c', 'd'].every((session) => of(all, session).length === 2));
  const running = events.filter(({ sessionId }) => ['b', 'c', 'd'].includes(String(sessionId)));
  const peak = running.reduce(
    (sofar, { begin }) => {
      const now = sofar.now + (begin ? 1 : -1);
      return { now, most: Math.max(sofar.most, now) };
    },
    { now: 0, most: 0 },
  );
  expect(peak.most).toBe(2);
  await gone('orders');
});

test('a message whose function throws comes again at once, before the next of its session, with a higher count', async () => {
  await send('orders', order('e', 1, { failUntil: 3 }), order('e', 2));
  const events = of(await host.eventsWhen((all) => of(all, 'e').length >= 8), 'e').filter(({ begin }) => begin);
  expect(events.map(({ messageId, deliveryCount }) => [messageId, deliveryCount])).toEqual([
    ['e-1', 1],
    ['e-1', 2],
    ['e-1', 3],
    ['e-2', 1],
  ]);
  expect(await host.lineWith('functions: orders failed')).toContain('Error: not yet');
  await gone('orders');
});

test('a message that fails at each delivery is dead-lettered by the queue', async () => {
  await send('orders', order('f', 1, { failUntil: 99 }));
  await until(() => bus.counts('orders').deadLettered === 1);
  await send('letters', { messageId: 'l-1', body: { failUntil: 99 } });
  await until(() => bus.counts('letters').deadLettered === 1);
});

test('the lock of a session is renewed while a function works longer than it holds', async () => {
  await send('orders', order('g', 1, { waitMs: 2_800 }), order('g', 2, { waitMs: 2_800 }));
  const events = of(await host.eventsWhen((all) => of(all, 'g').length >= 4), 'g');
  await gone('orders');
  expect(events.filter(({ begin }) => begin).map(({ deliveryCount }) => deliveryCount)).toEqual([1, 1]);
});

test('a body that is no JSON reaches the function as text', async () => {
  await send('letters', { messageId: 'l-2', body: Buffer.from('{ not json') });
  const events = await host.eventsWhen((all) => all.some(({ messageId }) => messageId === 'l-2'));
  expect(events.find(({ messageId }) => messageId === 'l-2')?.message).toBe('{ not json');
  await gone('letters');
});

test('a function whose time is up gives its message back', async () => {
  await send('letters', { messageId: 'l-3', body: { waitMs: 3_500 } });
  expect(await host.lineWith('functions: letters failed: function-timeout')).toContain('Timeout value of 3 s');
  const events = await host.eventsWhen((all) => all.filter(({ messageId }) => messageId === 'l-3').length === 2);
  expect(events.filter(({ messageId }) => messageId === 'l-3').map(({ deliveryCount }) => deliveryCount)).toEqual([1, 2]);
  await until(() => bus.counts('letters').deadLettered === 2);
});

test('what runs at SIGTERM is finished and settled, and what waits stays in the queue', async () => {
  await send('orders', order('h', 1, { waitMs: 1_000 }), order('h', 2));
  await host.eventsWhen((all) => of(all, 'h').length === 1);
  expect(await host.end('SIGTERM')).toBe(0);
  const { active, locked } = bus.counts('orders');
  expect(active + locked).toBe(1);
});

async function gone(queue: string): Promise<void> {
  await until(() => bus.counts(queue).active + bus.counts(queue).locked === 0);
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}
