import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startDynamics } from '../local/dynamics';
import { startIdentityProvider } from '../local/identity';
import { tokenForApplication } from '../local/identity/sign-in';
import { Counters } from '../local/serving/counters';
import { Faults } from '../local/serving/faults';
import { memoryTables } from '../local/simulation/memory-tables';
import { tableError } from '../local/simulation/table-errors';
import { createDynamics } from '../shared/dynamics/client';
import { PollMessage } from '../shared/messaging/messages';
import { IntegrationConnection } from '../shared/model/integration-connection';
import { IntegrationSettings } from '../shared/model/integration-settings';
import { systemClock } from '../shared/platform/clock';
import { createLog } from '../shared/platform/telemetry';
import { tableRecordLoads } from '../shared/storage/record-loads';
import { tableRecords } from '../shared/storage/records';
import type { Table } from '../shared/storage/table';
import type { Tables } from '../shared/storage/tables';
import { goOnLoading, type LoadServices, startLoad } from '../shared/workspace/loading';
import { type Figure, figure } from './figures';

const rows = 100_000;
const megabyte = 1_048_576;
const owner = '5a5e0e00-0000-4000-8000-000000000001';
/** A process dies every so many steps, when it has saved the records of a step and not yet that it took it. */
const stepsOfLife = 41;

type Evidence = (window: string, facts: object) => void;

/**
 * Goal 7 as far as it is about the record cache: a first load of 100,000 contacts whose processes die now and then. Pages are made up as they are asked for, and what is
 * saved of records is counted and dropped, so that the heap is the load's own.
 */
export async function recordLoad(evidence: Evidence): Promise<Figure[]> {
  const surroundings = { faults: new Faults(), counters: new Counters() };
  const identity = await startIdentityProvider({ surroundings });
  const standIn = await startDynamics({ surroundings, identity, seed: 'empty-company' });
  try {
    return await loadMany(standIn.url, () => tokenForApplication(identity, standIn.url), evidence);
  } finally {
    await standIn.service.close();
    await identity.service.close();
  }
}

async function loadMany(baseUrl: string, getToken: () => Promise<string>, evidence: Evidence): Promise<Figure[]> {
  const contacts = manyContacts(baseUrl);
  const saved = { records: 0, owned: 0 };
  const tables = forgetting(memoryTables(Date.now), saved);
  const queue: Extract<PollMessage, { kind: 'recordLoad' }>[] = [];
  const connection = IntegrationConnection.parse({});
  const integration = { id: 'contoso', name: 'Contoso', baseUrl, settings: IntegrationSettings.parse({}), connection };
  const silent = () => undefined;
  const recordLoads = tableRecordLoads(tables);
  const aProcess = (): LoadServices => ({
    clock: systemClock,
    log: createLog({ info: silent, warn: silent, error: silent }),
    integrations: { get: async () => integration, all: async () => [integration] },
    records: tableRecords(tables),
    recordLoads,
    grants: { any: async () => true },
    messenger: {
      async sendPoll(message) {
        const parsed = PollMessage.parse(message);
        if (parsed.kind === 'recordLoad') queue.push(parsed);
      },
    },
    onRecordChange: async () => undefined,
    dynamics: () => createDynamics({ baseUrl, getToken, timeoutMs: 30_000, clock: systemClock, fetch: contacts.fetch }),
  });
  const dying = (): LoadServices => ({ ...aProcess(), recordLoads: { ...recordLoads, save: () => Promise.reject(new Error('it died')) } });

  const collect = collector();
  const began = performance.now();
  await startLoad(aProcess(), integration.id, 'full');
  const heaps: number[] = [];
  let [steps, deaths, peak] = [0, 0, 0];
  for (let message = queue.shift(); message !== undefined; message = queue.shift()) {
    steps += 1;
    if (steps % stepsOfLife === 0) {
      deaths += 1;
      await goOnLoading(dying(), message).catch(silent);
    }
    await goOnLoading(aProcess(), message);
    peak = Math.max(peak, memoryNow().heapUsed);
    if (steps % 20 === 0) heaps.push(collect());
  }
  const { last } = (await recordLoads.read(integration.id)).state.tables.contact ?? {};
  if (last?.failure !== null || last.rows !== rows) throw new Error('The load of the contacts did not come to its end.');
  const [first = Number.NaN] = heaps;
  const highest = Math.max(...heaps);
  const seconds = (performance.now() - began) / 1_000;
  const facts = { seconds, steps, deaths, saved, firstMb: first / megabyte, highestMb: highest / megabyte, peakMb: peak / megabyte };
  evidence('a load of the record cache', { ...facts, rssMb: memoryNow().rss / megabyte, pages: contacts.pages() });
  return [
    figure(7, `a load of ${rows} records: highest heap / heap after its first steps`, highest / first, 1.1),
    figure(7, 'the same: pages read again a death of its process', (contacts.pages() - rows / 500) / deaths, 1),
  ];
}

