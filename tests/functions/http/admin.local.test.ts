import '../../../functions/index';
import { z } from 'zod';
import type { Endpoint } from '../../../functions/http/contract';
import { person } from '../../../local/company/people';
import { type RouteName, routes } from '../../../shared/auth/route-roles';
import { overview } from '../../../shared/mailboxes/overview';
import { withAges } from '../../../shared/model/ages';
import { TandemError } from '../../../shared/platform/errors';
import { anEntry } from '../../shared/storage/entries';
import { AdminWorld, type Answered, type Asked } from './admin-world';

/** Without a host the library would warn at every registration. */
jest.mock('@azure/functions-core', () => ({ setProgrammingModel() {}, registerHook() {}, registerFunction() {} }), { virtual: true });

const contoso = { name: 'Contoso', baseUrl: 'https://contoso.crm4.dynamics.com' };
const { systemUserId: anna, objectId: annaInEntra } = person('anna');
const one = { integration: 'contoso', id: anna };

let world: AdminWorld;
let tokens: { readonly lena: string; readonly anna: string };
beforeAll(async () => {
  world = await AdminWorld.start();
  tokens = { lena: await world.token('lena@contoso.example'), anna: await world.token('anna@contoso.example') };
});
afterAll(() => world.close());

function asLena(name: RouteName, asked?: Asked): Promise<Answered> {
  return world.call(name, tokens.lena, asked);
}

describe('who gets in', () => {
  test('health is for everybody, and says ok and nothing else', async () => {
    const { status, body } = await world.call('health', null);
    expect([status, body]).toEqual([200, { status: 'ok' }]);
  });

  test('a refusal is a problem with a cure, and asks for a token', async () => {
    const { headers, body } = await world.call('listIntegrations', null);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(body).toMatchObject({ type: '/app/api/problems#unauthorized', instance: 'urn:tandem:occurrence:invocation-1' });
  });
});

