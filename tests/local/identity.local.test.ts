import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { companyDomain, people, person, tandemApplication, tenantId } from '../../local/company/people';
import { startIdentityProvider } from '../../local/identity';
import { callback, dynamics, graph, returned, shown, Tandem } from './identity-harness';

const { clientId, clientSecret } = tandemApplication;

let tandem: Tandem;

beforeEach(async () => {
  tandem = new Tandem();
  await tandem.start();
});
afterEach(() => tandem.stop());

describe('Sign-in through openid-client', () => {
  async function discovered(auth: client.ClientAuth): Promise<client.Configuration> {
    const server = new URL(`${tandem.identity.url}/${tenantId}/v2.0`);
    return client.discovery(server, clientId, {}, auth, { execute: [client.allowInsecureRequests] });
  }

  test.each([
    ['the body', client.ClientSecretPost(clientSecret)],
    ['a Basic header', client.ClientSecretBasic(clientSecret)],
  ])('gives a person tokens by code and PKCE, and new ones by refresh, with the secret in %s', async (_where, auth) => {
    const configuration = await discovered(auth);
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: callback,
      scope: `openid offline_access ${dynamics}/.default`,
      state: 's1',
      nonce: 'n1',
      login_hint: person('ben').email,
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    });
    const back = returned(await fetch(url, { redirect: 'manual' }));
    expect(back.searchParams.get('session_state')).not.toBeNull();
    const tokens = await client.authorizationCodeGrant(configuration, back, { pkceCodeVerifier, expectedState: 's1', expectedNonce: 'n1' });

    expect(tokens.claims()).toMatchObject({ preferred_username: 'ben@contoso.example', oid: person('ben').objectId, tid: tenantId });
    expect(tokens.expires_in).toBe(3599);
    expect(tokens.scope).toBe(`${dynamics}/user_impersonation ${dynamics}/.default openid`);

    const refreshed = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
    expect(decodeJwt(refreshed.access_token)).toMatchObject({ aud: dynamics, oid: person('ben').objectId });
  });

  test('works against the v1 endpoints when they are written by hand, with their string numbers', async () => {
    const base = `${tandem.identity.url}/${tenantId}`;
    const configuration = new client.Configuration(
      {
        issuer: `${base}/`,
        authorization_endpoint: `${base}/oauth2/authorize`,
        token_endpoint: `${base}/oauth2/token`,
        jwks_uri: `${base}/discovery/keys`,
      },
      clientId,
      {},
      client.ClientSecretPost(clientSecret),
    );
    client.allowInsecureRequests(configuration);
    const url = client.buildAuthorizationUrl(configuration, { redirect_uri: callback, resource: dynamics, state: 's', login_hint: 'anna' });
    const back = returned(await fetch(url, { redirect: 'manual' }));
    const tokens = await client.authorizationCodeGrant(configuration, back, { expectedState: 's' }, { resource: dynamics });
    expect(tokens.expires_in).toBe(3599);
    expect(tokens.claims()?.upn).toBe('anna@contoso.example');
    const refreshed = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '', { resource: graph });
    expect(decodeJwt(refreshed.access_token).aud).toBe(graph);
  });
});

describe('The sign-in page', () => {
  async function requestId(response: Response): Promise<string> {
    const html = await response.text();
    expect(html).toContain('Sign in to Contoso');
    return /name="request" value="([^"]+)"/.exec(html)?.[1] ?? '';
  }

  function answer(form: Record<string, string>): Promise<Response> {
    return fetch(`${tandem.identity.url}/${tenantId}/sign-in`, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
  }

  test('lists everybody, and one click signs in', async () => {
    const response = await tandem.authorize({});
    const html = await response.clone().text();
    for (const { email } of people) expect(html).toContain(email);
    const back = returned(await answer({ request: await requestId(response), person: 'emi' }));
    expect(back.href.startsWith(callback)).toBe(true);
    expect(back.searchParams.get('state')).toBe('the state');
    const { body } = await tandem.redeem(back.searchParams.get('code') ?? '');
    expect(decodeJwt(body.access_token).upn).toBe('emi@contoso.example');
  });

  test('can be answered once', async () => {
    const request = await requestId(await tandem.authorize({}));
    await answer({ request, person: 'emi' });
    await shown(answer({ request, person: 'emi' }), 165000);
  });

  test('tells the application when the person declines', async () => {
    const back = returned(await answer({ request: await requestId(await tandem.authorize({})), answer: 'deny' }));
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.get('error_description')).toContain('AADSTS65004');
    expect(back.searchParams.get('state')).toBe('the state');
  });

  test('shows what came in from outside as text, never as markup', async () => {
    const html = await (await tandem.authorize({ client_id: '<script>alert(1)</script>' })).text();
    expect(html).not.toContain('<script>');
  });
});

