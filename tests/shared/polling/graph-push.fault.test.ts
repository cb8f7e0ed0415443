import { serveWakeUp } from '../../../shared/cycle/sync-mailbox';
import { pauseMailbox } from '../../../shared/mailboxes/pause';
import { pollExchange } from '../../../shared/polling/timers';
import { until } from '../../local/until';
import { Desk } from '../cycle/desk';
import { groundOnTheWire } from '../cycle/wire-ground';
import { anna, World } from '../cycle/world';
import { Receiver } from './receiver';

const minute = 60_000;
const hour = 60 * minute;

let receiver: Receiver;
let world: World;
let annas: Desk;

beforeAll(async () => {
  receiver = await Receiver.start();
  world = await World.start({ ground: groundOnTheWire, cycle: { publicUrl: receiver.url } });
  receiver.world = world;
  annas = new Desk(world, anna);
  await world.enable(anna);
  await world.settle();
  await world.cycle(anna, 'subscribe');
});

afterAll(async () => {
  await world.close();
  await receiver.close();
});

beforeEach(() => {
  receiver.taken.length = 0;
  world.wakes.waiting.length = 0;
});

const subscribed = async () => (await world.mailbox(anna)).push?.subscriptions ?? [];
const onGraph = () => world.control('graph', 'subscriptions', { user: anna.objectId }) as { id: string; expires: string }[];
const wakeUps = () => world.wakes.waiting.map(({ wakeUp }) => (wakeUp.kind === 'look' ? 'look' : wakeUp.reason));

/** Moves the clock to the next tick of the poll timer and runs it. */
async function tick(): Promise<void> {
  const { pollPeriodMs } = world.services.settings;
  world.advance(pollPeriodMs - (world.clock.now() % pollPeriodMs));
  await pollExchange(world.services);
}

/** Has a contact in step edited in Outlook. */
async function contactEdit(name: string): Promise<{ inDynamics(): Promise<unknown> }> {
  const id = await annas.inStep('contacts', { firstname: 'Before', lastname: name });
  world.wakes.waiting.length = 0;
  receiver.taken.length = 0;
  await annas.edit('contacts', id, { givenName: 'After' });
  return { inDynamics: async () => (await annas.record('contacts', id)).firstname };
}

test('a mailbox is subscribed to its events and contacts, with a secret that only Graph knows', async () => {
  const mine = await subscribed();
  expect(mine.map(({ about }) => about)).toEqual(['calendar', 'contacts']);
  expect(onGraph().map(({ id }) => id)).toEqual(mine.map(({ id }) => id));
  expect(mine.map(({ until: end }) => end)).toEqual(onGraph().map(({ expires }) => Date.parse(expires)));
  expect(new Set(mine.map(({ secret }) => secret)).size).toBe(2);
});

test('an edit in Outlook reaches Dynamics by a push alone', async () => {
  const edit = await contactEdit('Pushed');
  await until(() => receiver.taken.length > 0);
  expect(wakeUps()).toEqual(['look']);
  await world.serveUntil(world.clock.now() + minute);
  expect(await edit.inDynamics()).toBe('After');
});

test('a notification that comes twice wakes once, and the second cycle writes nothing', async () => {
  world.control('graph', 'switches', { notifications: 'duplicate' });
  await contactEdit('Twice');
  await until(() => receiver.taken.length > 0);
  world.control('graph', 'switches', { notifications: 'send' });
  expect(receiver.taken[0]).toMatchObject({ accepted: 2 });
  expect(wakeUps()).toEqual(['look']);
  await world.expectQuiet();
});

