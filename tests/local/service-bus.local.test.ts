import type { QueueOptions } from '../../local/service-bus';
import { type Bench, openBench, QUEUE, receiveOne, until } from './service-bus-bench';

const LOCK_MS = 4_000;
const MINUTE_MS = 60_000;

let bench: Bench;
const open = async (options: QueueOptions) => {
  bench = await openBench(options);
};
const receiver = () => bench.client.createReceiver(QUEUE, { maxAutoLockRenewalDurationInMs: 0 });
const deadLetters = () => bench.client.createReceiver(QUEUE, { subQueueType: 'deadLetter' });

afterEach(() => bench.close());

describe('sending', () => {
  it('gives a message back as it was sent', async () => {
    await open({});
    const sent = {
      body: { subject: 'Grüße', at: 1 },
      messageId: 'm-1',
      correlationId: 'c-1',
      contentType: 'application/json',
      subject: 'greeting',
      applicationProperties: { retries: 3, late: true, ratio: 0.5, from: 'poller' },
    };
    await bench.send(sent);
    expect(await receiveOne(receiver())).toMatchObject({ ...sent, deliveryCount: 0 });
  });

  it('shows whoever watches every message, alone or in a batch, now or later, with its properties', async () => {
    await open({});
    await bench.send({ body: 'alone', applicationProperties: { from: 'poller' } });
    await bench.send({ body: { first: 'of two' } }, { body: 'second', sessionId: 'anna' });
    await bench.client.createSender(QUEUE).scheduleMessages({ body: 'later' }, new Date(Date.now() + MINUTE_MS));
    const expected = [/alone.*poller|poller.*alone/, /of two/, /anna.*second|second.*anna/, /later/];
    expect(bench.watched).toEqual(expected.map((text) => expect.stringMatching(text)));
  });

  it('takes a batch in order', async () => {
    await open({});
    await bench.send(...[1, 2, 3].map((body) => ({ body })));
    const messages = await receiver().receiveMessages(3);
    expect(messages.map(({ body }) => body)).toEqual([1, 2, 3]);
    expect(messages.map(({ sequenceNumber }) => sequenceNumber?.toNumber())).toEqual([1, 2, 3]);
  });

  it('takes a message of 250 kB and refuses one that is larger than Azure allows', async () => {
    await open({});
    await bench.send({ body: 'x'.repeat(250_000) });
    expect((await receiveOne(receiver())).body).toHaveLength(250_000);
    await expect(bench.send({ body: 'x'.repeat(300_000) })).rejects.toMatchObject({ code: 'MessageSizeExceeded' });
  });

  it('says which queue does not exist', async () => {
    await open({});
    await expect(bench.client.createSender('nowhere').sendMessages({ body: 1 })).rejects.toMatchObject({
      code: 'MessagingEntityNotFound',
      message: expect.stringContaining('nowhere'),
    });
    await expect(bench.client.createReceiver('nowhere').receiveMessages(1)).rejects.toMatchObject({ code: 'MessagingEntityNotFound' });
    expect(() => bench.standIn.counts('nowhere')).toThrow('nowhere');
  });
});

