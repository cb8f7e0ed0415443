import type { ButtonView, FieldView, InputView, ListView, PageLink, PageView } from './page-view';

/** A piece of an Adaptive Card, as JSON. */
export type Element = { readonly type: string } & Readonly<Record<string, unknown>>;

/** What clients of version 1.6 can show: look-ups that search while somebody types came with it. */
const version = '1.6';

/** Where the data of a submit leads: to a page, or to an action of the record in the version that was shown. */
interface Submitted {
  readonly go?: {
    readonly app: string;
    readonly page: string;
    readonly id?: string | null;
    readonly search?: string;
    readonly sort?: string;
    readonly cursor?: string;
  };
  readonly do?: { readonly app: string; readonly action: string; readonly id: string | null; readonly version: string | null };
}

/**
 * A page as an Adaptive Card. What records hold is put into text runs, which show Markdown as it is written: no name of an account becomes a link.
 * Source: Adaptive Cards schema 1.6, "TextRun" and "Data.Query".
 */
export function adaptiveCard(view: PageView, texts: { readonly search: string; readonly nextPage: string }): Element {
  switch (view.kind) {
    case 'list':
      return card(
        view.title,
        [searchBox(view, texts.search), ...remarks(view.notice), ...listElements(view.app, view.list)],
        nextActions(view.list, { app: view.app, page: view.page, search: view.search }, texts.nextPage),
      );
    case 'detail': {
      const children = view.children === null ? [] : childElements(view, view.children, texts.nextPage);
      const fields = view.fields.map((field) => fieldElement(view.app, field));
      return card(
        view.title,
        [heading(view.heading), ...fields, ...children],
        view.buttons.map((button) => buttonAction(view.app, view.record, button)),
      );
    }
    case 'form': {
      const { record, submit } = view;
      const about = view.heading === null ? [] : [heading(view.heading)];
      const data: Submitted = { do: { app: view.app, action: submit.action, id: record?.id ?? null, version: record?.version ?? null } };
      return card(
        view.title,
        [...about, ...view.inputs.flatMap((input) => inputElements(view.app, input))],
        [submitAction(submit.label, data, 'positive')],
      );
    }
    case 'signIn':
      return card(view.title, [text(view.message)], [{ type: 'Action.OpenUrl', title: view.button, url: view.url }]);
  }
}

function card(name: string, body: readonly Element[], actions: readonly Element[]): Element {
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version,
    body: [title(name, 'Large'), ...body],
    ...(actions.length === 0 ? {} : { actions }),
  };
}

/** A text of Tandem's own. */
function title(name: string, size: 'Medium' | 'Large'): Element {
  return { type: 'TextBlock', text: name, style: 'heading', size, weight: 'Bolder', wrap: true };
}

/** A text of anybody's, shown as it is. */
function text(content: string, more: Readonly<Record<string, unknown>> = {}): Element {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: content === '' ? ' ' : content, ...more }] };
}

function heading(content: string): Element {
  return text(content, { size: 'Medium', weight: 'Bolder' });
}

function searchBox({ app, page, search, searchHint, list }: Extract<PageView, { kind: 'list' }>, label: string): Element {
  return {
    type: 'Input.Text',
    id: 'search',
    placeholder: searchHint,
    value: search,
    inlineAction: submitAction(label, { go: { app, page, sort: sortOf(list) } }),
  };
}

/** What Tandem itself has to say; nothing for null. */
function remarks(said: string | null): Element[] {
  return said === null ? [] : [{ type: 'TextBlock', text: said, isSubtle: true, wrap: true }];
}

function listElements(app: string, list: ListView): Element[] {
  if (list.empty !== null) return remarks(list.empty);
  const cell = (items: readonly Element[]): Element => ({ type: 'TableCell', items });
  const header = { type: 'TableRow', cells: list.columns.map(({ label }) => cell([text(label, { weight: 'Bolder' })])) };
  const rows = list.rows.map(({ cells, opens }) => ({
    type: 'TableRow',
    cells: cells.map((content, index) => cell([text(content, index === 0 ? { selectAction: goAction(app, opens) } : {})])),
  }));
  // That the first row is the header is the default, and the published schema and Microsoft's own library disagree about how it is said.
  return [{ type: 'Table', columns: list.columns.map(() => ({ width: 1 })), rows: [header, ...rows] }];
}

function childElements(
  { app, page, record }: Extract<PageView, { kind: 'detail' }>,
  { title: name, list }: { readonly title: string; readonly list: ListView },
  nextPage: string,
): Element[] {
  const next = nextActions(list, { app, page, id: record.id }, nextPage);
  const more = next.length === 0 ? [] : [{ type: 'ActionSet', actions: next }];
  return [title(name, 'Medium'), ...listElements(app, list), ...more];
}

