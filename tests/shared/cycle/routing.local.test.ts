import { person } from '../../../local/company/people';
import { runCycle } from '../../../shared/cycle/cycle';
import { type Entity, entities } from '../../../shared/model/values';
import { errorCodes, TandemError } from '../../../shared/platform/errors';
import { readFeed } from '../../../shared/polling/feed';
import { probeMailboxes } from '../../../shared/polling/probe';
import { dailySweep, heartbeat, pollDynamics, pollExchange } from '../../../shared/polling/timers';
import type { Home } from '../../../shared/storage/homes';
import { goOnLoading, startLoad } from '../../../shared/workspace/loading';
import type { RecordChange } from '../../../shared/workspace/record-change';
import { bindOwner, Desk } from './desk';
import { anna, ben, World } from './world';

const chloe = person('chloe');

let world: World;
let annas: Desk;

beforeAll(async () => {
  world = await World.start({ feedPageSize: 3 });
  await world.enable(anna);
  await world.enable(ben);
  annas = new Desk(world, anna);
});

beforeEach(async () => {
  await world.settle();
  world.wakes.waiting.length = 0;
});

afterAll(() => world.close());

const hour = 3_600_000;
const day = 24 * hour;

async function homeOf(entity: Entity, id: string): Promise<Home | undefined> {
  return (await world.services.homes.getMany('contoso', entity, [id])).get(id);
}

async function inboxOf(who: typeof anna): Promise<string[]> {
  return (await (await world.partition(who)).inbox(100)).map(({ recordId }) => recordId);
}

/** Whose mailboxes are woken, by first name. */
function woken(): string[] {
  const names = [anna, ben, chloe].filter(({ systemUserId }) => world.wakes.waiting.some(({ wakeUp }) => wakeUp.mailbox === systemUserId));
  return names.map(({ key }) => key);
}

/** Reads a table's feed to its end. */
async function feed(entity: Entity): Promise<void> {
  await readFeed(world.services, world.integration, entity);
  for (let poll = world.wakes.polls.shift(); poll !== undefined; poll = world.wakes.polls.shift())
    await readFeed(world.services, world.integration, entity);
}

const probe = (): Promise<void> => probeMailboxes(world.services, 'contoso', [anna.systemUserId, ben.systemUserId]);

