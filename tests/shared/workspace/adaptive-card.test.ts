import { readFileSync } from 'node:fs';
import type * as Library from 'adaptivecards';
import { JSDOM } from 'jsdom';
import { z } from 'zod';
import { adaptiveCard } from '../../../shared/workspace/adaptive-card';
import { listView } from '../../../shared/workspace/list-view';
import type { Microapp, Page } from '../../../shared/workspace/microapp';
import { microapp, microapps } from '../../../shared/workspace/microapps';
import type { PageView } from '../../../shared/workspace/page-view';
import type { WorkspaceRecord } from '../../../shared/workspace/record';
import { detailView, formView } from '../../../shared/workspace/record-view';
import { recordTables } from '../../../shared/workspace/tables';
import { PublishedCard } from './card-schema';
import { aReader, aRecord } from './some-records';

const texts = { search: 'Search', nextPage: 'Next page' };
const now = Date.parse('2026-06-15T12:20:00Z');
const trap = '[click](https://evil.example) <b>bold</b> **x**';

/** A record of a table in which everything is filled; all that people wrote is a trap. */
function aFullRecord(page: Page): WorkspaceRecord {
  const table = page.kind === 'list' ? page.list.table : page.table;
  const values = recordTables[table].columns.map(({ name, type, targets = [] }): [string, WorkspaceRecord['values'][string]] => {
    switch (type) {
      case 'lookup':
        return [name, { table: targets[0] ?? 'account', id: '22222222-0000-4000-8000-000000000002', name: trap }];
      case 'integer':
      case 'decimal':
      case 'money':
      case 'choice':
        return [name, 1];
      case 'boolean':
        return [name, true];
      case 'date':
        return [name, '2026-07-01'];
      case 'datetime':
        return [name, '2026-07-01T10:30:00Z'];
      default:
        return [name, trap];
    }
  });
  return aRecord(table, Object.fromEntries(values));
}

function viewOf(app: Microapp, page: Page): PageView {
  const record = aFullRecord(page);
  const wish = { search: '', sort: null, cursor: null };
  switch (page.kind) {
    case 'list': {
      const many = Array.from({ length: 25 }, (_, index) => ({ ...record, id: String(index) }));
      const list = listView(page.list, many, page.searches, wish, aReader);
      return { kind: 'list', app: app.id, page: page.id, title: 'List', searchHint: 'Search', search: '', notice: null, list };
    }
    case 'detail': {
      const children =
        page.children === undefined
          ? null
          : listView(page.children.list, [aRecord(page.children.list.table, { fullname: trap })], [], wish, aReader);
      return detailView(app, page, record, children, aReader, now);
    }
    case 'form':
      return formView(app, page, page.record === 'new' ? null : record, aReader, now);
  }
}

const every = microapps.flatMap((app) => app.pages.map((page) => [app.id, page.id, viewOf(app, page)] as const));
const signIn: PageView = {
  kind: 'signIn',
  app: 'tasks',
  page: 'account-detail',
  title: 'Account',
  message: 'Sign in',
  button: 'Sign in',
  url: 'https://tandem.example/',
};

interface Shown {
  readonly html: string;
  readonly text: string;
  readonly problems: readonly string[];
}

/** The card as Microsoft's own library reads and shows it, with a reader of Markdown that makes a link of whatever looks like one. */
let show: (card: object) => Shown;
beforeAll(() => {
  const { window } = new JSDOM('<!doctype html><body></body>', { runScripts: 'outside-only' });
  // jsdom lacks innerText, through which the library writes what it shows as it is.
  Object.defineProperty(window.HTMLElement.prototype, 'innerText', {
    set(this: HTMLElement, text: string) {
      this.textContent = text;
    },
  });
  window.eval(readFileSync(require.resolve('adaptivecards/dist/adaptivecards.min.js'), 'utf8'));
  const library = window.AdaptiveCards as typeof Library;
  library.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = text.replace(/\[(.*?)\]\((.*?)\)/g, '<a href="$2">$1</a>');
    result.didProcess = true;
  };
  show = (card) => {
    const read = new library.AdaptiveCard();
    const context = new library.SerializationContext(library.Versions.v1_6);
    read.parse(card, context);
    const problems = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
    const element = read.render();
    return { html: element?.outerHTML ?? '', text: element?.textContent ?? '', problems };
  };
});

