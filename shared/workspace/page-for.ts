import { errorCodes, TandemError } from '../platform/errors';
import { closed, type Desk, liveRecord } from './desk';
import { say } from './languages';
import { type ListWish, listView } from './list-view';
import type { DetailPage, FormPage, ListPage, Microapp, Page, Shown } from './microapp';
import type { ListView, PageView } from './page-view';
import type { WorkspaceRecord } from './record';
import { detailView, formView, holds } from './record-view';
import { isOpen, type RecordTableName } from './tables';

/** What somebody asks of a page: the record that it is about, and what part of a list. */
export interface PageWish extends ListWish {
  /** Null for a list, and for a form that makes a record. */
  readonly id: string | null;
}

/** More open records than this has nobody; what comes after them is not looked at. */
const mostOnList = 5_000;

/**
 * A page of a microapp for a person. What is hers comes from the cache, everything else live with her own sign-in; without one the page offers it.
 * @param signInUrl where her sign-in begins
 * @throws TandemError `not-found` for what is not there or not hers to see, `conflict` for the form of a closed record
 */
export async function pageFor(desk: Desk, app: Microapp, page: Page, wish: PageWish, signInUrl: string): Promise<PageView> {
  try {
    return await viewOf(desk, app, page, wish);
  } catch (error) {
    if (!(error instanceof TandemError) || error.code !== errorCodes.signInNeeded) throw error;
    const { language } = desk.reader;
    return {
      kind: 'signIn',
      app: app.id,
      page: page.id,
      title: say(language, page.title),
      message: say(language, 'page.signInFirst'),
      button: say(language, 'button.signIn'),
      url: signInUrl,
    };
  }
}

function viewOf(desk: Desk, app: Microapp, page: Page, wish: PageWish): Promise<PageView> {
  switch (page.kind) {
    case 'list':
      return listFor(desk, app, page, wish);
    case 'detail':
      return detailFor(desk, app, page, wish);
    case 'form':
      return formFor(desk, app, page, wish);
  }
}

async function listFor(desk: Desk, app: Microapp, page: ListPage, wish: PageWish): Promise<PageView> {
  const { language } = desk.reader;
  // Asked before the rows are read: a load that ends in between must not make them look like everything.
  const lacking = (await desk.isLoaded(page.list.table)) ? null : say(language, 'list.notLoaded');
  const list = listView(page.list, await ownOpen(desk, page.list.table), page.searches, wish, desk.reader);
  return {
    kind: 'list',
    app: app.id,
    page: page.id,
    title: say(language, page.title),
    searchHint: say(language, page.searchHint),
    search: wish.search,
    notice: list.empty === null ? lacking : null,
    list: list.empty === null ? list : { ...list, empty: lacking ?? list.empty },
  };
}

/** The open records of the person and of her teams, however old they are. */
async function ownOpen({ records, integration, owners }: Desk, table: RecordTableName): Promise<WorkspaceRecord[]> {
  const own = new Map<string, WorkspaceRecord>();
  for (const owner of owners) {
    for await (const page of records.owned(integration, owner, table)) {
      for (const record of page) if (isOpen(record)) own.set(record.id, record);
      if (own.size >= mostOnList) return [...own.values()].slice(0, mostOnList);
    }
  }
  return [...own.values()];
}

async function detailFor(desk: Desk, app: Microapp, page: DetailPage, wish: PageWish): Promise<PageView> {
  const record = await recordFor(desk, page, demandId(wish));
  return detailView(app, page, record, await childrenFor(desk, page, record, wish), desk.reader, desk.now);
}

/** Hers from the cache, if that holds all that the page shows: a secured column is never there. Everything else live. */
async function recordFor(desk: Desk, page: DetailPage, id: string): Promise<WorkspaceRecord> {
  const cached = await desk.records.get(desk.integration, page.table, id);
  const isHers = cached?.owner != null && desk.owners.includes(cached.owner.id);
  if (cached !== null && isHers && shownColumns(page).every((column) => column in cached.values)) return cached;
  return liveRecord(desk, page.table, id);
}

function shownColumns({ heading, fields }: DetailPage): string[] {
  const named = (shown: Shown): string[] =>
    'column' in shown ? [shown.column] : [...shown.template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  return [heading, ...fields.map(({ shows }) => shows)].flatMap(named);
}

/** What belongs to the record and the person may see, whoever owns it. */
async function childrenFor(desk: Desk, { children }: DetailPage, record: WorkspaceRecord, wish: PageWish): Promise<ListView | null> {
  if (children === undefined) return null;
  const { list, lookup } = children;
  const records = await desk.dynamics.children(list.table, lookup, record.id, desk.caller);
  return listView(list, records, [], wish, desk.reader);
}

/** What somebody is about to change is read live: its version must be the one that is there. */
async function formFor(desk: Desk, app: Microapp, page: FormPage, wish: PageWish): Promise<PageView> {
  if (page.record === 'new') return formView(app, page, null, desk.reader, desk.now);
  const record = await liveRecord(desk, page.table, demandId(wish));
  if (!holds(page.condition, record)) throw closed(desk.reader);
  return formView(app, page, record, desk.reader, desk.now);
}

function demandId({ id }: PageWish): string {
  if (id !== null) return id;
  throw new TandemError(errorCodes.badRequest, {
    retry: 'never',
    fix: 'Name the record that the page is about.',
    detail: 'query.id: is required',
    fields: [{ field: 'query.id', rule: 'is required' }],
  });
}
