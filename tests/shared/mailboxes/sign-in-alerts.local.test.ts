import '../../../functions/index';
import { alertsIn } from '../../../shared/mailboxes/read-alerts';
import { IntegrationConnection } from '../../../shared/model/integration-connection';
import type { Parts } from '../../../shared/services';
import type { Integration } from '../../../shared/storage/integrations';
import { Browser, SignInWorld } from '../../functions/http/sign-in-world';

/** Without a host the library would warn at every registration. */
jest.mock('@azure/functions-core', () => ({ setProgrammingModel() {}, registerHook() {}, registerFunction() {} }), { virtual: true });

let world: SignInWorld;
let parts: Parts;
let contoso: Integration;
beforeAll(async () => {
  world = await SignInWorld.start();
  parts = world.process();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.ahead = 0;
  contoso = await world.integration(parts);
});

const signIn = () => new Browser(world, parts).all('service', 'lena', contoso.id);

/** Nobody is signed in, for this reason; the cure is where to sign in. */
const needed = (why: string, since: unknown = expect.any(Number)) => [
  {
    kind: 'sign-in-again',
    level: 'error',
    mailbox: null,
    code: 'sign-in-needed',
    detail: expect.stringContaining(why),
    fix: expect.stringContaining(`/manage/api/gwsc/auth/start?integration=${contoso.id}`),
    since,
  },
];

test('a service sign-in that was never made is told of until somebody makes it', async () => {
  const setAt = (await parts.clientSecrets.describe(contoso.id)).service?.setAt;
  expect(await alertsIn(parts, contoso)).toMatchObject(needed('nobody has signed in yet', setAt));
  await signIn();
  expect(await alertsIn(parts, contoso)).toEqual([]);
});

test('one that an administrator has ended is told of, since then', async () => {
  await signIn();
  world.ahead = 60_000;
  const endedAt = world.clock.now();
  await parts.tokenVault.disconnect(contoso, 'service');
  const [alert] = await alertsIn(parts, contoso);
  expect([alert]).toMatchObject(needed('the sign-in was ended'));
  expect(alert?.since).toBeGreaterThanOrEqual(endedAt);
  await signIn();
  expect(await alertsIn(parts, contoso)).toEqual([]);
});

test('one that the sign-in service has ended is told of with its reason and where to sign in', async () => {
  await signIn();
  world.identity.controls.revoke?.({ user: 'lena' });
  world.ahead = 2 * 3_600_000;
  await expect(parts.tokensOf(contoso).service()).rejects.toMatchObject({ code: 'sign-in-needed' });
  expect(await alertsIn(parts, contoso)).toMatchObject(needed('invalid_grant'));
});

test('one that is of no use since the settings changed is told of', async () => {
  await signIn();
  const service = { ...contoso.connection.service, clientId: 'another' };
  const changed = { ...contoso, connection: IntegrationConnection.parse({ ...contoso.connection, service }) };
  expect(await alertsIn(parts, changed)).toMatchObject(needed('its settings have changed since'));
});

test('where Tandem signs in as itself nobody is asked to, nor where only persons do', async () => {
  const { action } = contoso.connection;
  expect(await alertsIn(parts, { ...contoso, connection: IntegrationConnection.parse({}) })).toEqual([]);
  expect(await alertsIn(parts, { ...contoso, connection: IntegrationConnection.parse({ action }) })).toEqual([]);
});

test('addresses that are no sign-in service’s keep no alert from being read', async () => {
  const service = { ...contoso.connection.service, tokenUrl: 'https://sts.contoso.example/token' };
  const wrong = { ...contoso, connection: IntegrationConnection.parse({ ...contoso.connection, service }) };
  await signIn();
  expect(await alertsIn(parts, wrong)).toEqual([]);
});
