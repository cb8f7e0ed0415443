import { createHmac, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { person, tandemApplication, tenantId } from '../../../local/company/people';
import { type IdentityProvider, startIdentityProvider } from '../../../local/identity';
import { walkthroughClientId } from '../../../local/identity/clients';
import { Counters } from '../../../local/serving/counters';
import { Faults } from '../../../local/serving/faults';
import { type Service, startService } from '../../../local/serving/service';
import { type BearerCheck, createBearerCheck } from '../../../shared/auth/bearer';
import { allow } from '../../../shared/auth/route-roles';
import { systemClock } from '../../../shared/platform/clock';
import { testConfig } from '../test-config';

const surroundings = { faults: new Faults(), counters: new Counters() };

type Changes = Readonly<Record<string, unknown>>;

describe('access tokens of the sign-in service', () => {
  let identity: IdentityProvider;
  let check: BearerCheck;
  beforeAll(async () => {
    identity = await startIdentityProvider({ surroundings });
    check = createBearerCheck(testConfig({ AUTHORITY_URL: identity.url }));
  });
  afterAll(() => identity.service.close());

  async function signIn(user: string, scope: string): Promise<Record<string, string>> {
    const body = new URLSearchParams({ grant_type: 'password', client_id: walkthroughClientId, username: user, password: 'x', scope });
    const reply = await fetch(`${identity.url}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body });
    return (await reply.json()) as Record<string, string>;
  }

  test('a person of the tenant comes with her object id, name and roles', async () => {
    const { access_token } = await signIn('lena@contoso.example', `${tandemApplication.audience}/user_impersonation`);
    const lena = await check(`Bearer ${access_token}`);
    expect(lena).toEqual({ objectId: person('lena').objectId, name: 'Lena Moser', roles: ['Tandem.Admin', 'Tandem.User'] });
    expect(() => allow(lena, 'Tandem.Admin')).not.toThrow();
  });

  test('a person without the role is known, and not let in', async () => {
    const { access_token } = await signIn('anna@contoso.example', `${tandemApplication.audience}/user_impersonation`);
    const anna = await check(`bearer ${access_token}`);
    expect(() => allow(anna, 'Tandem.Admin')).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });

  test("a token for another resource is not one for Tandem's API", async () => {
    const { access_token } = await signIn('lena@contoso.example', 'https://graph.microsoft.com/User.Read');
    await expect(check(`Bearer ${access_token}`)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test('keys that cannot be read are no fault of the caller', async () => {
    const { access_token } = await signIn('lena@contoso.example', `${tandemApplication.audience}/user_impersonation`);
    const away = createBearerCheck(testConfig({ AUTHORITY_URL: 'http://127.0.0.1:9' }));
    await expect(away(`Bearer ${access_token}`)).rejects.toMatchObject({ code: 'unavailable', retry: 'later' });
  });
});

describe('tokens that somebody made up', () => {
  let authority: Service;
  let check: BearerCheck;
  let sign: (claims: JWTPayload, header?: Record<string, unknown>) => Promise<string>;
  let signElsewhere: typeof sign;
  let publicKey: string;

  beforeAll(async () => {
    const { privateKey, publicKey: published } = await generateKeyPair('RS256', { extractable: true });
    const stranger = await generateKeyPair('RS256');
    const signer =
      (key: typeof privateKey): typeof sign =>
      (claims, header) =>
        new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(key);
    sign = signer(privateKey);
    signElsewhere = signer(stranger.privateKey);
    const jwk = { ...(await exportJWK(published)), kid: 'k1', use: 'sig', alg: 'RS256' };
    publicKey = JSON.stringify(jwk);
    authority = await startService({ name: 'control', surroundings, handle: () => ({ status: 200, body: { keys: [jwk] } }) });
    check = createBearerCheck(testConfig({ AUTHORITY_URL: authority.url }));
  });
  afterAll(() => authority.close());

  /** Good claims with changes; null takes a claim away. */
  function claims(changes: Changes = {}): JWTPayload {
    const now = Math.floor(Date.now() / 1_000);
    const all: Changes = {
      iss: `${authority.url}/${tenantId}/v2.0`,
      aud: tandemApplication.audience,
      tid: tenantId,
      oid: randomUUID(),
      azp: randomUUID(),
      iat: now,
      nbf: now,
      exp: now + 3_600,
      ...changes,
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
  }

  test('a good one is taken, of either version', async () => {
    await expect(check(`Bearer ${await sign(claims())}`)).resolves.toMatchObject({ name: null, roles: [] });
    const first = claims({ iss: `https://sts.windows.net/${tenantId}/`, aud: tandemApplication.clientId, azp: null, appid: 'x' });
    await expect(check(`Bearer ${await sign(first)}`)).resolves.toBeDefined();
  });

  const now = Math.floor(Date.now() / 1_000);
  test.each<[string, Changes]>([
    ['has expired', { exp: now - 600 }],
    ['never expires', { exp: null }],
    ['is not valid yet', { nbf: now + 600 }],
    ['says nothing of when it starts', { nbf: null }],
    ['comes from another tenant', { iss: 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0' }],
    ['has no issuer', { iss: null }],
    ['is for another audience', { aud: 'api://somebody-else' }],
    ['has no audience', { aud: null }],
    ['names no person', { oid: null }],
    ['names no tenant', { tid: null }],
    ['is an ID token', { aud: tandemApplication.clientId, azp: null, nonce: 'n' }],
    ['has roles of another shape', { roles: 'Tandem.Admin' }],
  ])('one that %s is refused', async (_, changes) => {
    await expect(check(`Bearer ${await sign(claims(changes))}`)).rejects.toMatchObject({ code: 'unauthorized', retry: 'never' });
  });

  test('one whose issuer is right and whose tenant is another is refused', async () => {
    await expect(check(`Bearer ${await sign(claims({ tid: randomUUID() }))}`)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('one that another key signed is refused, whatever key it names or brings along', async () => {
    for (const header of [{}, { kid: 'k2' }, { jku: `${authority.url}/keys` }, { jwk: JSON.parse(publicKey) }])
      await expect(check(`Bearer ${await signElsewhere(claims(), header)}`)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test('one that needs no key, or takes the public key for a password, is refused', async () => {
    const text = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const unsigned = `${text({ alg: 'none' })}.${text(claims())}.`;
    const head = `${text({ alg: 'HS256', kid: 'k1' })}.${text(claims())}`;
    const hashed = `${head}.${createHmac('sha256', publicKey).update(head).digest('base64url')}`;
    for (const token of [unsigned, hashed]) await expect(check(`Bearer ${token}`)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test('one whose claims were changed after signing is refused', async () => {
    const [head, , signature] = (await sign(claims())).split('.');
    const forged = Buffer.from(JSON.stringify(claims({ roles: ['Tandem.Admin'] }))).toString('base64url');
    await expect(check(`Bearer ${head}.${forged}.${signature}`)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test('one that was good is good again, but not beyond its end, and opens nothing for another that looks like it', async () => {
    let now = Date.now();
    const ends = (seconds: number): Changes => ({ exp: Math.floor(now / 1_000) + seconds });
    const clock = { ...systemClock, now: () => now };
    const mine = createBearerCheck(testConfig({ AUTHORITY_URL: authority.url }), clock);
    const [long, short] = await Promise.all([ends(3_600), ends(100)].map((end) => sign(claims(end))));
    const caller = await mine(`Bearer ${long}`);
    await mine(`Bearer ${short}`);
    now += 159_000;
    expect(await mine(`Bearer ${short}`)).toBeDefined();
    expect(await mine(`Bearer ${long}`)).toEqual(caller);
    now += 2_000;
    await expect(mine(`Bearer ${short}`)).rejects.toMatchObject({ code: 'unauthorized' });
    const forged = `${long?.slice(0, -8)}AAAAAAAA`;
    await expect(mine(`Bearer ${forged}`)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test.each([[null], [''], ['Bearer'], ['Bearer '], ['Basic dTpw'], ['Bearer a b'], ['Bearer not.a.token'], ['Bearer ..']])(
    '%j is no token',
    async (header) => {
      await expect(check(header)).rejects.toMatchObject({ code: 'unauthorized' });
    },
  );
});
