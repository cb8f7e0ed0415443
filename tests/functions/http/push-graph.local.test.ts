import '../../../functions/index';
import { person } from '../../../local/company/people';
import { mostNotifications } from '../../../shared/polling/graph-push';
import { AdminWorld, type Asked } from './admin-world';

jest.mock('@azure/functions-core', () => ({ setProgrammingModel() {}, registerHook() {}, registerFunction() {} }), { virtual: true });

const { systemUserId: anna } = person('anna');
const query = { integration: 'contoso', mailbox: anna };
const secret = 'what only Graph knows';

let world: AdminWorld;
beforeAll(async () => {
  world = await AdminWorld.start();
  const lena = await world.token('lena@contoso.example');
  await world.call('putIntegration', lena, {
    params: { id: 'contoso' },
    body: { name: 'Contoso', baseUrl: 'https://contoso.crm4.dynamics.com' },
  });
  await world.call('enableMailbox', lena, { body: { integration: 'contoso', systemUserId: anna } });
  const digest = (await world.services.sealer()).digest(secret);
  const since = world.services.clock.now();
  await world.services.mailboxes.update('contoso', anna, (mailbox) => ({
    ...mailbox,
    status: 'on',
    push: {
      subscriptions: [{ about: 'calendar', id: 'known', address: 'https://tandem.example', secret: digest, since, until: since + 1e9 }],
      failure: null,
    },
  }));
});
afterAll(() => world.close());

const push = (asked: Asked, route: 'pushFromGraph' | 'lifecycleFromGraph' = 'pushFromGraph') =>
  world.call(route, null, { query, ...asked });
const one = { subscriptionId: 'known', clientState: secret, changeType: 'updated', resource: 'Users/x/Events/y', tenantId: 'z' };

function waiting(): number {
  const { active, scheduled } = world.bus.counts('wakeups');
  return active + scheduled;
}

test.each(['pushFromGraph', 'lifecycleFromGraph'] as const)('%s echoes a validation as plain text, whatever is in it', async (route) => {
  const token = 'Validation: <script>alert(1)</script> & "ä" 100%';
  const answer = await world.call(route, null, { query: { ...query, validationToken: token } });
  expect([answer.status, answer.text]).toEqual([200, token]);
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
});

test.each([['with a line break\r\nset-cookie: a=b'], ['x'.repeat(2_001)]])(
  'a validation token that none of Graph’s looks like is refused',
  async (token) => {
    expect((await push({ query: { ...query, validationToken: token } })).status).toBe(400);
  },
);

test('a full batch of notifications is taken as one wake-up', async () => {
  const before = waiting();
  expect((await push({ body: { value: Array.from({ length: mostNotifications }, () => one) } })).status).toBe(202);
  expect(waiting()).toBe(before + 1);
});

test('what nobody subscribed to, or what comes without the secret, is taken and ignored', async () => {
  const before = waiting();
  const value = [
    { ...one, subscriptionId: 'unknown' },
    { ...one, clientState: 'wrong' },
    { ...one, clientState: null },
  ];
  expect((await push({ body: { value } })).status).toBe(202);
  expect((await push({ query: { ...query, integration: 'nowhere' }, body: { value: [one] } })).status).toBe(202);
  expect(waiting()).toBe(before);
});

test('a lifecycle event has the subscriptions looked after', async () => {
  const before = waiting();
  expect(
    (
      await push(
        { body: { value: [{ subscriptionId: 'known', clientState: secret, lifecycleEvent: 'subscriptionRemoved' }] } },
        'lifecycleFromGraph',
      )
    ).status,
  ).toBe(202);
  expect(waiting()).toBe(before + 1);
});

test.each([
  ['no JSON', 'nonsense'],
  ['no list', { value: 'known' }],
  ['an empty list', { value: [] }],
  ['too long a list', { value: Array.from({ length: mostNotifications + 1 }, () => one) }],
  ['a notification without a subscription', { value: [{ clientState: secret }] }],
])('%s is refused', async (_what, body) => {
  expect((await push({ body })).status).toBe(400);
});

test('an address without its mailbox is refused', async () => {
  expect((await push({ query: { integration: 'contoso' }, body: { value: [one] } })).status).toBe(400);
});
