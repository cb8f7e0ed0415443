import { en } from '../../../shared/workspace/languages/en';
import type { DetailField, Input, Microapp, Page, RecordList, Shown } from '../../../shared/workspace/microapp';
import { actionNames } from '../../../shared/workspace/microapp';
import { microapps, pageOf } from '../../../shared/workspace/microapps';
import { type RecordTableName, recordTables } from '../../../shared/workspace/tables';

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
    '%s / %s leads only to pages of its own microapp',
    (_app, _page, app, page) => {
      for (const target of targetsOf(page)) {
        const found = pageOf(app, target.page);
        expect([target.page, found?.kind === 'list' ? null : found?.table]).toEqual([target.page, target.table]);
      }
    },
  );

  test.each(pages.map(({ app, page }) => [app.id, page.id, page] as const))(
    '%s / %s shows columns that its table has',
    (_app, _page, page) => {
      for (const { table, column } of columnsOf(page)) expect([column, namesOf(table).includes(column)]).toEqual([column, true]);
    },
  );

  test.each(pages.filter(({ page }) => page.kind === 'form').map(({ app, page }) => [app.id, page.id, page] as const))(
    '%s / %s asks for nothing that its table cannot hold',
    (_app, _page, page) => {
      for (const input of inputsOf(page)) {
        const column = page.kind === 'form' ? recordTables[page.table].columns.find(({ name }) => name === input.column) : undefined;
        if (input.kind === 'text' || input.kind === 'memo') expect(input.most).toBeLessThanOrEqual(column?.most ?? 100_000);
        if (column !== undefined && column.type !== 'lookup')
          expect([input.parameter, fits(input.kind, column.type)]).toEqual([input.parameter, true]);
      }
    },
  );

  test('has a text for each of its words', () => {
    const known = new Set(Object.keys(en));
    for (const { page } of pages) expect(wordsIn(page).filter((word) => !known.has(word))).toEqual([]);
  });

  test('uses every text that is there, or the engine does', () => {
    const used = new Set(microapps.flatMap((app: Microapp) => wordsIn(app)));
    const engine = /^(button\.(open|search|signIn|nextPage)|list\.|page\.(signInFirst|notYours|closed))/;
    expect(Object.keys(en).filter((key) => !used.has(key) && !engine.test(key))).toEqual([]);
  });
});

function actionsOf(page: Page): readonly string[] {
  switch (page.kind) {
    case 'list':
      return [];
    case 'detail':
      return page.buttons.flatMap(({ does }) => ('action' in does ? [does.action] : []));
    case 'form':
      return [page.submit.action];
  }
}

interface Target {
  readonly page: string;
  /** The table that the page must be about. */
  readonly table: RecordTableName | null;
}

function targetsOf(page: Page): Target[] {
  switch (page.kind) {
    case 'list':
      return [{ page: page.list.opens, table: page.list.table }];
    case 'detail':
      return [
        ...page.fields.flatMap(targetsOfField),
        ...(page.children === undefined ? [] : [{ page: page.children.list.opens, table: page.children.list.table }]),
        ...page.buttons.flatMap(({ does }) => ('page' in does ? [{ page: does.page, table: page.table }] : [])),
      ];
    case 'form':
      return [];
  }
}

function targetsOfField({ link, condition }: DetailField): Target[] {
  if (typeof link !== 'object' || condition?.when !== 'pointsTo') return [];
  return [{ page: link.page, table: condition.table }];
}

interface ShownColumn {
  readonly table: RecordTableName;
  readonly column: string;
}

function columnsOf(page: Page): ShownColumn[] {
  const ofList = ({ table, columns, sort }: RecordList): ShownColumn[] =>
    [...columns.flatMap(({ shows }) => named(shows)), sort.column].map((column) => ({ table, column }));
  switch (page.kind) {
    case 'list':
      return [...ofList(page.list), ...page.searches.map((column) => ({ table: page.list.table, column }))];
    case 'detail': {
      const own = [...named(page.heading), ...page.fields.flatMap(({ shows }) => named(shows))];
      return [...own.map((column) => ({ table: page.table, column })), ...(page.children === undefined ? [] : ofList(page.children.list))];
    }
    case 'form':
      return inputsOf(page).flatMap(({ column }) => (column === undefined ? [] : [{ table: page.table, column }]));
  }
}

function named(shown: Shown): string[] {
  if ('column' in shown) return [shown.column];
  return [...shown.template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
}

function inputsOf(page: Page): readonly Input[] {
  if (page.kind === 'form') return page.inputs;
  return page.kind === 'detail' ? page.buttons.flatMap(({ does }) => ('asks' in does ? does.asks : [])) : [];
}

function namesOf(table: RecordTableName): readonly string[] {
  return recordTables[table].columns.map(({ name }) => name);
}

function fits(input: Input['kind'], column: string): boolean {
  const taken: Readonly<Record<Input['kind'], readonly string[]>> = {
    text: ['text'],
    memo: ['memo'],
    phone: ['phone', 'text'],
    email: ['email'],
    url: ['url'],
    integer: ['integer'],
    decimal: ['money', 'decimal'],
    date: ['date'],
    datetime: ['datetime'],
    choice: ['choice', 'boolean'],
    lookup: ['lookup'],
  };
  return taken[input].includes(column);
}

/** Every text key within a piece of data. */
function wordsIn(data: unknown): string[] {
  if (Array.isArray(data)) return data.flatMap(wordsIn);
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([name, value]) =>
    typeof value === 'string' && ['label', 'title', 'about', 'body', 'searchHint'].includes(name) ? [value] : wordsIn(value),
  );
}