/** The rest of the list as it was asked for: what stands in the search box by then was never searched for. */
function nextActions(list: ListView, here: Submitted['go'] & object, label: string): Element[] {
  if (list.next === null) return [];
  const go = { ...here, sort: sortOf(list), cursor: list.next };
  return [{ ...submitAction(label, { go }), associatedInputs: 'none' }];
}

function sortOf({ sort }: ListView): string {
  return `${sort.column} ${sort.direction}`;
}

function fieldElement(app: string, { label, text: content, link }: FieldView): Element {
  const column = (width: number, item: Element): Element => ({ type: 'Column', width, items: [item] });
  const linked =
    link === null ? {} : { selectAction: link.kind === 'page' ? goAction(app, link) : { type: 'Action.OpenUrl', url: link.href } };
  const named: Element = { type: 'TextBlock', text: label, isSubtle: true, wrap: true };
  return { type: 'ColumnSet', columns: [column(1, named), column(2, text(content, linked))] };
}

function goAction(app: string, { page, id }: PageLink): Element {
  return { type: 'Action.Submit', data: { go: { app, page, id } } satisfies Submitted };
}

function submitAction(label: string, data: Submitted, style?: 'positive'): Element {
  return { type: 'Action.Submit', title: label, data, ...(style === undefined ? {} : { style }) };
}

function buttonAction(app: string, record: { readonly id: string; readonly version: string }, { label, style, does }: ButtonView): Element {
  const look = style === 'primary' ? ('positive' as const) : undefined;
  if (does.kind === 'page') return submitAction(label, { go: { app, page: does.page, id: does.id } }, look);
  const submit = submitAction(label, { do: { app, action: does.action, id: record.id, version: record.version } }, look);
  if (does.asks.length === 0) return submit;
  const asks = { type: 'AdaptiveCard', version, body: does.asks.flatMap((input) => inputElements(app, input)), actions: [submit] };
  return { type: 'Action.ShowCard', title: label, card: asks };
}

/** The fields of one input. A time is two: cards have no field that takes both. */
function inputElements(app: string, input: InputView): Element[] {
  const { parameter: id, label, kind } = input;
  // A field that depends on another cannot be required here: a card does not know what the other one holds.
  const common = { id, label, isRequired: input.required && input.onlyIf === null, errorMessage: label };
  const filled = input.value === null ? {} : { value: String(input.value) };
  switch (kind) {
    case 'text':
    case 'memo':
    case 'phone':
    case 'email':
    case 'url': {
      const styles = { text: 'Text', memo: 'Text', phone: 'Tel', email: 'Email', url: 'Url' } as const;
      return [{ type: 'Input.Text', ...common, ...filled, style: styles[kind], isMultiline: kind === 'memo', ...longest(input) }];
    }
    case 'integer':
    case 'decimal': {
      const range = {
        ...(input.least === undefined ? {} : { min: input.least }),
        ...(input.most === undefined ? {} : { max: input.most }),
      };
      return [{ type: 'Input.Number', ...common, ...(input.value === null ? {} : { value: Number(input.value) }), ...range }];
    }
    case 'date':
      return [{ type: 'Input.Date', ...common, ...filled }];
    case 'datetime': {
      const { local } = input;
      const [date, time] = local === null ? [{}, {}] : [{ value: local.date }, { value: local.time }];
      return [
        { type: 'Input.Date', ...common, id: `${id}.date`, ...date },
        { type: 'Input.Time', ...common, id: `${id}.time`, label: ' ', ...time },
      ];
    }
    case 'choice':
      return [{ type: 'Input.ChoiceSet', ...common, ...filled, style: 'compact', choices: choicesOf(input.options ?? []) }];
    case 'lookup': {
      const known = input.value === null ? [] : [{ value: String(input.value), label: input.valueText ?? String(input.value) }];
      const query = { type: 'Data.Query', dataset: `${app}/${input.looksUp ?? ''}` };
      return [{ type: 'Input.ChoiceSet', ...common, ...filled, style: 'filtered', choices: choicesOf(known), 'choices.data': query }];
    }
  }
}

function choicesOf(options: readonly { readonly value: string; readonly label: string }[]): { title: string; value: string }[] {
  return options.map(({ value, label }) => ({ title: label, value }));
}

function longest({ most }: InputView): { maxLength?: number } {
  return most === undefined ? {} : { maxLength: most };
}
