import { processOn } from '../../../local/simulation/process';
import type { WorldServices } from '../../../local/simulation/stage';
import { syncMailbox } from '../../../shared/cycle/sync-mailbox';
import { createLog } from '../../../shared/platform/telemetry';
import { pollSource } from '../../../shared/polling/poll-source';
import { neglectedTimers, runTimer, watchTimers } from '../../../shared/polling/watchdog';
import { timerNames } from '../../../shared/sync/silence';
import { Hands } from '../cycle/hands';
import { anna, World } from '../cycle/world';

const second = 1_000;
const minute = 60 * second;

let world: World;
let hands: Hands;
let hosts: WorldServices[];
let logged: { readonly event: string; readonly timer?: string }[];

beforeEach(async () => {
  world = await World.start();
  hands = new Hands(world);
  logged = [];
  const write = (line: string): void => void logged.push(JSON.parse(line));
  const log = createLog({ info: write, warn: write, error: write });
  hosts = [processOn(world, null, { log }), processOn(world, null, { log })];
  await world.enable(anna);
  await world.settle();
});

afterEach(() => world.close());

/** What the hosts do for some time: the timers fire unless they are dead, and the queues are served, each message by the next host. */
async function pass(ms: number, timers: 'alive' | 'dead'): Promise<void> {
  const end = world.clock.now() + ms;
  for (let turn = 0; world.clock.now() < end; turn += 1) {
    const host = hosts[turn % hosts.length];
    if (host === undefined) throw new Error('no host');
    if (timers === 'alive') for (const name of timerNames) await runTimer(name, host);
    for (let poll = world.wakes.polls.shift(); poll !== undefined; poll = world.wakes.polls.shift()) {
      await pollSource(poll, host);
      await watchTimers(host);
    }
    for (let next = world.wakes.next(); next !== undefined; next = world.wakes.next()) {
      if (next.at > world.clock.now()) {
        world.wakes.waiting.push(next);
        break;
      }
      await syncMailbox(next.wakeUp, host);
      await Promise.all(hosts.map(watchTimers));
    }
    world.advance(15 * second);
  }
}

/** Ten minutes in which neither a timer fires nor anything lies in a queue. */
async function fallSilent(): Promise<void> {
  await pass(2 * minute, 'alive');
  world.wakes.waiting.splice(0);
  await pass(10 * minute, 'dead');
}

function count(event: string, timer: string): number {
  return logged.filter((each) => each.event === event && each.timer === timer).length;
}

async function titles(): Promise<(string | undefined)[]> {
  return (await hands.items(anna)).map(({ texts }) => texts.first);
}

test('with dead timers everything still syncs once anything at all happens, and goes on without more', async () => {
  await fallSilent();
  await hands.make(anna, 'task', { first: 'made while nobody asks', second: '1' });
  await pass(5 * minute, 'dead');
  expect(await titles()).toEqual([]);

  // A push, or a retry that was scheduled long ago.
  const { id: integration } = world.integration;
  await world.wakes.wake({ kind: 'look', integration, mailbox: anna.systemUserId, sentAt: world.clock.now() });
  await pass(2 * minute, 'dead');
  expect(await titles()).toEqual(['made while nobody asks']);

  await hands.make(anna, 'task', { first: 'made an hour later', second: '1' });
  await pass(3 * minute, 'dead');
  expect(await titles()).toEqual(expect.arrayContaining(['made while nobody asks', 'made an hour later']));
  const item = (await hands.items(anna)).find(({ texts }) => texts.first === 'made an hour later');
  if (item === undefined) throw new Error('no item');
  await hands.editItem(anna, item, { first: 'edited in Exchange' });
  await pass(5 * minute, 'dead');
  expect((await hands.records(anna)).map(({ texts }) => texts.first)).toContain('edited in Exchange');
  expect(count('timer-silent', 'pollDynamics')).toBeGreaterThan(5);
});

test('of many hosts that notice a dead timer one does its work, once a minute', async () => {
  await fallSilent();
  await Promise.all(hosts.map(watchTimers));
  expect(count('timer-silent', 'pollDynamics')).toBe(1);
  expect(count('timer-silent', 'pollExchange')).toBe(1);
  await pass(10 * minute, 'dead');
  expect(count('timer-silent', 'pollDynamics')).toBeLessThanOrEqual(11);
  expect(count('timer-silent', 'pollDynamics')).toBeGreaterThanOrEqual(7);
});

test('timers that are back say so, and nobody does their work in their place any more', async () => {
  await fallSilent();
  await Promise.all(hosts.map(watchTimers));
  await pass(5 * minute, 'dead');
  await pass(5 * minute, 'alive');
  for (const name of ['pollDynamics', 'pollExchange'] as const) expect(count('timer-back', name)).toBe(1);
  const stoodIn = count('timer-silent', 'pollDynamics');
  await pass(20 * minute, 'alive');
  expect(count('timer-silent', 'pollDynamics')).toBe(stoodIn);
  expect(stoodIn).toBeGreaterThan(1);
});

test('while timers run nobody stands in, and each writes a small row every two minutes at most', async () => {
  const saves: string[] = [];
  for (const host of hosts) {
    const { save } = host.timerRuns;
    host.timerRuns.save = (name, run, etag) => {
      saves.push(name);
      return save(name, run, etag);
    };
  }
  await pass(20 * minute, 'alive');
  expect(logged.filter(({ event }) => event.startsWith('timer'))).toEqual([]);
  expect(saves.filter((name) => name === 'pollDynamics').length).toBeLessThanOrEqual(hosts.length * 11);
});

test('where nothing happens in any queue, it is known that nobody does the work of the timers', async () => {
  const [host] = hosts;
  if (host === undefined) throw new Error('no host');
  const neglected = () => neglectedTimers(host.timerRuns, host.settings, world.clock.now());
  expect(await neglected()).toEqual([]);
  await pass(2 * minute, 'alive');
  expect(await neglected()).toEqual([]);
  world.advance(8 * minute);
  expect(await neglected()).toEqual(['pollDynamics', 'pollExchange']);
  await watchTimers(host);
  expect(await neglected()).toEqual([]);
});