test('a notification that got lost is made up for by polling', async () => {
  world.control('graph', 'switches', { notifications: 'lose' });
  const edit = await contactEdit('Lost');
  world.control('graph', 'switches', { notifications: 'send' });
  expect(wakeUps()).toEqual([]);
  const { intervals } = world.services.settings;
  const end = world.clock.now() + intervals.quietMs + minute;
  while ((await edit.inDynamics()) !== 'After' && world.clock.now() < end) {
    await tick();
    for (const poll of world.wakes.polls.splice(0)) if (poll.kind === 'exchangeProbe' && poll.only === undefined) await world.poll();
    await world.serveUntil(world.clock.now());
  }
  expect(await edit.inDynamics()).toBe('After');
});

test('while everything is pushed, polling asks for the task lists alone, and seldom for the rest', async () => {
  await contactEdit('Busy');
  await world.settle();
  const asked = { everything: 0, tasks: 0 };
  world.wakes.polls.length = 0;
  for (let at = 0; at < 24 * minute; at += 15_000) {
    await tick();
    for (const poll of world.wakes.polls.splice(0)) if (poll.kind === 'exchangeProbe') asked[poll.only ?? 'everything'] += 1;
  }
  expect(asked.everything).toBe(2);
  expect(asked.tasks).toBeGreaterThan(90);
  expect(wakeUps()).toEqual([]);
});

test('a secret that is wrong is refused, counted and wakes nobody', async () => {
  const [calendar, contacts] = await subscribed();
  const forged = { subscriptionId: calendar?.id, clientState: 'guessed' };
  const crossed = { subscriptionId: contacts?.id, clientState: calendar?.secret };
  const reply = await fetch(`${receiver.url}/?integration=contoso&mailbox=${anna.systemUserId}`, {
    method: 'POST',
    body: JSON.stringify({
      value: [forged, crossed, { subscriptionId: 'nobody’s', clientState: 'guessed' }, { subscriptionId: contacts?.id }],
    }),
  });
  expect(reply.status).toBe(202);
  expect(receiver.taken).toEqual([{ accepted: 0, refused: 3, unknown: 1 }]);
  expect(wakeUps()).toEqual([]);
});

test('a mailbox that is not there, or switched off, is told of in vain', async () => {
  const body = JSON.stringify({ value: [{ subscriptionId: 'one', clientState: 'secret' }] });
  for (const mailbox of ['00000000-0000-4000-8000-000000000000', anna.systemUserId])
    expect((await fetch(`${receiver.url}/?integration=nowhere&mailbox=${mailbox}`, { method: 'POST', body })).status).toBe(202);
  expect(receiver.taken).toEqual([
    { accepted: 0, refused: 0, unknown: 1 },
    { accepted: 0, refused: 0, unknown: 1 },
  ]);
});

test('what Graph says that was missed is looked for', async () => {
  world.control('graph', 'tellLifecycle', { event: 'missed', user: anna.objectId });
  await until(() => receiver.taken.length > 0);
  expect(wakeUps()).toEqual(['look']);
});

test('a subscription that Graph has removed is made anew, and what happened meanwhile is found', async () => {
  const before = await subscribed();
  world.control('graph', 'endSubscriptions', { user: anna.objectId });
  await until(() => receiver.taken.length > 0);
  const edit = await contactEdit('While away');
  await world.cycle(anna, 'resubscribe');
  const after = await subscribed();
  expect(after.map(({ about }) => about).sort()).toEqual(['calendar', 'contacts']);
  expect(after.some(({ id }) => before.some((each) => each.id === id))).toBe(false);
  expect(await edit.inDynamics()).toBe('After');
});

test('a removal wakes for that', async () => {
  world.control('graph', 'endSubscriptions', { user: anna.objectId });
  await until(() => receiver.taken.length > 0);
  expect(wakeUps()).toEqual(['resubscribe']);
  await world.serveUntil(world.clock.now() + minute);
  expect(onGraph().length).toBe(2);
});

