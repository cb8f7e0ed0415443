import { exists, linksOf, pages, readText } from './markdown-files';

const page = pages().find(({ path }) => path === 'SECURITY.md') ?? { path: 'SECURITY.md', text: '' };
const toTests = linksOf(page).filter(({ path }) => path.startsWith('tests/'));

/** What a row of the checklist says of today that needs no test. */
const withoutTest = ['not built yet', 'not used', 'no'];

/** The rows of the checklist: section, what is asked for, today, how, tests. */
const checklist = page.text
  .split('## RFC 9700')[1]
  ?.split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test('every promise on the page has tests to lead to', () => {
  expect(toTests.length).toBeGreaterThan(30);
  expect(checklist?.length).toBeGreaterThan(15);
});

test.each(toTests.map(({ label, path }) => [label, path]))('the test "%s" is in %s', (title, path) => {
  expect(exists(path)).toBe(true);
  expect(titlesIn(readText(path))).toContain(title);
});

test('a line of the checklist has a test exactly where something is built', () => {
  for (const [section = '', , today = '', , tests = ''] of checklist ?? [])
    expect([section, today, tests === '']).toEqual([section, today, withoutTest.includes(today) && tests === '']);
});

test('what is not built claims no test', () => {
  for (const [section = '', , today = '', , tests = ''] of checklist ?? [])
    if (today === 'not built yet') expect([section, tests]).toEqual([section, '']);
});

/** The titles of the tests in a file, as they are written there: the first text after the parenthesis that opens a test, also of one with a table. */
function titlesIn(source: string): string[] {
  return [...source.matchAll(/\(\s*(['"`])((?:\\.|(?!\1)[^\\\n])*)\1,\s*(?:async )?\(/g)].map(([, , title = '']) =>
    title.replace(/\\(['"`])/g, '$1'),
  );
}