describe('mailboxes', () => {
  const enable = (systemUserId: string, integration = 'contoso') => asLena('enableMailbox', { body: { integration, systemUserId } });
  const wakeUps = () => world.bus.counts('wakeups').active;

  beforeAll(async () => {
    for (const id of ['contoso', 'second']) await asLena('putIntegration', { params: { id }, body: contoso });
  });

  test('one is enabled once, and woken for its first load', async () => {
    const before = wakeUps();
    const enabled = await enable(anna.toUpperCase());
    expect(enabled).toMatchObject({ status: 201, body: { id: anna, objectId: annaInEntra, status: 'loading', health: null } });
    expect(enabled.body.marks).toBeUndefined();
    expect(wakeUps()).toBe(before + 1);
    expect((await enable(anna)).status).toBe(200);
    expect((await asLena('getMailbox', { params: one })).body).toEqual(enabled.body);
    expect((await asLena('listMailboxes', { query: { integration: 'contoso' } })).body).toEqual({ items: [enabled.body], next: null });
  });

  test('people are imported, approved and rejected with a result for each; none of them syncs before it is switched on', async () => {
    await asLena('putIntegration', { params: { id: 'imported' }, body: contoso });
    const of = { params: { integration: 'imported' } };
    const before = wakeUps();
    const [ben, chloe] = [person('ben').systemUserId, person('chloe').systemUserId];
    const imported = await asLena('importMailboxes', { query: { integration: 'imported' } });
    expect(imported).toMatchObject({ status: 200, body: { added: 12, known: 0, skipped: {}, complete: true } });
    const nobody = '00000000-0000-4000-8000-000000000000';
    const approved = await asLena('approveMailboxes', { ...of, body: { ids: [ben, nobody, ben] } });
    expect(approved.body.results).toMatchObject([
      { id: ben, ok: true },
      { id: nobody, ok: false, code: 'not-found' },
    ]);
    await asLena('rejectMailboxes', { ...of, body: { ids: [chloe] } });
    const read = async (id: string) => (await asLena('getMailbox', { params: { integration: 'imported', id } })).body;
    expect(await read(ben)).toMatchObject({
      status: 'off',
      state: { state: 'not-tested', incoming: { state: 'off' } },
      approval: { by: person('lena').objectId, at: expect.any(String) },
    });
    expect(await read(chloe)).toMatchObject({ state: { state: 'rejected' } });
    expect((await asLena('syncNow', { params: { integration: 'imported', id: ben } })).status).toBe(409);
    expect((await asLena('resyncMailbox', { params: { integration: 'imported', id: ben } })).status).toBe(409);
    for (const name of ['pauseMailboxes', 'resumeMailboxes'] as const) {
      const { body } = await asLena(name, { ...of, body: { ids: [ben] } });
      expect(body.results).toMatchObject([{ id: ben, ok: false, code: 'conflict' }]);
    }
    expect((await asLena('approveMailboxes', { ...of, body: { ids: [] } })).status).toBe(400);
    expect(wakeUps()).toBe(before);

    expect((await asLena('getTest', { params: { integration: 'imported', id: ben } })).status).toBe(404);
    const asked = await asLena('testMailbox', { params: { integration: 'imported', id: ben } });
    expect(asked).toMatchObject({ status: 202, body: { askedBy: person('lena').objectId, endedAt: null, steps: [] } });
    expect(asked.headers.get('location')).toBe(`/admin/api/mailboxes/imported/${ben}/test`);
    expect((await asLena('getTest', { params: { integration: 'imported', id: ben } })).body).toEqual(asked.body);
    expect(await read(ben)).toMatchObject({ state: { state: 'testing' } });
    const many = await asLena('testMailboxes', { ...of, body: { ids: [ben, chloe] } });
    expect(many.body.results).toMatchObject([
      { id: ben, ok: true },
      { id: chloe, ok: false, code: 'conflict' },
    ]);
    expect(wakeUps()).toBe(before + 1);
  });

  test('a server profile is made, changed as it was read, applied to one and to all, and removed when nobody has it', async () => {
    await asLena('putIntegration', { params: { id: 'profiled' }, body: contoso });
    const of = { params: { integration: 'profiled', id: 'default' } };
    const mailOnly = { name: 'Mail only', methods: { act: 'none' } };
    const made = await asLena('putProfile', { ...of, body: mailOnly });
    expect(made).toMatchObject({ status: 201, body: { id: 'default', description: '', methods: { act: 'none', incoming: 'sync' } } });
    expect((await asLena('putProfile', { ...of, body: mailOnly })).status).toBe(428);
    expect((await asLena('putProfile', { params: { integration: 'nowhere', id: 'default' }, body: mailOnly })).status).toBe(404);
    expect((await asLena('putProfile', { params: { integration: 'profiled', id: 'x' }, body: { name: '' } })).status).toBe(400);
    expect((await asLena('listProfiles', { query: { integration: 'profiled' } })).body).toEqual({ items: [made.body], next: null });

    await asLena('importMailboxes', { query: { integration: 'profiled' } });
    const ben = person('ben').systemUserId;
    const read = async () => (await asLena('getMailbox', { params: { integration: 'profiled', id: ben } })).body;
    expect(await read()).toMatchObject({
      profile: 'default',
      methods: { act: 'none', incoming: 'sync' },
      state: { act: { state: 'off' } },
    });

    const ifMatch = { 'if-match': made.headers.get('etag') ?? '' };
    const changed = await asLena('putProfile', { ...of, headers: ifMatch, body: { name: 'All' } });
    expect(changed).toMatchObject({ status: 200, body: { methods: { act: 'sync' } } });
    expect((await asLena('putProfile', { ...of, headers: ifMatch, body: mailOnly })).status).toBe(412);
    expect(await read()).toMatchObject({ methods: { act: 'none' } });
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect(await asLena('applyProfile', { ...of, body: { ids: [ben, nobody] } })).toMatchObject({
      status: 200,
      body: { results: [{ ok: true }, { ok: false, code: 'not-found' }], next: null },
    });
    expect(await read()).toMatchObject({ methods: { act: 'sync' } });
    expect((await asLena('applyProfile', { ...of, body: {} })).body.results).toHaveLength(12);

    const now = { 'if-match': (await asLena('getProfile', of)).headers.get('etag') ?? '' };
    expect((await asLena('deleteProfile', { ...of, headers: now })).status).toBe(409);
    const other = { params: { integration: 'profiled', id: 'other' } };
    await asLena('putProfile', { ...other, body: { name: 'Other' } });
    await asLena('applyProfile', { ...other, body: {} });
    expect((await asLena('deleteProfile', { ...of, headers: now })).status).toBe(204);
    expect((await asLena('getProfile', of)).status).toBe(404);
    expect((await asLena('listAlerts', { query: { integration: 'profiled' } })).body).toEqual({ items: [], next: null });
  });

  test('a mailbox takes part in one integration, until that one lets it go', async () => {
    await enable(anna);
    expect(await enable(anna, 'second')).toMatchObject({ status: 409, body: { detail: expect.stringContaining('another integration') } });
    expect((await asLena('disableMailbox', { params: one })).status).toBe(204);
    expect((await enable(anna, 'second')).status).toBe(201);
    expect((await asLena('disableMailbox', { params: { ...one, integration: 'second' } })).status).toBe(204);
    expect((await enable(anna)).status).toBe(200);
  });

  test('one that is switched off keeps its row, is not synced, and loads anew when it comes back', async () => {
    await enable(anna);
    await asLena('disableMailbox', { params: one });
    await asLena('disableMailbox', { params: one });
    expect((await asLena('getMailbox', { params: one })).body.status).toBe('paused');
    expect((await asLena('syncNow', { params: one })).status).toBe(409);
    expect((await enable(anna)).body.status).toBe('loading');
  });

  test('one that is in step is left alone', async () => {
    await enable(anna);
    await world.services.mailboxes.update('contoso', anna, (mailbox) => ({ ...mailbox, status: 'on' }));
    const before = wakeUps();
    expect((await enable(anna)).body.status).toBe('on');
    expect(wakeUps()).toBe(before);
  });

  test('nobody is enabled whom one side does not know', async () => {
    expect((await enable('00000000-0000-4000-8000-000000000000')).status).toBe(404);
    expect((await enable(anna, 'nowhere')).status).toBe(404);
    expect((await enable('anna')).status).toBe(400);
    expect((await asLena('disableMailbox', { params: { ...one, integration: 'nowhere' } })).status).toBe(404);
  });

  test('asking for a sync is taken, and asking twice at once is one', async () => {
    await enable(anna);
    const waiting = () => wakeUps() + world.bus.counts('wakeups').scheduled;
    const before = waiting();
    jest.spyOn(world.services.clock, 'now').mockReturnValue(world.services.clock.now());
    expect((await asLena('syncNow', { params: one })).status).toBe(202);
    expect((await asLena('syncNow', { params: one })).status).toBe(202);
    jest.restoreAllMocks();
    expect(waiting()).toBe(before + 1);
  });

  test('a person’s own filters are kept, swept for, and refused where they are none', async () => {
    await enable(anna);
    const task = [{ name: 'Mine', filter: { and: [{ column: 'subject', operator: 'contains', value: 'Sync' }] }, active: true }];
    const waiting = () => wakeUps() + world.bus.counts('wakeups').scheduled;
    const before = waiting();
    expect((await asLena('getFilters', { params: one })).body).toEqual({ filters: {} });
    expect((await asLena('putFilters', { params: one, body: { filters: { task } } })).body).toEqual({ filters: { task } });
    expect((await asLena('getFilters', { params: one })).body).toEqual({ filters: { task } });
    expect(waiting()).toBe(before + 1);
    const wrong = { filters: { task: [{ name: 'Wrong', filter: { column: "x' or 1 eq 1", operator: 'null' } }] } };
    expect((await asLena('putFilters', { params: one, body: wrong })).status).toBe(400);
    expect((await asLena('putFilters', { params: { ...one, integration: 'nowhere' }, body: { filters: {} } })).status).toBe(404);
    await asLena('putFilters', { params: one, body: { filters: {} } });
  });

  test('9.4-17: a mailbox takes 26 folder rules and many more, and says how many where they are too many', async () => {
    const account = { entity: 'account', id: '8a0c5f10-0000-4000-8000-000000000001' };
    const rules = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ folderId: `AAMkAD-${index}=`, regarding: index === 0 ? null : account }));
    expect((await asLena('getFolders', { params: one })).body).toEqual({ rules: [] });
    for (const count of [26, 500]) {
      expect(await asLena('putFolders', { params: one, body: { rules: rules(count) } })).toMatchObject({ status: 200 });
      expect((await asLena('getFolders', { params: one })).body).toEqual({ rules: rules(count) });
    }
    const tooMany = await asLena('putFolders', { params: one, body: { rules: rules(501) } });
    expect(tooMany).toMatchObject({ status: 400, body: { detail: expect.stringContaining('may have 500') } });
    const twice = await asLena('putFolders', { params: one, body: { rules: [...rules(1), ...rules(1)] } });
    expect(twice).toMatchObject({ status: 400, body: { detail: expect.stringContaining('two rules') } });
    const wrong = { rules: [{ folderId: 'x', regarding: { entity: "account)' or 1", id: account.id } }] };
    expect((await asLena('putFolders', { params: one, body: wrong })).status).toBe(400);
    expect((await asLena('putFolders', { params: { ...one, integration: 'nowhere' }, body: { rules: [] } })).status).toBe(404);
    await asLena('putFolders', { params: one, body: { rules: [] } });
  });

  test('a column that syncs already is not added to a map a second time', async () => {
    const settings = { customFields: { contact: [{ column: 'jobtitle', property: 'Title' }] } };
    const answer = await asLena('putIntegration', { params: { id: 'twice' }, body: { ...contoso, settings } });
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining('jobtitle') } });
  });

  test('the journal is read page by page, with what was lost', async () => {
    await enable(anna);
    await world.services.journal.write(one, [anEntry({ at: 1_000, value: '"old"' }), anEntry({ at: 2_000, version: '6' })]);
    const first = await asLena('readJournal', { params: one, query: { limit: '1' } });
    expect(first.body.items).toMatchObject([{ at: '1970-01-01T00:00:02.000Z', value: null }]);
    const second = await asLena('readJournal', { params: one, query: { limit: '1', cursor: String(first.body.next) } });
    expect(second.body).toMatchObject({ items: [{ at: '1970-01-01T00:00:01.000Z', value: '"old"', field: 'notes' }], next: null });
  });
});

