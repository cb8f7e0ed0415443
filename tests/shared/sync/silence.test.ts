import { isNeglected, isOverdue, type LastRun, noteEvery } from '../../../shared/sync/silence';

const minute = 60_000;
const now = Date.parse('2026-10-05T06:00:00Z');
const poll = 15_000;
const hourly = 60 * minute;

function ran(minutesAgo: number, by: LastRun['by'] = 'timer'): LastRun {
  return { at: now - minutesAgo * minute, by, silentSince: by === 'timer' ? null : now - 60 * minute };
}

describe('a timer', () => {
  test('that runs every few seconds says so every two minutes, one that runs every hour each time', () => {
    expect(noteEvery(poll)).toBe(2 * minute);
    expect(noteEvery(hourly)).toBe(hourly);
  });

  test('is silent once it has missed two of its notes', () => {
    expect(isOverdue(ran(5), poll, now)).toBe(false);
    expect(isOverdue(ran(5.1), poll, now)).toBe(true);
    expect(isOverdue(ran(121), hourly, now)).toBe(false);
    expect(isOverdue(ran(121.1), hourly, now)).toBe(true);
  });

  test('whose work is done in its place has it done every minute, and no more often than it would do it', () => {
    expect(isOverdue(ran(0.9, 'watchdog'), poll, now)).toBe(false);
    expect(isOverdue(ran(1, 'watchdog'), poll, now)).toBe(true);
    expect(isOverdue(ran(59, 'watchdog'), hourly, now)).toBe(false);
    expect(isOverdue(ran(60, 'watchdog'), hourly, now)).toBe(true);
  });

  test('is neglected where nobody does its work in its place either', () => {
    expect(isNeglected(ran(7), poll, now)).toBe(false);
    expect(isNeglected(ran(7.1), poll, now)).toBe(true);
    expect(isNeglected(ran(1, 'watchdog'), poll, now)).toBe(false);
    expect(isNeglected(ran(7.1, 'watchdog'), poll, now)).toBe(true);
  });

  test('of which a broken clock says that it will run tomorrow is silent; one whose clock is ahead by seconds is not', () => {
    expect(isOverdue(ran(-24 * 60), poll, now)).toBe(true);
    expect(isNeglected(ran(-24 * 60), poll, now)).toBe(true);
    expect(isOverdue(ran(-0.1), poll, now)).toBe(false);
  });
});
