import { interval } from '../../shared/sync/due';
import { Desk } from '../shared/cycle/desk';
import { anna, World } from '../shared/cycle/world';

/** Statements about the service itself, each by its number (section 9.4 of the specification), where ours is meant to differ from the original. */
const minute = 60_000;
const hour = 60 * minute;

describe('9.4-19, ours: no failure that can pass switches a mailbox off, and nobody has to switch it on again', () => {
  let world: World;
  let annas: Desk;
  beforeEach(async () => {
    world = await World.start();
    await world.enable(anna);
    annas = new Desk(world, anna);
  });
  afterEach(() => world.close());

  /** Lets a fault last for so many cycles, each of which begins when the last one asked for its return. */
  async function failFor(cycles: number, status: number): Promise<void> {
    world.faults.add({ service: 'graph', kind: 'error', status });
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      await world.cycle(anna);
      const { nextRetryAt } = await world.mailbox(anna);
      world.advance(Math.max(0, (nextRetryAt ?? world.clock.now()) - world.clock.now()));
    }
    world.faults.clear();
  }

  test.each([
    ['a 401', 1, 401],
    ['ten failures in a row', 10, 503],
  ])(
    'after %s it takes part as before, says what is wrong meanwhile, waits at most an hour, and heals by itself',
    async (_, cycles, status) => {
      const id = await annas.make('tasks', { subject: 'Made while Exchange is away' });
      await failFor(cycles, status);
      const failing = await world.mailbox(anna);
      expect(failing.status).toBe('on');
      expect(failing.health).toMatchObject({ failures: cycles, fix: expect.stringMatching(/\w/) });
      expect((failing.nextRetryAt ?? 0) - world.clock.now()).toBeLessThanOrEqual(hour);

      await world.settle(2 * hour);
      expect(await annas.itemOf('tasks', id)).toMatchObject({ title: 'Made while Exchange is away' });
      expect((await world.mailbox(anna)).health).toBeNull();
    },
  );
});

describe('9.4-20, ours: how often a mailbox is asked', () => {
  const intervals = { busyMs: 15_000, typicalMs: minute, quietMs: 12 * minute, tasksMs: Number.POSITIVE_INFINITY };
  const now = Date.parse('2026-10-05T12:00:00Z');

  test('a quiet one drifts to 12 minutes, a burst brings it to 15 seconds, and in steady use it is a minute', () => {
    const askedAfter = (quietMs: number): number => interval(now - quietMs, intervals, now);
    expect(askedAfter(4 * 24 * hour)).toBe(12 * minute);
    expect(askedAfter(0)).toBe(15_000);
    expect(askedAfter(3 * hour)).toBe(minute);
  });
});