describe('what comes to the door', () => {
  test('every field that breaks a rule is named, with the rule and never with what stood there', async () => {
    const reply = await asLena('putIntegration', {
      params: { id: 'Not An Id' },
      body: { name: '', baseUrl: 'http://canary.example', settings: { mail: { track: 'canary' } } },
    });
    const errors = z.array(z.strictObject({ field: z.string(), rule: z.string() })).parse(reply.body.errors);
    expect(errors.map(({ field }) => field).sort()).toEqual(['body.baseUrl', 'body.name', 'body.settings.mail.track', 'path.id']);
    expect(JSON.stringify(reply.body)).not.toContain('canary');
  });

  test('a body that is too long is not read', async () => {
    const body = JSON.stringify({ ...contoso, name: 'x'.repeat(300_000) });
    expect(await asLena('putIntegration', { params: { id: 'x' }, body })).toMatchObject({ status: 413, body: { code: 'too-large' } });
    const headers = { 'content-length': '300000' };
    expect((await asLena('putIntegration', { params: { id: 'x' }, body: contoso, headers })).status).toBe(413);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'application/json-seq'])(
    'a body of the type %s is not taken',
    async (type) => {
      const reply = await asLena('putIntegration', { params: { id: 'x' }, body: contoso, headers: { 'content-type': type } });
      expect(reply).toMatchObject({ status: 415, body: { code: 'wrong-type' } });
    },
  );

  test.each(['application/json; charset=utf-8', 'application/merge-patch+json'])('%s is JSON', async (type) => {
    const reply = await asLena('putIntegration', {
      params: { id: `typed-${type.length}` },
      body: contoso,
      headers: { 'content-type': type },
    });
    expect(reply.status).toBeLessThan(300);
  });

  test('the type of a problem leads to its place in the page about problems', async () => {
    const { body } = await world.call('getMailbox', null);
    const [path, place] = String(body.type).split('#');
    expect(path).toBe(`/${routes.problems.path}`);
    expect((await world.call('problems', null)).text).toContain(`<section id="${place}">`);
  });
});

