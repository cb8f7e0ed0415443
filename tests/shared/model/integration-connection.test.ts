import { IntegrationConnection } from '../../../shared/model/integration-connection';

const code = { by: 'authorizationCode', clientId: 'c' };

test('without a word it is Dynamics 365 online, as Tandem itself, with two minutes for a request', () => {
  expect(IntegrationConnection.parse({})).toMatchObject({
    template: 'http',
    onPremises: null,
    service: { by: 'application' },
    action: { by: 'service' },
    rateLimit: null,
    timeoutSeconds: 120,
    logRequests: false,
    tables: {},
  });
});

test('a sign-in by code sends its client in the body, and a bearer token, where nothing else is said', () => {
  expect(IntegrationConnection.parse({ service: code }).service).toEqual({
    ...code,
    authorizationUrl: null,
    tokenUrl: null,
    clientAuthentication: 'body',
    scope: null,
    tokenParameters: {},
    headerPrefix: 'Bearer',
  });
});

test('the addresses of guides of old are taken as they are', () => {
  const authorizationUrl = 'https://login.windows.net/common/oauth2/authorize?prompt=consent';
  expect(IntegrationConnection.parse({ service: { ...code, authorizationUrl } })).toMatchObject({ service: { authorizationUrl } });
});

test('a window of a night may go over midnight', () => {
  const fullLoad = { at: 'daily', from: '23:00', to: '04:00' };
  expect(IntegrationConnection.parse({ fullLoad }).fullLoad).toEqual(fullLoad);
});

test.each<[string, object, string, RegExp]>([
  ['a template that nobody knows', { template: 'java' }, 'template', /Invalid option/],
  ['a field that nobody knows', { password: 'x' }, '', /password/],
  ['a sign-in that nobody knows', { service: { by: 'password' } }, 'service.by', /Invalid/],
  ['a sign-in without a client', { service: { by: 'authorizationCode' } }, 'service.clientId', /Invalid/],
  ['a secret among the settings', { service: { ...code, clientSecret: 'x' } }, 'service', /clientSecret/],
  [
    'plain http for a token',
    { service: { ...code, tokenUrl: 'http://sts.contoso.com/token' } },
    'service.tokenUrl',
    /not an https address/,
  ],
  [
    'a password in an address',
    { service: { ...code, tokenUrl: 'https://:x@sts.contoso.com' } },
    'service.tokenUrl',
    /not an https address/,
  ],
  ['a fragment', { service: { ...code, tokenUrl: 'https://sts.contoso.com/token#x' } }, 'service.tokenUrl', /fragment/],
  [
    'an address that decides where the code goes',
    {
      action: { ...code, authorizationUrl: 'https://login.microsoftonline.com/common/oauth2/authorize?redirect_uri=https://evil.example' },
    },
    'action.authorizationUrl',
    /sets itself/,
  ],
  ['a parameter of its own', { service: { ...code, tokenParameters: { client_secret: 'x' } } }, 'service.tokenParameters', /sets itself/],
  ['a header prefix of two words', { service: { ...code, headerPrefix: 'Bearer x' } }, 'service.headerPrefix', /not one word/],
  ['a client in the address', { service: { ...code, clientAuthentication: 'query' } }, 'service.clientAuthentication', /Invalid/],
  ['no request a second', { rateLimit: { requests: 0, per: 'second' } }, 'rateLimit.requests', />=1/],
  ['a rate an hour', { rateLimit: { requests: 1, per: 'hour' } }, 'rateLimit.per', /Invalid/],
  ['a time-out of a second', { timeoutSeconds: 1 }, 'timeoutSeconds', />=5/],
  ['a time-out of an hour', { timeoutSeconds: 3_600 }, 'timeoutSeconds', /<=300/],
  ['a table with a space', { tables: { 'my accounts': {} } }, 'tables.my accounts', /./],
  ['a column with a bracket', { tables: { accounts: { columns: ['name)'] } } }, 'tables.accounts.columns.0', /not the name of a column/],
  ['a column twice', { tables: { accounts: { columns: ['name', 'name'] } } }, 'tables.accounts.columns', /twice/],
  ['a filter with another option', { tables: { accounts: { filter: 'a eq 1&$top=1' } } }, 'tables.accounts.filter', /another option/],
  ['a load a fortnight', { fullLoad: { at: 'interval', minutes: 20_160 } }, 'fullLoad.minutes', /<=10080/],
  ['half past twenty-four', { fullLoad: { at: 'daily', from: '24:30', to: '04:00' } }, 'fullLoad.from', /time of day/],
  ['a window without length', { fullLoad: { at: 'daily', from: '04:00', to: '04:00' } }, 'fullLoad.to', /no window/],
  ['an icon from elsewhere', { icon: 'https://evil.example/x.svg' }, 'icon', /not the name of an icon/],
  ['a bundle of prose', { onPremises: { caBundle: 'trust me' } }, 'onPremises.caBundle', /PEM/],
])('%s is refused by its field and its rule', (_, given, field, rule) => {
  const issue = IntegrationConnection.safeParse(given).error?.issues[0];
  expect(issue?.path.join('.')).toBe(field);
  expect(issue?.message).toMatch(rule);
});