describe('Dynamics’ feed', () => {
  test('a changed record goes to the inbox of its home, and wakes it', async () => {
    const id = await annas.make('tasks', { subject: 'Routed' });
    await feed('task');
    expect(await homeOf('task', id)).toMatchObject({ homes: [anna.systemUserId], owner: anna.systemUserId });
    expect(await inboxOf(anna)).toEqual([id]);
    expect(woken()).toEqual(['anna']);
  });

  test('a record that changes its owner is heard in both homes', async () => {
    const id = await annas.inStep('contacts', { lastname: 'Both' });
    await annas.change('contacts', id, bindOwner(ben));
    await feed('contact');
    expect([await inboxOf(anna), await inboxOf(ben)]).toEqual([[id], [id]]);
    expect(woken()).toEqual(['anna', 'ben']);
    expect(await homeOf('contact', id)).toMatchObject({ homes: [ben.systemUserId] });
  });

  test('an appointment that changes its organizer is heard in both homes', async () => {
    const times = { scheduledstart: '2030-01-01T09:00:00Z', scheduledend: '2030-01-01T10:00:00Z' };
    const id = await annas.inStep('appointments', { subject: 'Handed on', ...times });
    await annas.change('appointments', id, {
      appointment_activity_parties: [{ participationtypemask: 7, 'partyid_systemuser@odata.bind': `/systemusers(${ben.systemUserId})` }],
    });
    await feed('appointment');
    expect(woken()).toEqual(['anna', 'ben']);
    expect(await homeOf('appointment', id)).toMatchObject({ homes: [ben.systemUserId], organizer: ben.systemUserId });
  });

  test('a record whose owner does not take part concerns nobody', async () => {
    const id = await new Desk(world, chloe).make('tasks', { subject: 'Elsewhere' });
    await feed('task');
    expect(await homeOf('task', id)).toBeUndefined();
    expect(woken()).toEqual([]);
  });

  test('a record that gets another owner is told to the Workspace by the poll that sees it, before its cursor moves', async () => {
    const id = await annas.make('tasks', { subject: 'Given away' });
    await feed('task');
    await startLoad(world.services, 'contoso', 'full');
    for (let poll = world.wakes.polls.shift(); poll !== undefined; poll = world.wakes.polls.shift())
      if (poll.kind === 'recordLoad') await goOnLoading(world.services, poll);
    await annas.change('tasks', id, bindOwner(chloe));
    const told: RecordChange[] = [];
    const cursor = async () => (await world.services.integrations.readFeedState('contoso', 'task')).cursor;
    const before = await cursor();
    const services = {
      ...world.services,
      async onRecordChange(change: RecordChange) {
        expect(await cursor()).toEqual(before);
        told.push(change);
      },
    };
    await readFeed(services, world.integration, 'task');
    expect(told).toMatchObject([{ before: { id, owner: { id: anna.systemUserId } }, now: { owner: { id: chloe.systemUserId } } }]);
    expect(await cursor()).not.toEqual(before);
  });

  test('a record that a team owns has no home', async () => {
    const id = await annas.make('contacts', { lastname: 'Team', 'ownerid@odata.bind': '/teams(7ea40000-0000-4000-8000-000000000001)' });
    await feed('contact');
    expect(await homeOf('contact', id)).toBeUndefined();
  });

  test('a tombstone is addressed by the home row, and takes it away', async () => {
    const id = await annas.inStep('tasks', { subject: 'Tombstone' });
    await annas.drop('tasks', id);
    await feed('task');
    expect(await inboxOf(anna)).toEqual([id]);
    expect(await homeOf('task', id)).toBeUndefined();
    expect(woken()).toEqual(['anna']);
  });

  test('a tombstone is heard of although the reading that brought the record was cut off before its end (promise 6)', async () => {
    const id = await annas.make('tasks', { subject: 'Heard half' });
    const away = () => Promise.reject(new Error('The queue is away.'));
    const cut = { ...world.services, messenger: { ...world.services.messenger, wakeMany: away } };
    await expect(readFeed(cut, world.integration, 'task')).rejects.toThrow('The queue is away.');
    await world.cycle(anna);
    expect(await annas.item('tasks', id)).not.toBeNull();
    await annas.drop('tasks', id);
    await feed('task');
    expect(await inboxOf(anna)).toEqual([id]);
    await world.settle();
    expect(await annas.item('tasks', id)).toBeNull();
    expect(await homeOf('task', id)).toBeUndefined();
  });

  test('an expired token starts a full round, which tells only what is news and confirms what it lacks', async () => {
    const [kept, gone] = [await annas.inStep('tasks', { subject: 'Kept' }), await annas.inStep('tasks', { subject: 'Gone' })];
    world.control('dynamics', 'expireChangeTracking', { table: 'task' });
    await annas.drop('tasks', gone);
    const fresh = await annas.make('tasks', { subject: 'Fresh' });
    await feed('task');
    expect((await inboxOf(anna)).sort()).toEqual([fresh, gone].sort());
    expect(await homeOf('task', gone)).toBeUndefined();
    expect(await homeOf('task', kept)).toBeDefined();
    await world.settle();
    expect(await annas.item('tasks', gone)).toBeNull();
    await annas.itemOf('tasks', fresh);
    await world.expectQuiet();
  });

  test('a full round that cannot go on is begun anew, and misses no deletion for what it had seen', async () => {
    const ids = [];
    for (let number = 0; number < 8; number += 1) ids.push(await annas.make('contacts', { lastname: `Round ${number}` }));
    await world.settle();
    world.control('dynamics', 'expireChangeTracking', { table: 'contact' });
    await readFeed(world.services, world.integration, 'contact');
    for (const id of ids) await annas.drop('contacts', id);
    const expired = new TandemError(errorCodes.cursorExpired, { retry: 'now', fix: 'Begin anew.' });
    const dynamics: typeof world.services.dynamics = (integration) => ({
      ...world.services.dynamics(integration),
      readFeed: (entity, cursor) =>
        cursor === null ? world.services.dynamics(integration).readFeed(entity, cursor) : Promise.reject(expired),
    });
    await readFeed({ ...world.services, dynamics }, world.integration, 'contact');
    await feed('contact');
    expect((await inboxOf(anna)).sort()).toEqual([...ids].sort());
    await world.expectQuiet();
  });

  test('many changes in one slot make one wake-up, at its end', async () => {
    for (let number = 0; number < 3; number += 1) {
      await annas.make('tasks', { subject: `Burst ${number}` });
      await feed('task');
      await probe();
    }
    const looks = world.wakes.waiting.filter(({ wakeUp }) => wakeUp.mailbox === anna.systemUserId);
    const slots = new Set(looks.map(({ at }) => at));
    expect(looks).toHaveLength(slots.size);
    expect([...slots].every((at) => at % world.services.settings.wakeUpSlotMs === 0)).toBe(true);
    expect(slots.size).toBeLessThanOrEqual(2);
  });
});

