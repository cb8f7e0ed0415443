import { checkGiven } from '../../shared/workspace/actions/check';
import { type Offer, offerOf, offersOf } from '../../shared/workspace/actions/offer';
import { requestOf } from '../../shared/workspace/actions/requests';
import { adaptiveCard } from '../../shared/workspace/adaptive-card';
import { listView } from '../../shared/workspace/list-view';
import type { Input, Microapp, Page } from '../../shared/workspace/microapp';
import { microapps, pageOf } from '../../shared/workspace/microapps';
import type { Link, PageLink, PageView } from '../../shared/workspace/page-view';
import type { RecordValue, WorkspaceRecord } from '../../shared/workspace/record';
import { detailView, formView } from '../../shared/workspace/record-view';
import { isReference, type Reader } from '../../shared/workspace/shown';
import { type Column, type RecordTableName, recordTables } from '../../shared/workspace/tables';
import { brokenData, languageNames } from './checks';

const id = '11111111-1111-4111-8111-111111111111';
const now = Date.UTC(2026, 5, 15, 12);
const noon = '2026-06-15T12:00:00Z';

/** One line of the inventory: a page with all that can be done on it. */
export interface PageLine {
  readonly app: string;
  readonly page: string;
  readonly kind: Page['kind'];
  readonly fields: number;
  readonly links: number;
  readonly actions: readonly string[];
  /** What is broken about it, one sentence each. */
  readonly broken: readonly string[];
}

/** Walks every page of every microapp: shows it with filled records in every language, follows each link and button, and builds the request of each action. */
export function walk(apps: readonly Microapp[] = microapps): readonly PageLine[] {
  return apps.flatMap((app) => app.pages.map((page) => lineOf(app, page)));
}

function lineOf(app: Microapp, page: Page): PageLine {
  const views = languageNames.flatMap((language) => viewsOf(app, page, readerOf(language)));
  const seen = views.flatMap((view) => [...brokenLinks(app, view), ...brokenCard(view)]);
  const actions = actionsOf(page);
  const done = actions.flatMap((action) => brokenAction(app, action));
  return {
    app: app.id,
    page: page.id,
    kind: page.kind,
    fields: page.kind === 'list' ? page.list.columns.length : page.kind === 'detail' ? page.fields.length : page.inputs.length,
    links: new Set(views.flatMap(linksOf).map((link) => JSON.stringify(link))).size,
    actions,
    broken: [...new Set([...brokenData(app, page), ...seen, ...done])],
  };
}

/** The actions that a page offers. */
export function actionsOf(page: Page): string[] {
  if (page.kind === 'form') return [page.submit.action];
  return page.kind === 'detail' ? page.buttons.flatMap(({ does }) => ('action' in does ? [does.action] : [])) : [];
}

function readerOf(language: Reader['language']): Reader {
  const labels = Object.fromEntries(
    Object.values(recordTables).flatMap(({ name, columns }) =>
      columns
        .filter(({ type }) => type === 'choice')
        .map((column) => [`${name}.${column.name}`, { 1: { 1033: 'One' }, 2: { 1033: 'Two' } }]),
    ),
  );
  return { language, zone: 'Europe/Berlin', labels, baseLanguage: 1033, currencies: { [id]: 'EUR' } };
}

/** A page with every kind of record that its lookups can point to. */
function viewsOf(app: Microapp, page: Page, reader: Reader): PageView[] {
  switch (page.kind) {
    case 'list': {
      const list = listView(page.list, filled(page.list.table), page.searches, { search: '', sort: null, cursor: null }, reader);
      return [{ kind: 'list', app: app.id, page: page.id, title: page.id, searchHint: page.searchHint, search: '', notice: null, list }];
    }
    case 'detail':
      return filled(page.table).map((record) => detailView(app, page, record, childrenOf(page, reader), reader, now));
    case 'form':
      return page.record === 'new'
        ? [formView(app, page, null, reader, now)]
        : filled(page.table).map((record) => formView(app, page, record, reader, now));
  }
}

function childrenOf({ children }: Extract<Page, { kind: 'detail' }>, reader: Reader) {
  if (children === undefined) return null;
  return listView(children.list, filled(children.list.table), [], { search: '', sort: null, cursor: null }, reader);
}

