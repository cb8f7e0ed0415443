import type { FeedCard } from '../storage/feed';
import type { Integration } from '../storage/integrations';
import { adaptiveCard, type Element } from './adaptive-card';
import { type Card, type CardState, cardColumns, noticingApp, type Trigger } from './card';
import { say } from './languages';
import type { Button, DetailField, DetailPage, Microapp, TextKey } from './microapp';
import type { PageView } from './page-view';
import type { WorkspaceRecord } from './record';
import { detailView } from './record-view';
import { isReference, labelOf, type Reader } from './shown';
import { type RecordTableName, recordTables } from './tables';

type Details = Extract<PageView, { kind: 'detail' }>;

/** A card in the words of the person whose it is: as data, and as an Adaptive Card. */
export interface CardView extends Pick<Details, 'app' | 'title' | 'fields' | 'buttons'> {
  readonly id: string;
  readonly trigger: Trigger;
  readonly state: CardState;
  /** UTC ms. */
  readonly at: number;
  readonly expiresAt: number;
  readonly body: string;
  readonly record: { readonly table: RecordTableName; readonly id: string; readonly version: string };
  readonly link: {
    /** The page of the microapp that is about the record. */
    readonly page: string;
    /** Where the API answers with that page. */
    readonly href: string;
    /** The record's own form. */
    readonly dynamics: string;
  };
  readonly card: Element;
}

const labels = {
  scheduledend: 'field.due',
  scheduledstart: 'field.from',
  estimatedclosedate: 'field.estimatedCloseDate',
  prioritycode: 'field.priority',
} as const satisfies Readonly<Record<string, TextKey>>;

const labelsByTable = {
  account: 'field.account',
  contact: 'field.contact',
  lead: 'field.lead',
  opportunity: 'field.opportunity',
  incident: 'field.case',
} as const satisfies Readonly<Record<string, TextKey>>;

/** Shows a card; null for one that no microapp of this release sends. */
export function cardView(
  { card, state }: FeedCard,
  { id: integration, baseUrl }: Pick<Integration, 'id' | 'baseUrl'>,
  reader: Reader,
): CardView | null {
  const app = noticingApp(card.table);
  const kind = app?.notices.find(({ trigger }) => trigger === card.trigger);
  if (app === undefined || kind === undefined) return null;
  const record = recordOf(card);
  const page: DetailPage = {
    kind: 'detail',
    id: kind.page,
    title: kind.title,
    table: card.table,
    heading: { column: recordTables[card.table].title },
    fields: fieldsOf(card, app, reader),
    buttons: [{ label: 'button.open', style: 'secondary', does: { page: kind.page } }, ...actionsAtOnce(app, kind.page)],
  };
  const view = detailView(app, page, record, null, reader, card.at);
  if (view.kind !== 'detail') return null;
  const body = say(reader.language, kind.body, namesIn(card));
  const shown: Details = { ...view, heading: body };
  const query = new URLSearchParams({ integration, id: card.recordId });
  return {
    id: card.id,
    app: app.id,
    trigger: card.trigger,
    state,
    at: card.at,
    expiresAt: card.expiresAt,
    title: view.title,
    body,
    fields: view.fields,
    buttons: view.buttons,
    record: { table: card.table, id: card.recordId, version: card.version },
    link: { page: kind.page, href: `/app/api/microapps/${app.id}/pages/${kind.page}?${query}`, dynamics: formUrl(baseUrl, card) },
    card: adaptiveCard(shown, { search: '', nextPage: '' }),
  };
}

/** The address of a record's form. Source: "Open apps, forms, views, dialogs, and reports with a URL", Power Apps documentation. */
function formUrl(baseUrl: string, { table, recordId }: Card): string {
  return `${baseUrl}/main.aspx?${new URLSearchParams({ pagetype: 'entityrecord', etn: table, id: recordId })}`;
}

/** When it is due, how urgent it is and whom it is about, as far as the record says so. A choice that nobody has labelled says nothing to people. */
function fieldsOf(card: Card, app: Microapp, reader: Reader): DetailField[] {
  return cardColumns[card.table].flatMap((column): DetailField[] => {
    const value = card.values[column] ?? null;
    if (value === null) return [];
    if (isReference(value)) {
      const label = Object.entries(labelsByTable).find(([table]) => table === value.table)?.[1] ?? 'field.relatedTo';
      const detail = app.pages.find((page) => page.kind === 'detail' && page.table === value.table);
      return [{ label, shows: { column }, ...(detail === undefined ? {} : { link: { page: detail.id, reference: column } }) }];
    }
    if (column === 'prioritycode' && labelOf(reader, `${card.table}.${column}`, Number(value)) === String(value)) return [];
    const label = Object.entries(labels).find(([name]) => name === column)?.[1];
    return label === undefined ? [] : [{ label, shows: { column } }];
  });
}

/** What the record's page can do without asking anything. */
function actionsAtOnce(app: Microapp, page: string): Button[] {
  const shown = app.pages.find(({ id }) => id === page);
  return shown?.kind === 'detail' ? shown.buttons.filter(({ does }) => 'action' in does && does.asks.length === 0) : [];
}

function namesIn({ table, values }: Card): Record<string, string> {
  const texts = Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []));
  const name = values[recordTables[table].title];
  return { ...Object.fromEntries(texts), ...(typeof name === 'string' ? { name } : {}) };
}

/** A card is about an open record, or it would not be there. */
function recordOf(card: Card): WorkspaceRecord {
  const { table, recordId: id, version, at, values } = card;
  const state = recordTables[table].openStates[0] ?? 0;
  return { table, id, version, owner: null, state, createdAt: at, modifiedAt: at, createdBy: null, modifiedBy: null, values };
}
