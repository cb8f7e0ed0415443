import { randomUUID } from 'node:crypto';
import { IntegrationConnection } from '../../../shared/model/integration-connection';
import { IntegrationSettings } from '../../../shared/model/integration-settings';
import { switchedOn } from '../../../shared/model/mailbox-standing';
import { type Home, tableHomes } from '../../../shared/storage/homes';
import { type Integration, tableIntegrations } from '../../../shared/storage/integrations';
import { tableLimits } from '../../../shared/storage/limits';
import { type StoredMailbox, tableMailboxes } from '../../../shared/storage/mailboxes';
import { tableParticipation } from '../../../shared/storage/participation';
import { getRow, insertRow, putRow, replaceRow, rowPages, transact } from '../../../shared/storage/rows';
import type { Tables } from '../../../shared/storage/tables';
import { storeNames, type TableStore, tableStores, without } from './table-stores';

describe.each(storeNames)('on %s', (name) => {
  let store: TableStore;
  let tables: Tables;
  beforeAll(async () => {
    store = await tableStores[name]();
    tables = store.tables;
  });
  afterAll(() => store.close());

  describe('rows', () => {
    test('failures are told apart by what they mean', async () => {
      const table = await tables.table('links');
      const row = { partitionKey: 'p', rowKey: 'r', text: 'x' };
      expect(await getRow(table, 'p', 'r')).toBeNull();
      const etag = await insertRow(table, row);
      await expect(insertRow(table, row)).rejects.toMatchObject({ code: 'duplicate' });
      const next = await replaceRow(table, row, etag);
      await expect(replaceRow(table, row, etag)).rejects.toMatchObject({ code: 'stale', retry: 'now' });
      await expect(transact(table, [['update', row, 'Replace', { etag }]])).rejects.toMatchObject({ code: 'stale' });
      await expect(transact(table, [['create', row]])).rejects.toMatchObject({ code: 'duplicate' });
      await expect(replaceRow(table, { ...row, rowKey: 'other' }, next)).rejects.toMatchObject({ code: 'gone' });
    });

    test('a table that vanished is not an empty one', async () => {
      const table = await tables.table('keys');
      await without(table, () => expect(getRow(table, 'p', 'r')).rejects.toMatchObject({ code: 'unavailable' }));
    });

    test('a listing goes on past a page', async () => {
      const table = await tables.table('keys');
      for (let index = 0; index < 5; index += 1) await putRow(table, { partitionKey: 'many', rowKey: String(index) });
      const pages = [];
      for await (const page of rowPages(table, "PartitionKey eq 'many'", 2)) pages.push(page.map(({ rowKey }) => rowKey));
      expect(pages).toEqual([['0', '1'], ['2', '3'], ['4']]);
    });
  });

  describe('integrations', () => {
    function anIntegration(id: string): Integration {
      const [settings, connection] = [IntegrationSettings.parse({}), IntegrationConnection.parse({})];
      return { id, name: `Name of ${id}`, baseUrl: `https://${id}.crm.dynamics.com`, settings, connection };
    }

    test('they come back, a page at a time, in the order of their ids', async () => {
      const integrations = tableIntegrations(tables);
      for (const id of ['c', 'a', 'b']) await integrations.put(anIntegration(id));
      expect(await integrations.get('b')).toEqual(anIntegration('b'));
      expect(await integrations.get('z')).toBeNull();
      const first = await integrations.list({ limit: 2, cursor: null });
      const second = await integrations.list({ limit: 2, cursor: first.next });
      expect([...first.items, ...second.items].map(({ integration }) => integration.id)).toEqual(['a', 'b', 'c']);
      expect(second.next).toBeNull();
      expect(await integrations.all()).toHaveLength(3);
    });

    test('a change of one names the version that it changes, and a new one takes a free id', async () => {
      const integrations = tableIntegrations(tables);
      const etag = await integrations.put(anIntegration('once'), null);
      await expect(integrations.put(anIntegration('once'), null)).rejects.toMatchObject({ code: 'stale' });
      const next = await integrations.put({ ...anIntegration('once'), name: 'Renamed' }, etag);
      await expect(integrations.put(anIntegration('once'), etag)).rejects.toMatchObject({ code: 'stale' });
      expect(await integrations.find('once')).toMatchObject({ integration: { name: 'Renamed' }, etag: next });
      await expect(integrations.remove('once', etag)).rejects.toMatchObject({ code: 'stale' });
      await integrations.remove('once', next);
      expect(await integrations.find('once')).toBeNull();
      await expect(integrations.put(anIntegration('once'), next)).rejects.toMatchObject({ code: 'stale' });
    });

    test('what was noted about one is forgotten, and nothing of another', async () => {
      const integrations = tableIntegrations(tables);
      const cursor = { cursor: { at: 'end' as const, link: 'one' }, round: null };
      for (const id of ['one', 'one-more']) {
        await integrations.put(anIntegration(id));
        await integrations.saveFeedState(id, 'task', cursor, null);
        await integrations.saveDepartures(id, { 1: 1 }, null);
      }
      await integrations.forget('one');
      expect(await integrations.readFeedState('one', 'task')).toMatchObject({ cursor: null, etag: null });
      expect(await integrations.readDepartures('one')).toEqual({ departures: {}, etag: null });
      expect(await integrations.get('one')).not.toBeNull();
      expect(await integrations.readFeedState('one-more', 'task')).toMatchObject(cursor);
      expect(await integrations.readDepartures('one-more')).toMatchObject({ departures: { 1: 1 } });
      for (const id of ['one', 'one-more']) await integrations.remove(id, '*');
    });

    test("a feed's cursor is saved by one reader at a time, and settings do not stand in its way", async () => {
      const integrations = tableIntegrations(tables);
      const at = (link: string) => ({ cursor: { at: 'end' as const, link }, round: null });
      expect(await integrations.readFeedState('a', 'task')).toEqual({ cursor: null, round: null, etag: null });
      const etag = await integrations.saveFeedState('a', 'task', at('one'), null);
      await expect(integrations.saveFeedState('a', 'task', at('other'), null)).rejects.toMatchObject({ code: 'stale' });
      await integrations.put(anIntegration('a'));
      const later = await integrations.saveFeedState('a', 'task', { cursor: { at: 'page', link: 'two', full: true }, round: 'r' }, etag);
      await expect(integrations.saveFeedState('a', 'task', at('three'), etag)).rejects.toMatchObject({ code: 'stale' });
      expect(await integrations.readFeedState('a', 'task')).toEqual({
        cursor: { at: 'page', link: 'two', full: true },
        round: 'r',
        etag: later,
      });
      expect((await integrations.readFeedState('a', 'contact')).cursor).toBeNull();
    });

    test('what is lent is changed by one at a time, and is no integration', async () => {
      const limits = tableLimits(tables);
      const { loans, etag } = await limits.read('lent');
      expect(etag).toBeNull();
      const one = { ...loans, next: 1.5, slots: { 'host|1': { count: 2, until: 30_000 } } };
      const first = await limits.save('lent', one, null);
      await expect(limits.save('lent', loans, null)).rejects.toMatchObject({ code: 'stale' });
      expect(await limits.read('lent')).toEqual({ loans: one, etag: first });
      const second = await limits.save('lent', { ...one, share: 0.5 }, first);
      await expect(limits.save('lent', one, first)).rejects.toMatchObject({ code: 'stale' });
      expect((await limits.read('lent')).etag).toBe(second);
      expect(await tableIntegrations(tables).get('lent')).toBeNull();
    });
  });

  describe('mailboxes', () => {
    function aMailbox(integration: string, id: string, changes: Partial<StoredMailbox> = {}): StoredMailbox {
      return {
        id,
        integration,
        systemUserId: id,
        objectId: randomUUID(),
        email: 'anna@contoso.example',
        name: 'Anna Berger',
        zone: 'Europe/Berlin',
        deletedItems: 'deleted',
        taskLists: ['list/=1'],
        ...switchedOn,
        status: 'loading',
        filters: { task: [{ name: 'Mine', filter: { column: 'subject', operator: 'not-null' }, active: true }] },
        columnRights: { at: 1_700_000_000_002, by: { contact: { hidden: ['notes'], readOnly: [], unsure: [] } } },
        enabledAt: 1_700_000_000_000,
        marks: { calendar: { newest: '2026-01-01T00:00:00Z', count: 3 }, 'tasks:list/=1': { newest: null, count: 0 } },
        lastChangeAt: null,
        nextRetryAt: null,
        lastCycleAt: 1_700_000_000_001,
        health: null,
        ...changes,
      };
    }

    test('one comes back as it was, and is inserted once', async () => {
      const mailboxes = tableMailboxes(tables);
      const anna = aMailbox('one', randomUUID());
      await mailboxes.insert(anna);
      expect(await mailboxes.get('one', anna.id)).toEqual(anna);
      await expect(mailboxes.insert(anna)).rejects.toMatchObject({ code: 'duplicate' });
      expect(await mailboxes.get('two', anna.id)).toBeNull();
      await mailboxes.remove('one', anna.id);
      expect(await mailboxes.get('one', anna.id)).toBeNull();
      await expect(mailboxes.remove('one', anna.id)).resolves.toBeUndefined();
    });

    test('changes made at the same time all count', async () => {
      const mailboxes = tableMailboxes(tables);
      const anna = aMailbox('races', randomUUID(), { lastChangeAt: 0 });
      await mailboxes.insert(anna);
      const add = () => mailboxes.update('races', anna.id, (mailbox) => ({ ...mailbox, lastChangeAt: (mailbox.lastChangeAt ?? 0) + 1 }));
      await Promise.all([add(), add(), add(), add()]);
      expect((await mailboxes.get('races', anna.id))?.lastChangeAt).toBe(4);
    });

    test('a change that changes nothing writes nothing, and one that is not there is not made', async () => {
      const mailboxes = tableMailboxes(tables);
      const anna = aMailbox('still', randomUUID());
      await mailboxes.insert(anna);
      const table = await tables.table('mailboxes');
      const etag = (await getRow(table, 'still', anna.id))?.etag;
      await mailboxes.update('still', anna.id, (mailbox) => mailbox);
      expect((await getRow(table, 'still', anna.id))?.etag).toBe(etag);
      expect(await mailboxes.update('still', 'nobody', (mailbox) => ({ ...mailbox, name: 'x' }))).toBeNull();
    });

    test('they are listed by page, in groups, and in full', async () => {
      const mailboxes = tableMailboxes(tables);
      const ids = Array.from({ length: 5 }, () => randomUUID()).sort();
      for (const id of ids) await mailboxes.insert(aMailbox('many', id));
      const first = await mailboxes.list('many', { limit: 3, cursor: null });
      const second = await mailboxes.list('many', { limit: 3, cursor: first.next });
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
      expect((await mailboxes.getMany('many', [ids[3] ?? '', ids[1] ?? '', 'nobody'])).map(({ id }) => id)).toEqual([ids[1], ids[3]]);
      expect(await mailboxes.getMany('many', [])).toEqual([]);
      const all = [];
      for await (const page of mailboxes.pages('many')) all.push(...page);
      expect(all.map(({ id }) => id)).toEqual(ids);
    });

    test('a person takes part in one integration at a time', async () => {
      const participation = tableParticipation(tables);
      const takes = await Promise.allSettled(['a', 'b', 'c'].map((integration) => participation.take('anna', integration, 'm')));
      expect(takes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const winner = ['a', 'b', 'c'][takes.findIndex(({ status }) => status === 'fulfilled')] ?? '';
      const loser = winner === 'a' ? 'b' : 'a';
      await expect(participation.take('anna', winner, 'm')).resolves.toBe(false);
      await participation.giveBack('anna', loser, 'm');
      await expect(participation.take('anna', loser, 'm')).rejects.toMatchObject({ code: 'conflict' });
      await participation.giveBack('anna', winner, 'm');
      await expect(participation.take('anna', loser, 'm')).resolves.toBe(true);
    });
  });

  describe('homes', () => {
    test('are handed over only from whom they are known to belong to', async () => {
      const homes = tableHomes(tables);
      const home: Home = { id: randomUUID(), homes: ['m'], owner: 'o', organizer: null, version: '5', round: null, meeting: 'ical' };
      await homes.insert('over', 'series', home);
      expect(await homes.handOver('over', 'series', home.id, ['n'], [])).toBe(false);
      expect(await homes.handOver('over', 'series', randomUUID(), [], ['n'])).toBe(false);
      expect(await homes.handOver('over', 'series', home.id, ['m'], [])).toBe(true);
      const taken = await Promise.all(['a', 'b', 'c'].map((mailbox) => homes.handOver('over', 'series', home.id, [], [mailbox])));
      expect(taken.filter((won) => won)).toHaveLength(1);
      const { homes: after = [], ...rest } = (await homes.getMany('over', 'series', [home.id])).get(home.id) ?? {};
      expect(after).toEqual([['a', 'b', 'c'][taken.indexOf(true)]]);
      expect({ ...rest, homes: ['m'] }).toEqual(home);
    });

    test('many are written, read, listed and removed', async () => {
      const homes = tableHomes(tables);
      const many = Array.from({ length: 450 }, (_, index): Home => {
        const prefix = (index % 3).toString(16).padStart(2, '0');
        const id = `${prefix}${randomUUID().slice(2)}`;
        return { id, homes: [[], ['m'], ['m', 'n']][index % 3] ?? [], owner: 'o', organizer: null, version: '5', round: null };
      });
      const stale = many.slice(0, 3).map((home) => ({ ...home, version: '4' }));
      await homes.upsertMany('one', 'task', [...stale, ...many]);
      await homes.upsertMany('one', 'contact', many.slice(0, 1));
      const ids = many.slice(0, 40).map(({ id }) => id);
      expect(await homes.getMany('one', 'task', [...ids, randomUUID(), ids[0] ?? ''])).toEqual(
        new Map(many.slice(0, 40).map((home) => [home.id, home])),
      );
      await homes.deleteMany('one', 'task', [...ids, randomUUID()]);
      const left = [];
      for await (const page of homes.scan('one', 'task')) left.push(...page.map(({ id }) => id));
      expect(left.sort()).toEqual(
        many
          .slice(40)
          .map(({ id }) => id)
          .sort(),
      );
    });
  });
});
