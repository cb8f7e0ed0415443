import { inspect } from 'node:util';
import type { SecretClient } from '@azure/keyvault-secrets';
import { type IdentityProvider, startIdentityProvider } from '../../../local/identity';
import { type KeyVault, startKeyVault } from '../../../local/key-vault';
import { Counters } from '../../../local/serving/counters';
import { Faults } from '../../../local/serving/faults';
import { memoryTables } from '../../../local/simulation/memory-tables';
import { type ClientSecrets, keyVaultClientSecrets } from '../../../shared/auth/client-secrets';
import { createTokenSource } from '../../../shared/auth/token-source';
import { openKeyVault } from '../../../shared/storage/key-vault';
import type { Tables } from '../../../shared/storage/tables';
import { certificates } from '../../local/certificates';
import { testConfig } from '../test-config';

describe('client secrets', () => {
  const surroundings = { faults: new Faults(), counters: new Counters() };
  const clock = { at: 1_000_000, now: () => clock.at, sleep: async () => undefined };
  let identity: IdentityProvider;
  let vault: KeyVault;
  let secrets: SecretClient;
  let tables: Tables;
  let own: ClientSecrets;

  beforeAll(async () => {
    identity = await startIdentityProvider({ surroundings });
  });
  afterAll(() => identity.service.close());
  beforeEach(async () => {
    clock.at = 1_000_000;
    vault = await startKeyVault({ surroundings, identity, purgeProtection: true });
    const config = testConfig({ AUTHORITY_URL: identity.url, KEY_VAULT_URL: vault.url });
    secrets = openKeyVault(config, createTokenSource(config));
    tables = memoryTables(Date.now);
    own = keyVaultClientSecrets({ secrets, tables, clock });
  });
  afterEach(async () => {
    surroundings.faults.clear();
    await vault.service.close();
  });

  test('a secret is kept for its use, and told about without its value', async () => {
    await own.put('contoso', 'service', 'one', 5_000_000);
    expect(await own.read('contoso', 'service')).toBe('one');
    expect(await own.read('contoso', 'action')).toBeNull();
    expect(await own.read('fabrikam', 'service')).toBeNull();
    expect(await own.describe('contoso')).toEqual({
      service: { setAt: 1_000_000, expiresAt: 5_000_000, warning: 1 },
      action: null,
      certificate: null,
    });
  });

  test('a secret that is set again is the one that counts', async () => {
    await own.put('contoso', 'action', 'one', null);
    await own.put('contoso', 'action', 'two', null);
    expect(await own.read('contoso', 'action')).toBe('two');
  });

  test('a removed secret can be set again though its old name is deleted and may not be purged', async () => {
    for (const value of ['one', 'two', 'three']) {
      await own.put('contoso', 'service', value, null);
      expect(await own.read('contoso', 'service')).toBe(value);
      await own.remove('contoso');
      expect(await own.read('contoso', 'service')).toBeNull();
      expect((await own.describe('contoso')).service).toBeNull();
    }
    const names = ['client-contoso-service-1', 'client-contoso-service-2', 'client-contoso-service-3'];
    expect(vault.controls.names?.({})).toEqual({ living: [], deleted: names.map((name) => ({ name, versions: 2 })) });
  });

  test('a table that was lost costs names and no secret', async () => {
    await own.put('contoso', 'service', 'one', null);
    await own.remove('contoso', 'service');
    const anew = keyVaultClientSecrets({ secrets, tables: memoryTables(Date.now), clock });
    await anew.put('contoso', 'service', 'two', null);
    expect(await anew.read('contoso', 'service')).toBe('two');
  });

  test('a removal that broke off is finished by the next', async () => {
    await own.put('contoso', 'service', 'one', null);
    surroundings.faults.add({ service: 'keyVault', method: 'DELETE', kind: 'cutAfter', times: 10 });
    await expect(own.remove('contoso')).rejects.toMatchObject({ retry: 'later' });
    surroundings.faults.clear();
    await own.remove('contoso');
    expect(await own.read('contoso', 'service')).toBeNull();
  });

  test('the end of a secret is told 30, 7 and 1 days ahead and when it has come, each once; a new secret starts anew', async () => {
    const day = 86_400_000;
    await own.put('contoso', 'action', 'one', clock.at + 40 * day);
    const told: (number | undefined)[] = [];
    for (const left of [40, 30, 29, 8, 7, 2, 1, 0, -1]) {
      clock.at = 1_000_000 + (40 - left) * day;
      told.push((await own.takeWarnings('contoso'))[0]?.days);
    }
    expect(told).toEqual([undefined, 30, undefined, undefined, 7, undefined, 1, 0, undefined]);
    await own.put('contoso', 'action', 'two', clock.at + 3 * day);
    expect(await own.takeWarnings('contoso')).toEqual([{ use: 'action', days: 7 }]);
  });

  test('a certificate tells its own end, and what is none is refused without being quoted', async () => {
    await own.put('contoso', 'certificate', `${certificates.server}\n${certificates.serverKey}`, null);
    expect((await own.describe('contoso')).certificate?.expiresAt).toBeGreaterThan(Date.parse('2100-01-01'));
    const wrong = [
      certificates.server,
      `${certificates.authority}${certificates.serverKey}`,
      certificates.elliptic,
      'canary',
      `${certificates.server}${certificates.encryptedKey}`,
    ];
    for (const pem of wrong) {
      const error = await own.put('contoso', 'certificate', pem, null).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'bad-request' });
      expect(inspect(error)).not.toMatch(/canary|PRIVATE/);
    }
  });

  test('the table holds no secret, whole or in part', async () => {
    await own.put('contoso', 'service', 'canary-in-the-vault', null);
    const rows: unknown[] = [];
    for await (const row of (await tables.table('tokens')).listEntities()) rows.push(row);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain('canary');
  });
});
