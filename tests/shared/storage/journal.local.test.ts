import { randomBytes } from 'node:crypto';
import { createSealer } from '../../../shared/platform/seal';
import { type JournalEntry, tableJournal } from '../../../shared/storage/journal';
import type { Tables } from '../../../shared/storage/tables';
import { allPages } from './all-pages';
import { anEntry } from './entries';
import { storeNames, type TableStore, tableStores } from './table-stores';

describe.each(storeNames)('the journal on %s', (name) => {
  let store: TableStore;
  let tables: Tables;
  beforeAll(async () => {
    store = await tableStores[name]();
    tables = store.tables;
  });
  afterAll(() => store.close());

  const key = { id: 'k1', secret: randomBytes(32) };
  const sealer = createSealer({ current: key, find: () => key });
  const clock = { at: Date.parse('2026-01-01T00:00:00Z'), now: () => clock.at, sleep: async () => undefined };
  const journal = () => tableJournal(tables, async () => sealer, clock);
  const anna = { integration: 'one', id: 'anna' };

  function readAll(limit: number): Promise<JournalEntry[]> {
    return allPages((cursor) => journal().read(anna, { limit, cursor }));
  }

  test('what lost comes back, newest first, page by page, whatever its length; a retry adds nothing', async () => {
    const long = randomBytes(1_000_000).toString('base64');
    const entries = Array.from({ length: 130 }, (_, index) =>
      anEntry({ at: index, version: String(index), value: index === 60 ? long : index % 2 === 0 ? `value ${index}` : null }),
    );
    await journal().write(anna, entries);
    await journal().write(anna, entries.slice(50, 70));
    await journal().write({ integration: 'two', id: 'anna' }, [anEntry({ at: 7 })]);
    const expected = [...entries].reverse();
    expect(await readAll(50)).toEqual(expected);
    expect(await readAll(1_000)).toEqual(expected);
  });

  test('no value lies in the table as it was', async () => {
    await journal().write({ integration: 'one', id: 'ben' }, [anEntry({ value: 'canary +49 170 1234567' })]);
    const table = await tables.table('journal');
    for await (const row of table.listEntities()) expect(JSON.stringify(row)).not.toContain('canary');
  });

  test('it is kept by when it was written, not by how old the version was', async () => {
    clock.at += 86_400_000;
    await journal().write(anna, [anEntry({ at: 5, version: 'late', value: 'x' })]);
    expect(await journal().prune(clock.at)).toBeGreaterThan(130);
    expect((await readAll(50)).map(({ version }) => version)).toEqual(['late']);
    expect(await journal().prune(clock.at)).toBe(0);
  });
});
