import { tableRecords } from '../../../shared/storage/records';
import type { Tables } from '../../../shared/storage/tables';
import type { WorkspaceRecord } from '../../../shared/workspace/record';
import { storeNames, type TableStore, tableStores } from './table-stores';

const anna = '00000000-0000-4000-8000-00000000000a';
const ben = '00000000-0000-4000-8000-00000000000b';

function aTask(change: Partial<WorkspaceRecord> = {}, owner: string | null = anna): WorkspaceRecord {
  return {
    table: 'task',
    id: '11111111-0000-4000-8000-000000000001',
    version: '100',
    owner: owner === null ? null : { table: 'systemuser', id: owner, name: 'Somebody' },
    state: 0,
    createdAt: 1,
    modifiedAt: 2,
    createdBy: anna,
    modifiedBy: ben,
    values: { subject: 'Call back', prioritycode: 1, regardingobjectid: { table: 'account', id: 'a', name: null }, description: null },
    ...change,
  };
}

describe.each(storeNames)('the record cache on %s', (name) => {
  let store: TableStore;
  let tables: Tables;
  let integration = '';
  let made = 0;
  beforeAll(async () => {
    store = await tableStores[name]();
    tables = store.tables;
  });
  afterAll(() => store.close());
  beforeEach(() => {
    made += 1;
    integration = `contoso-${made}`;
  });

  const ownedBy = async (owner: string): Promise<string[]> => {
    const found: string[] = [];
    for await (const page of tableRecords(tables).owned(integration, owner, 'task')) found.push(...page.map(({ id }) => id));
    return found;
  };

  test('a record comes back as it was saved, and is on its owner’s list', async () => {
    const records = tableRecords(tables);
    expect(await records.save(integration, aTask())).toEqual({ before: null, saved: true });
    expect(await records.get(integration, 'task', aTask().id)).toEqual(aTask());
    expect(await ownedBy(anna)).toEqual([aTask().id]);
    expect(await ownedBy(ben)).toEqual([]);
  });

  test('the same version is written over only by a refresh, on its owner’s list too', async () => {
    const records = tableRecords(tables);
    const renamed = aTask({ values: { ...aTask().values, regardingobjectid: { table: 'account', id: 'a', name: 'Alder' } } });
    await records.save(integration, aTask());
    expect(await records.save(integration, renamed)).toMatchObject({ saved: false });
    expect(await records.get(integration, 'task', aTask().id)).toEqual(aTask());
    expect(await records.save(integration, renamed, true)).toMatchObject({ saved: true });
    expect(await records.get(integration, 'task', aTask().id)).toEqual(renamed);
    for await (const page of records.owned(integration, anna, 'task')) expect(page).toEqual([renamed]);
    expect(await records.save(integration, aTask({ version: '99' }), true)).toMatchObject({ saved: false });
  });

  test('a scan goes on from behind an id', async () => {
    const records = tableRecords(tables);
    const ids = [1, 2, 3].map((number) => `11111111-0000-4000-8000-00000000000${number}`);
    for (const id of ids) await records.save(integration, aTask({ id }));
    const found: string[] = [];
    for await (const page of records.scan(integration, 'task', ids[0])) found.push(...page.map(({ id }) => id));
    expect(found).toEqual(ids.slice(1));
  });

  test('a record that got another owner moves to her list, and the save tells who had it', async () => {
    const records = tableRecords(tables);
    await records.save(integration, aTask());
    expect(await records.save(integration, aTask({ version: '101' }, ben))).toEqual({ before: aTask(), saved: true });
    expect([await ownedBy(anna), await ownedBy(ben)]).toEqual([[], [aTask().id]]);
  });

  test('an older version never replaces a newer one, however many digits it has', async () => {
    const records = tableRecords(tables);
    const newest = aTask({ version: '1000' });
    await records.save(integration, newest);
    expect(await records.save(integration, aTask({ version: '999' }, ben))).toEqual({ before: newest, saved: false });
    expect([await ownedBy(anna), await ownedBy(ben)]).toEqual([[aTask().id], []]);
  });

  test('a save that died before the old owner’s list was mended is ended by the next', async () => {
    const records = tableRecords(tables);
    await records.save(integration, aTask());
    const moved = aTask({ version: '101' }, ben);
    await expect(tableRecords(dyingAtDelete(tables)).save(integration, moved)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await ownedBy(anna)).toHaveLength(1);
    await records.save(integration, moved);
    expect([await ownedBy(anna), await ownedBy(ben)]).toEqual([[], [aTask().id]]);
  });

  test('a record that is removed is on no list; removing it again is harmless', async () => {
    const records = tableRecords(tables);
    await records.save(integration, aTask());
    expect(await records.remove(integration, 'task', aTask().id)).toEqual(aTask());
    expect(await records.remove(integration, 'task', aTask().id)).toBeNull();
    expect([await records.get(integration, 'task', aTask().id), await ownedBy(anna)]).toEqual([null, []]);
  });

  test('ten savers at once leave the newest version and one list', async () => {
    const records = tableRecords(tables);
    const versions = Array.from({ length: 10 }, (_, index) => aTask({ version: String(200 + index) }, index % 2 === 0 ? anna : ben));
    await Promise.all(versions.map((record) => records.save(integration, record)));
    expect((await records.get(integration, 'task', aTask().id))?.version).toBe('209');
    expect([await ownedBy(anna), await ownedBy(ben)]).toEqual([[], [aTask().id]]);
  });
});

/** The same tables, whose rows nobody can delete any more. */
function dyingAtDelete(tables: Tables): Tables {
  return {
    table: async (name) =>
      new Proxy(await tables.table(name), {
        get(target, property) {
          if (property === 'deleteEntity') return () => Promise.reject(new Error('died'));
          const member: unknown = Reflect.get(target, property);
          return typeof member === 'function' ? member.bind(target) : member;
        },
      }),
  };
}
