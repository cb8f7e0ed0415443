import { instantIn } from '../../../shared/model/local-time';
import { recurrenceText } from '../../../shared/model/recurrence';
import { seriesEnd } from '../../../shared/model/series';
import { changedDerived, derive } from '../../../shared/sync/derive';
import { future, now, weekly } from './pairs';

const hour = 3_600_000;
const day = 24 * hour;
const task = { status: 'notStarted', dueDate: '2026-10-05', dueTime: '09:00' };

describe('the reminder of a task', () => {
  const reminder = (values: object, zone = 'UTC', at = now) => derive('task', { ...task, ...values }, zone, at).reminderAt;

  test('is its due time in the person’s zone', () => {
    expect(reminder({})).toBe(Date.parse('2026-10-05T09:00:00Z'));
    expect(reminder({}, 'Europe/Berlin')).toBe(Date.parse('2026-10-05T07:00:00Z'));
    expect(reminder({}, 'America/New_York')).toBe(Date.parse('2026-10-05T13:00:00Z'));
  });

  test('stays while it is due less than a day ago, and no longer', () => {
    const due = Date.parse('2026-10-05T09:00:00Z');
    expect(reminder({}, 'UTC', due + day - 1)).toBe(due);
    expect(reminder({}, 'UTC', due + day)).toBeNull();
  });

  test.each([
    ['it is completed', { status: 'completed' }],
    ['it is canceled', { status: 'canceled' }],
    ['it has no date', { dueDate: null }],
    ['it has no time of day', { dueTime: null }],
    ['its time was never read', { dueTime: undefined }],
  ])('is off where %s', (_title, values) => {
    expect(reminder(values)).toBeNull();
  });

  test('is off in a zone that nobody knows, rather than at a wrong time', () => {
    expect(reminder({}, 'Nowhere/Land')).toBeNull();
  });

  test('comes at the same wall clock time on both sides of a change of clocks', () => {
    for (const dueDate of ['2026-10-24', '2026-10-26'])
      expect(new Date(reminder({ dueDate, dueTime: '08:30' }, 'Europe/Berlin', now) ?? 0).toISOString()).toBe(
        `${dueDate}T${dueDate === '2026-10-24' ? '06' : '07'}:30:00.000Z`,
      );
  });

  test('a time that the change of clocks skips is moved past it', () => {
    expect(new Date(instantIn('Europe/Berlin', '2026-03-29', '02:30')).toISOString()).toBe('2026-03-29T01:30:00.000Z');
  });
});

describe('the reminder of an appointment', () => {
  const isOn = (values: object) => derive('appointment', { status: 'busy', time: future, ...values }, 'UTC', now).reminderOn;

  test.each([
    ['busy', true],
    ['tentative', true],
    ['oof', true],
    ['free', false],
    ['completed', false],
    ['canceled', false],
  ])('%s: %s', (status, expected) => {
    expect(isOn({ status })).toBe(expected);
  });

  test('is off once it began more than a week ago', () => {
    const at = (ms: number) => `${new Date(ms).toISOString()}/${new Date(ms + hour).toISOString()}`;
    expect(isOn({ time: at(now - 7 * day + 1) })).toBe(true);
    expect(isOn({ time: at(now - 7 * day) })).toBe(false);
  });

  test('is off where there is no status or no time to go by', () => {
    expect([isOn({ status: undefined }), isOn({ time: null }), isOn({ time: 'soon' })]).toEqual([false, false, false]);
  });
});

describe('the reminder of a series', () => {
  const ended = (date: string) =>
    recurrenceText({
      pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday'] },
      range: { start: '2026-08-03', end: { kind: 'date', date } },
    });
  const series = { status: 'busy', time: '2026-08-03T09:00:00Z/2026-08-03T10:00:00Z' };
  const isOn = (values: object) => derive('series', { ...series, ...values }, 'UTC', now).reminderOn;

  test('stays while it goes on, and until a week after its last date', () => {
    expect(isOn({ recurrence: weekly })).toBe(true);
    expect(isOn({ recurrence: ended('2026-12-28') })).toBe(true);
    expect(isOn({ recurrence: ended('2026-09-28') })).toBe(true);
    expect(isOn({ recurrence: ended('2026-08-31') })).toBe(false);
    const last = { ...series, recurrence: ended('2026-09-28') };
    const at = (time: number) => derive('series', last, 'UTC', time).reminderOn;
    expect([at(seriesEnd(last) + 7 * day - 1), at(seriesEnd(last) + 7 * day)]).toEqual([true, false]);
  });

  test('is off where it takes no time', () => {
    expect(isOn({ recurrence: weekly, status: 'free' })).toBe(false);
  });
});

test('contacts remind of nothing', () => {
  expect(derive('contact', { firstName: 'Anna' }, 'UTC', now)).toEqual({});
});

test('only what differs is written, and switching off is a difference', () => {
  expect(changedDerived({ reminderAt: 1 }, { reminderAt: 1 })).toEqual({});
  expect(changedDerived({ reminderAt: 1 }, { reminderAt: null })).toEqual({ reminderAt: null });
  expect(changedDerived({ reminderAt: null }, { reminderAt: 2 })).toEqual({ reminderAt: 2 });
  expect(changedDerived({}, { reminderOn: false })).toEqual({ reminderOn: false });
  expect(changedDerived({ reminderOn: true }, { reminderOn: true })).toEqual({});
  expect(changedDerived({ reminderOn: true, reminderAt: 1 }, {})).toStrictEqual({});
});
