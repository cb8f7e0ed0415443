import { figure, lineOf } from '../../bench/figures';

describe('figures', () => {
  test('a value on its limit keeps it, and one above it by what is shown misses it', () => {
    expect(figure(4, 'writes', 1, 1).ok).toBe(true);
    expect(figure(4, 'writes', 1.0004, 1)).toMatchObject({ value: 1, ok: true });
    expect(figure(6, 'time', 1.2514, 1.25)).toMatchObject({ value: 1.251, ok: false });
  });

  test('a measurement without a number fails instead of passing', () => {
    expect(() => figure(5, 'writes', Number.NaN, 0)).toThrow('writes');
  });

  test('a line of JSON has goal, name, value, limit and ok, and nothing else', () => {
    expect(JSON.parse(lineOf(figure(5, 'table writes', 3, 0), true))).toEqual({
      goal: 5,
      name: 'table writes',
      value: 3,
      limit: 0,
      ok: false,
    });
  });

  test('a missed limit is plain to see in the table', () => {
    expect(lineOf(figure(5, 'table writes', 3, 0), false)).toMatch(/^MISS .*3 .*<= 0 .*table writes$/);
  });
});