describe('peek-lock', () => {
  it('keeps a message locked until it is completed', async () => {
    await open({});
    await bench.send({ body: 1 });
    expect(bench.counts()).toMatchObject({ active: 1, locked: 0 });
    const link = receiver();
    const message = await receiveOne(link);
    expect(bench.counts()).toMatchObject({ active: 0, locked: 1 });
    await link.completeMessage(message);
    expect(bench.counts()).toMatchObject({ active: 0, locked: 0 });
  });

  it('delivers an abandoned message again, before later ones and with the properties it was abandoned with', async () => {
    await open({});
    await bench.send({ body: 'first' }, { body: 'second' });
    const link = receiver();
    await link.abandonMessage(await receiveOne(link), { note: 'not yet' });
    expect(await receiveOne(link)).toMatchObject({ body: 'first', deliveryCount: 1, applicationProperties: { note: 'not yet' } });
  });

  it('dead-letters a message after the last delivery it is allowed', async () => {
    await open({ maxDeliveryCount: 3 });
    await bench.send({ body: 'poison', messageId: 'p', applicationProperties: { kept: 'yes' } });
    const link = receiver();
    const counts: (number | undefined)[] = [];
    while (bench.counts().deadLettered === 0) {
      const message = await receiveOne(link);
      counts.push(message.deliveryCount);
      await link.abandonMessage(message);
    }
    expect(counts).toEqual([0, 1, 2]);
    expect(await receiveOne(deadLetters())).toMatchObject({
      messageId: 'p',
      deadLetterReason: 'MaxDeliveryCountExceeded',
      deadLetterSource: QUEUE,
      applicationProperties: { kept: 'yes' },
    });
  });

  it('dead-letters with the reason given, and the dead-letter queue can be emptied', async () => {
    await open({});
    await bench.send({ body: 'bad' });
    const link = receiver();
    await link.deadLetterMessage(await receiveOne(link), {
      deadLetterReason: 'Unreadable',
      deadLetterErrorDescription: 'no id',
      field: 'id',
    });
    const dead = deadLetters();
    const message = await receiveOne(dead);
    expect(message).toMatchObject({ body: 'bad', deadLetterReason: 'Unreadable', deadLetterErrorDescription: 'no id' });
    expect(message.applicationProperties).toMatchObject({ field: 'id' });
    await dead.completeMessage(message);
    expect(bench.counts()).toEqual({ active: 0, scheduled: 0, locked: 0, deferred: 0, deadLettered: 0 });
  });

  it('delivers again when the lock runs out, and the late holder cannot complete', async () => {
    await open({ lockMs: LOCK_MS });
    await bench.send({ body: 1 });
    const link = receiver();
    const late = await receiveOne(link);
    await until(() => bench.counts().active === 1);
    await expect(link.completeMessage(late)).rejects.toMatchObject({ code: 'MessageLockLost' });
    expect((await receiveOne(link)).deliveryCount).toBe(1);
  });

  it('keeps a lock that is renewed', async () => {
    await open({ lockMs: LOCK_MS });
    await bench.send({ body: 1 });
    const link = receiver();
    const message = await receiveOne(link);
    const end = Date.now() + 2 * LOCK_MS;
    let lockedUntil = message.lockedUntilUtc ?? new Date(0);
    while (Date.now() < end) {
      await until(() => Date.now() > lockedUntil.getTime() - LOCK_MS / 2);
      lockedUntil = await link.renewMessageLock(message);
    }
    await link.completeMessage(message);
    expect(bench.counts()).toMatchObject({ active: 0, locked: 0 });
  });

  it('hands a deferred message only to who asks for its number', async () => {
    await open({});
    await bench.send({ body: 'later' }, { body: 'now' });
    const link = receiver();
    const message = await receiveOne(link);
    const number = message.sequenceNumber;
    if (number === undefined) throw new Error('A received message has a number.');
    await link.deferMessage(message);
    expect(bench.counts()).toMatchObject({ deferred: 1, active: 1 });
    expect((await receiveOne(link)).body).toBe('now');
    const [deferred] = await link.receiveDeferredMessages(number);
    if (deferred === undefined) throw new Error('The deferred message is there.');
    expect(deferred).toMatchObject({ body: 'later', state: 'deferred' });
    await expect(link.receiveDeferredMessages(number)).rejects.toMatchObject({ code: 'MessageNotFound' });
    await link.completeMessage(deferred);
    expect(bench.counts()).toMatchObject({ deferred: 0 });
  });

  it('delivers more messages than the AMQP library can keep unsettled', async () => {
    await open({});
    const total = 3_000;
    for (let sent = 0; sent < total; sent += 500) await bench.send(...Array.from({ length: 500 }, (_, at) => ({ body: sent + at })));
    const seen: number[] = [];
    receiver().subscribe(
      { processMessage: async ({ body }) => void seen.push(body), processError: async ({ error }) => Promise.reject(error) },
      { maxConcurrentCalls: 100 },
    );
    await until(() => bench.counts().active + bench.counts().locked === 0);
    expect(seen).toEqual(Array.from({ length: total }, (_, at) => at));
  });
});

describe('other ways to read', () => {
  it('peeks at messages of every state without locking them', async () => {
    await open({});
    await bench.send({ body: 'active' }, { body: 'scheduled', scheduledEnqueueTimeUtc: new Date(Date.now() + MINUTE_MS) });
    const peeked = await receiver().peekMessages(10);
    expect(peeked.map(({ body, state }) => [body, state])).toEqual([
      ['active', 'active'],
      ['scheduled', 'scheduled'],
    ]);
    expect(bench.counts()).toMatchObject({ active: 1, scheduled: 1, locked: 0 });
  });

  it('answers more requests than the AMQP library can keep unsettled', async () => {
    await open({});
    const link = receiver();
    for (let count = 0; count < 2_100; count += 100) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => link.peekMessages(1)));
      expect(answers.flat()).toEqual([]);
    }
  });

  it('deletes on delivery for who receives and deletes', async () => {
    await open({});
    await bench.send({ body: 1 }, { body: 2 });
    const link = bench.client.createReceiver(QUEUE, { receiveMode: 'receiveAndDelete' });
    const messages = await link.receiveMessages(2);
    expect(messages.map(({ body }) => body)).toEqual([1, 2]);
    expect(bench.counts()).toMatchObject({ active: 0, locked: 0 });
  });

  it('ends a wait for messages early when there are none', async () => {
    await open({});
    expect(await receiver().receiveMessages(5, { maxWaitTimeInMs: 100 })).toEqual([]);
  });
});

