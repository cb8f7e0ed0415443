import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose';
import { calculatePKCECodeChallenge } from 'openid-client';
import { companyDomain, person, tandemApplication, tenantId } from '../../local/company/people';
import { walkthroughClientId } from '../../local/identity/clients';
import { tokenForApplication, tokenForPerson } from '../../local/identity/sign-in';
import { tokenVerifier } from '../../local/serving/tokens';
import { callback, dynamics, graph, refusedWith, Tandem } from './identity-harness';

const { clientId, clientSecret } = tandemApplication;

let tandem: Tandem;

beforeEach(async () => {
  tandem = new Tandem();
  await tandem.start();
});
afterEach(() => tandem.stop());

describe('A code', () => {
  const verifier = 'v'.repeat(50);

  test('works once', async () => {
    const code = await tandem.code();
    expect((await tandem.redeem(code)).status).toBe(200);
    await refusedWith(tandem.redeem(code), 'invalid_grant', 54005);
  });

  test('works once, also for two redemptions at the same moment', async () => {
    const code = await tandem.code();
    const statuses = (await Promise.all([tandem.redeem(code), tandem.redeem(code)])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 400]);
  });

  test('lives for ten minutes', async () => {
    const code = await tandem.code();
    tandem.ahead = 10 * 60_000;
    await refusedWith(tandem.redeem(code), 'invalid_grant', 70008);
  });

  test('asks for the verifier of its challenge, and for none where there was no challenge', async () => {
    const challenged = { code_challenge: await calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
    const code = await tandem.code(challenged);
    await refusedWith(tandem.redeem(code), 'invalid_grant', 501481);
    await refusedWith(tandem.redeem(code, { code_verifier: 'w'.repeat(50) }), 'invalid_grant', 501481);
    expect((await tandem.redeem(code, { code_verifier: verifier })).status).toBe(200);
    await refusedWith(tandem.redeem(await tandem.code(), { code_verifier: verifier }), 'invalid_grant', 501481);
    expect((await tandem.redeem(await tandem.code({ code_challenge: verifier }), { code_verifier: verifier })).status).toBe(200);
  });

  test('belongs to its redirect URI and its application', async () => {
    const code = await tandem.code();
    await refusedWith(tandem.redeem(code, { redirect_uri: callback.replace('7071', '7072') }), 'invalid_client', 500112, 401);
    const elsewhere = { grant_type: 'authorization_code', client_id: walkthroughClientId, code, redirect_uri: callback };
    await refusedWith(tandem.token(elsewhere), 'invalid_grant', 70000);
  });

  test('of a v2 sign-in gives a refresh token only with offline_access, and an id_token only with openid', async () => {
    const { body } = await tandem.redeem(await tandem.code({ scope: `${dynamics}/user_impersonation` }));
    expect(Object.keys(body).sort()).toEqual(['access_token', 'expires_in', 'ext_expires_in', 'scope', 'token_type']);
  });

  test('of a v1 sign-in answers with string numbers, the resource, and every token', async () => {
    const code = await tandem.code({ resource: dynamics }, `${tenantId}/oauth2/authorize`);
    const { body } = await tandem.redeem(code, {}, 1);
    expect(body).toMatchObject({ expires_in: '3599', resource: dynamics, scope: 'user_impersonation' });
    expect(body.expires_on).toMatch(/^\d+$/);
    expect(decodeJwt(body.id_token).iss).toBe(`${tandem.identity.url}/${tenantId}/`);
    expect(body.refresh_token).toEqual(expect.any(String));
  });
});

describe('A refresh token', () => {
  async function refreshToken(): Promise<string> {
    return (await tandem.redeem(await tandem.code())).body.refresh_token;
  }

  test('rotates, and the old one goes on working', async () => {
    const first = await refreshToken();
    const second = (await tandem.refresh(first)).body.refresh_token;
    expect(second).not.toBe(first);
    expect((await tandem.refresh(first)).status).toBe(200);
    expect((await tandem.refresh(second)).status).toBe(200);
  });

  test('serves another resource than the one it was given for', async () => {
    const { body } = await tandem.refresh(await refreshToken(), { scope: `${graph}/Calendars.ReadWrite` });
    expect(decodeJwt(body.access_token)).toMatchObject({ aud: graph, scp: 'Calendars.ReadWrite' });
    expect(body.refresh_token).toEqual(expect.any(String));
  });

  test('dies when the person’s grants are revoked, and a new sign-in gives a good one', async () => {
    const old = await refreshToken();
    expect(tandem.control('revoke', { user: 'anna' })).toEqual({ revoked: 1 });
    await refusedWith(tandem.refresh(old), 'invalid_grant', 50173);
    expect((await tandem.refresh(await refreshToken())).status).toBe(200);
  });

  test('dies of old age after 90 days, or when it is told to', async () => {
    const old = await refreshToken();
    tandem.ahead = 90 * 24 * 3600_000;
    await refusedWith(tandem.refresh(old), 'invalid_grant', 700082);
    const young = await refreshToken();
    tandem.control('expire', { user: 'anna@contoso.example' });
    await refusedWith(tandem.refresh(young), 'invalid_grant', 700082);
  });
});

