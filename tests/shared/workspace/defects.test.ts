import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** So many defects of the system that Tandem replaces are known by number. */
const defects = 37;

/** The titles of tests, as they are written: what follows `test(` or `test.each(…)(`. */
const titles = /(?:\btest\(|\)\()'((?:[^'\\]|\\.)*)'/g;

function numbersIn(text: string): number[] {
  const named = [...text.matchAll(titles)].flatMap(([, title = '']) => [...title.matchAll(/\bdefects? (\d+(?:, \d+)*(?: and \d+)?)/g)]);
  return named.flatMap(([, numbers = '']) => numbers.split(/, | and /).map(Number));
}

test('every one of the numbered defects has a test whose title carries its number', () => {
  const root = join(__dirname, '..', '..');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.test.ts'));
  const tested = new Set(files.flatMap((path) => numbersIn(readFileSync(join(root, path), 'utf8'))));
  const all = Array.from({ length: defects }, (_, index) => index + 1);
  expect([...tested].sort((one, other) => one - other)).toEqual(all);
});
