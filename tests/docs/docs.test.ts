import { routes } from '../../shared/auth/route-roles';
import { alertKinds } from '../../shared/mailboxes/alerts';
import { absences } from '../../shared/mailboxes/explain';
import { skips } from '../../shared/mailboxes/import-users';
import { states } from '../../shared/mailboxes/status';
import { testSteps } from '../../shared/model/mailbox-test';
import { settingNames } from '../../shared/platform/config-settings';
import { errorGuide } from '../../shared/platform/error-guide';
import { errorCodes, TandemError } from '../../shared/platform/errors';
import { metricTable } from '../../shared/platform/metrics';
import { problemOf } from '../../shared/platform/problem';
import { tableNames } from '../../shared/storage/tables';
import { reasons } from '../../shared/sync/reasons';
import { obstacles } from '../../shared/sync/undo';
import { bicepFile, isProperties } from '../infra/bicep';
import { tableBelow } from '../infra/markdown';
import { loggedEvents } from '../infra/queries';
import { exists, linksOf, type Page, pages, placesOf, readText } from './markdown-files';

const all = pages();
const operations = pageAt('docs/operations.md');
const guide = pageAt('docs/deploy.md');

function pageAt(path: string): Page {
  return all.find((page) => page.path === path) ?? { path, text: '' };
}

function namesIn(page: Page, pattern: RegExp): string[] {
  return [...new Set([...page.text.matchAll(pattern)].map(([, name = '']) => name))];
}

test('defect 37: no page tells of the sign-in of another product, and a filter that one shows is whole', () => {
  for (const { path, text } of all) {
    expect([path, /workday/i.test(text)]).toEqual([path, false]);
    const filters = [...text.matchAll(/[?&]\$filter(.)/g)].map(([, sign]) => sign);
    expect([path, filters]).toEqual([path, filters.map(() => '=')]);
  }
});

describe.each(all.map((page) => [page.path, page] as const))('%s', (_path, page) => {
  test('its links lead to files and places that exist', () => {
    const broken = linksOf(page).filter(
      ({ path, place }) => !exists(path) || (place !== '' && path.endsWith('.md') && !placesOf(readText(path)).includes(place)),
    );
    expect(broken).toEqual([]);
  });

  test('its npm scripts exist', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
    expect(namesIn(page, /npm run (?:--silent )?([\w:-]+)/g).filter((name) => !(name in scripts))).toEqual([]);
  });

  test('what it tells to run with Node is built from a source that exists', () => {
    const built = namesIn(page, /node (dist\/[\w/.-]+)\.js/g).map((path) => `${path.replace(/^dist\//, '')}.ts`);
    expect(built.filter((path) => !exists(path))).toEqual([]);
  });

  test('its scripts exist and know the options that it gives them', () => {
    for (const [, script = '', options = ''] of page.text.matchAll(/^\s*(?:\.\/)?(infra\/scripts\/\S+\.(?:sh|ps1))((?:\\\n|[^\n])*)/gm)) {
      expect([script, exists(script)]).toEqual([script, true]);
      const text = readText(script);
      const given = [...options.matchAll(script.endsWith('.sh') ? /\s(--[a-z][a-z-]*)/g : /\s-([A-Z]\w*)/g)].map(
        ([, option = '']) => option,
      );
      const azOptions = ['--query'];
      const known = (option: string): boolean => option === 'WhatIf' || text.includes(script.endsWith('.sh') ? option : `$${option}`);
      expect(given.filter((option) => !azOptions.includes(option) && !known(option))).toEqual([]);
    }
  });

  test('it speaks of this project alone', () => {
    expect(page.text).not.toMatch(/\/work\/|\.\.\/shared\/(?:tools|reference)/);
  });
});