describe('An access token', () => {
  async function claimsOf(jwt: string): Promise<Record<string, unknown>> {
    const keys = createLocalJWKSet((await (await fetch(tandem.identity.keysUrl)).json()) as JSONWebKeySet);
    return (await jwtVerify(jwt, keys, { issuer: [...tandem.identity.issuers] })).payload;
  }

  test('for Dynamics or Graph is a v1 token that says who acts through what', async () => {
    const claims = await claimsOf(await tokenForPerson(tandem.identity, 'chloe', dynamics));
    expect(claims).toMatchObject({
      aud: dynamics,
      iss: `${tandem.identity.url}/${tenantId}/`,
      tid: tenantId,
      oid: person('chloe').objectId,
      upn: 'chloe@contoso.example',
      name: 'Chloe Dubois',
      appid: walkthroughClientId,
      scp: 'user_impersonation',
      ver: '1.0',
    });
    expect(claims).not.toHaveProperty('idtyp');
    expect(Number(claims.exp) - Number(claims.iat)).toBe(3599);
  });

  test('for Tandem’s own API is a v2 token with the person’s roles', async () => {
    const admin = await claimsOf(await tokenForPerson(tandem.identity, 'lena', 'api://tandem'));
    expect(admin).toMatchObject({
      aud: 'api://tandem',
      iss: `${tandem.identity.url}/${tenantId}/v2.0`,
      azp: walkthroughClientId,
      ver: '2.0',
    });
    expect(admin.roles).toEqual(['Tandem.Admin', 'Tandem.User']);
    expect(await claimsOf(await tokenForPerson(tandem.identity, 'anna', 'api://tandem'))).toMatchObject({ roles: ['Tandem.User'] });
  });

  test('of an application has no person in it', async () => {
    const claims = await claimsOf(await tokenForApplication(tandem.identity, graph));
    expect(claims).toMatchObject({ idtyp: 'app', appid: clientId, oid: tandemApplication.objectId });
    expect(claims.roles).toContain('Calendars.ReadWrite');
    for (const name of ['upn', 'scp', 'name']) expect(claims).not.toHaveProperty(name);
  });

  test('is accepted by the stand-ins’ verifier for its own audience only', async () => {
    const header = `Bearer ${await tokenForApplication(tandem.identity, graph)}`;
    const verifierFor = (audience: string) =>
      tokenVerifier({ keysUrl: tandem.identity.keysUrl, issuers: tandem.identity.issuers, audiences: [audience] });
    expect(await verifierFor(graph).verify(header)).toMatchObject({ aud: graph });
    expect(await verifierFor(dynamics).verify(header)).toBeUndefined();
  });

  test('lives as long as it is told to', async () => {
    tandem.control('lifetime', { seconds: 120 });
    const { exp = 0, iat = 0 } = decodeJwt(await tokenForApplication(tandem.identity, graph));
    expect(exp - iat).toBe(120);
  });

  test('is asked for again only when it is about to expire', async () => {
    const first = await tokenForPerson(tandem.identity, 'anna', dynamics);
    expect(await tokenForPerson(tandem.identity, 'anna', dynamics)).toBe(first);
    tandem.control('lifetime', { seconds: 59 });
    expect(await tokenForPerson(tandem.identity, 'ben', dynamics)).not.toBe(await tokenForPerson(tandem.identity, 'ben', dynamics));
  });
});

