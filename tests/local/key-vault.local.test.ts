import { SecretClient } from '@azure/keyvault-secrets';
import { type IdentityProvider, startIdentityProvider } from '../../local/identity';
import { tokenForApplication, tokenForPerson } from '../../local/identity/sign-in';
import { type KeyVault, startKeyVault } from '../../local/key-vault';
import { Counters } from '../../local/serving/counters';
import { Faults } from '../../local/serving/faults';

const audience = 'https://vault.azure.net';

let ahead = 0;
let faults: Faults;
let counters: Counters;
let identity: IdentityProvider;
let vaults: KeyVault[];
let vault: KeyVault;
let secrets: SecretClient;

beforeEach(async () => {
  ahead = 0;
  faults = new Faults();
  counters = new Counters();
  vaults = [];
  identity = await startIdentityProvider({ surroundings: { faults, counters } });
  vault = await startVault();
  secrets = clientOf(vault);
});
afterEach(async () => {
  for (const each of vaults) await each.service.close();
  await identity.service.close();
});

async function startVault(options: { purgeProtection?: boolean; snapshot?: unknown } = {}): Promise<KeyVault> {
  const started = await startKeyVault({ surroundings: { faults, counters }, identity, now: () => Date.now() + ahead, ...options });
  vaults.push(started);
  return started;
}

/** The client as it is shipped; only the two switches for a vault without TLS and without its own domain are set. */
function clientOf({ url }: KeyVault, token: () => Promise<string> = () => tokenForApplication(identity, audience)): SecretClient {
  const credential = { getToken: async () => ({ token: await token(), expiresOnTimestamp: Date.now() + 3600_000 }) };
  return new SecretClient(url, credential, { allowInsecureConnection: true, disableChallengeResourceVerification: true });
}

async function all<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const entry of entries) found.push(entry);
  return found;
}

async function deleteSecret(name: string): Promise<void> {
  await (await secrets.beginDeleteSecret(name, { intervalInMs: 1 })).pollUntilDone();
}

describe('A secret', () => {
  test('is read back as it was set, with its properties', async () => {
    const expiresOn = new Date('2030-01-01T00:00:00Z');
    await secrets.setSecret('token-anna-1', 'the value', { contentType: 'application/json', tags: { person: 'anna' }, expiresOn });
    const { value, properties } = await secrets.getSecret('token-anna-1');
    expect(value).toBe('the value');
    expect(properties).toMatchObject({ contentType: 'application/json', tags: { person: 'anna' }, enabled: true, expiresOn });
    expect(properties.version).toMatch(/^[\da-f]{32}$/);
    expect(properties.recoveryLevel).toBe('Recoverable+Purgeable');
  });

  test('keeps every version, and the newest is current', async () => {
    const first = await secrets.setSecret('a', 'one');
    await secrets.setSecret('a', 'two');
    expect((await secrets.getSecret('a')).value).toBe('two');
    expect((await secrets.getSecret('a', { version: first.properties.version ?? '' })).value).toBe('one');
    expect(await all(secrets.listPropertiesOfSecretVersions('a'))).toHaveLength(2);
  });

  test('has one name in upper and lower case', async () => {
    await secrets.setSecret('Signing-Key', 'v');
    expect((await secrets.getSecret('signing-key')).name).toBe('Signing-Key');
  });

  test('can be disabled, and then not be read', async () => {
    const { properties } = await secrets.setSecret('a', 'one');
    await secrets.updateSecretProperties('a', properties.version ?? '', { enabled: false, tags: { why: 'test' } });
    await expect(secrets.getSecret('a')).rejects.toMatchObject({ statusCode: 403, code: 'Forbidden' });
    await secrets.updateSecretProperties('a', properties.version ?? '', { enabled: true });
    expect((await secrets.getSecret('a')).properties.tags).toEqual({ why: 'test' });
  });

  test('that is not there is SecretNotFound', async () => {
    await expect(secrets.getSecret('nobody')).rejects.toMatchObject({ statusCode: 404, code: 'SecretNotFound' });
    await secrets.setSecret('a', 'one');
    await expect(secrets.getSecret('a', { version: 'f'.repeat(32) })).rejects.toMatchObject({ statusCode: 404 });
  });

  test('is refused with a bad name or too long a value, without repeating the value', async () => {
    await expect(secrets.setSecret('under_score', 'v')).rejects.toMatchObject({ statusCode: 400, code: 'BadParameter' });
    const long = 'canary'.repeat(5_000);
    const error = await secrets.setSecret('a', long).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ statusCode: 400 });
    expect(String(error)).not.toContain('canary');
  });
});

