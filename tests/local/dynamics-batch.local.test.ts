import { person, tandemApplication } from '../../local/company/people';
import { type Answer, type Dynamics, idOf, type Json, startWithTokens } from './dynamics-client';

let dynamics: Dynamics;
const crlf = '\r\n';

beforeEach(async () => {
  dynamics = await startWithTokens({ seed: 'empty-company', latencyMs: 2 });
});
afterEach(() => dynamics.close());

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly headers?: readonly string[];
  readonly contentId?: string;
}

function part({ method, path, body, headers = [], contentId }: Operation): string {
  const outer = [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    ...(contentId === undefined ? [] : [`Content-ID: ${contentId}`]),
  ];
  const type = body === undefined ? [] : ['Content-Type: application/json; type=entry'];
  return [...outer, '', `${method} ${path} HTTP/1.1`, ...type, ...headers, '', body === undefined ? '' : JSON.stringify(body)].join(crlf);
}

function changeset(...operations: readonly Operation[]): string {
  const members = operations.map((operation) => `--changeset_1${crlf}${part(operation)}${crlf}`).join('');
  return `Content-Type: multipart/mixed; boundary="changeset_1"${crlf}${crlf}${members}--changeset_1--`;
}

function batch(parts: readonly string[], headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const body = `${parts.map((each) => `--batch_1${crlf}${each}${crlf}`).join('')}--batch_1--${crlf}`;
  return dynamics.send('POST', '$batch', { headers: { 'content-type': 'multipart/mixed; boundary="batch_1"', ...headers }, body });
}

const statuses = (answer: Answer) => [...answer.text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));
const create = (subject: string, contentId?: string): Operation => ({
  method: 'POST',
  path: '/api/data/v9.2/tasks',
  body: { subject },
  ...(contentId === undefined ? {} : { contentId }),
});
const tooLong = create('x'.repeat(201));
const goOn = { prefer: 'odata.continue-on-error' };
const subjects = async () => (await dynamics.get('tasks?$orderby=subject')).rows.map((row) => row.subject);

describe('a batch', () => {
  test('answers its parts in order, each with status, headers and body', async () => {
    const answer = await batch([part(create('one')), part({ method: 'GET', path: 'tasks?$select=subject' })]);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^multipart\/mixed; boundary=batchresponse_/);
    expect(statuses(answer)).toEqual([204, 200]);
    expect(answer.text).toMatch(/HTTP\/1\.1 204 No Content\r\n(?:.+\r\n)*OData-EntityId: http/);
    expect(answer.text).toContain('"subject":"one"');
  });

  test('stops at the first failure with its status and that part alone; what was done stays', async () => {
    const answer = await batch([part(create('one')), part(tooLong), part(create('two'))]);
    expect([answer.status, statuses(answer)]).toEqual([400, [400]]);
    expect(answer.text).toContain('0x80044331');
    expect(await subjects()).toEqual(['one']);
  });

  test('goes on after failures when asked to', async () => {
    const answer = await batch([part(tooLong), part(create('two'))], goOn);
    expect([answer.status, statuses(answer)]).toEqual([200, [400, 204]]);
  });

  test('passes the caller on to its parts, unless a part names another', async () => {
    const [anna, ben] = [person('anna'), person('ben')];
    const whoAmI = { method: 'GET', path: 'WhoAmI' };
    const parts = [part(whoAmI), part({ ...whoAmI, headers: [`CallerObjectId: ${ben.objectId}`] })];
    const { text } = await batch(parts, { callerobjectid: anna.objectId });
    expect([...text.matchAll(/"UserId":"([^"]+)"/g)].map((match) => match[1])).toEqual([anna.systemUserId, ben.systemUserId]);
  });

  test('takes long addresses, but neither a batch nor another organization', async () => {
    const ids = Array.from({ length: 800 }, (_, at) => `"${String(at).padStart(8, '0')}-0000-4000-8000-000000000001"`);
    const filter = encodeURIComponent(`Microsoft.Dynamics.CRM.In(PropertyName='activityid',PropertyValues=[${ids.join(',')}])`);
    expect(statuses(await batch([part({ method: 'GET', path: `tasks?$filter=${filter}` })]))).toEqual([200]);
    expect((await batch([part({ method: 'POST', path: '$batch' })], goOn)).text).toContain('501');
    expect((await batch([part({ method: 'GET', path: 'https://other.example/api/data/v9.2/tasks' })])).status).toBe(400);
  });

  test('wants CRLF, a boundary and at most a thousand operations', async () => {
    const headers = { 'content-type': 'multipart/mixed; boundary=batch_1' };
    const bare = `--batch_1\n${part(create('one')).replaceAll(crlf, '\n')}\n--batch_1--\n`;
    expect((await dynamics.send('POST', '$batch', { headers, body: bare })).status).toBe(400);
    expect((await dynamics.send('POST', '$batch', { body: {} })).status).toBe(400);
    const many = changeset(...Array.from({ length: 1_001 }, () => create('one')));
    expect((await batch([many])).text).toContain('too many parts');
  });
});

