import '../../../functions/index';
import { inspect } from 'node:util';
import type { JWTPayload } from 'jose';
import type { Page } from '../../../local/browser';
import { person, tenantId } from '../../../local/company/people';
import { asTandemError } from '../../../shared/platform/errors';
import type { Parts } from '../../../shared/services';
import type { Integration } from '../../../shared/storage/integrations';
import { Browser, publicUrl, SignInWorld } from './sign-in-world';
import { json, strangeProvider, type TokenReply } from './strange-provider';

/** Without a host the library would warn at every registration. */
jest.mock('@azure/functions-core', () => ({ setProgrammingModel() {}, registerHook() {}, registerFunction() {} }), { virtual: true });

const provider = strangeProvider();
const me = person('anna').objectId;
let world: SignInWorld;
let parts: Parts;
let contoso: Integration;
beforeAll(async () => {
  world = await SignInWorld.start();
  parts = world.process();
});
afterAll(() => world.close());
beforeEach(async () => {
  contoso = await world.integration(parts, { action: provider.signIn, service: provider.signIn });
});

/** Anna starts, and her browser comes back with a code, which the provider answers so. */
async function redeem(reply: (claims: JWTPayload) => TokenReply | Promise<TokenReply>): Promise<Page> {
  const anna = new Browser(world, parts);
  const url = await anna.start('action', 'anna', contoso.id);
  const nonce = url.searchParams.get('nonce') ?? '';
  provider.reply = await reply(provider.claims(nonce, me));
  return anna.callback(new URL(`${publicUrl}/x?code=a-code&state=${url.searchParams.get('state')}`), 'action');
}

const told = async (idToken: Promise<string> | string | null, more = {}): Promise<TokenReply> => {
  const answer = provider.tokens(await idToken, more);
  return () => answer;
};

test('an honest answer is taken, and the request proves what it has to', async () => {
  expect((await redeem((claims) => told(provider.sign(claims)))).status).toBe(200);
  const [{ form } = { form: new URLSearchParams() }] = provider.heard;
  expect(form.get('code_verifier')).toMatch(/^[\w-]{43}$/);
  expect(form.get('redirect_uri')).toBe(`${publicUrl}/app/api/auth/serviceAction/callback`);
  await expect(parts.tokensOf(contoso).person(me)).resolves.toBe('opaque-access');
});

describe('tokens that are not to be trusted are not kept', () => {
  const now = () => Math.floor(Date.now() / 1_000);
  const jwt = (claims: JWTPayload) =>
    `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

  test.each<[string, (claims: JWTPayload) => Promise<TokenReply>]>([
    ['an ID token without a nonce', (claims) => told(provider.sign({ ...claims, nonce: undefined }))],
    ['an ID token with the nonce of another sign-in', (claims) => told(provider.sign({ ...claims, nonce: 'other' }))],
    ['an ID token for another client', (claims) => told(provider.sign({ ...claims, aud: 'other' }))],
    ['an ID token for several clients', (claims) => told(provider.sign({ ...claims, aud: [String(claims.aud), 'other'] }))],
    ['an ID token without a signature (alg: none)', (claims) => told(provider.unsigned(claims))],
    ['an ID token that is signed with the public key (HS256)', (claims) => told(provider.signedByConfusion(claims))],
    ['an ID token of another key under the same name', (claims) => told(provider.sign(claims, 'other'))],
    ['an ID token that has expired', (claims) => told(provider.sign({ ...claims, exp: now() - 120 }))],
    ['an ID token that is not good yet', (claims) => told(provider.sign({ ...claims, nbf: now() + 600 }))],
    ['an ID token without an end', ({ exp: _, ...claims }) => told(provider.sign(claims))],
    [
      'an ID token of another issuer',
      (claims) => told(provider.sign({ ...claims, iss: `https://login.microsoftonline.com/${tenantId}/v2.0` })),
    ],
    [
      'an ID token of the first generation in the second',
      (claims) => told(provider.sign({ ...claims, iss: `${provider.url}/${tenantId}/` })),
    ],
    ['an ID token of another tenant', (claims) => told(provider.sign({ ...claims, tid: '9188040d-6c67-4c5b-b112-36a304b66dad' }))],
    ['an ID token without a tenant', (claims) => told(provider.sign({ ...claims, tid: undefined }))],
    ['an ID token without an account', (claims) => told(provider.sign({ ...claims, oid: undefined }))],
    ['no ID token', () => told(null)],
    ['something that is no ID token', () => told('not-a-token')],
    [
      'an access token of another account',
      (claims) => told(provider.sign(claims), { access_token: jwt({ oid: person('ben').objectId, tid: tenantId }) }),
    ],
    [
      'an access token of another tenant',
      (claims) => told(provider.sign(claims), { access_token: jwt({ oid: me, tid: '9188040d-6c67-4c5b-b112-36a304b66dad' }) }),
    ],
    ['a token of another kind', (claims) => told(provider.sign(claims), { token_type: 'mac' })],
    ['no access token', (claims) => told(provider.sign(claims), { access_token: undefined })],
    ['an access token that is no text', (claims) => told(provider.sign(claims), { access_token: { $ne: 1 } })],
  ])('%s', async (_, reply) => {
    const page = await redeem(reply);
    expect([page.status, page.text.includes('Nothing was kept')]).toEqual([400, true]);
    expect(await parts.tokenVault.describe(contoso.id, { objectId: me })).toBeNull();
  });

  test('tokens of another account than that of the caller', async () => {
    expect((await redeem((claims) => told(provider.sign({ ...claims, oid: person('ben').objectId })))).status).toBe(403);
    expect(await parts.tokenVault.describe(contoso.id, { objectId: me })).toBeNull();
  });
});

