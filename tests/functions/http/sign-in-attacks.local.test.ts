import '../../../functions/index';
import type { Page } from '../../../local/browser';
import { person, tandemApplication } from '../../../local/company/people';
import { type RouteName, routes } from '../../../shared/auth/route-roles';
import { IntegrationConnection } from '../../../shared/model/integration-connection';
import type { Parts } from '../../../shared/services';
import type { Integration } from '../../../shared/storage/integrations';
import { Browser, publicUrl, SignInWorld } from './sign-in-world';

/** Without a host the library would warn at every registration. */
jest.mock('@azure/functions-core', () => ({ setProgrammingModel() {}, registerHook() {}, registerFunction() {} }), { virtual: true });

let world: SignInWorld;
let parts: Parts;
let contoso: Integration;
let anna: Browser;
beforeAll(async () => {
  world = await SignInWorld.start();
  parts = world.process();
});
afterAll(() => world.close());
beforeEach(async () => {
  contoso = await world.integration(parts);
  anna = new Browser(world, parts);
});
afterEach(() => {
  world.faults.clear();
  world.identity.controls.fail?.({ error: 'none', code: 1, times: 0 });
  world.ahead = 0;
});

const me = { objectId: person('anna').objectId };

/** Refused for this reason, and nothing was kept. */
async function refused(reply: Promise<Page> | Page, why: string, status = 400, integration = contoso): Promise<Page> {
  const page = await reply;
  expect([page.status, page.headers.get('location')]).toEqual([status, null]);
  expect(page.headers.get('content-type')).toContain('text/html');
  const logged = world.logged.map((line) => JSON.parse(line)).filter(({ event }) => event === 'sign-in-refused');
  expect(logged.at(-1)?.why).toBe(why);
  for (const holder of ['service', me] as const) expect(await parts.tokenVault.describe(integration.id, holder)).toBeNull();
  return page;
}

/** Where the provider sends Anna's browser, for this start of hers. */
async function annasAnswer(change: (url: URL) => void = () => undefined): Promise<URL> {
  const url = await anna.start('action', 'anna', contoso.id);
  change(url);
  return anna.signIn(url, 'anna');
}

function changed(url: URL, change: (parameters: URLSearchParams) => void): URL {
  const copy = new URL(url);
  change(copy.searchParams);
  return copy;
}

