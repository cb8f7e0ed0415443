import { type NotedRequest, notedFetch } from '../../../shared/dynamics/noted-fetch';
import { notedPath } from '../../../shared/dynamics/noted-path';

const base = 'https://contoso.crm4.dynamics.com/api/data/v9.2';
const id = '8a0c5f10-0000-4000-8000-000000000001';

describe('the path of a request in the log', () => {
  test.each([
    [`/contacts(${id})?$select=firstname,emailaddress1`, `/contacts(${id})?$select`],
    [`/tasks(${id})/Microsoft.Dynamics.CRM.Close(State=1)`, `/tasks(${id})/Microsoft.Dynamics.CRM.Close(State=1)`],
    ["/contacts(emailaddress1='canary@contoso.example')", '/contacts(emailaddress1=…)'],
    ["/contacts('canary')", '/contacts(…)'],
    ["/contacts(lastname='canary%2C)%2F',statecode=0)", '/contacts(lastname=…,statecode=0)'],
    ['/contacts(lastname=%27canary%27)', '/contacts(lastname=…)'],
    ["/contacts(lastname='Byron, O''canary,canary=1,1234567,true',statecode=0)", '/contacts(lastname=…,statecode=0)'],
    ["/contacts(lastname='Byron,canary=1,1234567)", '/contacts(lastname=…)'],
    ["/tasks?$filter=contains(subject,'canary')&$top=1&canary%20text=1", '/tasks?$filter&$top'],
    ["/Search(Name=@p1)?@p1='canary'", '/Search(Name=@p1)?@p1'],
    ['/canary%20text', '/…'],
    ['/%E0%A4%A', '/…'],
  ])('%s is kept as %s', (path, kept) => {
    const noted = notedPath(`${base}${path}`);
    expect(noted).toBe(`/api/data/v9.2${kept}`);
    expect(noted).not.toContain('canary');
  });
});

describe('a request that is noted', () => {
  const times = [1_000, 1_250];
  const clock = { now: () => times.shift() ?? 0, sleep: async () => undefined };

  test.each<[string, () => Promise<Response>, Partial<NotedRequest>]>([
    [
      'answered',
      async () => new Response('canary', { status: 412, headers: { 'x-ms-service-request-id': 'r1' } }),
      { status: 412, requestId: 'r1' },
    ],
    ['not answered', () => Promise.reject(new TypeError('canary')), { status: null, requestId: null }],
  ])('and %s is told with its status and time, without headers and bodies', async (_, send, facts) => {
    times.splice(0, times.length, 1_000, 1_250);
    const noted: NotedRequest[] = [];
    const noting = notedFetch(send, clock, (request) => noted.push(request));
    await noting(`${base}/tasks(${id})`, { method: 'PATCH', headers: { Authorization: 'Bearer canary' }, body: 'canary' }).catch(
      () => undefined,
    );
    expect(noted).toEqual([{ at: 1_000, ms: 250, method: 'PATCH', path: `/api/data/v9.2/tasks(${id})`, ...facts }]);
  });
});
