import { z } from 'zod';
import { endpointOf } from '../../../functions/http/answer';
import { person } from '../../../local/company/people';
import { type Route, type RouteName, routes } from '../../../shared/auth/route-roles';
import { errorCodes, TandemError } from '../../../shared/platform/errors';
import type { Services } from '../../../shared/services';
import type { AuditEntry } from '../../../shared/storage/audit';
import { AdminWorld } from './admin-world';
import '../../../functions/index';

/** Without a host the library would warn at every registration. */
jest.mock('@azure/functions-core', () => ({ setProgrammingModel() {}, registerHook() {}, registerFunction() {} }), { virtual: true });

const acts = (Object.keys(routes) as RouteName[]).filter((name) => {
  const { method, role }: Route = routes[name];
  return method !== 'GET' && role === 'Tandem.Admin';
});
const bare = { summary: '', tag: 'Operations', params: z.object({ integration: z.string().optional() }), replies: {} } as const;
const contoso = { name: 'Contoso canary', baseUrl: 'https://contoso.crm4.dynamics.com' };
const { systemUserId: anna } = person('anna');

let world: AdminWorld;
let lena: string;
beforeAll(async () => {
  world = await AdminWorld.start();
  lena = await world.token('lena@contoso.example');
});
afterAll(() => world.close());

async function newest(): Promise<Record<string, unknown>> {
  const { items } = (await world.call('listAudit', lena, { query: { limit: '1' } })).body;
  return Array.isArray(items) ? items[0] : {};
}

function away(): never {
  throw new TandemError(errorCodes.unavailable, { retry: 'later', fix: 'Wait.' });
}

describe('every act of an admin', () => {
  /** The route as it is, with a handler that says whether it was reached. */
  function reached(name: RouteName): { run: ReturnType<typeof endpointOf>['run']; times: () => number } {
    let count = 0;
    const { run } = endpointOf(name, bare, async () => {
      count += 1;
      return { status: 200 };
    });
    return { run, times: () => count };
  }

  test.each(acts)('%s is written down with who did it', async (name) => {
    await world.callInstead(name, reached(name).run, lena, { params: { integration: 'contoso' } });
    expect(await newest()).toMatchObject({
      route: name,
      by: person('lena').objectId,
      targets: { integration: 'contoso' },
      outcome: 'done',
      status: 200,
    });
  });

  test.each(acts)('%s is refused where it cannot be written down', async (name) => {
    const { run, times } = reached(name);
    const services = { ...world.services, audit: { ...world.services.audit, begin: away } };
    const status = (await world.callInstead(name, (call) => run({ ...call, services }), lena)).status;
    expect([status, times()]).toEqual([503, 0]);
  });

  test('reading is no act', async () => {
    const before = await newest();
    await world.call('listIntegrations', lena);
    expect(await newest()).toEqual(before);
  });
});

describe('what became of an act', () => {
  const { run: refusing } = endpointOf('syncNow', bare, async () => {
    throw new TandemError(errorCodes.conflict, { retry: 'never', fix: 'No.', detail: 'canary' });
  });
  const { run: failing } = endpointOf('syncNow', bare, async () => {
    throw new Error('canary');
  });

  test('a refusal and a failure are told with their code, and not with what was said', async () => {
    await world.callInstead('syncNow', refusing, lena);
    expect(await newest()).toMatchObject({ outcome: 'refused', status: 409, code: 'conflict' });
    await world.callInstead('syncNow', failing, lena);
    expect(await newest()).toMatchObject({ outcome: 'failed', status: 500, code: 'unexpected-reply' });
    expect(JSON.stringify(await newest())).not.toContain('canary');
  });

  test('a worker that dies in the middle leaves what was intended', async () => {
    const seen: AuditEntry[] = [];
    const services: Services = {
      ...world.services,
      audit: { ...world.services.audit, begin: async (entry) => void seen.push(entry), end: away },
    };
    const { status } = await world.callInstead('syncNow', (call) => failing({ ...call, services }), lena);
    expect([status, seen.map(({ outcome }) => outcome)]).toEqual([500, ['intended']]);
  });
});

describe('what an act changed', () => {
  test('settings are told before and after, texts of people never', async () => {
    const { headers } = await world.call('putIntegration', lena, { params: { id: 'audited' }, body: contoso });
    const filters = { task: [{ name: 'canary', filter: { column: 'subject', operator: 'eq', value: 'canary' }, active: false }] };
    await world.call('putIntegration', lena, {
      params: { id: 'audited' },
      headers: { 'if-match': headers.get('etag') ?? '' },
      body: { ...contoso, name: 'Another canary', settings: { attendeeMail: 'invite', filters } },
    });
    const entry = await newest();
    expect(entry).toMatchObject({ route: 'putIntegration', targets: { id: 'audited' }, outcome: 'done', status: 200 });
    expect(entry.changes).toEqual(
      expect.arrayContaining([
        { field: 'settings.attendeeMail', before: 'never', after: 'invite' },
        { field: 'name' },
        { field: 'settings.filters.task' },
      ]),
    );
    expect(JSON.stringify(entry)).not.toContain('canary');
  });

  test('a mailbox that is switched on and off says so', async () => {
    await world.call('putIntegration', lena, { params: { id: 'contoso' }, body: contoso });
    await world.call('enableMailbox', lena, { body: { integration: 'contoso', systemUserId: anna } });
    expect(await newest()).toMatchObject({
      targets: { integration: 'contoso', systemUserId: anna },
      changes: [{ field: 'status', after: 'loading' }],
    });
    await world.call('disableMailbox', lena, { params: { integration: 'contoso', id: anna } });
    expect((await newest()).changes).toEqual([{ field: 'status', before: 'loading', after: 'paused' }]);
  });
});

test('the list is paged and can be narrowed to a time', async () => {
  const all = await world.call('listAudit', lena, { query: { limit: '2' } });
  expect(all.body).toMatchObject({ items: [{}, {}], next: expect.any(String) });
  const further = await world.call('listAudit', lena, { query: { limit: '2', cursor: String(all.body.next) } });
  const ids = [all, further].flatMap(({ body }) => z.array(z.object({ id: z.string() })).parse(body.items)).map(({ id }) => id);
  expect(new Set(ids).size).toBe(4);
  const until = new Date(Date.now() - 3_600_000).toISOString();
  expect((await world.call('listAudit', lena, { query: { to: until } })).body).toEqual({ items: [], next: null });
  expect((await world.call('listAudit', lena, { query: { from: 'yesterday' } })).status).toBe(400);
});
