import { microapps } from '../../shared/workspace/microapps';
import { languageNames } from './checks';
import { offeredActions, type PageLine, walk } from './walk';

/** How much the Workspace has, counted from its data. */
export interface Counts {
  readonly microapps: number;
  readonly pages: number;
  readonly notices: number;
  readonly actions: number;
  readonly languages: number;
  /** What a walk over every page, link and button found broken. */
  readonly broken: number;
}

export function countsOf(lines: readonly PageLine[]): Counts {
  return {
    microapps: microapps.length,
    pages: lines.length,
    notices: microapps.flatMap(({ notices }) => notices).length,
    actions: offeredActions().size,
    languages: languageNames.length,
    broken: lines.flatMap(({ broken }) => broken).length,
  };
}

/** The inventory for people: a line a page, what is broken below it, and the counts. */
export function inventoryText(lines: readonly PageLine[]): string {
  const head = ['MICROAPP', 'PAGE', 'FIELDS', 'LINKS', 'ACTIONS', 'STATUS'];
  const rows = lines.map(({ app, page, fields, links, actions, broken }) => [
    app,
    page,
    String(fields),
    String(links),
    actions.join(', ') || '–',
    broken.length === 0 ? 'works' : `broken: ${broken.join('; ')}`,
  ]);
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)));
  const print = (row: readonly string[]): string =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  const counts = Object.entries(countsOf(lines)).map(([name, count]) => `${name} ${count}`);
  return [print(head), ...rows.map(print), '', counts.join(', ')].join('\n');
}

/** The counts for machines, on one line. */
export function inventoryJson(lines: readonly PageLine[]): string {
  return JSON.stringify(countsOf(lines));
}

/** The lines of everything. */
export const inventory = (): readonly PageLine[] => walk();
