import { createDynamics } from '../../../shared/dynamics/client';
import type { Dynamics } from '../../../shared/dynamics/dynamics';
import { systemClock } from '../../../shared/platform/clock';
import { emptyRow, recordId } from './rows';

interface Sent {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

const baseUrl = 'https://contoso.crm4.dynamics.example';
const anna = { objectId: '0B1EC7ED-0000-4000-8000-000000000001' };
const token = 'canary-token';

/** A client whose requests are answered by `answer`, and what it sent. */
function clientWith(answer: (sent: Sent) => object | number): { dynamics: Dynamics; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetchLike: typeof fetch = async (input, init) => {
    const request = {
      method: init?.method ?? 'GET',
      url: new URL(String(input)),
      headers: new Headers(init?.headers),
      body: String(init?.body ?? ''),
    };
    sent.push(request);
    const reply = answer(request);
    return typeof reply === 'number' ? new Response('{}', { status: reply }) : Response.json(reply);
  };
  const getToken = async () => token;
  return { dynamics: createDynamics({ baseUrl, getToken, timeoutMs: 1_000, clock: systemClock, fetch: fetchLike }), sent };
}

const guidOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

test('every request carries the token, the protocol version and as whom it is made', async () => {
  const { dynamics, sent } = clientWith(() => ({ value: [] }));
  await dynamics.readRecords('task', [recordId], anna, 'UTC');
  await dynamics.readRecords('task', [recordId], 'service', 'UTC');
  expect(Object.fromEntries(sent[0]?.headers ?? [])).toMatchObject({
    accept: 'application/json',
    'odata-version': '4.0',
    'odata-maxversion': '4.0',
    authorization: `Bearer ${token}`,
    callerobjectid: anna.objectId.toLowerCase(),
  });
  expect(sent[1]?.headers.has('callerobjectid')).toBe(false);
});

test('records are read a hundred in a request, each once', async () => {
  const { dynamics, sent } = clientWith(({ url }) => {
    const ids = JSON.parse(/PropertyValues=(\[.*\])/.exec(url.searchParams.get('$filter') ?? '')?.[1] ?? '[]') as string[];
    return { value: ids.map((activityid) => ({ ...emptyRow, activityid })) };
  });
  const ids = Array.from({ length: 230 }, (_, index) => guidOf(index));
  const records = await dynamics.readRecords('task', [...ids, ...ids.slice(0, 20)], anna, 'UTC');
  expect(records.map(({ id }) => id)).toEqual(ids);
  expect(sent).toHaveLength(3);
  expect(Math.max(...sent.map(({ url }) => url.href.length))).toBeLessThan(8_000);
  expect(sent[0]?.headers.get('prefer')).toContain('odata.include-annotations');
});

test('reading nothing asks nothing', async () => {
  const { dynamics, sent } = clientWith(() => 500);
  expect(await dynamics.readRecords('appointment', [], anna, 'UTC')).toEqual([]);
  expect(await dynamics.organizers('appointment', [])).toEqual(new Map());
  expect(sent).toEqual([]);
});

test('an id that is no GUID reaches neither a URL nor a header', async () => {
  const { dynamics, sent } = clientWith(() => ({ value: [] }));
  await expect(dynamics.readRecords('task', ["x') or true"], anna, 'UTC')).rejects.toMatchObject({ code: 'bad-request' });
  await expect(dynamics.readRecords('task', [recordId], { objectId: 'x\r\ny' }, 'UTC')).rejects.toMatchObject({ code: 'bad-request' });
  await expect(dynamics.existence('task', '../systemusers', 'UTC')).rejects.toMatchObject({ code: 'bad-request' });
  expect(sent).toEqual([]);
});

test.each([
  'https://evil.example/api/data/v9.2/tasks?$deltatoken=1',
  'https://contoso.crm4.dynamics.example.evil.example/api/data/v9.2/tasks',
  'http://contoso.crm4.dynamics.example/api/data/v9.2/tasks',
  'https://contoso.crm4.dynamics.example/other/tasks',
  'not a link',
])('a link that leads elsewhere is never followed: %s', async (link) => {
  const { dynamics, sent } = clientWith(() => ({ value: [] }));
  await expect(dynamics.readFeed('task', { at: 'end', link })).rejects.toMatchObject({ code: 'unexpected-reply' });
  await expect(dynamics.listHome({ entity: 'task', systemUserId: recordId, filters: [] }, link, anna)).rejects.toMatchObject({
    code: 'unexpected-reply',
  });
  expect(sent).toEqual([]);
});

test('a delta link is followed as it came, and asked for no more than a page', async () => {
  const link = `${baseUrl}/api/data/v9.2/tasks?$select=activityid&$deltatoken=919042%2108%2f22%2f2017%2008%3a10%3a44`;
  const { dynamics, sent } = clientWith(() => ({ value: [], '@odata.deltaLink': link }));
  expect(await dynamics.readFeed('task', { at: 'end', link })).toEqual({ rows: [], next: { at: 'end', link }, full: false });
  expect(sent[0]?.url.href).toBe(link);
  expect(sent[0]?.headers.get('prefer')).toBe('odata.maxpagesize=500');
});

test('a home is listed page by page', async () => {
  const link = `${baseUrl}/api/data/v9.2/tasks?$skiptoken=2`;
  const { dynamics, sent } = clientWith(({ url }) => ({ value: [emptyRow], ...(url.href === link ? {} : { '@odata.nextLink': link }) }));
  const first = await dynamics.listHome({ entity: 'task', systemUserId: recordId, filters: [] }, null, anna);
  expect(first).toEqual({ records: [{ id: recordId, version: '4711' }], nextLink: link });
  expect((await dynamics.listHome({ entity: 'task', systemUserId: recordId, filters: [] }, first.nextLink, anna)).nextLink).toBeNull();
  expect(sent.map(({ headers }) => headers.get('prefer'))).toEqual(['odata.maxpagesize=500', 'odata.maxpagesize=500']);
});

test('a table that gives no delta link is one whose change tracking is off', async () => {
  const { dynamics } = clientWith(() => ({ value: [] }));
  await expect(dynamics.readFeed('task', null)).rejects.toMatchObject({
    code: 'settings',
    fix: 'Enable change tracking for tasks in Dynamics.',
  });
});

test('a 404 that is not about the row proves no deletion', async () => {
  const { dynamics } = clientWith(() => 404);
  await expect(dynamics.existence('task', recordId, 'UTC')).rejects.toMatchObject({ code: 'unexpected-reply' });
  expect(await dynamics.deleteRecord('task', recordId, '1', anna)).toMatchObject({ ok: false, error: { code: 'unexpected-reply' } });
});

test('an answer that is not what the Web API documents is refused', async () => {
  const { dynamics } = clientWith(() => ({ rows: [] }));
  await expect(dynamics.readRecords('task', [recordId], anna, 'UTC')).rejects.toMatchObject({ code: 'unexpected-reply', retry: 'later' });
});

test('a write that touches no column only reads', async () => {
  const { dynamics, sent } = clientWith(() => ({ ...emptyRow, emailaddress1: 'a', emailaddress2: 'b', emailaddress3: 'c' }));
  const current = { emails: ['a', 'b', 'c'], slots: ['emailaddress1', 'emailaddress2', 'emailaddress3'] };
  const write = { entity: 'contact', id: recordId, version: '4711', changes: { emails: ['a', 'b', 'c', 'd'] }, current } as const;
  expect(await dynamics.updateRecord(write, anna, 'UTC')).toMatchObject({ ok: true, value: { version: '4711' } });
  expect(sent.map(({ method }) => method)).toEqual(['GET']);
});

test('an appointment whose attendees stay keeps those that are known, for one request', async () => {
  const { dynamics, sent } = clientWith(() => ({ ...emptyRow, '@odata.etag': 'W/"4712"', subject: 'New' }));
  const current = { subject: 'Old', organizer: guidOf(1), requiredAttendees: ['ben@x.example'], optionalAttendees: [] };
  const write = { entity: 'appointment', id: recordId, version: '4711', changes: { subject: 'New' }, current } as const;
  expect(await dynamics.updateRecord(write, anna, 'UTC')).toMatchObject({
    ok: true,
    value: { version: '4712', organizer: guidOf(1), values: { subject: 'New', requiredAttendees: ['ben@x.example'] } },
  });
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ method: 'PATCH', body: '{"subject":"New"}' });
  expect(sent[0]?.headers.get('if-match')).toBe('W/"4711"');
  expect(sent[0]?.url.searchParams.has('$expand')).toBe(false);
});

test('an error of a write is its outcome and holds no token', async () => {
  const { dynamics } = clientWith(() => 429);
  const write = { entity: 'task', id: recordId, version: '1', changes: { subject: 'x' }, current: {} } as const;
  const outcome = await dynamics.updateRecord(write, anna, 'UTC');
  expect(outcome).toMatchObject({ ok: false, error: { code: 'throttled', retry: 'later' } });
  expect(JSON.stringify(outcome)).not.toContain(token);
});