describe('docs/operations.md', () => {
  test('every alert has a section, and every section an alert', async () => {
    const { variables } = await bicepFile('bicep/alerts.bicep');
    const alerts = [variables.rules, variables.queueRules]
      .flatMap((list) => (Array.isArray(list) ? list : []))
      .map((rule) => (isProperties(rule) ? rule.name : ''));
    expect(alerts.length).toBeGreaterThan(5);
    expect(headingsBelow(operations, 'Alerts')).toEqual(alerts);
  });

  test('every event of the log is explained, and nothing that is none', () => {
    const told = namesIn({ ...operations, text: sectionOf(operations, 'Looking closer') }, /^\| ((?:`[a-z-]+`(?:, )?)+) \|/gm)
      .flatMap((cell) => cell.split(', ').map((name) => name.replaceAll('`', '')))
      .filter((name) => /-|^(?:slice|freshness|mailboxes)$/.test(name));
    expect(told.sort()).toEqual([...loggedEvents().keys()].sort());
  });

  test('every error code is explained, with the status that the API answers', () => {
    const told = tableBelow(operations.text, 'Error codes').map(([code = '', status = '', ...texts]) => [code, Number(status), ...texts]);
    const known = Object.values(errorCodes).map((code) => [code, problemOf(new TandemError(code, { retry: 'never', fix: '' }), '').status]);
    expect(told.map(([code, status]) => [code, status])).toEqual(known);
    expect(told.map(([, , ...texts]) => texts)).toEqual(
      Object.values(errorCodes).map((code) => [errorGuide[code].means, errorGuide[code].cure].map((text) => text.replaceAll('`', ''))),
    );
  });

  test('every reason has its sentence', () => {
    expect(Object.fromEntries(tableBelow(operations.text, 'Reasons'))).toEqual(reasons);
    expect(Object.fromEntries(tableBelow(operations.text, 'Nothing to sync with'))).toEqual(absences);
    expect(Object.fromEntries(tableBelow(operations.text, 'How a mailbox is'))).toEqual(states);
    expect(Object.fromEntries(tableBelow(operations.text, 'Who is left out'))).toEqual(skips);
    expect(Object.fromEntries(tableBelow(operations.text, 'Steps of a test'))).toEqual(testSteps);
    expect(Object.fromEntries(tableBelow(operations.text, 'What needs attention'))).toEqual(alertKinds);
    expect(Object.fromEntries(tableBelow(operations.text, 'What stands in the way of an undo'))).toEqual(obstacles);
  });
});

test('every metric is explained, with what it is told by', () => {
  const told = tableBelow(operations.text, 'Traces and metrics').map(([name, means, by]) => [name, means, by]);
  expect(told.slice(0, Object.keys(metricTable).length)).toEqual(
    Object.entries(metricTable).map(([name, { means, by }]) => [name, means, by.join(', ')]),
  );
});

describe('docs/deploy.md', () => {
  test('every call of the admin API is a route', () => {
    const calls = [
      ...guide.text.matchAll(/\bapi (GET|PUT|POST|DELETE) "?([\w/$-]+)/g),
      ...operations.text.matchAll(/\bapi (GET|PUT|POST|DELETE) "?([\w/$-]+)/g),
    ];
    expect(calls.length).toBeGreaterThan(10);
    const unknown = calls.filter(
      ([, method, path = '']) => !Object.values(routes).some((route) => route.method === method && fits(route.path, path)),
    );
    expect(unknown.map(([call]) => call)).toEqual([]);
  });

  test('every route of an administrator is shown in a call', () => {
    const calls = [guide, operations].flatMap(({ text }) => [...text.matchAll(/\bapi (GET|PUT|POST|DELETE)\s+"?([\w/$-]+)/g)]);
    const untold = Object.entries(routes).filter(
      ([, { role, method, path }]) => role === 'Tandem.Admin' && !calls.some(([, as, given = '']) => as === method && fits(path, given)),
    );
    expect(untold.map(([name]) => name)).toEqual([]);
  });

  test('every call of the admin API that has a body gives it as one', () => {
    const bodies = [guide, operations].flatMap(({ text }) => [...text.matchAll(/([^\s`]+)\s+['"]\{\\?"/g)].map(([, before]) => before));
    expect(bodies.length).toBeGreaterThan(10);
    expect(bodies.filter((before) => before !== '-d')).toEqual([]);
  });

  test('every table is told with what its loss means', () => {
    const told = tableBelow(guide.text, 'Back-up and restore').flatMap(([names = '']) => names.split(', '));
    expect(told.sort()).toEqual([...tableNames].sort());
  });

  test('every variable of the environment is a parameter or an output of the deployment', () => {
    const known = `${readText('infra/main.parameters.json')}${readText('infra/main.bicep')}`;
    const named = [guide, operations].flatMap((page) => namesIn(page, /\b((?:TANDEM|AZURE)_[A-Z_]+)\b/g));
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !new RegExp(`\\b${name}\\b`).test(known))).toEqual([]);
  });

  test('every setting that the pages name is one', () => {
    const named = [guide, operations, pageAt('docs/costs.md')].flatMap((page) => namesIn(page, /`([A-Z]+_[A-Z_]+)`/g));
    expect(named.filter((name) => !/^(?:TANDEM|AZURE)_/.test(name) && !settingNames.some((known) => known === name))).toEqual([]);
  });
});

/** The texts of the third-level headings below a second-level one. */
function headingsBelow(page: Page, heading: string): string[] {
  return namesIn({ ...page, text: sectionOf(page, heading) }, /^### (.+)$/gm);
}

function sectionOf({ text }: Page, heading: string): string {
  return text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
}

/** Whether a path as people write it, with ids and variables in it, is one of a route as the host takes it. */
function fits(route: string, path: string): boolean {
  const wanted = route.replace(/^\{area:[^/]*\}\/api\//, '').split('/');
  const given = path.split('/');
  return wanted.length === given.length && wanted.every((part, index) => part.startsWith('{') || part === given[index]);
}
