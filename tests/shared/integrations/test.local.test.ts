import { createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createPlainServer } from 'node:net';
import { createDynamics } from '../../../shared/dynamics/client';
import { wayTo } from '../../../shared/dynamics/way';
import { servicePrivileges } from '../../../shared/integrations/service-privileges';
import { type TestStep, testIntegration } from '../../../shared/integrations/test';
import { IntegrationConnection } from '../../../shared/model/integration-connection';
import { IntegrationSettings } from '../../../shared/model/integration-settings';
import { entities } from '../../../shared/model/values';
import { systemClock } from '../../../shared/platform/clock';
import { TandemError } from '../../../shared/platform/errors';
import { tableIntegrations } from '../../../shared/storage/integrations';
import { certificates } from '../../local/certificates';
import { startOrganization } from '../dynamics/organization';
import { type TableStore, tableStores } from '../storage/table-stores';

const me = '5a5e0e00-0000-4000-8000-000000000001';
const canary = 'canary-token';
const sts = 'https://sts.contoso.com/adfs';
const service = { by: 'authorizationCode', clientId: 'c', authorizationUrl: `${sts}/authorize`, tokenUrl: `${sts}/token` };
const settings = IntegrationSettings.parse({});
const logicalNames = entities.map((entity) => (entity === 'series' ? 'recurringappointmentmaster' : entity));

/** What the environment answers by the end of the path: a status, or a body. */
type Answers = Readonly<Record<string, number | object>>;
const allIsWell: Answers = {
  'WhoAmI()': { UserId: me },
  'RetrieveVersion()': { Version: '9.1.45.12' },
  EntityDefinitions: { value: logicalNames.map((LogicalName) => ({ LogicalName, ChangeTrackingEnabled: true })) },
  'Microsoft.Dynamics.CRM.RetrieveUserPrivileges()': {
    RolePrivileges: servicePrivileges(settings).map((PrivilegeName) => ({ PrivilegeName })),
  },
};