describe('a changeset', () => {
  test('is done as a whole, and later members refer to earlier ones', async () => {
    const account = { method: 'POST', path: 'accounts', body: { name: 'Alder' }, contentId: '1' };
    const task = { ...create('call', '2'), body: { subject: 'call', 'regardingobjectid_account_task@odata.bind': '$1' } };
    const rename = { method: 'PATCH', path: '$1', body: { name: 'Alder Brewing' }, headers: ['If-Match: *'], contentId: '3' };
    const answer = await batch([changeset(account, task, rename)]);
    expect([answer.status, statuses(answer)]).toEqual([200, [204, 204, 204]]);
    expect(answer.text).toMatch(/multipart\/mixed; boundary=changesetresponse_/);
    expect([...answer.text.matchAll(/Content-ID: (\d)/g)].map((match) => match[1])).toEqual(['1', '2', '3']);
    const { rows } = await dynamics.get('tasks?$expand=regardingobjectid_account_task($select=name)');
    expect(rows[0]?.regardingobjectid_account_task).toMatchObject({ name: 'Alder Brewing' });
  });

  test('is undone as a whole when a member fails, and answers with that failure alone', async () => {
    const kept = idOf(await dynamics.send('POST', 'tasks', { body: { subject: 'kept' } }));
    const link = String((await dynamics.get('tasks', { prefer: 'odata.track-changes' })).json['@odata.deltaLink']);
    const removal = { method: 'DELETE', path: `tasks(${kept})` };
    const answer = await batch([changeset(create('new'), removal, tooLong)], goOn);
    expect([answer.status, statuses(answer)]).toEqual([200, [400]]);
    expect(await subjects()).toEqual(['kept']);
    expect((await dynamics.get(link)).rows).toEqual([]);
  });

  test('is seen by nobody before it is complete', async () => {
    const members = Array.from({ length: 20 }, (_, at) => create(`task ${at}`));
    const running = batch([changeset(...members)]);
    const seen: number[] = [];
    while (seen.at(-1) !== 20) seen.push((await dynamics.get('tasks?$select=subject')).rows.length);
    expect(seen.filter((count) => count !== 0 && count !== 20)).toEqual([]);
    expect((await running).status).toBe(200);
  });

  test('takes no GET', async () => {
    expect((await batch([changeset({ method: 'GET', path: 'tasks' })])).status).toBe(400);
  });
});

