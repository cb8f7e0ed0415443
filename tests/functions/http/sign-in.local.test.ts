import '../../../functions/index';
import { decodeJwt } from 'jose';
import { person } from '../../../local/company/people';
import { errorCodes, TandemError } from '../../../shared/platform/errors';
import type { Parts } from '../../../shared/services';
import { Browser, publicUrl, SignInWorld } from './sign-in-world';

/** Without a host the library would warn at every registration. */
jest.mock('@azure/functions-core', () => ({ setProgrammingModel() {}, registerHook() {}, registerFunction() {} }), { virtual: true });

let world: SignInWorld;
let parts: Parts;
beforeAll(async () => {
  world = await SignInWorld.start();
  parts = world.process();
});
afterAll(() => world.close());
afterEach(() => world.faults.clear());

const v1 = (url: string) => ({
  by: 'authorizationCode',
  clientId: '7a9de300-0000-4000-8000-0000000000aa',
  authorizationUrl: `${url}/common/oauth2/authorize?prompt=login`,
  tokenUrl: `${url}/common/oauth2/token`,
});

describe('signing in', () => {
  test('the service account is signed in by an admin, and its tokens open the environment', async () => {
    const integration = await world.integration(parts);
    const page = await new Browser(world, parts).all('service', 'lena', integration.id, 'greta');
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Tandem is signed in to')]);
    const token = decodeJwt(await parts.tokensOf(integration).service());
    expect(token).toMatchObject({ aud: integration.baseUrl, oid: person('greta').objectId, scp: 'user_impersonation' });
  });

  test('the audit says which admin started the sign-in of the service, and which one finished it', async () => {
    const integration = await world.integration(parts);
    await new Browser(world, parts).all('service', 'lena', integration.id, 'greta');
    const { items } = await parts.audit.read({ from: 0, to: Date.now() + 60_000 }, { limit: 100, cursor: null });
    const its = items.filter(({ targets }) => targets.integration === integration.id);
    const by = person('lena').objectId;
    expect(its.map(({ route }) => route).sort()).toEqual(['finishServiceSignIn', 'startServiceSignIn']);
    expect(its).toEqual(its.map(() => expect.objectContaining({ by, outcome: 'done' })));
  });

  test('tokens of the service that cannot be written down in the audit are not kept', async () => {
    const integration = await world.integration(parts);
    const browser = new Browser(world, parts);
    const answer = await browser.signIn(await browser.start('service', 'lena', integration.id), 'greta');
    const away = () => Promise.reject(new TandemError(errorCodes.unavailable, { retry: 'later', fix: 'Wait.' }));
    const mute = new Browser(world, { ...parts, audit: { ...parts.audit, begin: away } });
    for (const [name, value] of browser.jar) mute.jar.set(name, value);
    expect((await mute.callback(answer, 'service')).status).toBe(503);
    await expect(parts.tokensOf(integration).service()).rejects.toMatchObject({ code: 'sign-in-needed' });
  });

  test('a person signs in for her own actions', async () => {
    const integration = await world.integration(parts);
    expect((await new Browser(world, parts).all('action', 'anna', integration.id)).status).toBe(200);
    expect(decodeJwt(await parts.tokensOf(integration).person(person('anna').objectId)).oid).toBe(person('anna').objectId);
    await expect(parts.tokensOf(integration).person(person('ben').objectId)).rejects.toMatchObject({ code: 'sign-in-needed' });
    await expect(parts.tokensOf(integration).service()).rejects.toMatchObject({ code: 'sign-in-needed', retry: 'later' });
  });

  test('the first generation names a resource, and keeps what the address says already', async () => {
    const integration = await world.integration(parts, { service: v1(world.identity.url) });
    const url = await new Browser(world, parts).start('service', 'lena', integration.id);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ resource: integration.baseUrl, code_challenge_method: 'S256' });
    expect((await new Browser(world, parts).all('service', 'lena', integration.id)).status).toBe(200);
    await expect(parts.tokensOf(integration).service()).resolves.toMatch(/^eyJ/);
  });

  test('the client may prove itself in a header', async () => {
    const service = { by: 'authorizationCode', clientId: '7a9de300-0000-4000-8000-0000000000aa', clientAuthentication: 'header' };
    const integration = await world.integration(parts, { service });
    expect((await new Browser(world, parts).all('service', 'lena', integration.id)).status).toBe(200);
  });

  test('a caller that accepts HTML is sent on', async () => {
    const integration = await world.integration(parts);
    const reply = await world.call(parts, 'startServiceSignIn', {
      bearer: await world.bearer('lena'),
      search: `?integration=${integration.id}`,
      headers: { accept: 'text/html,*/*' },
      area: 'manage',
    });
    expect(reply.status).toBe(302);
    const to = new URL(reply.headers.get('location') ?? '');
    expect(to.origin).toBe(world.identity.url);
    expect(to.searchParams.get('redirect_uri')).toBe(`${publicUrl}/manage/api/gwsc/auth/serverContext`);
  });

  test('what is known of a sign-in is told, and ends with it', async () => {
    const integration = await world.integration(parts);
    const bearer = await world.bearer('anna');
    const search = `?integration=${integration.id}`;
    const state = async () => JSON.parse((await world.call(parts, 'getActionSignIn', { bearer, search })).text);
    expect(await state()).toMatchObject({ state: 'never', start: `/app/api/auth/serviceAction/start${search}` });
    await new Browser(world, parts).all('action', 'anna', integration.id);
    expect(await state()).toMatchObject({ state: 'in', account: person('anna').objectId, failure: null });
    expect((await world.call(parts, 'endActionSignIn', { bearer, search })).status).toBe(204);
    expect(await state()).toMatchObject({ state: 'out' });
  });
});
