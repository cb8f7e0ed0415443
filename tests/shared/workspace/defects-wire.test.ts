import { createDynamics } from '../../../shared/dynamics/client';
import type { Dynamics } from '../../../shared/dynamics/dynamics';
import { systemClock } from '../../../shared/platform/clock';
import type { Given } from '../../../shared/workspace/actions/check';
import type { ActionName } from '../../../shared/workspace/microapp';
import type { WorkspaceRecord } from '../../../shared/workspace/record';
import { recordTableNames } from '../../../shared/workspace/tables';
import { offered, request, rowId } from './actions/some-actions';
import { aRecord } from './some-records';

/** The defects of requests of the system that Tandem replaces, by their numbers in its inventory: none of them is on the wire. */

const baseUrl = 'https://contoso.crm4.dynamics.com';
const anna = { objectId: '44444444-0000-4000-8000-00000000000a' };
const row = {
  '@odata.etag': 'W/"100"',
  createdon: '2026-06-15T12:00:00Z',
  modifiedon: '2026-06-15T12:00:00Z',
  statecode: 0,
  activityid: rowId,
  accountid: rowId,
};

interface Sent {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
}

/** An environment that notes what it is asked, and answers with rows of these pages, or with a row. */
function environment(pages: readonly object[][] = []): { readonly dynamics: Dynamics; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const answers = [...pages];
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    sent.push({ method: init?.method ?? 'GET', url: new URL(String(input)), headers: new Headers(init?.headers) });
    const value = answers.shift();
    const next =
      answers.length > 0 ? { '@odata.nextLink': `${baseUrl}/api/data/v9.2/teammemberships?page=${pages.length - answers.length + 1}` } : {};
    return Response.json(value === undefined ? { ...row, value: [] } : { value, ...next });
  };
  return { dynamics: createDynamics({ baseUrl, getToken: async () => 'token', timeoutMs: 5_000, clock: systemClock, fetch }), sent };
}

test('defect 17: somebody’s teams are read page by page to the end, at an address without a stray line', async () => {
  const teams = [1, 2, 3].map((each) => `5555555${each}-0000-4000-8000-000000000005`);
  const { dynamics, sent } = environment(teams.map((teamid) => [{ teamid }]));
  expect(await dynamics.records.memberships('systemuserid', rowId)).toEqual(teams);
  expect(sent.map(({ url }) => url.searchParams.get('page'))).toEqual([null, '2', '3']);
  for (const { url, headers } of sent) {
    expect(url.href).not.toMatch(/\s|%0a|%0d/i);
    expect(headers.get('prefer')).toContain('odata.maxpagesize');
  }
});

test('defect 34: a load names the columns that it wants of each table, and they are few', async () => {
  for (const table of recordTableNames) {
    const { dynamics, sent } = environment();
    const columns = [{ name: 'modifiedon', kind: 'time' }] as const;
    await dynamics.records.page({ table, columns, filter: 'statecode eq 0' }, null);
    await dynamics.workspace.children(table, 'ownerid', rowId, anna);
    for (const { url } of sent) {
      const named = url.searchParams.get('$select')?.split(',') ?? [];
      expect(named.length).toBeGreaterThan(1);
      expect(named.length).toBeLessThan(30);
    }
  }
});

const open = (table: WorkspaceRecord['table']) => aRecord(table, { subject: 'Write' }, { id: rowId });
const calls: readonly (readonly [app: string, action: ActionName, given: Given, record: WorkspaceRecord | null])[] = [
  ['create-account', 'createAccount', { name: 'Contoso' }, null],
  ['tasks', 'updateTask', { subject: 'Read' }, open('task')],
  ['tasks', 'markComplete', {}, open('task')],
  ['tasks', 'addNote', { notetext: 'Read it' }, open('task')],
  ['opportunities', 'closeOpportunityWon', { actualend: '2026-06-15', actualrevenue: 1 }, open('opportunity')],
];

test('defect 36: every action says alike which OData it speaks, and so does every reading', async () => {
  const { dynamics, sent } = environment();
  for (const [app, action, given, record] of calls) {
    const made = request(app, action, given, record);
    if (made === null) throw new Error(`${action} asks for nothing`);
    await dynamics.workspace.run(made, offered(app, action).table, anna);
  }
  const writes = sent.length;
  await dynamics.workspace.record('task', rowId, anna);
  await dynamics.workspace.find('account', 'con', null, anna);
  await dynamics.records.byId({ table: 'task', columns: [], filter: null }, [rowId]);
  expect(writes).toBe(calls.length);
  expect(sent.length).toBeGreaterThan(writes + 2);
  for (const [index, { headers }] of sent.entries()) {
    const said = ['accept', 'odata-version', 'odata-maxversion'].map((name) => headers.get(name));
    expect(said).toEqual(['application/json', '4.0', '4.0']);
    expect(headers.get('content-type')).toBe(index < writes ? 'application/json; charset=utf-8' : null);
  }
});
