import { type IdentityProvider, startIdentityProvider } from '../../../local/identity';
import { Counters } from '../../../local/serving/counters';
import { Faults } from '../../../local/serving/faults';
import { createTokenSource, type TokenSource } from '../../../shared/auth/token-source';
import { testConfig } from '../test-config';

const graph = 'https://graph.microsoft.com/.default';

describe('client credentials at the sign-in service', () => {
  const faults = new Faults();
  let identity: IdentityProvider;
  beforeAll(async () => {
    identity = await startIdentityProvider({ surroundings: { faults, counters: new Counters() } });
  });
  afterAll(() => identity.service.close());
  afterEach(() => faults.clear());

  function source(changes: Record<string, string> = {}): TokenSource {
    return createTokenSource(testConfig({ AUTHORITY_URL: identity.url, REQUEST_TIMEOUT_SECONDS: '5', ...changes }));
  }

  test('a token is for the one resource of its scope', async () => {
    const token = await source().token(graph);
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ aud: 'https://graph.microsoft.com', idtyp: 'app' });
  });

  test('a wrong secret is a wrong setting, told with its AADSTS number and without the secret', async () => {
    const error = await source({ CLIENT_SECRET: 'canary-secret' })
      .token(graph)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'settings', retry: 'never', detail: 'invalid_client AADSTS7000215' });
    expect(`${error}`).not.toContain('canary');
  });

  test.each([
    ['throttle', { kind: 'throttle', retryAfterSeconds: 7 }, { code: 'throttled', retry: 'later', retryAfterMs: 7_000 }],
    ['error', { kind: 'error', status: 503 }, { code: 'unavailable', retry: 'later', status: 503 }],
    ['cut', { kind: 'cutBefore' }, { code: 'unavailable', retry: 'later' }],
    ['timeout', { kind: 'timeout' }, { code: 'timeout', retry: 'later' }],
  ] as const)('a service that is in trouble (%s) is tried again later', async (_, fault, expected) => {
    const tokens = source();
    faults.add({ service: 'identity', times: 1, ...fault });
    await expect(tokens.token(graph)).rejects.toMatchObject(expected);
    await expect(tokens.token(graph)).resolves.toMatch(/^eyJ/);
  });
});
