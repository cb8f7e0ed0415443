import { VirtualClock } from '../../../local/simulation/virtual-clock';
import { Wakes } from '../../../local/simulation/wakes';
import type { WakeUp } from '../../../shared/messaging/messages';
import { type Holder, kindNames, type QueueKind, queueKinds } from './queue-kinds';

const work = (mailbox: string, sentAt = 1): WakeUp => ({ kind: 'work', integration: 'one', mailbox, reason: 'more', sentAt });

async function drain(holder: Holder): Promise<WakeUp[]> {
  const found: WakeUp[] = [];
  for (let next = await holder.receive(); next !== null; next = await holder.receive()) {
    found.push(next.wakeUp);
    await next.complete();
  }
  await holder.close();
  return found;
}

describe.each(kindNames)('the queues of %s', (name) => {
  let queue: QueueKind;
  beforeEach(async () => {
    queue = await queueKinds[name]();
  });
  afterEach(() => queue.close());

  test('a wake-up arrives in the session of its mailbox, after those that were sent before', async () => {
    for (const at of [1, 2, 3]) await queue.messenger.wake(work('m1', at));
    await queue.messenger.wake(work('m2'));
    expect(await drain(await queue.accept('one|m1'))).toEqual([work('m1', 1), work('m1', 2), work('m1', 3)]);
    expect(await drain(await queue.accept('one|m2'))).toEqual([work('m2')]);
  });

  test('of wake-ups under one id the first arrives, no earlier than it should', async () => {
    const at = queue.now() + 4_000;
    await queue.messenger.wake(work('m1', 1), { at, id: 'slot' });
    await queue.messenger.wake(work('m1', 2), { at, id: 'slot' });
    await queue.messenger.wake(work('m1', 3), { at, id: 'other' });
    const early = await queue.accept('one|m1');
    expect(await early.receive()).toBeNull();
    await early.close();
    await queue.pass(at + 100 - queue.now());
    // Of what is due at the same moment nobody promises an order.
    expect((await drain(await queue.accept('one|m1'))).map(({ sentAt }) => sentAt).sort()).toEqual([1, 3]);
  });

  test('a repeat is dropped also after the first was delivered', async () => {
    await queue.messenger.wake(work('m1'), { id: 'slot' });
    await drain(await queue.accept('one|m1'));
    await queue.messenger.wake(work('m1'), { id: 'slot' });
    expect(await drain(await queue.accept('one|m1'))).toEqual([]);
  });

  test('a session is held by one receiver at a time, and the others go on', async () => {
    await queue.messenger.wakeMany([{ wakeUp: work('m1') }, { wakeUp: work('m2') }]);
    const first = await queue.accept();
    await expect(queue.accept(first.session)).rejects.toBeDefined();
    const second = await queue.accept();
    expect([first.session, second.session]).toEqual(['one|m1', 'one|m2']);
    await first.close();
    expect(await drain(await queue.accept('one|m1'))).toEqual([work('m1')]);
    await second.close();
  });

  test('a message that was not settled when its receiver left comes again, uncounted', async () => {
    await queue.messenger.wake(work('m1'));
    const first = await queue.accept('one|m1');
    expect(await first.receive()).toMatchObject({ deliveries: 0 });
    await first.close();
    const second = await queue.accept('one|m1');
    expect(await second.receive()).toMatchObject({ wakeUp: work('m1'), deliveries: 0 });
    await second.close();
  });

  test('a message that fails again and again comes again at once, before later ones, and is put aside after ten deliveries', async () => {
    await queue.messenger.wake(work('m1', 1));
    await queue.messenger.wake(work('m1', 2));
    const holder = await queue.accept('one|m1');
    for (let deliveries = 0; deliveries < 10; deliveries += 1) {
      const received = await holder.receive();
      expect(received).toMatchObject({ wakeUp: work('m1', 1), deliveries });
      await received?.abandon();
    }
    expect(await holder.receive()).toMatchObject({ wakeUp: work('m1', 2), deliveries: 0 });
    await holder.close();
    expect(await queue.deadLetters()).toEqual([work('m1', 1)]);
  });

  test('a poll is asked for once a slot and lives no longer than it is wanted', async () => {
    const poll = { kind: 'dynamicsFeed', integration: 'one', entity: 'task', slot: 7 } as const;
    await queue.messenger.sendPoll(poll, { id: 'one|task|7', ttlMs: 60_000 });
    await queue.messenger.sendPoll(poll, { id: 'one|task|7', ttlMs: 60_000 });
    expect(await queue.polls()).toEqual([poll]);
    await queue.messenger.sendPoll(poll, { id: 'one|task|8', ttlMs: 500 });
    await queue.pass(700);
    expect(await queue.polls()).toEqual([]);
  });

  test('an unreadable message is put aside with its reason', async () => {
    await queue.messenger.reject('wakeups', 'what is this', 'kind: wrong', 'one|m1');
    expect(await queue.rejected()).toEqual([{ queue: 'wakeups', body: 'what is this', reason: 'kind: wrong', sessionId: 'one|m1' }]);
  });
});

test('in memory, a lock can be lost while its holder works: the message comes to another, counted, and the late one cannot settle it', async () => {
  const wakes = new Wakes(new VirtualClock().now);
  await wakes.wake(work('m1'));
  const late = wakes.accept('one|m1');
  const delivery = late?.receive();
  wakes.loseLock('one|m1');
  expect(wakes.accept('one|m1')?.receive()).toMatchObject({ wakeUp: work('m1'), deliveries: 1 });
  expect(() => delivery?.complete()).toThrow('lock');
  expect(() => late?.receive()).toThrow('lock');
});