function memoryNow(): NodeJS.MemoryUsage {
  return process.memoryUsage();
}

/** What is left on the heap, bytes, once everything is collected. */
function collector(): () => number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('This engine collects nothing when it is asked to.');
  return () => {
    collect();
    return memoryNow().heapUsed;
  };
}

/** Answers for the table of contacts as an environment does that has very many; everything else goes to the stand-in. */
function manyContacts(baseUrl: string): { readonly fetch: typeof fetch; readonly pages: () => number } {
  let pages = 0;
  const answer: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    if (!url.pathname.endsWith('/contacts')) return fetch(input, init);
    const link = (name: string, from: number): string => `${baseUrl}${url.pathname}?${new URLSearchParams({ [name]: String(from) })}`;
    const isMark = /track-changes/.test(new Headers(init?.headers).get('prefer') ?? '');
    const most = isMark ? 5_000 : 500;
    const from = Number(url.searchParams.get('mark') ?? url.searchParams.get('read') ?? 0);
    if (!isMark) pages += 1;
    const value = Array.from({ length: Math.min(most, rows - from) }, (_, index) => contact(from + index));
    const end = isMark ? { '@odata.deltaLink': link('delta', 0) } : {};
    const next = { '@odata.nextLink': link(isMark ? 'mark' : 'read', from + most) };
    return Response.json({ value, ...(from + most < rows ? next : end) });
  };
  return { fetch: answer, pages: () => pages };
}

function contact(number: number): object {
  const name = `Person Number ${number}`;
  return {
    '@odata.etag': `W/"${number + 1}"`,
    contactid: `c0ffee00-0000-4000-8000-${String(number).padStart(12, '0')}`,
    statecode: 0,
    statuscode: 1,
    createdon: '2026-06-15T12:00:00Z',
    modifiedon: '2026-06-15T12:00:00Z',
    fullname: name,
    firstname: 'Person',
    lastname: `Number ${number}`,
    jobtitle: 'Staff',
    emailaddress1: `person${number}@contoso.example`,
    _ownerid_value: owner,
    '_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'systemuser',
    '_ownerid_value@OData.Community.Display.V1.FormattedValue': 'Anna Berger',
  };
}

/** Tables that count what is saved of records and forget it. */
function forgetting(tables: Tables, saved: { records: number; owned: number }): Tables {
  return {
    async table(name) {
      const table = await tables.table(name);
      if (name !== 'records' && name !== 'owned') return table;
      const count = async () => {
        saved[name] += 1;
        return { etag: '"1"' };
      };
      const forgetful: Table = {
        createEntity: count,
        updateEntity: count,
        upsertEntity: count,
        deleteEntity: async () => undefined,
        getEntity: async () => {
          throw tableError(404, 'ResourceNotFound');
        },
        listEntities: (options) => table.listEntities(options),
        submitTransaction: (actions) => table.submitTransaction(actions),
      };
      return forgetful;
    },
  };
}
