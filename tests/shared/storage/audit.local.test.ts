import { type AuditEntry, tableAudit } from '../../../shared/storage/audit';
import type { Tables } from '../../../shared/storage/tables';
import { allPages } from './all-pages';
import { storeNames, type TableStore, tableStores } from './table-stores';

const day = 86_400_000;
const start = Date.parse('2026-03-01T23:59:58Z');

function act(at: number, id = String(at)): AuditEntry {
  return {
    id,
    at,
    by: 'lena',
    route: 'syncNow',
    targets: { integration: 'contoso' },
    fields: ['a'],
    outcome: 'intended',
    endedAt: null,
    status: null,
    code: null,
    changes: null,
  };
}

describe.each(storeNames)('the audit on %s', (name) => {
  let store: TableStore;
  let tables: Tables;
  beforeAll(async () => {
    store = await tableStores[name]();
    tables = store.tables;
    for (let index = 0; index < 25; index += 1) await tableAudit(tables).begin(act(start + index * (day / 8)));
  });
  afterAll(() => store.close());

  function readAll(from: number, to: number, limit: number): Promise<AuditEntry[]> {
    return allPages((cursor) => tableAudit(tables).read({ from, to }, { limit, cursor }));
  }

  test('it is read newest first, page by page, over the days', async () => {
    const times = (await readAll(0, start + 10 * day, 4)).map(({ at }) => at);
    expect(times).toEqual(Array.from({ length: 25 }, (_, index) => start + (24 - index) * (day / 8)));
  });

  test('a range begins at its first moment and ends before its last', async () => {
    const [from, to] = [start + 3 * (day / 8), start + 9 * (day / 8)];
    const times = (await readAll(from, to, 2)).map(({ at }) => at);
    expect([times.length, times.at(-1), times[0]]).toEqual([6, from, start + day]);
  });

  test('an act has one row: what became of it takes the place of what was intended', async () => {
    const ended: AuditEntry = {
      ...act(start),
      outcome: 'done',
      endedAt: start + 5,
      status: 200,
      changes: [{ field: 'status', before: 'on', after: null }, { field: 'name' }],
    };
    await tableAudit(tables).end(ended);
    expect(await readAll(start, start + 1, 10)).toEqual([ended]);
    await expect(tableAudit(tables).begin(act(start))).rejects.toMatchObject({ code: 'duplicate' });
  });

  test('days that are over before a time are removed, whole', async () => {
    const before = start + 2 * day;
    const removed = await tableAudit(tables).prune(before);
    const left = await readAll(0, start + 10 * day, 100);
    expect(removed + left.length).toBe(25);
    expect(removed).toBeGreaterThan(0);
    expect(left.at(-1)?.at).toBeGreaterThanOrEqual(Math.floor(before / day) * day);
    expect(await tableAudit(tables).prune(before)).toBe(0);
  });
});