describe('Exchange’s probe', () => {
  test('it compares each folder with its mark, reads no delta link and writes nothing', async () => {
    const before = await world.rows();
    world.counters.reset();
    await probe();
    expect(woken()).toEqual([]);
    expect(await world.rows()).toEqual(before);
    expect(Object.keys(world.counters.snapshot().endpoints.graph ?? {}).filter((label) => label.includes('delta'))).toEqual([]);
  });

  test.each(['tasks', 'contacts', 'appointments'] as const)(
    'an edit, a new item and a deletion among the %s are noticed',
    async (table) => {
      const name = { tasks: 'subject', contacts: 'lastname', appointments: 'subject' }[table];
      const property = { tasks: 'title', contacts: 'surname', appointments: 'subject' }[table];
      const times = { scheduledstart: '2027-01-01T09:00:00Z', scheduledend: '2027-01-01T10:00:00Z' };
      const id = await annas.inStep(table, { [name]: 'Probed', ...(table === 'appointments' ? times : {}) });
      world.advance(2_000);
      await annas.edit(table, id, { [property]: 'Probed again' });
      await probe();
      expect(woken()).toEqual(['anna']);
      await world.settle();
      await annas.discard(table, id);
      await probe();
      expect(woken()).toEqual(['anna']);
    },
  );

  test('an idle poll costs no write, and no more than a quarter of a request a mailbox', async () => {
    await world.expectQuiet();
    const before = (await world.rows()).filter((row) => !row.startsWith('integrations '));
    world.counters.reset();
    await world.poll();
    expect(woken()).toEqual([]);
    expect((await world.rows()).filter((row) => !row.startsWith('integrations '))).toEqual(before);
    const { dynamics = {}, graph = {} } = world.counters.snapshot().endpoints;
    const requests = (counts: typeof graph): number => Object.values(counts).reduce((sum, count) => sum + count.requests, 0);
    expect(requests(dynamics)).toBe(entities.length);
    expect(Object.keys(graph).filter((label) => !label.startsWith('GET ') && !label.includes('$batch'))).toEqual([]);
  });
});

describe('looks', () => {
  const look = (sentAt: number): ReturnType<typeof runCycle> =>
    runCycle({ kind: 'look', integration: 'contoso', mailbox: anna.systemUserId, sentAt }, world.services);

  test('a look that an earlier drain answered is skipped; a later one, or one with an inbox, is not', async () => {
    await world.cycle(anna);
    const now = world.clock.now();
    expect(await look(now - 60_000)).toBe('skipped');
    expect(await look(now - 5_000)).toBe('done');
    await annas.make('tasks', { subject: 'In the inbox' });
    await feed('task');
    expect(await look(now - 60_000)).toBe('done');
    expect(await inboxOf(anna)).toEqual([]);
  });

  test('a paused mailbox is left alone', async () => {
    const { update } = world.services.mailboxes;
    await update('contoso', ben.systemUserId, (mailbox) => ({ ...mailbox, status: 'paused' }));
    expect(await world.cycle(ben)).toBe('skipped');
    await update('contoso', ben.systemUserId, (mailbox) => ({ ...mailbox, status: 'on' }));
  });
});

