import { brokenData, wordsIn } from '../../../local/inventory/checks';
import { actionsOf } from '../../../local/inventory/walk';
import { en } from '../../../shared/workspace/languages/en';
import { actionNames, type Microapp } from '../../../shared/workspace/microapp';
import { microapps, pageOf } from '../../../shared/workspace/microapps';

const pages = microapps.flatMap((app) => app.pages.map((page) => ({ app, page })));

describe('the sixteen microapps', () => {
  test('are 16, with 56 pages and 16 notices', () => {
    expect(microapps).toHaveLength(16);
    expect(pages).toHaveLength(56);
    expect(microapps.flatMap(({ notices }) => notices)).toHaveLength(16);
  });

  test('have the pages that were promised', () => {
    const promised: Readonly<Record<string, number>> = {
      accounts: 4,
      appointments: 8,
      cases: 6,
      contacts: 4,
      leads: 3,
      opportunities: 7,
      'phone-calls': 8,
      tasks: 8,
    };
    for (const { id, pages: own } of microapps) expect([id, own.length]).toEqual([id, promised[id] ?? 1]);
  });

  test('begin with a page of their own, and no two of their pages share an id', () => {
    for (const app of microapps) {
      expect(pageOf(app, app.start)).toBeDefined();
      expect(new Set(app.pages.map(({ id }) => id)).size).toBe(app.pages.length);
    }
  });

  test('send their cards to a detail page of their own table', () => {
    for (const app of microapps)
      for (const { page } of app.notices) expect(pageOf(app, page)).toMatchObject({ kind: 'detail', table: app.table });
  });

  test('offer every action somewhere', () => {
    const offered = new Set(pages.flatMap(({ page }) => actionsOf(page)));
    expect([...offered].sort()).toEqual([...actionNames].sort());
  });

  test('write a shared page once: it shows the same wherever it is', () => {
    for (const { page } of pages) {
      if (page.kind !== 'detail') continue;
      const twins = pages.flatMap(({ page: other }) => (other.kind === 'detail' && other.id === page.id ? [other] : []));
      for (const twin of twins) expect({ ...twin, buttons: [] }).toEqual({ ...page, buttons: [] });
    }
  });
});

describe('each page', () => {
  test.each(pages.map(({ app, page }) => [app.id, page.id, app, page] as const))(
    '%s / %s leads to pages of its own microapp, shows columns that are there, and asks for what fits them',
    (_app, _page, app, page) => {
      expect(brokenData(app, page)).toEqual([]);
    },
  );

  test('has a text for each of its words', () => {
    const known = new Set(Object.keys(en));
    for (const { page } of pages) expect(wordsIn(page).filter((word) => !known.has(word))).toEqual([]);
  });

  test('uses every text that is there, or the engine does', () => {
    const used = new Set(microapps.flatMap((app: Microapp) => wordsIn(app)));
    const engine = /^(button\.(open|search|signIn|nextPage)|list\.|page\.(signInFirst|notYours|closed|changedMeanwhile))/;
    expect(Object.keys(en).filter((key) => !used.has(key) && !engine.test(key))).toEqual([]);
  });
});