describe('The token endpoint', () => {
  const app = { grant_type: 'client_credentials', scope: `${graph}/.default` };

  test('gives an application a token without a refresh token', async () => {
    expect(Object.keys((await tandem.authenticated(app)).body).sort()).toEqual([
      'access_token',
      'expires_in',
      'ext_expires_in',
      'token_type',
    ]);
    const { body } = await tandem.authenticated({ grant_type: 'client_credentials', resource: graph }, 1);
    expect(body).toMatchObject({ expires_in: '3599', resource: graph });
  });

  test('takes each of the secrets of the application, and remembers what it gave away', async () => {
    const client_secret = tandem.identity.addClientSecret();
    const { body } = await tandem.authenticated({ ...app, client_secret });
    expect((await tandem.authenticated(app)).status).toBe(200);
    expect(tandem.identity.issued()).toEqual(
      expect.arrayContaining([
        { kind: 'client secret', value: client_secret },
        { kind: 'access token', value: body.access_token },
      ]),
    );
  });

  test('takes a form-encoded secret in a Basic header', async () => {
    const encoded = `${clientId}:${[...clientSecret].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('')}`;
    const authorization = `Basic ${Buffer.from(encoded).toString('base64')}`;
    expect((await tandem.token(app, 2, { authorization })).status).toBe(200);
    const wrong = `Basic ${Buffer.from(`${clientId}:wrong`).toString('base64')}`;
    await refusedWith(tandem.token(app, 2, { authorization: wrong }), 'invalid_client', 7000215, 401);
  });

  test.each([
    ['a wrong secret', { ...app, client_secret: 'wrong' }, 'invalid_client', 7000215, 401],
    ['no secret', { ...app, client_secret: '' }, 'invalid_client', 7000218, 401],
    ['an unknown application', { ...app, client_id: 'nobody' }, 'unauthorized_client', 700016, 400],
    ['a client assertion', { ...app, client_assertion: 'x' }, 'invalid_client', 700027, 401],
    ['a scope that is not .default', { ...app, scope: `${graph}/Calendars.ReadWrite` }, 'invalid_scope', 1002012, 400],
    ['no scope', { ...app, scope: '' }, 'invalid_request', 900144, 400],
    ['an unknown resource', { ...app, scope: 'api://other/.default' }, 'invalid_resource', 500011, 400],
    ['a grant on behalf of somebody', { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' }, 'unsupported_grant_type', 70003, 400],
    ['no grant type', {}, 'invalid_request', 900144, 400],
    ['an invented refresh token', { grant_type: 'refresh_token', refresh_token: 'x' }, 'invalid_grant', 9002313, 400],
    [
      'a password for the confidential client',
      { grant_type: 'password', username: 'anna', password: 'x' },
      'unauthorized_client',
      70001,
      400,
    ],
  ])('refuses %s', (_what, form, error, code, status) =>
    refusedWith(tandem.authenticated(form as Record<string, string>), error, code, status),
  );

  test('refuses what a public client may not do', async () => {
    const open = { client_id: walkthroughClientId };
    await refusedWith(tandem.token({ ...open, ...app }), 'invalid_client', 7000216, 401);
    await refusedWith(tandem.token({ ...open, ...app, client_secret: 'x' }), 'invalid_client', 700025, 401);
    const password = { ...open, grant_type: 'password', scope: `${graph}/.default` };
    await refusedWith(tandem.token({ ...password, username: 'anna@contoso.example', password: '' }), 'invalid_request', 900144);
    await refusedWith(tandem.token({ ...password, username: 'mallory@contoso.example', password: 'x' }), 'invalid_grant', 50034);
  });

  test('has one tenant only, and wants it named by applications', async () => {
    const at = async (name: string) => {
      const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...app });
      const response = await fetch(`${tandem.identity.url}/${name}/oauth2/v2.0/token`, { method: 'POST', body });
      return ((await response.json()) as { error_codes?: number[] }).error_codes;
    };
    expect(await at(companyDomain)).toBeUndefined();
    expect(await at('common')).toEqual([50059]);
    expect(await at('fabrikam.example')).toEqual([90002]);
  });

  test('shapes its errors as Entra ID does', async () => {
    const { body } = await tandem.token({ grant_type: 'client_credentials' }, 2, { 'client-request-id': 'c-1' });
    expect(body).toEqual({
      error: 'invalid_request',
      error_description: expect.stringMatching(
        /^AADSTS900144: .+ Trace ID: [\da-f-]{36} Correlation ID: c-1 Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/,
      ),
      error_codes: [900144],
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
      trace_id: expect.any(String),
      correlation_id: 'c-1',
      error_uri: `${tandem.identity.url}/error?code=900144`,
    });
  });

  test('fails on order, as often as ordered', async () => {
    tandem.control('fail', { error: 'invalid_grant', code: 65001, suberror: 'consent_required', times: 2 });
    await refusedWith(tandem.authenticated(app), 'invalid_grant', 65001);
    expect((await tandem.authenticated(app)).body.suberror).toBe('consent_required');
    expect((await tandem.authenticated(app)).status).toBe(200);
  });

  test('is throttled in Entra ID’s words', async () => {
    tandem.faults.add({ service: 'identity', kind: 'throttle', times: 1, retryAfterSeconds: 7 });
    const response = await fetch(`${tandem.identity.url}/${tenantId}/oauth2/v2.0/token`, { method: 'POST' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
    expect(await response.json()).toMatchObject({ error: 'temporarily_unavailable', error_codes: [90055] });
  });

  test('is counted under one label, whatever the tenant is called', async () => {
    await tandem.authenticated(app);
    await fetch(`${tandem.identity.url}/common/oauth2/v2.0/token`, { method: 'POST' });
    expect(tandem.counters.snapshot().endpoints.identity?.['POST /{tenant}/oauth2/v2.0/token']).toEqual({ requests: 2, operations: 2 });
  });
});