describe('timers', () => {
  /** Moves the clock to when a timer of this period comes. */
  const toTick = (periodMs: number): void => world.advance(periodMs - (world.clock.now() % periodMs));

  test('every mailbox gets one heartbeat an hour', async () => {
    const { heartbeatPeriodMs } = world.services.settings;
    toTick(heartbeatPeriodMs);
    for (let at = 0; at < hour; at += heartbeatPeriodMs) {
      await heartbeat(world.services);
      world.advance(heartbeatPeriodMs);
    }
    const beats = world.wakes.waiting.map(({ wakeUp }) => wakeUp);
    expect(beats).toHaveLength(2);
    expect(beats).toEqual(
      expect.arrayContaining([expect.objectContaining({ mailbox: anna.systemUserId, kind: 'work', reason: 'heartbeat' })]),
    );
  });

  test('every mailbox gets one sweep a day', async () => {
    toTick(hour);
    for (let at = 0; at < day; at += hour) {
      await dailySweep(world.services);
      world.advance(hour);
    }
    expect(world.wakes.waiting.map(({ wakeUp }) => wakeUp.mailbox).sort()).toEqual([anna.systemUserId, ben.systemUserId].sort());
    expect(world.wakes.waiting.every(({ wakeUp }) => wakeUp.kind === 'work' && wakeUp.reason === 'sweep')).toBe(true);
  });

  test('each table is asked for once a slot, and mailboxes that are due in groups', async () => {
    world.wakes.polls.length = 0;
    const { pollPeriodMs, intervals } = world.services.settings;
    await pollDynamics(world.services);
    await pollDynamics(world.services);
    expect(world.wakes.polls.length).toBeLessThanOrEqual(2 * entities.length);
    expect(new Set(world.wakes.polls.map((poll) => (poll.kind === 'dynamicsFeed' ? poll.entity : ''))).size).toBe(entities.length);
    world.wakes.polls.length = 0;
    toTick(pollPeriodMs);
    const probed = new Set<string>();
    for (let at = 0; at < intervals.tasksMs; at += pollPeriodMs) {
      await pollExchange(world.services);
      for (const poll of world.wakes.polls.splice(0))
        if (poll.kind === 'exchangeProbe') for (const each of poll.mailboxes) probed.add(each);
      world.advance(pollPeriodMs);
    }
    expect(probed).toEqual(new Set([anna.systemUserId, ben.systemUserId]));
  });
});

describe('Exchange’s cursors', () => {
  test('an expired chain is begun anew, and a sweep finds what was deleted meanwhile', async () => {
    const [gone, edited] = [await annas.inStep('contacts', { lastname: 'Unheard' }), await annas.inStep('tasks', { subject: 'Unheard' })];
    await annas.discard('contacts', gone);
    await annas.edit('tasks', edited, { title: 'Heard after all' });
    world.control('graph', 'expireDeltas', { user: anna.objectId });
    await world.cycle(anna);
    expect(await annas.record('tasks', edited)).toMatchObject({ subject: 'Heard after all' });
    expect(world.wakes.waiting.map(({ wakeUp }) => wakeUp)).toContainEqual(expect.objectContaining({ kind: 'work', reason: 'sweep' }));
    await world.settle();
    await annas.change('contacts', gone, { jobtitle: 'Edited' });
    await world.expectQuiet();
    expect(await annas.item('contacts', gone)).toBeNull();
  });

  test('the calendar’s window moves once a week, and no deletion is lost by it', async () => {
    const [start, end] = [world.clock.now() + 30 * day, world.clock.now() + 30 * day + hour].map((at) => new Date(at).toISOString());
    const id = await annas.inStep('appointments', { subject: 'On the move', scheduledstart: start, scheduledend: end });
    const windowOf = async () => (await (await world.partition(anna)).state()).cursors.find(({ feed: each }) => each === 'calendar');
    const before = await windowOf();
    world.advance(8 * day);
    await annas.discard('appointments', id);
    await world.cycle(anna, 'heartbeat');
    const after = await windowOf();
    expect((after?.window?.from ?? 0) - (before?.window?.from ?? 0)).toBe(8 * day);
    expect(after).toMatchObject({ at: 'end' });
    expect(await annas.hasRecord('appointments', id)).toBe(false);
    await world.expectQuiet();
  });
});