describe('the state of a sign-in', () => {
  test('is good once: a callback that comes again is refused', async () => {
    const answer = await annasAnswer();
    const jar = [...anna.jar];
    expect((await anna.callback(answer, 'action')).status).toBe(200);
    await parts.tokenVault.disconnect(contoso, me);
    for (const [name, value] of jar) anna.jar.set(name, value);
    const again = await anna.callback(answer, 'action');
    expect([again.status, again.text]).toEqual([400, expect.stringContaining('finished already')]);
  });

  test('is good once: of two callbacks at the same time one wins', async () => {
    const answer = await annasAnswer();
    const other = new Browser(world, parts);
    for (const [name, value] of anna.jar) other.jar.set(name, value);
    const statuses = await Promise.all([anna.callback(answer, 'action'), other.callback(answer, 'action')]);
    expect(statuses.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  test('of one browser is worth nothing in another', async () => {
    await refused(new Browser(world, parts).callback(await annasAnswer(), 'action'), 'otherBrowser');
  });

  test('is worth nothing without the cookie, and stays good for the browser that has it', async () => {
    const answer = await annasAnswer();
    const jar = [...anna.jar];
    anna.jar.clear();
    await refused(anna.callback(answer, 'action'), 'otherBrowser');
    for (const [name, value] of jar) anna.jar.set(name, value);
    expect((await anna.callback(answer, 'action')).status).toBe(200);
  });

  test('is worth nothing with the secret of another sign-in of the same browser', async () => {
    await anna.start('action', 'anna', contoso.id);
    const [[, other] = []] = [...anna.jar];
    anna.jar.clear();
    const answer = await annasAnswer();
    for (const name of anna.jar.keys()) anna.jar.set(name, other ?? '');
    await refused(anna.callback(answer, 'action'), 'otherBrowser');
  });

  test('is worth nothing where somebody has put a second cookie beside the right one', async () => {
    const answer = await annasAnswer();
    const [[name, value] = []] = [...anna.jar];
    const headers = { cookie: `${name}=${value}; ${name}=${'x'.repeat(43)}` };
    await refused(world.call(parts, 'finishActionSignIn', { search: answer.search, headers }), 'otherBrowser');
  });

  test('is good for ten minutes', async () => {
    const answer = await annasAnswer();
    world.ahead = 10 * 60_000 + 1;
    await refused(anna.callback(answer, 'action'), 'expired');
  });

  test.each([
    ['that nobody has given out', 'x'.repeat(43)],
    ['that is no state at all', "'; drop"],
    ['that reaches into another partition', '../../token|service'],
  ])('%s is unknown', async (_, state) => {
    const answer = changed(await annasAnswer(), (parameters) => parameters.set('state', state));
    await refused(anna.callback(answer, 'action'), 'unknown');
  });

  test('of the service is not taken where people finish theirs, nor the other way round', async () => {
    const lena = new Browser(world, parts);
    await refused(lena.callback(await lena.signIn(await lena.start('service', 'lena', contoso.id), 'lena'), 'action'), 'unknown');
    await refused(anna.callback(await annasAnswer(), 'service'), 'unknown');
  });

  test('of one integration brings nothing to another', async () => {
    const other = await world.integration(parts);
    const answer = changed(await annasAnswer(), (parameters) => parameters.set('integration', other.id));
    expect((await anna.callback(answer, 'action')).status).toBe(200);
    expect(await parts.tokenVault.describe(other.id, me)).toBeNull();
  });

  test('is of no use once the integration signs in elsewhere', async () => {
    const answer = await annasAnswer();
    const action = { by: 'authorizationCode', clientId: '7a9de300-0000-4000-8000-0000000000cc' };
    await parts.integrations.put({ ...contoso, connection: IntegrationConnection.parse({ action }) });
    await refused(anna.callback(answer, 'action'), 'changed', 409);
  });

  test('leaves no tokens where the integration is removed while the code is redeemed', async () => {
    const answer = await annasAnswer();
    const etag = (await parts.integrations.find(contoso.id))?.etag ?? '';
    const slow: Parts = {
      ...parts,
      signInClient: async (...of) => {
        const client = await parts.signInClient(...of);
        const redeem: typeof client.redeem = async (...code) => {
          await parts.integrations.remove(contoso.id, etag);
          return client.redeem(...code);
        };
        return { ...client, redeem };
      },
    };
    const browser = new Browser(world, slow);
    for (const [name, value] of anna.jar) browser.jar.set(name, value);
    expect((await browser.callback(answer, 'action')).status).toBe(409);
    expect(await parts.tokenVault.describe(contoso.id, me)).toMatchObject({ state: 'out', version: null, leftovers: [] });
  });

  test('is of no use once persons do not sign in to the integration any more', async () => {
    const answer = await annasAnswer();
    await parts.integrations.put({ ...contoso, connection: IntegrationConnection.parse({}) });
    await refused(anna.callback(answer, 'action'), 'changed', 409);
  });
});

describe('an answer that no provider gives', () => {
  test.each<[string, (parameters: URLSearchParams) => void]>([
    ['has a code and an error', (parameters) => parameters.set('error', 'access_denied')],
    ['has neither', (parameters) => parameters.delete('code')],
    ['has no state', (parameters) => parameters.delete('state')],
    ['has two states', (parameters) => parameters.append('state', 'x'.repeat(43))],
    ['has two codes', (parameters) => parameters.append('code', 'other')],
    [
      'has two issuers',
      (parameters) => {
        parameters.append('iss', 'https://a.example');
        parameters.append('iss', 'https://b.example');
      },
    ],
    ['is too long', (parameters) => parameters.set('padding', 'x'.repeat(9_000))],
    ['has a code that is too long', (parameters) => parameters.set('code', 'x'.repeat(9_000))],
  ])('is refused: it %s', async (_, change) => {
    await refused(anna.callback(changed(await annasAnswer(), change), 'action'), 'malformed');
  });
});

describe('a code', () => {
  test('of another session, put into this one, is refused (RFC 9700, 4.5)', async () => {
    const ben = new Browser(world, parts);
    const bens = await ben.signIn(await ben.start('action', 'ben', contoso.id), 'ben');
    const mixed = changed(await annasAnswer(), (parameters) => parameters.set('code', bens.searchParams.get('code') ?? ''));
    await refused(anna.callback(mixed, 'action'), 'untrusted');
  });

  test('that was asked for without PKCE is refused', async () => {
    const answer = await annasAnswer((url) => {
      url.searchParams.delete('code_challenge');
      url.searchParams.delete('code_challenge_method');
    });
    await refused(anna.callback(answer, 'action'), 'untrusted');
  });

  test('that was asked for with a challenge of somebody else is refused', async () => {
    const answer = await annasAnswer((url) => url.searchParams.set('code_challenge', 'A'.repeat(43)));
    await refused(anna.callback(answer, 'action'), 'untrusted');
  });

  test('that was asked for with PKCE made weaker is refused', async () => {
    const answer = await annasAnswer((url) => url.searchParams.set('code_challenge_method', 'plain'));
    await refused(anna.callback(answer, 'action'), 'untrusted');
  });

  test('whose nonce was changed on the way is refused', async () => {
    await refused(anna.callback(await annasAnswer((url) => url.searchParams.set('nonce', 'of the attacker')), 'action'), 'untrusted');
  });

  test('that was made up is refused', async () => {
    const answer = changed(await annasAnswer(), (parameters) => parameters.set('code', 'made-up'));
    await refused(anna.callback(answer, 'action'), 'untrusted');
  });

  test('that came with the name of another issuer is refused (RFC 9207)', async () => {
    const answer = changed(await annasAnswer(), (parameters) => parameters.set('iss', 'https://login.example/other/v2.0'));
    await refused(anna.callback(answer, 'action'), 'untrusted');
  });
});

describe('somebody else', () => {
  test('who signs in in the browser of the one who started is refused', async () => {
    const page = await refused(
      anna.callback(await anna.signIn(await anna.start('action', 'anna', contoso.id), 'ben'), 'action'),
      'otherAccount',
      403,
    );
    expect(page.text).toContain('another account');
    expect(await parts.tokenVault.describe(contoso.id, { objectId: person('ben').objectId })).toBeNull();
  });

  test('who is lured into finishing the start of an attacker gives nothing away', async () => {
    const url = await anna.start('action', 'anna', contoso.id);
    const ben = new Browser(world, parts);
    await refused(ben.callback(await ben.signIn(url, 'ben'), 'action'), 'otherBrowser');
  });

  test('who is no admin starts no sign-in of the service, and learns nothing of it', async () => {
    for (const name of ['startServiceSignIn', 'getServiceSignIn', 'endServiceSignIn'] as const) {
      expect((await world.call(parts, name, { bearer: await world.bearer('anna'), search: `?integration=${contoso.id}` })).status).toBe(
        403,
      );
    }
  });

  test.each(['startServiceSignIn', 'startActionSignIn', 'endServiceSignIn', 'endActionSignIn', 'getActionSignIn'] as const)(
    'who has a cookie and no token cannot reach %s: no page on the web can do it for her',
    async (name: RouteName) => {
      await anna.all('action', 'anna', contoso.id);
      await anna.start('action', 'anna', contoso.id);
      const cookie = [...anna.jar].map((pair) => pair.join('=')).join('; ');
      expect((await world.call(parts, name, { search: `?integration=${contoso.id}`, headers: { cookie } })).status).toBe(401);
      expect(await parts.tokenVault.describe(contoso.id, me)).toMatchObject({ state: 'in' });
    },
  );

  test('sees and ends her own sign-in alone', async () => {
    await anna.all('action', 'anna', contoso.id);
    const asked = { bearer: await world.bearer('ben'), search: `?integration=${contoso.id}&objectId=${me.objectId}&person=${me.objectId}` };
    expect(JSON.parse((await world.call(parts, 'getActionSignIn', asked)).text)).toMatchObject({ state: 'never', account: null });
    await world.call(parts, 'endActionSignIn', asked);
    expect(await parts.tokenVault.describe(contoso.id, me)).toMatchObject({ state: 'in' });
  });
});

describe('addresses', () => {
  test.each(['returnTo', 'return_to', 'redirect', 'redirect_uri', 'next', 'url', 'continue', 'RelayState'])(
    'nobody is sent on to a place that %s names',
    async (name) => {
      const evil = 'https://evil.example/';
      const start = await world.call(parts, 'startActionSignIn', {
        bearer: await world.bearer('anna'),
        search: `?integration=${contoso.id}&${name}=${encodeURIComponent(evil)}`,
        headers: { accept: 'text/html' },
      });
      expect(start.headers.get('location')?.startsWith(`${world.identity.url}/`)).toBe(true);
      expect(start.headers.get('location')).not.toContain('evil.example');
      const page = await anna.callback(
        changed(await annasAnswer(), (parameters) => parameters.set(name, evil)),
        'action',
      );
      expect([page.headers.get('location'), page.text.includes('evil.example')]).toEqual([null, false]);
    },
  );

  test.each([
    ['Host', { host: 'http://evil.example' }],
    ['X-Forwarded-Host', { headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' } }],
    ['Forwarded', { headers: { forwarded: 'host=evil.example;proto=https' } }],
    ['X-Original-URL', { headers: { 'x-original-url': 'https://evil.example/' } }],
  ])('the redirect URI is that of the settings, whatever %s says', async (_, more) => {
    const asked = { bearer: await world.bearer('anna'), search: `?integration=${contoso.id}`, ...more };
    const { url } = JSON.parse((await world.call(parts, 'startActionSignIn', asked)).text);
    expect(new URL(url).searchParams.get('redirect_uri')).toBe(`${publicUrl}/app/api/auth/serviceAction/callback`);
  });

  test('the area of an admin’s start chooses between two addresses and no third', async () => {
    const asked = { bearer: await world.bearer('lena'), search: `?integration=${contoso.id}`, area: '//evil.example' };
    const { url } = JSON.parse((await world.call(parts, 'startServiceSignIn', asked)).text);
    expect(new URL(url).searchParams.get('redirect_uri')).toBe(`${publicUrl}/admin/api/gwsc/auth/serverContext`);
  });

  test.each(['finishServiceSignIn', 'finishActionSignIn'] as const)('%s takes nothing but GET', (name) => {
    const same = Object.values(routes).filter(({ path }) => path === routes[name].path);
    expect(same.map(({ method }) => method)).toEqual(['GET']);
  });

  test('without a public address nobody can start', async () => {
    const hidden = world.process({ PUBLIC_URL: '' });
    const reply = await world.call(hidden, 'startActionSignIn', {
      bearer: await world.bearer('anna'),
      search: `?integration=${contoso.id}`,
    });
    expect([reply.status, reply.text]).toEqual([500, expect.stringContaining('PUBLIC_URL')]);
  });

  test.each<[string, object]>([
    ['of two generations', { tokenUrl: 'https://login.microsoftonline.com/common/oauth2/token' }],
    ['of two services', { tokenUrl: 'https://login.example/common/oauth2/v2.0/token' }],
    ['that lead nowhere known', { tokenUrl: 'https://login.example/token', authorizationUrl: 'https://login.example/authorize' }],
  ])('nobody is sent to addresses %s', async (_, addresses) => {
    const action = { by: 'authorizationCode', clientId: tandemApplication.clientId, ...addresses };
    const strange = await world.integration(parts, { action });
    const reply = await world.call(parts, 'startActionSignIn', {
      bearer: await world.bearer('anna'),
      search: `?integration=${strange.id}`,
    });
    expect([reply.status, JSON.parse(reply.text).type]).toEqual([500, expect.stringContaining('settings')]);
  });

  test.each([
    'http://login.example/t/oauth2/v2.0/token',
    'http://10.0.0.1/t/oauth2/v2.0/token',
    'https://me:x@login.example/t/oauth2/v2.0/token',
  ])('an address without protection is no address of a sign-in: %s', (tokenUrl) => {
    const action = { by: 'authorizationCode', clientId: 'x', tokenUrl };
    expect(IntegrationConnection.safeParse({ action }).success).toBe(false);
  });
});

describe('the page at the end', () => {
  test.each(['"><script>alert(1)</script>', "javascript:alert('1')", 'access_denied<img src=x onerror=alert(1)>'])(
    'shows nothing of what came with the request: %s',
    async (text) => {
      const answer = changed(await annasAnswer(), (parameters) => {
        parameters.delete('code');
        for (const name of ['error', 'error_description', 'error_uri', 'session_state']) parameters.set(name, text);
      });
      const page = await refused(anna.callback(answer, 'action'), 'denied');
      for (const part of ['alert', '<script', 'onerror', 'javascript:']) expect(page.text).not.toContain(part);
    },
  );

  test('lets nothing run, load or frame, and sends no referrer along', async () => {
    const page = await anna.callback(new URL(`${publicUrl}/x?state=1&code=2`), 'action');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/);
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  test('tells a person who declined so, and the way back leads to the provider and works', async () => {
    const answer = changed(await annasAnswer(), (parameters) => {
      parameters.delete('code');
      parameters.set('error', 'access_denied');
    });
    const page = await refused(anna.callback(answer, 'action'), 'denied');
    expect(page.text).toContain('You declined');
    const link = /<a href="([^"]+)">Start again/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(new URL(link).origin).toBe(world.identity.url);
    expect((await anna.callback(await anna.signIn(new URL(link), 'anna'), 'action')).status).toBe(200);
  });

  test('asks for consent only after the provider has missed it', async () => {
    const first = await anna.start('action', 'anna', contoso.id);
    expect(first.searchParams.get('prompt')).toBeNull();
    const answer = changed(await anna.signIn(first, 'anna'), (parameters) => {
      parameters.delete('code');
      parameters.set('error', 'consent_required');
    });
    expect((await refused(anna.callback(answer, 'action'), 'denied')).text).toContain('prompt=consent');
  });

  test('offers a new start a few times and no more, and never to another browser', async () => {
    let answer = await annasAnswer();
    for (let times = 0; times < 3; times++) {
      answer = changed(answer, (parameters) => {
        parameters.delete('code');
        parameters.set('error', 'access_denied');
      });
      const link = /<a href="([^"]+)"/.exec((await anna.callback(answer, 'action')).text)?.[1]?.replaceAll('&amp;', '&') ?? '';
      answer = await anna.signIn(new URL(link), 'anna');
    }
    answer.searchParams.delete('code');
    answer.searchParams.set('error', 'access_denied');
    expect((await anna.callback(answer, 'action')).text).not.toContain('<a ');
    expect((await new Browser(world, parts).callback(await annasAnswer(), 'action')).text).not.toContain('<a ');
  });

  test('takes the cookie away when the sign-in is over', async () => {
    await anna.all('action', 'anna', contoso.id);
    expect(anna.jar.size).toBe(0);
  });
});

describe('the cookie', () => {
  test('is out of the reach of scripts and of other sites; over https it is of this host alone', async () => {
    const asked = { bearer: await world.bearer('anna'), search: `?integration=${contoso.id}` };
    const [plain] = (await world.call(parts, 'startActionSignIn', asked)).cookies;
    expect(plain).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', maxAge: 600, secure: false });
    const [secure] = (await world.call(world.process({ PUBLIC_URL: 'https://tandem.contoso.example' }), 'startActionSignIn', asked))
      .cookies;
    expect(secure).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', secure: true });
    expect([secure?.name.startsWith('__Host-'), secure?.domain]).toEqual([true, undefined]);
  });
});

test('no secret, code or token of a sign-in stands in a table or a log, and a secret that the provider refuses is not quoted', async () => {
  await parts.clientSecrets.put(contoso.id, 'action', 'canary-client-secret', null);
  const answer = await annasAnswer();
  const [[, browser] = []] = [...anna.jar];
  const page = await refused(anna.callback(answer, 'action'), 'trouble', 503);
  expect(page.text).toContain('AADSTS7000215');
  await parts.clientSecrets.put(contoso.id, 'action', tandemApplication.clientSecret, null);
  const second = await annasAnswer();
  const [[, later] = []] = [...anna.jar];
  await anna.callback(second, 'action');
  const token = await parts.tokensOf(contoso).person(me.objectId);
  const snapshot = JSON.stringify(world.vault.snapshot());
  const refreshToken = /refreshToken\\":\\"([^\\]+)/.exec(snapshot)?.[1] ?? 'none';
  expect(snapshot).toContain(token);
  const canaries = [
    'canary-client-secret',
    token,
    refreshToken,
    browser,
    later,
    answer.searchParams.get('code'),
    second.searchParams.get('code'),
    second.searchParams.get('state'),
  ];
  const places = `${await world.rows(parts)}\n${world.logged.join('\n')}\n${page.text}`;
  for (const canary of canaries) expect([canary, (canary ?? '').length > 10 && !places.includes(canary ?? '')]).toEqual([canary, true]);
});