describe('A deleted secret', () => {
  beforeEach(async () => {
    await secrets.setSecret('a', 'one');
    await secrets.setSecret('a', 'two');
    await deleteSecret('a');
  });

  test('is gone, but can be recovered with all its versions', async () => {
    await expect(secrets.getSecret('a')).rejects.toMatchObject({ statusCode: 404 });
    expect((await secrets.getDeletedSecret('a')).recoveryId).toBe(`${vault.url}/deletedsecrets/a`);
    await (await secrets.beginRecoverDeletedSecret('a', { intervalInMs: 1 })).pollUntilDone();
    expect((await secrets.getSecret('a')).value).toBe('two');
    expect(await all(secrets.listPropertiesOfSecretVersions('a'))).toHaveLength(2);
  });

  test('keeps its name until it is purged', async () => {
    await expect(secrets.setSecret('a', 'three')).rejects.toMatchObject({ statusCode: 409, code: 'Conflict' });
    await secrets.purgeDeletedSecret('a');
    expect((await secrets.setSecret('a', 'three')).value).toBe('three');
    expect(await all(secrets.listPropertiesOfSecretVersions('a'))).toHaveLength(1);
  });

  test('is gone for good after 90 days', async () => {
    ahead = 90 * 24 * 3600_000;
    await expect(secrets.getDeletedSecret('a')).rejects.toMatchObject({ statusCode: 404 });
    expect(await all(secrets.listDeletedSecrets())).toEqual([]);
  });

  test('cannot be purged where purge protection is on', async () => {
    const kept = clientOf(await startVault({ purgeProtection: true, snapshot: vault.snapshot() }));
    await expect(kept.purgeDeletedSecret('a')).rejects.toMatchObject({ statusCode: 403, code: 'Forbidden' });
    expect((await kept.getDeletedSecret('a')).properties.recoveryLevel).toBe('Recoverable');
  });
});

describe('A list', () => {
  const names = Array.from({ length: 60 }, (_, index) => `secret-${String(index).padStart(2, '0')}`);

  test('brings every secret once, page by page, and never a value', async () => {
    for (const name of names) await secrets.setSecret(name, 'canary');
    await deleteSecret('secret-07');
    const living = await all(secrets.listPropertiesOfSecrets());
    expect(living.map(({ name }) => name)).toEqual(names.filter((name) => name !== 'secret-07'));
    expect(JSON.stringify(living)).not.toContain('canary');
    expect((await all(secrets.listDeletedSecrets())).map(({ name }) => name)).toEqual(['secret-07']);
    expect(counters.snapshot().endpoints.keyVault?.['GET /secrets']?.requests).toBe(3);
  });

  test('loses nothing when secrets are deleted between two pages', async () => {
    for (const name of names) await secrets.setSecret(name, 'v');
    const seen: string[] = [];
    for await (const page of secrets.listPropertiesOfSecrets().byPage({ maxPageSize: 10 })) {
      for (const { name } of page) seen.push(name);
      await deleteSecret(page[0]?.name ?? '');
    }
    expect(seen).toEqual(names);
  });
});

describe('The door', () => {
  const get = (authorization?: string) =>
    fetch(`${vault.url}/secrets/a?api-version=7.6`, authorization === undefined ? {} : { headers: { authorization } });

  test('tells who comes without a token where to get one', async () => {
    const response = await get();
    expect(response.status).toBe(401);
    const challenge = `Bearer authorization="${identity.url}/${identity.tenantId}", resource="${audience}"`;
    expect(response.headers.get('www-authenticate')).toBe(challenge);
  });

  test('opens for no token that was made for another audience, or tampered with', async () => {
    expect((await get(`Bearer ${await tokenForApplication(identity, 'https://graph.microsoft.com')}`)).status).toBe(401);
    const [header, payload, signature] = (await tokenForApplication(identity, audience)).split('.');
    const forged = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()), oid: 'x' }));
    expect((await get(`Bearer ${header}.${forged.toString('base64url')}.${signature}`)).status).toBe(401);
  });

  test('opens for applications, not for people', async () => {
    const asLena = clientOf(vault, () => tokenForPerson(identity, 'lena', audience));
    await expect(asLena.getSecret('a')).rejects.toMatchObject({ statusCode: 403, code: 'Forbidden' });
  });

  test('closes when the role is taken away, and opens when it is given back', async () => {
    await secrets.setSecret('a', 'one');
    vault.controls.deny?.({});
    await expect(secrets.getSecret('a')).rejects.toMatchObject({ statusCode: 403 });
    vault.controls.deny?.({ denied: false });
    expect((await secrets.getSecret('a')).value).toBe('one');
  });

  test('wants an api-version, and says what the vault does not serve', async () => {
    const headers = { authorization: `Bearer ${await tokenForApplication(identity, audience)}` };
    for (const path of ['/secrets/a', '/keys/a?api-version=7.6', '/secrets/a/backup?api-version=7.6']) {
      const response = await fetch(`${vault.url}${path}`, { headers });
      expect([path, response.status]).toEqual([path, 400]);
    }
  });
});

describe('A vault', () => {
  test('is the same after a restart from its snapshot', async () => {
    await secrets.setSecret('a', 'one', { tags: { t: '1' } });
    await secrets.setSecret('gone', 'two');
    await deleteSecret('gone');
    const again = clientOf(await startVault({ snapshot: JSON.parse(JSON.stringify(vault.snapshot())) }));
    expect(await again.getSecret('a')).toMatchObject({ value: 'one', properties: { tags: { t: '1' } } });
    expect((await again.getDeletedSecret('gone')).name).toBe('gone');
  });

  test('makes the client wait when it is throttled', async () => {
    await secrets.setSecret('a', 'one');
    faults.add({ service: 'keyVault', method: 'GET', kind: 'throttle', times: 1, retryAfterSeconds: 0 });
    expect((await secrets.getSecret('a')).value).toBe('one');
  });

  test('shows names and numbers of versions to its keeper, and no values', async () => {
    await secrets.setSecret('a', 'canary');
    await secrets.setSecret('a', 'canary');
    expect(vault.controls.names?.(undefined)).toEqual({ living: [{ name: 'a', versions: 2 }], deleted: [] });
  });
});