/** Records of a table in which nothing is empty, one for each table that a lookup can point to. */
function filled(table: RecordTableName): WorkspaceRecord[] {
  const { columns, openStates } = recordTables[table];
  const targets = new Set(columns.flatMap(({ targets: each = [] }) => each));
  return [...targets].map((target) => ({
    table,
    id,
    version: '1',
    owner: { table: 'systemuser', id, name: 'Ada' },
    state: openStates[0] ?? 0,
    createdAt: now,
    modifiedAt: now,
    createdBy: id,
    modifiedBy: id,
    values: Object.fromEntries(columns.map((column) => [column.name, sampleOf(column, target)])),
  }));
}

function sampleOf({ name, type, targets = [] }: Column, target: string): RecordValue {
  switch (type) {
    case 'lookup':
      return { table: targets.includes(target) ? target : (targets[0] ?? target), id, name: 'Ada' };
    case 'email':
      return 'ada@contoso.com';
    case 'url':
      return 'https://contoso.com';
    case 'phone':
      return '+49 30 12345';
    case 'date':
      return noon.slice(0, 10);
    case 'datetime':
      return noon;
    case 'boolean':
      return true;
    case 'choice':
      return name === 'statecode' ? 0 : 1;
    case 'integer':
    case 'decimal':
    case 'money':
      return 1;
    default:
      return name;
  }
}

function linksOf(view: PageView): (Link | ({ kind: 'page' } & PageLink))[] {
  switch (view.kind) {
    case 'list':
      return view.list.rows.map(({ opens }) => ({ kind: 'page', ...opens }));
    case 'detail': {
      const rows = view.children?.list.rows.map(({ opens }) => ({ kind: 'page' as const, ...opens })) ?? [];
      const buttons = view.buttons.flatMap(({ does }) => (does.kind === 'page' ? [does] : []));
      return [...view.fields.flatMap(({ link }) => link ?? []), ...rows, ...buttons];
    }
    default:
      return [];
  }
}

function brokenLinks(app: Microapp, view: PageView): string[] {
  return linksOf(view).flatMap((link) => {
    if (link.kind !== 'page') return URL.canParse(link.href) ? [] : [`${link.href} is no address`];
    const target = pageOf(app, link.page);
    if (target === undefined) return [`a link leads to ${link.page}, which is not there`];
    return link.id === id ? [] : [`the link to ${link.page} names no record`];
  });
}

function brokenCard(view: PageView): string[] {
  const card = JSON.stringify(adaptiveCard(view, { search: 'Search', nextPage: 'Next' }));
  return card.includes('undefined') || card.includes('NaN') ? ['its card holds something that is no value'] : [];
}

/** Fills the form of an action and builds its request. */
function brokenAction(app: Microapp, action: string): string[] {
  const offer = offerOf(app, action);
  if (offer === undefined) return [`${action} is offered by nothing`];
  const records = offer.record === 'new' ? [null] : filled(offer.table);
  return records.flatMap((record) => {
    const given = Object.fromEntries(offer.inputs.flatMap((input) => entryOf(offer, input, record)));
    const checked = checkGiven(offer, given, record, readerOf('en'));
    if (checked.kind === 'broken') return checked.rules.map(({ field, rule }) => `${action}: ${field} ${rule}`);
    const request = requestOf(offer, checked.wish, { record, newId: id.replace('1', '2'), language: 'en' });
    return request === null ? [`${action} does nothing`] : [];
  });
}

/** Something that the input takes and that the record does not hold yet. */
function entryOf(offer: Offer, input: Input, record: WorkspaceRecord | null): [string, unknown][] {
  const held = input.column === undefined ? undefined : record?.values[input.column];
  const { condition, options } = input;
  if (condition?.when === 'chosen') return [[input.parameter, id.replace('1', '3')]];
  switch (input.kind) {
    case 'choice': {
      const last = options !== undefined && 'fixed' in options ? options.fixed.at(-1)?.value : '2';
      return [[input.parameter, isReference(held) && offer.record === 'existing' ? held.table : last]];
    }
    case 'lookup':
      return [[input.parameter, id.replace('1', '3')]];
    case 'integer':
    case 'decimal':
      return [[input.parameter, 2]];
    case 'date':
      return [[input.parameter, '2026-06-16']];
    case 'datetime':
      return [[input.parameter, '2026-06-16T12:00:00Z']];
    case 'email':
      return [[input.parameter, 'bob@contoso.com']];
    case 'url':
      return [[input.parameter, 'https://fabrikam.com']];
    default:
      return [[input.parameter, 'Something else']];
  }
}

/** Every action that some microapp offers. */
export function offeredActions(apps: readonly Microapp[] = microapps): ReadonlySet<string> {
  return new Set(apps.flatMap((app) => offersOf(app).map(({ action }) => action)));
}
