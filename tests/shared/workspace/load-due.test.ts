import type { Schedule } from '../../../shared/model/integration-connection';
import { loadDue } from '../../../shared/workspace/load-due';
import { begun } from '../../../shared/workspace/load-progress';
import { type LoadState, neverLoaded, unknownTable } from '../../../shared/workspace/load-state';

const minute = 60_000;
const now = Date.UTC(2026, 10, 2, 12);
const manual: Schedule = { at: 'manual' };
const everyFive: Schedule = { at: 'interval', minutes: 5 };
const night: Schedule = { at: 'daily', from: '22:00', to: '04:00' };

function loaded(began: Partial<LoadState['began']>): LoadState {
  return { ...neverLoaded, began: { full: null, incremental: null, ...began }, tables: { task: { ...unknownTable, loadedAt: 1 } } };
}

test('nothing is due by itself where both loads are started by hand', () => {
  expect(loadDue({ fullLoad: manual, incrementalLoad: manual }, loaded({}), now)).toBeNull();
});

test('an incremental load is due only where a table was loaded in full', () => {
  const schedules = { fullLoad: manual, incrementalLoad: everyFive };
  expect(loadDue(schedules, neverLoaded, now)).toBeNull();
  expect(loadDue(schedules, loaded({ full: now - 4 * minute }), now)).toBeNull();
  expect(loadDue(schedules, loaded({ full: now - 5 * minute }), now)).toBe('incremental');
});

test('a full load comes before an incremental one', () => {
  const schedules = { fullLoad: { at: 'interval', minutes: 60 } as const, incrementalLoad: everyFive };
  expect(loadDue(schedules, loaded({ full: now - 60 * minute, incremental: now - 6 * minute }), now)).toBe('full');
});

describe('a window that goes over midnight', () => {
  const schedules = { fullLoad: night, incrementalLoad: manual };
  const at = (day: number, hour: number) => Date.UTC(2026, 10, day, hour);
  test.each([
    ['before it opens', at(2, 21), null, null],
    ['once it is open', at(2, 22), null, 'full'],
    ['after midnight', at(3, 3), null, 'full'],
    ['once it is closed', at(3, 4), null, null],
    ['when it was loaded in it', at(3, 3), at(2, 23), null],
    ['when it was loaded in the one before', at(3, 3), at(2, 3), 'full'],
  ])('%s', (_when, time, full, due) => {
    expect(loadDue(schedules, { ...neverLoaded, began: { full, incremental: null } }, time)).toBe(due);
  });
});

test('while a load is under way nothing is due but its rest, once its message is taken for lost', () => {
  const state = begun(neverLoaded, 'full', 'a', now);
  const schedules = { fullLoad: everyFive, incrementalLoad: everyFive };
  expect(loadDue(schedules, state, now + minute)).toBeNull();
  expect(loadDue(schedules, state, now + 6 * minute)).toBe('rest');
});

test('a time that a broken clock wrote stands in no load’s way', () => {
  expect(loadDue({ fullLoad: everyFive, incrementalLoad: manual }, loaded({ full: now + 1_000 * minute }), now)).toBe('full');
});
