import { isServiceBusError, type ServiceBusSessionReceiver } from '@azure/service-bus';
import type { QueueOptions } from '../../local/service-bus';
import { type Bench, openBench, QUEUE, receiveOne, until } from './service-bus-bench';

const LOCK_MS = 4_000;
const WITHOUT_RENEWAL = { maxAutoLockRenewalDurationInMs: 0 };

let bench: Bench;
const open = async (options: QueueOptions = {}, timeoutMs?: number) => {
  bench = await openBench({ sessions: true, ...options }, timeoutMs);
};
const accept = (sessionId: string) => bench.client.acceptSession(QUEUE, sessionId, WITHOUT_RENEWAL);
const acceptNext = () => bench.client.acceptNextSession(QUEUE, WITHOUT_RENEWAL);

afterEach(() => bench.close());

describe('who gets a session', () => {
  it('keeps the order in each of 50 sessions when 8 receivers share 1,000 messages', async () => {
    await open({}, 5_000);
    const messages = Array.from({ length: 1_000 }, (_, at) => ({ body: Math.floor(at / 50), sessionId: `user-${at % 50}` }));
    await bench.send(...messages);
    const seen = new Map<string, number[]>();
    const drain = async (session: ServiceBusSessionReceiver) => {
      for (;;) {
        const batch = await session.receiveMessages(20, { maxWaitTimeInMs: 100 });
        if (batch.length === 0) break;
        for (const message of batch) {
          seen.set(session.sessionId, [...(seen.get(session.sessionId) ?? []), message.body]);
          await session.completeMessage(message);
        }
      }
      await session.close();
    };
    const work = async () => {
      while (bench.counts().active > 0) {
        const session = await acceptNext().catch((error: unknown) => {
          if (isServiceBusError(error) && error.code === 'ServiceTimeout') return undefined;
          throw error;
        });
        if (session) await drain(session);
      }
    };
    await Promise.all(Array.from({ length: 8 }, work));
    expect(seen.size).toBe(50);
    for (const bodies of seen.values()) expect(bodies).toEqual(Array.from({ length: 20 }, (_, at) => at));
    expect(bench.counts()).toMatchObject({ active: 0, locked: 0, deadLettered: 0 });
  });

  it('gives a session to one receiver at a time, and to the next when that one closes', async () => {
    await open();
    const first = await accept('one');
    await expect(accept('one')).rejects.toMatchObject({ code: 'SessionCannotBeLocked' });
    await first.close();
    expect((await accept('one')).sessionId).toBe('one');
  });

  it('offers as the next session only one with messages that nobody holds', async () => {
    await open();
    await bench.send({ body: 1, sessionId: 'held' }, { body: 2, sessionId: 'free' });
    await accept('held');
    expect((await acceptNext()).sessionId).toBe('free');
  });

  it('lets a receiver wait until a session gets its first message', async () => {
    await open();
    const waiting = acceptNext();
    await accept('bystander');
    await bench.send({ body: 'at last', sessionId: 'late' });
    const session = await waiting;
    expect(session.sessionId).toBe('late');
    expect((await receiveOne(session)).body).toBe('at last');
  });

  it('lets a receiver wait until a held session is given up', async () => {
    await open();
    await bench.send({ body: 1, sessionId: 'one' });
    const first = await accept('one');
    const waiting = acceptNext();
    await first.close();
    const message = await receiveOne(await waiting);
    expect(message).toMatchObject({ body: 1, deliveryCount: 0 });
  });

  it('says that there was no session when the wait is over', async () => {
    await open({}, 1_000);
    await expect(acceptNext()).rejects.toMatchObject({ code: 'ServiceTimeout' });
  });

  it('refuses a message without a session, and a receiver without one', async () => {
    await open();
    await expect(bench.send({ body: 1 })).rejects.toMatchObject({ code: 'GeneralError', message: expect.stringContaining('session') });
    await expect(bench.send({ body: 1, sessionId: 'one' }, { body: 2 })).rejects.toMatchObject({ code: 'GeneralError' });
    expect(bench.counts().active).toBe(0);
    await expect(bench.client.createReceiver(QUEUE).receiveMessages(1)).rejects.toMatchObject({
      message: expect.stringContaining('session'),
    });
  });
});