describe('a token endpoint in trouble', () => {
  test.each<[string, TokenReply]>([
    [
      'answers with a page',
      (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in to the hotel</h1>'),
    ],
    [
      'answers with half a sentence',
      (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"access_to'),
    ],
    [
      'hangs up in the middle',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' }).write('{');
        response.destroy();
      },
    ],
    ['hangs up at once', (_, response) => void response.destroy()],
    ['never answers', () => undefined],
    ['fails', (_, response) => json(response, { error: 'server_error' }, 500)],
    ['asks for patience', (_, response) => void response.writeHead(429, { 'retry-after': '7' }).end()],
    ['sends the request on', (_, response) => void response.writeHead(307, { location: 'http://169.254.169.254/metadata/identity' }).end()],
    ['sends the request on for good', (_, response) => void response.writeHead(302, { location: `${provider.url}/stolen` }).end()],
  ])('that %s leads to a page that says so, and to nothing else', async (_, reply) => {
    const page = await redeem(() => reply);
    expect([page.status, page.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
    expect(page.text).not.toContain('hotel');
    expect(provider.heard.map(({ path }) => path)).toEqual([`/${tenantId}/oauth2/v2.0/token`]);
    expect(await parts.tokenVault.describe(contoso.id, { objectId: me })).toBeNull();
  });

  test('that quotes secrets and markup in its error has neither shown nor logged', async () => {
    const page = await redeem(
      () =>
        ({ form }, response) =>
          json(response, { error: `<b>${form.get('code')}`, error_description: `<i>${form.get('client_secret')}` }, 400),
    );
    for (const text of [page.text, world.logged.join('\n')]) {
      for (const canary of ['<b>', '<i>', 'a-code', 'local-only-secret']) expect(text).not.toContain(canary);
    }
  });
});

test('what is wrong with tokens is told without them, however closely one looks at the error', async () => {
  const client = await parts.signInClient(contoso, { objectId: me });
  const binding = { state: 's'.repeat(43), browser: 'b'.repeat(43) };
  const idToken = await provider.sign({ ...provider.claims('wrong', me), canary: 'canary-claim' });
  const answer = provider.tokens(idToken, { access_token: 'canary-access', refresh_token: 'canary-refresh' });
  provider.reply = () => answer;
  const callback = new URL(`${publicUrl}/x?code=canary-code&state=${binding.state}`);
  const error = await client.redeem(callback, binding).catch(asTandemError);
  expect(error).toMatchObject({ code: 'refused', retry: 'never' });
  expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('canary');
});

describe('AD FS', () => {
  const adfs = () => ({
    ...provider.signIn,
    authorizationUrl: `${provider.url}/adfs/oauth2/authorize`,
    tokenUrl: `${provider.url}/adfs/oauth2/token/`,
  });

  async function finish(use: 'service' | 'action', more: JWTPayload): Promise<Page> {
    const onPremises = await world.integration(parts, { service: adfs(), action: adfs(), onPremises: {} });
    const browser = new Browser(world, parts);
    const url = await browser.start(use, use === 'service' ? 'lena' : 'anna', onPremises.id);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ resource: onPremises.baseUrl, scope: 'openid' });
    const { tid: _, oid: _none, ...claims } = provider.claims(url.searchParams.get('nonce') ?? '', me);
    const idToken = await provider.sign({ ...claims, iss: `${provider.url}/adfs`, ...more });
    provider.reply = () => provider.tokens(idToken);
    return browser.callback(new URL(`${publicUrl}/x?code=c&state=${url.searchParams.get('state')}`), use);
  }

  test('signs the service account in; it knows no tenants', async () => {
    expect((await finish('service', {})).status).toBe(200);
    expect(provider.heard[0]?.form.get('resource')).toBe(contoso.baseUrl);
  });

  test('signs a person in where it tells her object id, and nobody where it does not', async () => {
    expect((await finish('action', { oid: me })).status).toBe(200);
    expect((await finish('action', {})).status).toBe(403);
  });
});
