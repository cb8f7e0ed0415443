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
import { testConfig } from '../test-config';

describe('client secrets', () => {
  const surroundings = { faults: new Faults(), counters: new Counters() };
  const clock = { now: () => 1_000_000, sleep: async () => undefined };
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
      service: { setAt: 1_000_000, expiresAt: 5_000_000 },
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

  test('the table holds no secret, whole or in part', async () => {
    await own.put('contoso', 'service', 'canary-in-the-vault', null);
    const rows: unknown[] = [];
    for await (const row of (await tables.table('tokens')).listEntities()) rows.push(row);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain('canary');
  });
});