let server: Server;
let store: TableStore;
let address: string;
let answers: Answers;
beforeAll(async () => {
  store = await tableStores.memory();
  server = createServer({ key: certificates.serverKey, cert: certificates.server }, (request, response) => {
    const path = new URL(request.url ?? '/', address).pathname.split('/').at(-1) ?? '';
    const answer = answers[path] ?? 501;
    if (typeof answer === 'number') response.writeHead(answer).end();
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `https://localhost:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  answers = allIsWell;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await store.close();
});

interface Circumstances {
  readonly baseUrl?: string;
  readonly onPremises?: object | null;
  readonly token?: () => Promise<string>;
}

async function tested({
  baseUrl = address,
  onPremises = { caBundle: certificates.authority },
  token = async () => canary,
}: Circumstances = {}) {
  const integrations = tableIntegrations(store.tables);
  const connection = IntegrationConnection.parse(onPremises === null ? {} : { onPremises, service });
  await integrations.put({ id: 'tested', name: 'Contoso', baseUrl, settings, connection });
  const steps = await testIntegration(
    {
      integrations,
      clock: systemClock,
      tokensOf: () => ({ service: token, person: token }),
      dynamics: (integration) => createDynamics({ baseUrl, getToken: token, clock: systemClock, ...wayTo(integration.connection) }),
    },
    'tested',
  );
  expect(JSON.stringify(steps)).not.toContain(canary);
  return steps;
}

const outcomes = (steps: readonly TestStep[]) => Object.fromEntries(steps.map(({ step, outcome }) => [step, outcome]));
const stepOf = (steps: readonly TestStep[], name: TestStep['step']) => steps.find(({ step }) => step === name);
const ok = { address: 'ok', tls: 'ok', signIn: 'ok', whoAmI: 'ok', version: 'ok', changeTracking: 'ok', rights: 'ok' };

test('an environment with which nothing is wrong passes every step, and says who signs in and its version', async () => {
  const steps = await tested();
  expect(outcomes(steps)).toEqual(ok);
  expect([stepOf(steps, 'whoAmI')?.detail, stepOf(steps, 'version')?.detail]).toEqual([me, '9.1.45.12']);
  for (const { ms, fix } of steps) expect([ms >= 0, fix]).toEqual([true, null]);
});

test('all that is wrong is told at once, each with its cure', async () => {
  answers = {
    ...allIsWell,
    'RetrieveVersion()': { Version: '8.2.0.1' },
    EntityDefinitions: {
      value: logicalNames
        .filter((name) => name !== 'fax')
        .map((LogicalName) => ({ LogicalName, ChangeTrackingEnabled: LogicalName !== 'task' })),
    },
    'Microsoft.Dynamics.CRM.RetrieveUserPrivileges()': {
      RolePrivileges: servicePrivileges(settings)
        .filter((name) => !/^prv(ActOnBehalf|WriteContact)/.test(name))
        .map((PrivilegeName) => ({ PrivilegeName })),
    },
  };
  const steps = await tested();
  expect(outcomes(steps)).toEqual({ ...ok, version: 'failed', changeTracking: 'failed', rights: 'failed' });
  expect(stepOf(steps, 'version')?.detail).toContain('8.2.0.1');
  expect(stepOf(steps, 'changeTracking')?.detail).toContain('task, fax');
  expect(stepOf(steps, 'rights')?.detail).toBe('forbidden: lacks prvActOnBehalfOfAnotherUser, prvWriteContact');
  for (const { outcome, fix } of steps) expect(fix === null).toBe(outcome === 'ok');
});

test('an account that Dynamics does not know is told, and what needs it is skipped', async () => {
  answers = { ...allIsWell, 'WhoAmI()': 403 };
  expect(outcomes(await tested())).toEqual({ ...ok, whoAmI: 'failed', version: 'skipped', changeTracking: 'skipped', rights: 'skipped' });
});

test('an authority that nobody knows is told by its name for that, and no token is sent', async () => {
  const steps = await tested({ onPremises: { caBundle: certificates.otherAuthority } });
  expect(outcomes(steps)).toMatchObject({ address: 'ok', tls: 'failed', signIn: 'ok', whoAmI: 'skipped', rights: 'skipped' });
  expect(stepOf(steps, 'tls')).toMatchObject({
    detail: 'unavailable: UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    fix: expect.stringContaining('caBundle'),
  });
});

test('a name that the certificate is not for is told', async () => {
  const other = createServer({ key: certificates.serverKey, cert: certificates.server });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.2', resolve));
  const steps = await tested({ baseUrl: `https://127.0.0.2:${(other.address() as AddressInfo).port}` });
  other.close();
  expect(stepOf(steps, 'tls')).toMatchObject({ outcome: 'failed', detail: 'unavailable: ERR_TLS_CERT_ALTNAME_INVALID' });
});

test('an address where nothing listens is told, and signing in is tried all the same', async () => {
  const plain = createPlainServer();
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  const { port } = plain.address() as AddressInfo;
  await new Promise((resolve) => plain.close(resolve));
  const token = () => Promise.reject(new TandemError('settings', { retry: 'never', fix: 'Renew the secret.', detail: 'AADSTS7000222' }));
  const steps = await tested({ baseUrl: `https://localhost:${port}`, token });
  expect(outcomes(steps)).toMatchObject({ address: 'failed', tls: 'skipped', signIn: 'failed', whoAmI: 'skipped' });
  expect(stepOf(steps, 'address')).toMatchObject({ detail: 'unavailable: ECONNREFUSED', fix: expect.stringContaining('nothing listens') });
  expect(stepOf(steps, 'signIn')).toMatchObject({ detail: 'settings: AADSTS7000222', fix: 'Renew the secret.' });
});

test('an error that nobody foresaw says nothing about itself', async () => {
  const steps = await tested({ token: () => Promise.reject(new Error(`refused ${canary}`)) });
  expect(stepOf(steps, 'signIn')).toMatchObject({ outcome: 'failed', detail: 'unexpected-reply: Error' });
});

test('the demo company passes every step', async () => {
  const organization = await startOrganization();
  try {
    const integrations = tableIntegrations(store.tables);
    const { url: baseUrl } = organization.standIn;
    await integrations.put({ id: 'demo', name: 'Contoso', baseUrl, settings, connection: IntegrationConnection.parse({}) });
    const tokensOf = () => ({ service: async () => canary, person: async () => canary });
    const dynamics = () => organization.client();
    const steps = await testIntegration({ integrations, clock: systemClock, tokensOf, dynamics }, 'demo');
    expect(steps.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(outcomes(steps)).toEqual({ ...ok, tls: 'skipped' });
  } finally {
    await organization.close();
  }
});
