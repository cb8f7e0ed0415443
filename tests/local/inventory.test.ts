import { countsOf, inventory, inventoryJson, inventoryText } from '../../local/inventory/inventory';
import { walk } from '../../local/inventory/walk';
import type { Microapp } from '../../shared/workspace/microapp';
import { microapps } from '../../shared/workspace/microapps';

test('the inventory counts what was promised, and nothing of it is broken', () => {
  const lines = inventory();
  expect(lines.flatMap(({ app, page, broken }) => broken.map((what) => `${app} / ${page}: ${what}`))).toEqual([]);
  expect(JSON.parse(inventoryJson(lines))).toEqual({ microapps: 16, pages: 56, notices: 16, actions: 25, languages: 9, broken: 0 });
});

test('it has a line for each page', () => {
  const text = inventoryText(inventory());
  for (const { pages } of microapps) for (const { id } of pages) expect(text).toContain(id);
  expect(text).not.toContain('broken:');
});

test('what is broken is found and counted: a link to nowhere, and a column that is not there', () => {
  const [accounts] = microapps;
  if (accounts === undefined) throw new Error('there are no microapps');
  const noDetail: Microapp = { ...accounts, pages: accounts.pages.filter(({ id }) => id !== 'contact-detail') };
  const nowhere = walk([noDetail]);
  expect(countsOf(nowhere).broken).toBeGreaterThan(0);
  expect(nowhere.flatMap(({ broken }) => broken)).toContain('leads to contact-detail, which the microapp does not have');
  const pages = accounts.pages.map((page) => (page.kind === 'list' ? { ...page, searches: ['shoesize'] } : page));
  expect(walk([{ ...accounts, pages }]).flatMap(({ broken }) => broken)).toEqual(['shows account.shoesize, which is not there']);
});