test('when Graph wants to be told again that it may, the subscriptions are renewed and stay', async () => {
  const before = await subscribed();
  world.advance(hour);
  world.control('graph', 'tellLifecycle', { event: 'reauthorizationRequired', user: anna.objectId });
  await until(() => receiver.taken.length > 0);
  await world.serveUntil(world.clock.now() + minute);
  const after = await subscribed();
  expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  for (const [index, { until: end }] of after.entries()) expect(end).toBeGreaterThan((before[index]?.until ?? 0) + 30 * minute);
});

test('half a life after it was made a subscription is renewed, by the timer and in the mailbox’s own session', async () => {
  await tick();
  expect(wakeUps()).toEqual([]);
  const before = await subscribed();
  world.advance(35 * hour + minute);
  await tick();
  expect(wakeUps()).toEqual(['subscribe']);
  await world.serveUntil(world.clock.now());
  const after = await subscribed();
  expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  expect(after[0]?.until).toBeGreaterThan((before[0]?.until ?? 0) + 34 * hour);
});

test('one that ended unheard is found out when it would be renewed, and made anew', async () => {
  world.control('graph', 'endSubscriptions', { user: anna.objectId, tell: false });
  world.advance(35 * hour + minute);
  await tick();
  await world.serveUntil(world.clock.now());
  expect(onGraph().map(({ id }) => id)).toEqual((await subscribed()).map(({ id }) => id));
});

test('who cannot be reached is polled, says why, and is subscribed once it can be', async () => {
  receiver.echoes = false;
  world.control('graph', 'endSubscriptions', { user: anna.objectId, tell: false });
  world.advance(71 * hour);
  await tick();
  await world.serveUntil(world.clock.now());
  expect((await world.mailbox(anna)).push).toMatchObject({ subscriptions: [], failure: { code: 'refused', failures: 1 } });
  expect((await world.mailbox(anna)).health).toBeNull();
  const edit = await contactEdit('Polled');
  await world.settle();
  expect(await edit.inDynamics()).toBe('After');
  await tick();
  expect(wakeUps()).toEqual([]);

  receiver.echoes = true;
  world.advance(2 * hour);
  await tick();
  await world.serveUntil(world.clock.now());
  expect((await world.mailbox(anna)).push).toMatchObject({ subscriptions: [{}, {}], failure: null });
});

test('where an admin switches push off the subscriptions are removed, and back on they are made', async () => {
  await world.configure({ push: false });
  world.advance(minute);
  await tick();
  await world.serveUntil(world.clock.now());
  expect([onGraph(), await subscribed()]).toEqual([[], []]);
  await world.configure({ push: true });
  world.advance(minute);
  await tick();
  await world.serveUntil(world.clock.now());
  expect(onGraph().length).toBe(2);
});

test('push that is switched on right after it was switched off does not wait for the minute to end', async () => {
  await world.configure({ push: false });
  world.advance(minute - (world.clock.now() % minute));
  await tick();
  await world.serveUntil(world.clock.now());
  await world.configure({ push: true });
  await tick();
  await world.serveUntil(world.clock.now());
  expect(onGraph().length).toBe(2);
});

test('a mailbox that is switched off while it is being subscribed is left without subscriptions', async () => {
  await pauseMailbox(world.services, 'contoso', anna.systemUserId);
  expect(onGraph()).toEqual([]);
  await world.services.mailboxes.update('contoso', anna.systemUserId, (row) => ({ ...row, status: 'on' }));
  const { exchange } = world.services;
  const create: typeof exchange.subscriptions.create = async (wish) => {
    await pauseMailbox(world.services, 'contoso', anna.systemUserId);
    return exchange.subscriptions.create(wish);
  };
  const services = { ...world.services, exchange: { ...exchange, subscriptions: { ...exchange.subscriptions, create } } };
  await serveWakeUp(
    { kind: 'work', integration: 'contoso', mailbox: anna.systemUserId, reason: 'subscribe', sentAt: world.clock.now() },
    services,
  );
  expect(await world.mailbox(anna)).toMatchObject({ status: 'paused' });
  expect([await subscribed(), onGraph()]).toEqual([[], []]);
});
