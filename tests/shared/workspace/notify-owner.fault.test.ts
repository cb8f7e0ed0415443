import { TandemError } from '../../../shared/platform/errors';
import { notifyOwner } from '../../../shared/workspace/notify-owner';
import { anna, ben, FeedWorld, Hands, hour, inEntra, team, user } from './feed-world';

let world: FeedWorld;
beforeEach(async () => {
  world = await FeedWorld.start();
});

const subjects = async (id: string) => (await world.cards(id)).map(({ card }) => [card.trigger, card.values.subject]);

describe('a record that becomes somebody’s', () => {
  test('sends its owner a card, from the queue', async () => {
    await world.load(world.aTask());
    await world.work();
    expect(await subjects(anna)).toEqual([['new', 'Call back']]);
    expect(await subjects(ben)).toEqual([]);
  });
  test('moves its card along with the owner', async () => {
    await world.load(world.aTask());
    await world.work();
    await world.load(world.aTask({ owner: user(ben), modifiedBy: anna }));
    await world.work();
    expect([await subjects(anna), await subjects(ben)]).toEqual([[], [['existing', 'Call back']]]);
  });
  test('takes its card back when it closes, and when it is gone (defects 15 and 30)', async () => {
    for (const end of [() => world.load(world.aTask({ state: 1 })), () => world.load(null)]) {
      world = await FeedWorld.start();
      await world.load(world.aTask());
      await world.work();
      expect(await subjects(anna)).toHaveLength(1);
      await end();
      await world.work();
      expect(await subjects(anna)).toEqual([]);
    }
  });
  test('sends nobody a card on the first load', async () => {
    await world.load(world.aTask(), undefined, true);
    expect(world.wakes.assignments).toEqual([]);
  });
  test('sends every member of its team a card (defect 4)', async () => {
    await world.load(world.aTask({ owner: team, createdBy: null }));
    await world.work();
    expect([await subjects(anna), await subjects(ben)]).toEqual([[['new', 'Call back']], [['new', 'Call back']]]);
  });
  test('sends no card to whom its microapp was not granted', async () => {
    await world.grants.remove('contoso', 'tasks', 'everyone');
    await world.load(world.aTask());
    await world.work();
    expect(await subjects(anna)).toEqual([]);
  });
  test('is no news when it left the cache and comes back with the same owner, and is when it has another', async () => {
    await world.load(world.aTask());
    await world.load(null);
    await world.work();
    await world.load(world.aTask());
    await world.work();
    expect(await subjects(anna)).toEqual([]);
    await world.load(null);
    await world.load(world.aTask({ owner: user(ben), createdBy: anna, modifiedBy: anna }));
    await world.work();
    expect(await subjects(ben)).toEqual([['existing', 'Call back']]);
  });
  test('sends a card to whoever has it after several changes between two loads, and to nobody in between (defect 3)', async () => {
    await world.load(world.aTask({ createdBy: null }));
    await world.load(world.aTask({ owner: user(ben), modifiedBy: null }));
    await world.work();
    expect([await subjects(anna), await subjects(ben)]).toEqual([[], [['existing', 'Call back']]]);
  });
  test('is told anew when it comes back to somebody after it was another’s', async () => {
    for (const owner of [anna, ben, anna]) {
      await world.load(world.aTask({ owner: user(owner), createdBy: null, modifiedBy: null }));
      await world.work();
    }
    expect([await subjects(anna), await subjects(ben)]).toEqual([[['existing', 'Call back']], []]);
  });
});

describe('a card', () => {
  const edit = (change: Parameters<FeedWorld['aTask']>[0] = {}) => {
    const made = world.aTask();
    return { ...made, ...change, values: { ...made.values, subject: 'Call again' } };
  };
  const glance = async () => world.feed.glance({ integration: 'contoso', objectId: inEntra(anna) });

  test('shows its record as it is now: the same card, in another version of the feed', async () => {
    await world.load(world.aTask());
    await world.work();
    const [[before], state] = [await world.cards(anna), await glance()];
    const edited = edit();
    await world.load(edited);
    await world.work();
    const after = await world.cards(anna);
    expect(after).toMatchObject([
      { state: 'unread', card: { id: before?.card.id, version: edited.version, expiresAt: before?.card.expiresAt } },
    ]);
    expect(after[0]?.card.values.subject).toBe('Call again');
    expect((await glance())?.version).toBeGreaterThan(state?.version ?? 0);
  });
  test.each(['read', 'done', 'dismissed'] as const)('that is %s stays so', async (state) => {
    await world.load(world.aTask());
    await world.work();
    const id = (await world.cards(anna))[0]?.card.id ?? '';
    await world.feed.mark({ integration: 'contoso', objectId: inEntra(anna) }, id, state, world.clock.now());
    await world.load(edit());
    await world.work();
    expect(await world.cards(anna)).toMatchObject([{ state, card: { id, values: { subject: 'Call again' } } }]);
  });
  test('is not made by an edit, for which nobody is looked up', async () => {
    await world.load(world.aTask(), undefined, true);
    await world.load(edit());
    world.fails = new TandemError('throttled', { retry: 'later', fix: 'Wait.' });
    await world.work();
    expect([await world.cards(anna), world.fails]).toEqual([[], expect.anything()]);
  });
  test('is as it was for an edit that it does not show', async () => {
    await world.load(world.aTask());
    await world.work();
    await world.load(world.aTask());
    expect(world.wakes.assignments).toEqual([]);
  });
  test('shows the newest version, in whatever order edits are told', async () => {
    await world.load(world.aTask());
    await world.work();
    await world.load(edit());
    const last = edit();
    await world.load({ ...last, values: { ...last.values, subject: 'Never mind' } });
    const [first, second] = world.wakes.assignments.splice(0).map(({ assignment }) => assignment);
    for (const message of [second, first, second]) await notifyOwner(message, world.services());
    expect(await subjects(anna)).toEqual([['new', 'Never mind']]);
  });
  test('that is being sent while its record is edited shows the edit, and is there', async () => {
    const task = world.aTask();
    await world.load(task);
    const sent = world.wakes.assignments.shift()?.assignment;
    const services = world.services();
    const feed = {
      ...services.feed,
      async put(...given: Parameters<typeof services.feed.put>) {
        const isNew = await services.feed.put(...given);
        if (isNew) {
          await world.load(edit({ createdAt: task.createdAt }));
          await world.work();
        }
        return isNew;
      },
    };
    await notifyOwner(sent, { ...services, feed });
    expect(await subjects(anna)).toEqual([['new', 'Call again']]);
  });
});