describe('the session lock', () => {
  it('can be renewed', async () => {
    await open({ lockMs: LOCK_MS });
    const session = await accept('one');
    const before = session.sessionLockedUntilUtc.getTime();
    await until(() => Date.now() > before - LOCK_MS + 100);
    expect((await session.renewSessionLock()).getTime()).toBeGreaterThanOrEqual(before + 100);
  });

  it('is renewed by the client while it works, so that nobody else gets the session', async () => {
    await open({ lockMs: LOCK_MS });
    await bench.send({ body: 1, sessionId: 'one' });
    const session = await bench.client.acceptSession(QUEUE, 'one');
    const message = await receiveOne(session);
    const end = Date.now() + 2 * LOCK_MS;
    await until(() => Date.now() > end);
    await session.completeMessage(message);
    expect(bench.counts()).toMatchObject({ active: 0, locked: 0 });
  });

  it('is lost when it runs out: its messages were delivered once more, and the late holder can do nothing', async () => {
    await open({ lockMs: LOCK_MS });
    await bench.send({ body: 1, sessionId: 'one' }, { body: 2, sessionId: 'one' });
    const late = await accept('one');
    const message = await receiveOne(late);
    await until(() => late.isClosed);
    expect(bench.counts()).toMatchObject({ active: 2, locked: 0 });
    await expect(late.completeMessage(message)).rejects.toMatchObject({ code: 'SessionLockLost' });
    const session = await accept('one');
    await expect(late.renewSessionLock()).rejects.toMatchObject({ code: 'SessionLockLost' });
    expect(await receiveOne(session)).toMatchObject({ body: 1, deliveryCount: 1 });
    expect(await receiveOne(session)).toMatchObject({ body: 2, deliveryCount: 0 });
  });

  it('dead-letters a message that outlived too many session locks', async () => {
    await open({ lockMs: 1_200, maxDeliveryCount: 1 });
    await bench.send({ body: 1, sessionId: 'one' });
    await receiveOne(await accept('one'));
    await until(() => bench.counts().deadLettered === 1);
    const dead = bench.client.createReceiver(QUEUE, { subQueueType: 'deadLetter' });
    expect(await receiveOne(dead)).toMatchObject({ sessionId: 'one', deadLetterReason: 'MaxDeliveryCountExceeded' });
  });
});

describe('inside a session', () => {
  it('keeps the state from one holder to the next until it is taken away', async () => {
    await open();
    const first = await accept('one');
    expect(await first.getSessionState()).toBeNull();
    await first.setSessionState({ page: 3 });
    await first.close();
    const second = await accept('one');
    expect(await second.getSessionState()).toEqual({ page: 3 });
    await second.setSessionState(null);
    expect(await second.getSessionState()).toBeNull();
  });

  it('peeks, defers, abandons and dead-letters as in a plain queue', async () => {
    await open();
    await bench.send(...['a', 'b', 'c'].map((body) => ({ body, sessionId: 'one' })), { body: 'x', sessionId: 'two' });
    const session = await accept('one');
    expect((await session.peekMessages(10)).map(({ body }) => body)).toEqual(['a', 'b', 'c']);
    const a = await receiveOne(session);
    await session.deferMessage(a);
    await session.abandonMessage(await receiveOne(session));
    const b = await receiveOne(session);
    expect(b).toMatchObject({ body: 'b', deliveryCount: 1 });
    await session.deadLetterMessage(b, { deadLetterReason: 'no good', deadLetterErrorDescription: 'not at all' });
    await session.completeMessage(await receiveOne(session));
    if (a.sequenceNumber === undefined) throw new Error('A received message has a number.');
    const [deferred] = await session.receiveDeferredMessages(a.sequenceNumber);
    if (deferred === undefined) throw new Error('The deferred message is there.');
    await session.completeMessage(deferred);
    expect(bench.counts()).toEqual({ active: 1, scheduled: 0, locked: 0, deferred: 0, deadLettered: 1 });
  });

  it('delivers a scheduled message to its session when it is due', async () => {
    await open();
    await bench.send({ body: 'due', sessionId: 'one', scheduledEnqueueTimeUtc: new Date(Date.now() + 300) });
    expect(bench.counts()).toMatchObject({ scheduled: 1, active: 0 });
    const session = await acceptNext();
    expect((await receiveOne(session)).body).toBe('due');
  });

  it('keeps the session of a receiver whose wait ends just as messages come', async () => {
    await open();
    const session = await accept('one');
    const total = 300;
    const feed = async () => {
      for (let sent = 0; sent < total; sent += 3) await bench.send(...[1, 2, 3].map((at) => ({ body: sent + at, sessionId: 'one' })));
    };
    const feeding = feed();
    for (let received = 0; received < total; ) {
      const messages = await session.receiveMessages(3, { maxWaitTimeInMs: 1 + (received % 6) });
      for (const message of messages) await session.completeMessage(message);
      received += messages.length;
    }
    await feeding;
    expect(bench.counts()).toMatchObject({ active: 0, locked: 0, deadLettered: 0 });
  });

  it('streams the messages of a session to a handler, one at a time and in order', async () => {
    await open();
    await bench.send(...[1, 2, 3].map((body) => ({ body, sessionId: 'one' })));
    const session = await acceptNext();
    const seen: number[] = [];
    session.subscribe({
      processMessage: async ({ body }) => void seen.push(body),
      processError: async ({ error }) => Promise.reject(error),
    });
    await until(() => bench.counts().active + bench.counts().locked === 0);
    expect(seen).toEqual([1, 2, 3]);
  });
});