describe('dead letters', () => {
  test('a queue without any says so, and has nothing to send anew', async () => {
    expect((await asLena('listDeadLetters', { query: { queue: 'wakeups' } })).body).toEqual({ items: [], next: null });
    expect((await asLena('redriveDeadLetters', { params: { queue: 'polls' } })).body).toEqual({ redriven: 0, complete: true });
  });

  test('a queue that nobody reads, and a number that is none, are refused', async () => {
    expect((await asLena('listDeadLetters', { query: { queue: 'rejected' } })).status).toBe(400);
    const body = { messages: ['one'] };
    expect((await asLena('redriveDeadLetters', { params: { queue: 'polls' }, body })).body.errors).toEqual([
      { field: 'body.messages.0', rule: 'is not the number of a message' },
    ]);
  });
});

describe('how everything is', () => {
  test('mailboxes by state, freshness, and the queues', async () => {
    await asLena('enableMailbox', { body: { integration: 'contoso', systemUserId: anna } });
    const now = world.services.clock.now();
    await world.services.mailboxes.update('contoso', anna, (mailbox) => ({
      ...mailbox,
      status: 'on',
      ages: withAges(undefined, [4_000, 25_000], now),
    }));
    const { body } = await asLena('getHealth');
    expect(body).toMatchObject({
      freshness: { count: 2, p50: 5_000, p95: 30_000, p99: 30_000 },
      deadLetters: { polls: 0, wakeups: 0, assignments: 0 },
      oldestWakeUp: expect.any(String),
      unread: [],
    });
    expect(body.integrations).toContainEqual(expect.objectContaining({ id: 'contoso', mailboxes: { healthy: 1 } }));
    expect((await asLena('getMailbox', { params: one })).body.ages).toBeUndefined();
  });

  test('a queue that does not answer is said to be unread, and the rest is told', async () => {
    const away = async () => {
      throw new TandemError('unavailable', { retry: 'later', fix: 'Wait.' });
    };
    const services = { ...world.services, deadLetters: { ...world.services.deadLetters, count: away, oldestWaiting: away } };
    const { integrations, deadLetters, oldestWakeUp, unread } = await overview(services);
    expect(integrations.length).toBeGreaterThan(0);
    expect([deadLetters, oldestWakeUp]).toEqual([{ polls: null, wakeups: null, assignments: null }, null]);
    expect(unread.map(({ part, code }) => [part, code]).sort()).toEqual(
      ['deadLetters.assignments', 'deadLetters.polls', 'deadLetters.wakeups', 'oldestWakeUp'].map((part) => [part, 'unavailable']),
    );
  });
});

