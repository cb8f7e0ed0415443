import fc from 'fast-check';
import { type DueIntervals, fallsIn, interval, isDue } from '../../../shared/sync/due';
import { now } from './pairs';
import { runs } from './runs';

const minute = 60_000;
const hour = 60 * minute;
const intervals: DueIntervals = { busyMs: 2 * minute, typicalMs: 5 * minute, quietMs: 15 * minute, tasksMs: 10 * minute };

describe('how long may pass between two looks', () => {
  const wait = (quietMs: number, given = intervals) => interval(now - quietMs, given, now) / minute;

  test('is short while something changed within the hour, longer within the day, longest after', () => {
    expect([wait(0), wait(hour - 1)]).toEqual([2, 2]);
    expect([wait(hour), wait(24 * hour - 1)]).toEqual([5, 5]);
    expect([wait(24 * hour), wait(100 * hour)]).toEqual([10, 10]);
    for (const at of [now, 0]) expect(interval(null, intervals, at)).toBe(10 * minute);
  });

  test('is never longer than what tasks allow, and as long as it likes without them', () => {
    expect(wait(24 * hour, { ...intervals, tasksMs: Number.POSITIVE_INFINITY })).toBe(15);
    expect(wait(0, { ...intervals, tasksMs: minute })).toBe(1);
  });

  test('a change that lies in the future, as a wrong clock has it, counts as one of now', () => {
    expect(wait(-hour)).toBe(2);
  });
});

describe('whether a mailbox is due', () => {
  const facts = { id: 'mailbox', lastChangeAt: null, nextRetryAt: null };

  test('it is while a retry waits', () => {
    const due = (nextRetryAt: number) => isDue({ ...facts, nextRetryAt }, { ...intervals, tasksMs: 1e12, quietMs: 1e12 }, now, minute);
    expect([due(now - hour), due(now), due(now + 1)]).toEqual([true, true, false]);
    expect(isDue(facts, { ...intervals, tasksMs: 1e12, quietMs: 1e12 }, now, minute)).toBe(false);
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
