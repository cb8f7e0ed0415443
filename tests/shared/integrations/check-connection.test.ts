import { checkConnection } from '../../../shared/integrations/check-connection';
import { IntegrationConnection } from '../../../shared/model/integration-connection';
import { TandemError } from '../../../shared/platform/errors';
import { certificates } from '../../local/certificates';

const baseUrl = 'https://contoso.crm4.dynamics.com';
const authorityUrl = 'https://login.microsoftonline.com';
const now = Date.UTC(2026, 0);
const code = { by: 'authorizationCode', clientId: 'c' };
const certificate = { by: 'certificate', clientId: 'c' };
const adfs = { authorizationUrl: 'https://sts.contoso.com/adfs/oauth2/authorize', tokenUrl: 'https://sts.contoso.com/adfs/oauth2/token' };

/** The fields that break a rule, each with it. */
function broken(connection: object, surroundings: object = {}): readonly (readonly [string, string])[] {
  try {
    checkConnection(IntegrationConnection.parse(connection), { baseUrl, authorityUrl, loopbackHosts: [], now, ...surroundings });
    return [];
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    return (error.fields ?? []).map(({ field, rule }) => [field, rule]);
  }
}

test.each<[string, object, object]>([
  ['Dynamics 365 online as Tandem itself', {}, {}],
  ['a sign-in at Entra ID', { service: code, action: code }, {}],
  [
    'the endpoints of before, with the environment as the resource',
    { service: { ...code, tokenUrl: 'https://login.windows.net/common/oauth2/token', tokenParameters: { resource: `${baseUrl}/` } } },
    {},
  ],
  ['a scope of the environment', { service: { ...code, scope: `${baseUrl}/user_impersonation offline_access openid` } }, {}],
  [
    'the authority that the settings name',
    { service: { ...code, tokenUrl: 'http://127.0.0.1:5000/t/token' } },
    { authorityUrl: 'http://127.0.0.1:5000' },
  ],
  [
    'AD FS on premises, with an authority of its own',
    {
      onPremises: { caBundle: certificates.authority },
      service: { ...code, ...adfs, tokenParameters: { resource: 'https://auth.contoso.com/' } },
    },
    { baseUrl: 'https://10.1.2.3' },
  ],
  ['a name that leads somewhere within the company', {}, { baseUrl: 'https://crm.contoso.internal' }],
])('%s passes', (_, connection, surroundings) => expect(broken(connection, surroundings)).toEqual([]));

test.each<[string, object, string]>([
  [
    'an authorization page elsewhere',
    { service: { ...code, authorizationUrl: adfs.authorizationUrl } },
    'body.connection.service.authorizationUrl',
  ],
  ['a token endpoint elsewhere', { action: { ...code, tokenUrl: adfs.tokenUrl } }, 'body.connection.action.tokenUrl'],
  [
    'a token endpoint that only looks like Entra ID',
    { service: { ...certificate, tokenUrl: 'https://login.microsoftonline.com.evil.example/token' } },
    'body.connection.service.tokenUrl',
  ],
  ['a scope of another resource', { service: { ...code, scope: 'https://graph.microsoft.com/.default' } }, 'body.connection.service.scope'],
  [
    'a scope of an environment whose name begins alike',
    { service: { ...code, scope: `${baseUrl}.evil.example/.default` } },
    'body.connection.service.scope',
  ],
  [
    'a scope of an application by its id',
    { service: { ...certificate, scope: '00000003-0000-0000-c000-000000000000/.default' } },
    'body.connection.service.scope',
  ],
  [
    'another resource',
    { service: { ...code, tokenParameters: { resource: 'https://graph.microsoft.com' } } },
    'body.connection.service.tokenParameters.resource',
  ],
])('online, %s is refused', (_, connection, field) => expect(broken(connection).map(([name]) => name)).toEqual([field]));