describe('whatever goes wrong', () => {
  test('a message that is delivered again sends no second card, not even after the card was dismissed or has ended', async () => {
    await world.load(world.aTask());
    const message = world.wakes.assignments[0]?.assignment;
    await world.work();
    const [only] = await world.cards(anna);
    const hers = { integration: 'contoso', objectId: anna.replace('-4000-', '-4eee-') };
    await world.feed.mark(hers, only?.card.id ?? '', 'dismissed', world.clock.now());
    await notifyOwner(message, world.services());
    expect((await world.cards(anna)).map(({ state }) => state)).toEqual(['dismissed']);
    await world.feed.refresh(hers, world.clock.now() + 73 * hour, async () => ['tasks']);
    await notifyOwner(message, world.services());
    expect(await world.cards(anna)).toEqual([]);
  });
  test('a crash before any of its writes costs no card and makes no second one', async () => {
    await world.load(world.aTask());
    const message = world.wakes.assignments.shift()?.assignment;
    const probe = await FeedWorld.start();
    await probe.load(probe.aTask());
    const ofProbe = new Hands(probe.tables);
    await probe.work(probe.services(ofProbe));
    expect(ofProbe.writes).toBeGreaterThan(2);
    for (let diesAt = 1; diesAt <= ofProbe.writes; diesAt += 1) {
      const mortal = new Hands(world.tables);
      mortal.diesAt = diesAt;
      await notifyOwner(message, world.services(mortal));
    }
    await world.work();
    await notifyOwner(message, world.services());
    expect(await subjects(anna)).toEqual([['new', 'Call back']]);
    const hers = { integration: 'contoso', objectId: anna.replace('-4000-', '-4eee-') };
    expect((await world.feed.glance(hers))?.nextExpiry).toBe((await world.cards(anna))[0]?.card.expiresAt);
  });
  test('two workers with the same message make one card and one version', async () => {
    await world.load(world.aTask());
    const message = world.wakes.assignments.shift()?.assignment;
    const alone = await FeedWorld.start();
    await alone.load(alone.aTask());
    await alone.work();
    await Promise.all([notifyOwner(message, world.services()), notifyOwner(message, world.services())]);
    await world.work();
    expect(await subjects(anna)).toHaveLength(1);
    const hers = { integration: 'contoso', objectId: anna.replace('-4000-', '-4eee-') };
    expect((await world.feed.glance(hers))?.version).toBe((await alone.feed.glance(hers))?.version);
  });
  test('messages that come in the wrong order leave the card with whom the record belongs to', async () => {
    await world.load(world.aTask());
    await world.work();
    await world.load(world.aTask({ owner: user(ben) }));
    await world.load(world.aTask({ owner: team, modifiedBy: null }));
    world.members = [anna];
    const [first, second] = world.wakes.assignments.splice(0).map(({ assignment }) => assignment);
    for (const message of [second, first]) await notifyOwner(message, world.services());
    await world.work();
    expect([await subjects(anna), await subjects(ben)]).toEqual([[['new', 'Call back']], []]);
  });
  test('a passing failure is tried again until it works', async () => {
    world.fails = new TandemError('throttled', { retry: 'later', fix: 'Wait.', retryAfterMs: 60_000 });
    await world.load(world.aTask());
    await world.work();
    expect(await subjects(anna)).toHaveLength(1);
  });
  test('what is told before the cache has it waits for the cache', async () => {
    const task = world.aTask();
    await world.load(task);
    await world.records.remove('contoso', 'task', task.id);
    const message = world.wakes.assignments.shift()?.assignment;
    await notifyOwner(message, world.services());
    await world.records.save('contoso', task);
    await world.work();
    expect(await subjects(anna)).toHaveLength(1);
  });
  test('a message that does not parse is put aside with the reason', async () => {
    await notifyOwner({ integration: 'contoso', subject: 'Call back' }, world.services());
    expect(world.wakes.rejected).toMatchObject([{ queue: 'assignments', reason: expect.stringContaining('table') }]);
  });
});