describe('misbehaviour', () => {
  test('strikes single parts of a batch', async () => {
    dynamics.faults.add({ service: 'dynamics', kind: 'throttle', method: 'POST', path: '/tasks', from: 2, times: 1, retryAfterSeconds: 7 });
    const answer = await batch([part(create('one')), part(create('two')), part(create('three'))], goOn);
    expect(statuses(answer)).toEqual([204, 429, 204]);
    expect(answer.text).toContain('Retry-After: 7');
    expect(await subjects()).toEqual(['one', 'three']);
  });

  test('throttles with the code and message of the limit that was chosen', async () => {
    dynamics.faults.add({ service: 'dynamics', kind: 'throttle', times: 2, retryAfterSeconds: 3 });
    const first = await dynamics.get('tasks');
    expect([first.status, first.code, first.headers.get('retry-after')]).toEqual([429, '0x80072322', '3']);
    dynamics.standIn.controls.setThrottleLimit?.({ limit: 'concurrency' });
    expect((await dynamics.get('tasks')).code).toBe('0x80072326');
  });

  test('undoes a changeset whose connection is cut in the middle', async () => {
    dynamics.faults.add({ service: 'dynamics', kind: 'cutBefore', path: '/contacts', times: 1 });
    await expect(batch([changeset(create('one'), { method: 'POST', path: 'contacts', body: { lastname: 'Vogel' } })])).rejects.toThrow();
    expect(await subjects()).toEqual([]);
  });

  test('cuts the reply of a write that was done', async () => {
    dynamics.faults.add({ service: 'dynamics', kind: 'cutAfter', method: 'POST', times: 1 });
    await expect(dynamics.send('POST', 'tasks', { body: { subject: 'done' } })).rejects.toThrow();
    expect(await subjects()).toEqual(['done']);
  });
});

describe('counting', () => {
  test('tells requests and operations by endpoint, those in batches too', async () => {
    const id = idOf(await dynamics.send('POST', 'tasks', { body: { subject: 'one' } }));
    await dynamics.get('tasks', { prefer: 'odata.track-changes' });
    await Promise.all([dynamics.get(`tasks(${id})`), dynamics.get(`tasks(${id})`), dynamics.get(`tasks(${id})`)]);
    await batch([part(create('two')), part({ method: 'PATCH', path: `tasks(${id})`, body: { subject: 'x' } })]);
    const { endpoints } = dynamics.counters.snapshot();
    expect(endpoints.dynamics).toMatchObject({
      'POST tasks': { requests: 1, operations: 2 },
      'GET tasks?delta': { requests: 1, operations: 1 },
      'GET tasks(id)': { requests: 3, operations: 3 },
      'PATCH tasks(id)': { requests: 0, operations: 1 },
      'POST $batch': { requests: 1, operations: 0 },
    });
  });

  test('tells how many requests ran at once; a batch is one', async () => {
    await dynamics.close();
    dynamics = await startWithTokens({ seed: 'empty-company', latencyMs: 2_000 });
    await Promise.all([dynamics.get('tasks'), dynamics.get('contacts'), batch([part(create('two')), part(create('three'))])]);
    expect(dynamics.counters.snapshot().peaks.dynamics).toBe(3);
  });
});

describe('a snapshot', () => {
  test('brings everything back: rows, versions, parties, deletions, rights', async () => {
    const id = idOf(await dynamics.send('POST', 'appointments', { body: { subject: 'Review' } }));
    const gone = idOf(await dynamics.send('POST', 'tasks', { body: { subject: 'gone' } }));
    const link = String((await dynamics.get('tasks', { prefer: 'odata.track-changes' })).json['@odata.deltaLink']);
    await dynamics.send('DELETE', `tasks(${gone})`);
    dynamics.standIn.controls.setPrivilege?.({ systemUserId: tandemApplication.systemUserId, table: 'lead', depth: 'none' });
    const before = (await dynamics.get(`appointments(${id})?$expand=appointment_activity_parties`)).json;
    const saved: unknown = JSON.parse(JSON.stringify(dynamics.standIn.snapshot()));
    await dynamics.close();
    dynamics = await startWithTokens({ snapshot: saved });
    const after = (await dynamics.get(`appointments(${id})?$expand=appointment_activity_parties`)).json;
    expect({ ...after, '@odata.context': '' }).toEqual({ ...before, '@odata.context': '' });
    const delta = await dynamics.get(link.replace(/^http:\/\/[^/]+/, dynamics.standIn.url));
    expect(delta.rows).toEqual([expect.objectContaining({ id: gone } satisfies Json)]);
    expect((await dynamics.get('leads')).status).toBe(403);
  });
});