describe('requests to an environment', () => {
  test('are listed as they were noted', async () => {
    const at = world.services.clock.now();
    world.services.requestLog.note('contoso', { at, method: 'GET', path: '/tasks', status: 200, ms: 7, requestId: null });
    await world.services.requestLog.flush();
    const { body } = await asLena('listRequests', { params: { id: 'contoso' } });
    expect(body).toEqual({
      items: [{ at: new Date(at).toISOString(), method: 'GET', path: '/tasks', status: 200, ms: 7, requestId: null, lost: 0 }],
      next: null,
    });
    expect((await asLena('listRequests', { params: { id: 'nowhere' } })).status).toBe(404);
  });
});

describe('trouble', () => {
  const failing =
    (error: Error): Endpoint['run'] =>
    async () => {
      throw error;
    };

  test('an error that nobody foresaw says nothing about itself', async () => {
    const { status, body } = await world.callInstead('getMailbox', failing(new Error('canary')), tokens.lena);
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  test("another service's refusal of Tandem does not send the admin to sign in", async () => {
    const error = new TandemError('unauthorized', { retry: 'never', fix: 'Check the application user.', status: 401, detail: 'Dynamics' });
    expect(await world.callInstead('getMailbox', failing(error), tokens.lena)).toMatchObject({ status: 502, body: { fix: error.fix } });
  });
});