describe('The authorize endpoint', () => {
  test('shows an unknown application on a page', () => shown(tandem.authorize({ client_id: 'nobody' }), 700016));

  test.each([
    'http://127.0.0.1:7071/elsewhere',
    'https://evil.example/app/api/auth/serviceAction/callback',
    'http://127.0.0.1@evil.example/app/api/auth/serviceAction/callback',
    `${callback}#x`,
    `${callback}/`,
  ])('never redirects to %s', (uri) => shown(tandem.authorize({ redirect_uri: uri }), 50011));

  test('takes registered redirect URIs character by character where they are given', async () => {
    const strict = await startIdentityProvider({ surroundings: tandem, redirectUris: [callback] });
    try {
      const at = (uri: string) => tandem.authorizeUrl({ redirect_uri: uri }).replace(tandem.identity.url, strict.url);
      expect((await fetch(at(callback))).status).toBe(200);
      await shown(fetch(at(callback.replace('7071', '7072'))), 50011);
    } finally {
      await strict.service.close();
    }
  });

  test('refuses an unknown tenant, and knows the four names of its own', async () => {
    await shown(tandem.authorize({}, 'fabrikam.example/oauth2/v2.0/authorize'), 90002);
    for (const name of [tenantId, companyDomain, 'common', 'organizations']) {
      const back = returned(await tandem.authorize({ login_hint: 'anna' }, `${name}/oauth2/v2.0/authorize`));
      expect(back.searchParams.has('code')).toBe(true);
    }
  });

  test.each([
    [{ response_type: 'id_token' }, 'unsupported_response_type', 700054],
    [{ response_mode: 'carrier_pigeon' }, 'invalid_request', 70007],
    [{ code_challenge: 'short', code_challenge_method: 'S256' }, 'invalid_request', 50147],
    [{ code_challenge: 'x'.repeat(43), code_challenge_method: 'S512' }, 'invalid_request', 501491],
    [{ scope: 'api://someone-else/.default' }, 'invalid_resource', 500011],
    [{ scope: `${dynamics}/.default ${graph}/.default` }, 'invalid_scope', 28000],
    [{ resource: graph }, 'invalid_target', 9010010],
    [{ prompt: 'none' }, 'login_required', 50058],
  ])('sends %j back to the application as an error', async (parameters, error, code) => {
    const back = returned(await tandem.authorize(parameters as Record<string, string>));
    expect(back.searchParams.get('error')).toBe(error);
    expect(back.searchParams.get('error_description')).toContain(`AADSTS${code}: `);
    expect(back.searchParams.get('state')).toBe('the state');
  });

  test('signs in silently where the browser has a session, until it signs out', async () => {
    const cookie = ((await tandem.authorize({ login_hint: 'jack' })).headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const silent = () => tandem.authorize({ prompt: 'none' }, undefined, { cookie });
    expect(returned(await silent()).searchParams.has('code')).toBe(true);
    await fetch(`${tandem.identity.url}/${tenantId}/oauth2/v2.0/logout`, { headers: { cookie } });
    expect(returned(await silent()).searchParams.get('error')).toBe('login_required');
  });

  test('answers in the fragment or in a form where the application asks for it', async () => {
    const fragment = returned(await tandem.authorize({ login_hint: 'anna', response_mode: 'fragment' }));
    expect(new URLSearchParams(fragment.hash.slice(1)).get('state')).toBe('the state');
    expect(fragment.search).toBe('');
    const form = await (await tandem.authorize({ login_hint: 'anna', response_mode: 'form_post' })).text();
    expect(form).toContain(`action="${callback}"`);
    const code = /name="code" value="([^"]+)"/.exec(form)?.[1] ?? '';
    expect((await tandem.redeem(code)).status).toBe(200);
  });

  test('grants an administrator’s consent with the tenant’s id', async () => {
    const url = `${tandem.identity.url}/common/adminconsent?${new URLSearchParams({ client_id: clientId, redirect_uri: callback, state: 's' })}`;
    const back = returned(await fetch(url, { redirect: 'manual' }));
    expect(Object.fromEntries(back.searchParams)).toEqual({ state: 's', tenant: tenantId, admin_consent: 'True' });
  });
});

describe('Discovery', () => {
  const issuerAt = async (path: string) =>
    ((await (await fetch(`${tandem.identity.url}/${path}/.well-known/openid-configuration`)).json()) as { issuer: string }).issuer;

  test('names the tenant’s issuer, and a template where the tenant is left open', async () => {
    expect(await issuerAt(`${tenantId}/v2.0`)).toBe(`${tandem.identity.url}/${tenantId}/v2.0`);
    expect(await issuerAt(`${companyDomain}/v2.0`)).toBe(`${tandem.identity.url}/${tenantId}/v2.0`);
    expect(await issuerAt('common/v2.0')).toBe(`${tandem.identity.url}/{tenantid}/v2.0`);
    expect(await issuerAt('organizations/v2.0')).toBe(`${tandem.identity.url}/{tenantid}/v2.0`);
    expect(await issuerAt(tenantId)).toBe(`${tandem.identity.url}/${tenantId}/`);
    expect(await issuerAt('common')).toBe(`${tandem.identity.url}/{tenantid}/`);
  });

  test('knows nothing about other tenants', async () => {
    const response = await fetch(`${tandem.identity.url}/fabrikam.example/v2.0/.well-known/openid-configuration`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_tenant', error_codes: [90002] });
  });
});
