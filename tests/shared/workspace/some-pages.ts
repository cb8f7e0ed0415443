import type { Desk } from '../../../shared/workspace/desk';
import type { DetailPage, ListPage, Page } from '../../../shared/workspace/microapp';
import { microapp, microapps, pageOf } from '../../../shared/workspace/microapps';
import type { PageView } from '../../../shared/workspace/page-view';
import type { WorkspaceRecord } from '../../../shared/workspace/record';
import { detailView, formView } from '../../../shared/workspace/record-view';
import { actor, rowId } from './actions/some-actions';

export const now = Date.parse('2026-06-15T12:20:00Z');
export const id = '11111111-0000-4000-8000-000000000001';
export const reference = (table: string, name = 'Somebody') => ({ table, id: rowId, name });

export function page(app: string, wanted: string): Page {
  const its = microapp(app);
  const found = its === undefined ? undefined : pageOf(its, wanted);
  if (found === undefined) throw new Error(`${app} has no ${wanted}`);
  return found;
}

export function shown(app: string, wanted: string, record: WorkspaceRecord): Extract<PageView, { kind: 'detail' }> {
  const [its, found] = [microapp(app), page(app, wanted)];
  if (its === undefined || found.kind !== 'detail') throw new Error('no detail page');
  const view = detailView(its, found, record, null, actor, now);
  if (view.kind !== 'detail') throw new Error('no detail page');
  return view;
}

export function inputs(app: string, wanted: string, record: WorkspaceRecord | null): Record<string, unknown> {
  const [its, found] = [microapp(app), page(app, wanted)];
  if (its === undefined || found.kind !== 'form') throw new Error('no form');
  const view = formView(its, found, record, actor, now);
  return view.kind === 'form' ? Object.fromEntries(view.inputs.map(({ parameter, value }) => [parameter, value])) : {};
}

export const wish = { id: null, search: '', sort: null, cursor: null };

/** What Anna works with: these records are in the cache, and Dynamics answers so. */
export function annasDesk(cached: readonly WorkspaceRecord[], record: Desk['dynamics']['record']): Desk {
  return {
    integration: 'contoso',
    caller: { objectId: 'anna' },
    dynamics: { user: async () => null, record, children: async () => [], find: async () => [], run: async () => null },
    records: {
      get: async () => cached[0] ?? null,
      async *owned() {
        yield cached;
      },
    },
    isLoaded: async () => true,
    owners: ['anna'],
    reader: actor,
    now,
  };
}

export function notHere(): never {
  throw new Error('Nobody reads this live.');
}

export const lists = microapps.flatMap(({ pages }) => pages.filter((each): each is ListPage => each.kind === 'list'));
export const details = microapps.flatMap((app) =>
  app.pages.filter((each): each is DetailPage => each.kind === 'detail').map((each) => ({ app, page: each })),
);
