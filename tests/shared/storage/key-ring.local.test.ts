import { randomBytes } from 'node:crypto';
import type { SecretClient } from '@azure/keyvault-secrets';
import { type IdentityProvider, startIdentityProvider } from '../../../local/identity';
import { type KeyVault, startKeyVault } from '../../../local/key-vault';
import { Counters } from '../../../local/serving/counters';
import { Faults } from '../../../local/serving/faults';
import { createTokenSource } from '../../../shared/auth/token-source';
import { createSealer } from '../../../shared/platform/seal';
import { loadKeyRing, stateKeyName } from '../../../shared/storage/key-ring';
import { openKeyVault } from '../../../shared/storage/key-vault';
import { sealerSource } from '../../../shared/storage/sealer-source';
import { testConfig } from '../test-config';
import { startTables, type TableStore } from './table-stores';

describe('the key ring', () => {
  const surroundings = { faults: new Faults(), counters: new Counters() };
  const clock = { later: 0, now: () => Date.now() + clock.later, sleep: async () => undefined };
  let store: TableStore;
  let identity: IdentityProvider;
  let vault: KeyVault;
  let secrets: SecretClient;

  beforeAll(async () => {
    store = await startTables();
    identity = await startIdentityProvider({ surroundings });
  });
  afterAll(async () => {
    await identity.service.close();
    await store.close();
  });

  beforeEach(async () => {
    clock.later = 0;
    vault = await startKeyVault({ surroundings, identity });
    const config = testConfig({ AUTHORITY_URL: identity.url, KEY_VAULT_URL: vault.url });
    secrets = openKeyVault(config, createTokenSource(config));
    const table = await store.tables.table('keys');
    for await (const row of table.listEntities()) await table.deleteEntity(row.partitionKey ?? '', row.rowKey ?? '');
  });
  afterEach(async () => {
    surroundings.faults.clear();
    await vault.service.close();
  });

  const load = async () => loadKeyRing({ secrets, table: await store.tables.table('keys'), clock });

  test('processes that start at once in an empty vault end with one key', async () => {
    const rings = await Promise.all(Array.from({ length: 8 }, load));
    expect(new Set(rings.map(({ current }) => current.id)).size).toBe(1);
    const [first, second] = rings.map(createSealer);
    expect(second?.open(first?.seal('text') ?? '')).toBe('text');
    expect(first?.digest('text')).toBe(second?.digest('text'));
    expect((await load()).current.id).toBe(rings[0]?.current.id);
  });

  test('a process that died between making a version and claiming it leaves no harm', async () => {
    await secrets.setSecret(stateKeyName, randomBytes(32).toString('base64'), { contentType: 'application/x-tandem-state-key' });
    const [one, other] = [await load(), await load()];
    expect(one.current.id).toBe(other.current.id);
  });

  test("a person's new version is known at once and takes over when everybody knows it; the old one still opens", async () => {
    const old = await load();
    const sealed = createSealer(old).seal('text');
    const added = await secrets.setSecret(stateKeyName, randomBytes(32).toString('base64'));
    const early = await load();
    expect(early.current.id).toBe(old.current.id);
    expect(early.find(added.properties.version?.slice(0, 8) ?? '')).toBeDefined();
    clock.later = 3 * 60 * 60_000;
    const late = await load();
    expect(late.current.id).toBe(added.properties.version?.slice(0, 8));
    expect(createSealer(late).open(sealed)).toBe('text');
  });

  test('a key that was switched off is missed, not replaced', async () => {
    const ring = await load();
    for await (const { version } of secrets.listPropertiesOfSecretVersions(stateKeyName)) {
      if (version?.startsWith(ring.current.id)) await secrets.updateSecretProperties(stateKeyName, version, { enabled: false });
    }
    await expect(load()).rejects.toMatchObject({ code: 'settings', retry: 'later' });
  });

  test('a secret of another length is refused without showing it', async () => {
    await secrets.setSecret(stateKeyName, Buffer.from('canary').toString('base64'));
    const error = await load().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'settings' });
    expect(`${error}`).not.toContain('canary');
  });

  test('a vault that lets nobody in names the role that is missing', async () => {
    vault.controls.deny?.({});
    await expect(load()).rejects.toMatchObject({ code: 'forbidden', fix: expect.stringContaining('Key Vault Secrets Officer') });
  });

  test('the ring is read once an hour, and a vault that is away then is no loss', async () => {
    let loads = 0;
    const sealer = sealerSource(() => {
      loads += 1;
      return load();
    }, clock);
    const [first, again] = [await sealer(), await sealer()];
    expect([again === first, loads]).toEqual([true, 1]);
    clock.later = 60 * 60_000 + 1;
    surroundings.faults.add({ service: 'keyVault', kind: 'error', status: 403 });
    expect(await sealer()).toBe(first);
    expect(loads).toBe(2);
  });
});