test.each([
  'https://10.0.0.1',
  'https://172.16.0.1',
  'https://192.168.1.1',
  'https://100.64.0.1',
  'https://[fd00::1]',
  'https://[::ffff:10.0.0.1]',
])('online, the private address %s is refused; on premises it is one like any other', (address) => {
  expect(broken({}, { baseUrl: address })).toEqual([
    ['body.baseUrl', 'is a private address, which only an on-premises environment may have'],
  ]);
  expect(broken({ onPremises: {}, service: { ...code, ...adfs } }, { baseUrl: address })).toEqual([]);
});

test.each([
  'https://169.254.169.254',
  'https://0.0.0.0',
  'https://224.0.0.1',
  'https://[fe80::1]',
  'https://[::]',
  'https://[::ffff:169.254.169.254]',
  'https://168.63.129.16',
  'https://127.0.0.1',
  'http://127.0.0.1:41741',
  'https://2130706433',
  'https://127.9.9.9',
  'http://[::1]:8080',
  'https://[::ffff:127.0.0.1]',
  'http://localhost:8080',
  'https://localhost.',
  'https://crm.localhost',
])('%s is refused everywhere, be it of the environment or of its sign-in service', (address) => {
  expect(broken({}, { baseUrl: address })).toEqual([['body.baseUrl', expect.any(String)]]);
  const onPremises = {};
  expect(broken({ onPremises, service: { ...code, ...adfs } }, { baseUrl: address })).toEqual([['body.baseUrl', expect.any(String)]]);
  const [authorizationUrl, tokenUrl] = [`${address}/adfs/oauth2/authorize`, `${address}/adfs/oauth2/token`];
  expect(broken({ onPremises, service: { ...code, ...adfs, tokenUrl }, action: { ...code, ...adfs, authorizationUrl } })).toEqual([
    ['body.connection.service.tokenUrl', expect.any(String)],
    ['body.connection.action.authorizationUrl', expect.any(String)],
  ]);
  expect(broken({ onPremises, service: { ...certificate, tokenUrl } })).toEqual([['body.connection.service.tokenUrl', expect.any(String)]]);
});

test('on premises the sign-in service may have a private address', () => {
  const tokenUrl = 'https://10.1.2.3/adfs/oauth2/token';
  expect(broken({ onPremises: {}, service: { ...code, ...adfs, tokenUrl } })).toEqual([]);
});

test('a name of this machine that the settings allow is an address like any other, and no other such name is', () => {
  const [loopbackHosts, tokenUrl] = [['127.0.0.1'], 'http://127.0.0.1:5001/adfs/oauth2/token'];
  const connection = { onPremises: {}, service: { ...code, ...adfs, tokenUrl } };
  expect(broken(connection, { baseUrl: 'http://127.0.0.1:5000', loopbackHosts })).toEqual([]);
  expect(broken(connection, { baseUrl: 'http://localhost:5000', loopbackHosts })).toHaveLength(1);
  expect(broken(connection, { baseUrl: 'https://169.254.169.254', loopbackHosts: ['169.254.169.254'] })).not.toEqual([]);
});

test('on premises the sign-in service is named, and Tandem itself is nobody', () => {
  expect(broken({ onPremises: {} }).map(([name]) => name)).toEqual(['body.connection.service.by']);
  expect(broken({ onPremises: {}, service: code, action: { ...code, ...adfs } }).map(([name]) => name)).toEqual([
    'body.connection.service.authorizationUrl',
    'body.connection.service.tokenUrl',
  ]);
  expect(broken({ onPremises: {}, service: certificate }).map(([name]) => name)).toEqual(['body.connection.service.tokenUrl']);
});

test('an authority whose time is over is refused by its name', () => {
  const connection = { onPremises: { caBundle: certificates.authority }, service: { ...code, ...adfs } };
  expect(broken(connection, { now: Date.UTC(2200, 0) })).toEqual([
    [
      'body.connection.onPremises.caBundle',
      expect.stringMatching(/^has a certificate that ended on 2126-\d\d-\d\d: CN=Contoso Test Root$/),
    ],
  ]);
});

test('a table that the record cache does not have is refused by its name', () => {
  expect(broken({ tables: { account: { filter: 'statecode eq 0' }, accounts: {} } })).toEqual([
    ['body.connection.tables.accounts', expect.stringContaining('account, contact, lead')],
  ]);
});
