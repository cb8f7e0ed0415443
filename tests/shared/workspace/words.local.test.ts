import { errorCodes, TandemError } from '../../../shared/platform/errors';
import type { Integration } from '../../../shared/storage/integrations';
import type { RecordWords } from '../../../shared/storage/record-loads';
import type { RecordTableName } from '../../../shared/workspace/tables';
import { type WordServices, wordsFor } from '../../../shared/workspace/words';
import { type CacheWorld, openCache } from './cache-world';

let world: CacheWorld;
let integration: Integration;
let warned: string[];
beforeEach(async () => {
  world = await openCache();
  const its = await world.services.integrations.get('contoso');
  if (its === null) throw new Error('There is no integration.');
  integration = its;
  warned = [];
});
afterEach(() => world.close());

/** How many requests Dynamics has had, faults included. */
function asked(): number {
  const { dynamics = {} } = world.organization.counters.snapshot().endpoints;
  return Object.values(dynamics).reduce((sum, { requests }) => sum + requests, 0);
}

const hot = { 1033: 'Hot', 1031: 'Heiß' };

function words(...tables: RecordTableName[]): Promise<RecordWords> {
  return wordsWith(world.recordLoads, ...tables);
}

function wordsWith(recordLoads: WordServices['recordLoads'], ...tables: RecordTableName[]): Promise<RecordWords> {
  const log = { ...world.services.log, warn: (event: string) => void warned.push(event) };
  return wordsFor({ ...world.services, recordLoads, log }, integration, tables);
}

function dynamicsFails(status: number, path?: string): void {
  world.organization.faults.add({ service: 'dynamics', kind: 'error', status, times: 100, ...(path === undefined ? {} : { path }) });
}

describe('what an environment calls its choices and currencies', () => {
  test('is asked for where nothing was loaded yet, and then known to every process', async () => {
    const { labels, baseLanguage, currencies } = await words('opportunity');
    expect(labels['opportunity.opportunityratingcode']?.[1]).toEqual(hot);
    expect([baseLanguage, Object.values(currencies).sort()]).toEqual([1033, ['EUR', 'USD']]);
    const before = asked();
    expect((await words('opportunity')).labels).toEqual(labels);
    expect(asked()).toBe(before);
    expect((await words('opportunity', 'task')).labels).toMatchObject({ ...labels, 'task.statecode': expect.anything() });
  });

  test('is what a load has found, and nothing is asked', async () => {
    await world.load('full');
    const before = asked();
    expect((await words('opportunity', 'task')).labels['opportunity.opportunityratingcode']?.[1]).toEqual(hot);
    expect(asked()).toBe(before);
  });

  test('is asked for again after an hour; what is known stays while Dynamics does not answer, and nobody waits for it twice', async () => {
    await world.load('full');
    await world.recordLoads.addWords('contoso', { labels: { 'task.statecode': { 0: { 1033: 'Was open' } } } });
    world.pass(61);
    dynamicsFails(503);
    expect((await words('task')).labels['task.statecode']?.[0]).toEqual({ 1033: 'Was open' });
    expect(warned).toContain('record-words-unread');
    const before = asked();
    await words('task');
    expect(asked()).toBe(before);
    world.organization.faults.clear();
    world.pass(61);
    expect((await words('task')).labels['task.statecode']?.[0]).toEqual({ 1033: 'Open', 1031: 'Offen' });
  });

  test('is left out where the service may not read it, and a failure that passes is told where nobody knows any', async () => {
    dynamicsFails(403, '/EntityDefinitions');
    expect((await words('task')).labels).toEqual({});
    expect(warned).toEqual(['record-words-unread']);
    world.organization.faults.clear();
    dynamicsFails(503);
    await expect(words('lead')).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('is known to who asked even where so many ask at once that she cannot write it down', async () => {
    const addWords = () => Promise.reject(new TandemError(errorCodes.stale, { retry: 'now', fix: 'Read it again.' }));
    const { labels, baseLanguage } = await wordsWith({ ...world.recordLoads, addWords }, 'opportunity');
    expect([labels['opportunity.opportunityratingcode']?.[1], baseLanguage]).toEqual([hot, 1033]);
  });

  test('is kept for each table, however many learn of one at once', async () => {
    const { addWords, words: known } = world.recordLoads;
    const tables = ['account', 'contact', 'lead', 'task'] as const;
    await Promise.all(tables.map((table) => addWords('contoso', { labels: { [`${table}.statecode`]: {} }, readAt: { [table]: 1 } })));
    expect(Object.keys((await known('contoso')).labels).sort()).toEqual(tables.map((table) => `${table}.statecode`));
  });
});