describe('time', () => {
  it('delivers scheduled messages when they are due and not the cancelled one', async () => {
    await open({});
    const sender = bench.client.createSender(QUEUE);
    const due = new Date(Date.now() + 3_000);
    const [, cancelled] = await sender.scheduleMessages([{ body: 'kept' }, { body: 'cancelled' }], due);
    if (cancelled === undefined) throw new Error('Scheduling gives numbers.');
    await sender.sendMessages({ body: 'by property', scheduledEnqueueTimeUtc: due });
    await sender.cancelScheduledMessages(cancelled);
    await expect(sender.cancelScheduledMessages(cancelled)).rejects.toMatchObject({ code: 'MessageNotFound' });
    expect(bench.counts()).toMatchObject({ active: 0, scheduled: 2 });
    const link = receiver();
    const messages = [await receiveOne(link), await receiveOne(link)];
    expect(messages.map(({ body }) => body).sort()).toEqual(['by property', 'kept']);
    for (const { enqueuedTimeUtc } of messages) expect(enqueuedTimeUtc?.getTime()).toBeGreaterThanOrEqual(due.getTime() - 1);
  });

  it('puts a scheduled message behind what was sent before it was due', async () => {
    await open({});
    await bench.send({ body: 'scheduled', scheduledEnqueueTimeUtc: new Date(Date.now() + 2_000) });
    await bench.send({ body: 'sent while it waited' });
    await until(() => bench.counts().active === 2);
    const messages = await receiver().receiveMessages(2);
    expect(messages.map(({ body }) => body)).toEqual(['sent while it waited', 'scheduled']);
  });

  it('drops what was sent before under the same id within the window', async () => {
    await open({ duplicateWindowMs: MINUTE_MS });
    await bench.send({ body: 1, messageId: 'same' });
    await bench.send({ body: 2, messageId: 'same' }, { body: 3, messageId: 'other' });
    const link = receiver();
    expect([(await receiveOne(link)).body, (await receiveOne(link)).body]).toEqual([1, 3]);
    expect(bench.counts()).toMatchObject({ active: 0, locked: 2 });
  });

  it('counts the window of a scheduled message from when it was sent', async () => {
    await open({ duplicateWindowMs: 3_000 });
    const later = new Date(Date.now() + MINUTE_MS);
    const sender = bench.client.createSender(QUEUE);
    await sender.scheduleMessages({ body: 1, messageId: 'slot' }, later);
    const sentAt = Date.now();
    await sender.scheduleMessages({ body: 2, messageId: 'slot' }, later);
    await bench.send({ body: 3, messageId: 'slot' });
    expect(bench.counts()).toMatchObject({ scheduled: 1, active: 0 });
    await until(() => Date.now() > sentAt + 3_000);
    await bench.send({ body: 4, messageId: 'slot' });
    expect(bench.counts()).toMatchObject({ scheduled: 1, active: 1 });
  });

  it('drops an expired message, whether the time to live is its own or the queue’s', async () => {
    await open({ timeToLiveMs: 3_000 });
    await bench.send({ body: 1, timeToLive: 2_000 }, { body: 2 }, { body: 3, timeToLive: MINUTE_MS });
    expect(bench.counts().active).toBe(3);
    await until(() => bench.counts().active === 0);
    expect(bench.counts().deadLettered).toBe(0);
  });

  it('dead-letters an expired message where the queue says so', async () => {
    await open({ deadLetterOnExpiry: true });
    await bench.send({ body: 1, timeToLive: 100 });
    expect(await receiveOne(deadLetters())).toMatchObject({ body: 1, deadLetterReason: 'TTLExpiredException' });
  });

  it('does not expire a message that somebody holds', async () => {
    await open({ deadLetterOnExpiry: true });
    await bench.send({ body: 1, timeToLive: 3_000 });
    const link = receiver();
    const message = await receiveOne(link);
    await until(() => Date.now() > (message.expiresAtUtc?.getTime() ?? 0) + 50);
    await link.completeMessage(message);
    expect(bench.counts()).toMatchObject({ locked: 0, deadLettered: 0 });
  });
});
