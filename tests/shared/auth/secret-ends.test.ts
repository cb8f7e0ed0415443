import { daysWarned } from '../../../shared/auth/secret-ends';

const day = 86_400_000;

test.each([
  [31, null],
  [30, 30],
  [7.5, 30],
  [7, 7],
  [1, 1],
  [0.1, 1],
  [0, 0],
  [-5, 0],
])('%d days before the end of a secret the warning is that of %s', (left, warned) => {
  expect(daysWarned(left * day, 0)).toBe(warned);
});

test('a secret whose end nobody knows warns of nothing', () => {
  expect(daysWarned(null, 0)).toBeNull();
});
