import { type Language, languages, textsOf } from '../../shared/workspace/languages';
import type { DetailField, Input, Microapp, Page, RecordList, Shown } from '../../shared/workspace/microapp';
import { pageOf } from '../../shared/workspace/microapps';
import { type RecordTableName, recordTables } from '../../shared/workspace/tables';

/** What does not hold together in the data of a page, one sentence each: links that lead nowhere, columns that are not there, fields that do not fit, words without text. */
export function brokenData(app: Microapp, page: Page): string[] {
  return [...brokenTargets(app, page), ...brokenColumns(page), ...brokenInputs(page), ...brokenWords(page)];
}

function brokenTargets(app: Microapp, page: Page): string[] {
  return targetsOf(page).flatMap((target) => {
    const found = pageOf(app, target.page);
    if (found === undefined) return [`leads to ${target.page}, which the microapp does not have`];
    return found.kind !== 'list' && found.table !== target.table ? [`leads to ${target.page}, which is about ${found.table}`] : [];
  });
}

function brokenColumns(page: Page): string[] {
  return columnsOf(page).flatMap(({ table, column }) =>
    namesOf(table).includes(column) ? [] : [`shows ${table}.${column}, which is not there`],
  );
}

function brokenInputs(page: Page): string[] {
  return inputsOf(page).flatMap((input) => {
    const column = page.kind === 'form' ? recordTables[page.table].columns.find(({ name }) => name === input.column) : undefined;
    const isText = input.kind === 'text' || input.kind === 'memo';
    if (isText && (input.most === undefined || input.most > (column?.most ?? 100_000)))
      return [`${input.parameter} is longer than its column`];
    const fits = column === undefined || column.type === 'lookup' || taken[input.kind].includes(column.type);
    return fits ? [] : [`${input.parameter} does not fit its column`];
  });
}

function brokenWords(page: Page): string[] {
  return languageNames.flatMap((language) => {
    const known = new Set<string>(Object.keys(textsOf(language)));
    return wordsIn(page)
      .filter((word) => !known.has(word))
      .map((word) => `says ${word}, for which ${language} has no text`);
  });
}

export const languageNames = Object.keys(languages).filter((name): name is Language => Object.hasOwn(languages, name));

interface Target {
  readonly page: string;
  /** The table that the page must be about. */
  readonly table: RecordTableName | null;
}

/** Where the links and buttons of a page lead. */
export function targetsOf(page: Page): Target[] {
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

/** The inputs of a page: of its form, or of what its buttons ask. */
export function inputsOf(page: Page): readonly Input[] {
  if (page.kind === 'form') return page.inputs;
  return page.kind === 'detail' ? page.buttons.flatMap(({ does }) => ('asks' in does ? does.asks : [])) : [];
}

function namesOf(table: RecordTableName): readonly string[] {
  return recordTables[table].columns.map(({ name }) => name);
}

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

/** Every text key within a piece of data. */
export function wordsIn(data: unknown): string[] {
  if (Array.isArray(data)) return data.flatMap(wordsIn);
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([name, value]) =>
    typeof value === 'string' && ['label', 'title', 'about', 'body', 'searchHint'].includes(name) ? [value] : wordsIn(value),
  );
}
