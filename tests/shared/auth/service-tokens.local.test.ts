import '../../../functions/index';
import { createHash, X509Certificate } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { decodeProtectedHeader, importX509, jwtVerify } from 'jose';
import { person } from '../../../local/company/people';
import type { Parts } from '../../../shared/services';
import { SignInWorld } from '../../functions/http/sign-in-world';
import { strangeProvider } from '../../functions/http/strange-provider';
import { certificates } from '../../local/certificates';

/** Without a host the library would warn at every registration. */
jest.mock('@azure/functions-core', () => ({ setProgrammingModel() {}, registerHook() {}, registerFunction() {} }), { virtual: true });

const provider = strangeProvider();
const { objectId } = person('anna');
let world: SignInWorld;
let parts: Parts;
let environment: Server;
let baseUrl: string;
const heard: IncomingHttpHeaders[] = [];

beforeAll(async () => {
  world = await SignInWorld.start();
  parts = world.process();
  environment = createServer((request, response) => {
    heard.push(request.headers);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"value":[]}');
  });
  await new Promise<void>((resolve) => environment.listen(0, '127.0.0.1', resolve));
  const address = environment.address();
  baseUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterAll(async () => {
  environment.closeAllConnections();
  await new Promise((resolve) => environment.close(resolve));
  await world.close();
});
beforeEach(() => void heard.splice(0));

describe('a certificate', () => {
  const pem = `${certificates.serverKey}\n${certificates.server}`;
  const service = () => ({ by: 'certificate', clientId: 'a-client', tokenUrl: provider.signIn.tokenUrl });

  test('proves the application: signed, by thumbprint, for this endpoint and a short time', async () => {
    const contoso = await world.integration(parts, { service: service() });
    await parts.clientSecrets.put(contoso.id, 'certificate', pem, null);
    provider.reply = () => ({ access_token: 'of-the-certificate', token_type: 'Bearer', expires_in: 3_600 });
    expect(await parts.tokensOf(contoso).service()).toBe('of-the-certificate');
    await parts.tokensOf(contoso).service();
    expect(provider.heard).toHaveLength(1);
    const [{ form } = { form: new URLSearchParams() }] = provider.heard;
    expect(Object.fromEntries(form)).toMatchObject({
      grant_type: 'client_credentials',
      scope: `${contoso.baseUrl}/.default`,
      client_id: 'a-client',
    });
    expect(form.get('client_secret')).toBeNull();
    const assertion = form.get('client_assertion') ?? '';
    const { payload } = await jwtVerify(assertion, await importX509(certificates.server, 'RS256'), {
      audience: service().tokenUrl,
      issuer: 'a-client',
      subject: 'a-client',
    });
    expect((payload.exp ?? 0) - Date.now() / 1_000).toBeLessThan(600);
    const { raw } = new X509Certificate(certificates.server);
    expect(decodeProtectedHeader(assertion)).toMatchObject({
      alg: 'RS256',
      x5t: createHash('sha1').update(raw).digest('base64url'),
      'x5t#S256': createHash('sha256').update(raw).digest('base64url'),
    });
  });

  test('gets each environment a token of its own, although one has taken the name of another', async () => {
    const contoso = await world.integration(parts, { service: { ...service(), scope: 'https://one.example/.default' } });
    await parts.clientSecrets.put(contoso.id, 'certificate', pem, null);
    let given = 0;
    provider.reply = () => ({ access_token: `token ${++given}`, token_type: 'Bearer', expires_in: 3_600 });
    const before = await parts.tokensOf(contoso).service();
    expect(await parts.tokensOf({ ...contoso, baseUrl }).service()).not.toBe(before);
  });

  test('that nobody has given yet is a matter of settings', async () => {
    const contoso = await world.integration(parts, { service: service() });
    await expect(parts.tokensOf(contoso).service()).rejects.toMatchObject({ code: 'settings' });
    expect(provider.heard).toEqual([]);
  });
});

describe('requests to Dynamics', () => {
  async function signedIn(headerPrefix: string) {
    const signIn = { ...provider.signIn, headerPrefix };
    const contoso = { ...(await world.integration(parts, { service: signIn, action: signIn })), baseUrl };
    for (const holder of ['service', { objectId }] as const) {
      const { name } = await parts.signInClient(contoso, holder);
      const tokens = {
        accessToken: holder === 'service' ? 'of-the-service' : 'of-anna',
        refreshToken: 'r',
        expiresAt: world.clock.now() + 3_600_000,
      };
      await parts.tokenVault.keep(contoso, holder, name, { tokens, account: null });
    }
    return contoso;
  }

  test('as the service carry its token with the prefix of the sign-in, and name the person', async () => {
    await parts.dynamics(await signedIn('Token')).readRecords('task', [objectId], { objectId }, 'UTC');
    expect(heard[0]).toMatchObject({ authorization: 'Token of-the-service', callerobjectid: objectId });
  });

  test('as the person carry her own token and name nobody', async () => {
    await parts.dynamicsAs(await signedIn('Bearer'), objectId).readRecords('task', [objectId], { objectId }, 'UTC');
    expect(heard[0]).toMatchObject({ authorization: 'Bearer of-anna' });
    expect(heard[0]?.callerobjectid).toBeUndefined();
  });
});