describe('an Adaptive Card', () => {
  test.each([...every, ['tasks', 'sign-in', signIn] as const])(
    'of %s / %s is one that the library of Adaptive Cards reads without a complaint and shows',
    (_app, _page, view) => {
      const shown = show(adaptiveCard(view, texts));
      expect(shown.problems).toEqual([]);
      expect(shown.text.length).toBeGreaterThan(0);
    },
  );

  test.each([...every, ['tasks', 'sign-in', signIn] as const])(
    'of %s / %s is one that the published schema allows',
    (_app, _page, view) => {
      const card = PublishedCard.safeParse(adaptiveCard(view, texts));
      expect(card.error === undefined ? '' : z.prettifyError(card.error)).toBe('');
    },
  );

  test.each(every.filter(([, , { kind }]) => kind !== 'form'))(
    'of %s / %s shows what people wrote as they wrote it',
    (_app, _page, view) => {
      const { html, text } = show(adaptiveCard(view, texts));
      expect(text).toContain(trap);
      expect(html).not.toMatch(/href=.?https:..evil/);
      expect(html).not.toContain('<b>bold</b>');
    },
  );

  test('that is no card at all is complained about', () => {
    expect(
      show({ type: 'AdaptiveCard', version: '1.6', body: [{ type: 'Table', rows: 'none' }, { type: 'Nonsense' }] }).problems,
    ).not.toEqual([]);
  });

  test('of a list goes on to its next page with the search and the order that it has, whatever is typed meanwhile', () => {
    const app = microapp('tasks');
    const page = app?.pages.find(({ kind }) => kind === 'list');
    if (app === undefined || page?.kind !== 'list') throw new Error('no such page');
    const many = Array.from({ length: 25 }, (_, index) => aRecord('task', { subject: `Write ${index}` }, { id: String(index) }));
    const sort = { column: 'subject', direction: 'descending' } as const;
    const list = listView(page.list, many, page.searches, { search: 'write', sort, cursor: null }, aReader);
    const view: PageView = {
      kind: 'list',
      app: app.id,
      page: page.id,
      title: 'List',
      searchHint: 'Search',
      search: 'write',
      notice: null,
      list,
    };
    const kept = { app: app.id, page: page.id, sort: 'subject descending' };
    expect(adaptiveCard(view, texts)).toMatchObject({
      body: expect.arrayContaining([
        expect.objectContaining({ id: 'search', inlineAction: { type: 'Action.Submit', title: 'Search', data: { go: kept } } }),
      ]),
      actions: [{ type: 'Action.Submit', associatedInputs: 'none', data: { go: { ...kept, search: 'write', cursor: list.next } } }],
    });
  });

  test('of a record leads to the rest of what belongs to it', () => {
    const app = microapp('accounts');
    const page = app?.pages.find((each) => each.kind === 'detail' && each.children !== undefined);
    if (app === undefined || page?.kind !== 'detail' || page.children === undefined) throw new Error('no such page');
    const { table } = page.children.list;
    const many = Array.from({ length: 25 }, (_, index) => aRecord(table, { fullname: 'Ada' }, { id: String(index) }));
    const list = listView(page.children.list, many, [], { search: '', sort: null, cursor: null }, aReader);
    const record = aFullRecord(page);
    const card = adaptiveCard(detailView(app, page, record, list, aReader, now), texts);
    const go = { app: app.id, page: page.id, id: record.id, sort: `${list.sort.column} ${list.sort.direction}`, cursor: list.next };
    expect(list.next).not.toBeNull();
    expect(card).toMatchObject({
      body: expect.arrayContaining([{ type: 'ActionSet', actions: [expect.objectContaining({ title: 'Next page', data: { go } })] }]),
    });
    expect(show(card).problems).toEqual([]);
    expect(PublishedCard.safeParse(card).success).toBe(true);
  });

  test('with anything that the published schema does not know is refused by it', () => {
    const [, , view] = every[0] ?? [];
    if (view === undefined) throw new Error('no page');
    const card = adaptiveCard(view, texts);
    for (const wrong of [
      { ...card, tacos: true },
      { ...card, version: '1.5' },
      { ...card, body: [{ type: 'TextBlock' }] },
    ])
      expect(PublishedCard.safeParse(wrong).success).toBe(false);
  });

  test('names the record and the version that were shown, so that no newer one is overwritten unseen', () => {
    const view = every.find(([app, page]) => app === 'accounts' && page === 'account-edit')?.[2];
    if (view === undefined) throw new Error('no such page');
    expect(adaptiveCard(view, texts)).toMatchObject({
      actions: [
        {
          type: 'Action.Submit',
          data: { do: { app: 'accounts', action: 'updateAccount', id: aRecord('account', {}).id, version: '100' } },
        },
      ],
    });
  });
});
