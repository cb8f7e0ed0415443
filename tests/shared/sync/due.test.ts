import fc from 'fast-check';
import { type DueFacts, type DueIntervals, fallsIn, interval, lookAt } from '../../../shared/sync/due';
import { now } from './pairs';
import { runs } from './runs';

const minute = 60_000;
const hour = 60 * minute;
const intervals: DueIntervals = { busyMs: 2 * minute, typicalMs: 5 * minute, quietMs: 15 * minute, tasksMs: 10 * minute };

describe('how long may pass between two looks', () => {
  const wait = (quietMs: number, given = intervals) => interval(now - quietMs, given, now) / minute;

  test('is short while something changed within the hour, longer within the day, and then grows to the longest', () => {
    expect([wait(0), wait(hour - 1)]).toEqual([2, 2]);
    expect([wait(hour), wait(24 * hour - 1)]).toEqual([5, 5]);
    expect([wait(24 * hour), wait(30 * hour), wait(100 * hour)]).toEqual([5, 7.8125, 10]);
    for (const at of [now, 0]) expect(interval(null, intervals, at)).toBe(10 * minute);
  });

  test('is never longer than what tasks allow, and as long as it likes without them', () => {
    expect(wait(48 * hour, { ...intervals, tasksMs: Number.POSITIVE_INFINITY })).toBe(15);
    expect(wait(0, { ...intervals, tasksMs: minute })).toBe(1);
  });

  test('a change that lies in the future, as a wrong clock has it, counts as one of now', () => {
    expect(wait(-hour)).toBe(2);
  });

  test('grows without a jump after the first day', () => {
    for (let quiet = 24 * hour; quiet < 60 * hour; quiet += minute) expect(wait(quiet + minute) - wait(quiet)).toBeLessThan(0.03);
  });
});

describe('whether a mailbox is due', () => {
  const facts: DueFacts = { id: 'mailbox', lastChangeAt: null, nextRetryAt: null, isPushed: false };
  const rare = { ...intervals, tasksMs: 1e12, quietMs: 1e12 };

  test('it is while a retry waits', () => {
    const look = (nextRetryAt: number) => lookAt({ ...facts, nextRetryAt }, rare, now, minute);
    expect([look(now - hour), look(now), look(now + 1)]).toEqual(['everything', 'everything', 'nothing']);
    expect(lookAt(facts, rare, now, minute)).toBe('nothing');
  });

  test('over any span of ticks each mailbox is due once an interval, at its own phase', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 60 }), fc.nat(1_000_000), (id, minutes, start) => {
        const intervalMs = minutes * minute;
        const ticks = Array.from({ length: minutes * 4 }, (_, tick) => fallsIn(intervalMs, id, (start + tick) * minute, minute));
        expect(ticks.filter(Boolean).length).toBe(4);
        const first = ticks.indexOf(true);
        expect(ticks.every((hit, tick) => hit === ((tick - first) % minutes === 0))).toBe(true);
      }),
      runs(500),
    );
  });

  test('an interval that is no longer than the period of the ticks is due each time', () => {
    for (let tick = 0; tick < 10; tick += 1) expect(fallsIn(minute, 'mailbox', now + tick * minute, minute)).toBe(true);
  });

  test('a thousand mailboxes spread over their interval, so that not all come at once', () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `mailbox ${index}`);
    for (let tick = 0; tick < 10; tick += 1) {
      const due = ids.filter((id) => fallsIn(10 * minute, id, now + tick * minute, minute));
      expect(due.length).toBeGreaterThan(60);
      expect(due.length).toBeLessThan(140);
    }
  });
});

describe('the looks at one mailbox, tick by tick', () => {
  const second = 1_000;
  const usual: DueIntervals = { busyMs: 15 * second, typicalMs: minute, quietMs: 12 * minute, tasksMs: 3 * minute };
  const period = 15 * second;
  const withoutTasks = { ...usual, tasksMs: Number.POSITIVE_INFINITY };

  /** The ticks at which a mailbox is looked at, ms after its last change. */
  function looks(id: string, given: DueIntervals, from: number, to: number, isPushed = false): { at: number; look: string }[] {
    const facts: DueFacts = { id, lastChangeAt: 0, nextRetryAt: null, isPushed };
    const ticks = Array.from({ length: Math.floor((to - from) / period) }, (_, index) => from + index * period);
    return ticks.map((at) => ({ at, look: lookAt(facts, given, at, period) })).filter(({ look }) => look !== 'nothing');
  }
  const gaps = (list: readonly { at: number }[]) => list.slice(1).map(({ at }, index) => at - (list[index]?.at ?? 0));

  test('are never farther apart than promised then, nor closer than the shortest interval', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.nat(5 * 24 * 60),
        fc.nat(period - 1),
        fc.constantFrom(usual, withoutTasks),
        (id, minutes, late, given) => {
          const from = minutes * minute + late;
          const seen = looks(id, given, from, from + 2 * hour);
          expect(seen.length).toBeGreaterThan(0);
          for (const [index, gap] of gaps(seen).entries()) {
            const promised = interval(0, given, seen[index + 1]?.at ?? 0);
            expect(gap).toBeLessThanOrEqual(Math.ceil(promised / period) * period);
            expect(gap).toBeGreaterThanOrEqual(given.busyMs);
          }
        },
      ),
      runs(100),
    );
  });

  test('become rarer, from every fifteen seconds over every minute to twelve minutes', () => {
    const longest = (from: number) => Math.max(...gaps(looks('anna', withoutTasks, from, from + hour)));
    expect([longest(0) / second, longest(2 * hour) / minute, longest(4 * 24 * hour) / minute]).toEqual([15, 1, 12]);
    expect(longest(60 * hour) / minute).toBeGreaterThan(5);
    expect(longest(60 * hour) / minute).toBeLessThan(8);
  });

  test('are those of its task lists alone while the rest is pushed, and of everything once in the longest interval', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(5 * 24 * 60), (id, minutes) => {
        const from = minutes * minute;
        const seen = looks(id, usual, from, from + 2 * hour, true);
        const everything = seen.filter(({ look }) => look === 'everything');
        expect(everything.length).toBe(10);
        expect(new Set(gaps(everything))).toEqual(new Set([12 * minute]));
        for (const gap of gaps(seen)) expect(gap).toBeLessThanOrEqual(usual.tasksMs);
      }),
      runs(100),
    );
  });
});
