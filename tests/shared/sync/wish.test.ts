import { lostCategory, staysTracked, wishIn } from '../../../shared/sync/tracked';
import { seriesObstacle } from '../../../shared/sync/tracked-series';
import { agreed, now, rules, under, weekly } from './pairs';

const named = { categories: [rules.trackingCategory] };
const bare = { categories: [] };
const renamed = under({ trackingCategory: 'CRM' }).rules;
const off = under({ trackCategorizedItems: false }).rules;
const wish = { tracked: true, trackedAs: rules.trackingCategory } as const;

describe('the wish of a user who tracks an item', () => {
  test('is remembered with the name that the category had', () => {
    expect(wishIn(named, {}, rules)).toEqual(wish);
    expect(wishIn({ categories: ['CRM'] }, wish, renamed)).toEqual({ tracked: true, trackedAs: 'CRM' });
  });

  test('ends with the category, and is never made of anything else', () => {
    expect(wishIn(bare, wish, rules)).toStrictEqual({});
    expect(wishIn(bare, {}, rules)).toStrictEqual({});
  });

  test('outlives another name in the settings: nobody took the category off', () => {
    expect(staysTracked(named, wish, renamed)).toBe(true);
    expect(staysTracked(named, {}, renamed)).toBe(false);
    expect(staysTracked(bare, wish, renamed)).toBe(false);
    expect(wishIn(named, wish, renamed)).toEqual(wish);
    expect(lostCategory(named, bare, wish, renamed)).toBe(true);
    expect(lostCategory(named, named, wish, renamed)).toBe(false);
  });

  test('is what it was while tracking is switched off', () => {
    expect(wishIn(bare, wish, off)).toStrictEqual(wish);
    expect(wishIn(bare, {}, off)).toStrictEqual({});
    expect(wishIn(bare, { tracked: true }, off)).toStrictEqual({ tracked: true });
    expect(lostCategory(named, bare, wish, off)).toBe(false);
  });

  test('is not lost where the categories were not read', () => {
    expect(lostCategory(named, {}, wish, rules)).toBe(false);
  });
});

describe('what keeps a tracked series out of Dynamics', () => {
  const series = { ...agreed.series.exchange, recurrence: weekly };
  const reasonFor = (values: object, zone = 'UTC') => seriesObstacle({ ...series, ...values }, zone, now);

  test('is nothing where its pattern is known and its zone is the one of its person', () => {
    expect(reasonFor({})).toBeNull();
    expect(reasonFor({ zone: 'UTC' })).toBeNull();
    expect(reasonFor({ time: '2026-10-05/2026-10-06', zone: 'America/New_York' })).toBeNull();
  });

  test.each([
    ['a pattern that Dynamics does not know', { recurrence: null }, /does not know/],
    ['no time at all', { time: null }, /does not know/],
    ['a zone whose clocks change on other days', { zone: 'Europe/Berlin' }, /zone/],
  ])('is %s, and what a person can do about it is said', (_title, values, said) => {
    const obstacle = reasonFor(values);
    expect(obstacle?.detail).toMatch(said);
    expect(obstacle?.fix).toMatch(/^Give the series .* tracking category off\.$/);
  });

  test('is another day on which its dates would fall for its person', () => {
    expect(reasonFor({ time: '2026-10-05T09:00:00Z/2026-10-05T10:00:00Z', zone: 'Pacific/Auckland' }, 'Pacific/Auckland')).toBeNull();
    expect(reasonFor({ time: '2026-10-05T20:00:00Z/2026-10-05T21:00:00Z', zone: 'Pacific/Auckland' }, 'Pacific/Auckland')).not.toBeNull();
  });
});
