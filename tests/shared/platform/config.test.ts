import { readFileSync } from 'node:fs';
import { settingsFiles } from '../../../local/settings-files';
import { readConfig } from '../../../shared/platform/config';
import { type Setting, settingNames, settings } from '../../../shared/platform/config-settings';
import { TandemError } from '../../../shared/platform/errors';

const good = {
  TENANT_ID: '5F3C1F64-0c6b-4c3e-9a1e-6d5e8b0c7a11',
  CLIENT_ID: '7a9de300-0000-4000-8000-0000000000aa',
  KEY_VAULT_URL: 'https://contoso.vault.azure.net/',
  Tables: 'UseDevelopmentStorage=true',
  ServiceBus__fullyQualifiedNamespace: 'contoso.servicebus.windows.net',
};

function complaints(env: Record<string, string | undefined>): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof TandemError && error.code === 'settings') return (error.detail ?? '').split('\n');
    throw error;
  }
  throw new Error('The settings were accepted.');
}

describe('settings', () => {
  test('what has a default may be left out, and durations come in ms', () => {
    const config = readConfig(good);
    expect(config).toMatchObject({
      tenantId: good.TENANT_ID.toLowerCase(),
      clientSecret: null,
      authorityUrl: 'https://login.microsoftonline.com',
      keyVaultUrl: 'https://contoso.vault.azure.net',
      tables: { by: 'connectionString', connectionString: 'UseDevelopmentStorage=true' },
      serviceBus: { by: 'identity', fullyQualifiedNamespace: 'contoso.servicebus.windows.net' },
      apiAudience: `api://${good.CLIENT_ID}`,
      pollPeriodMs: 15_000,
      calendarPastMs: 14 * 86_400_000,
      sliceActions: 90,
    });
  });

  test('an empty setting counts as absent', () => {
    expect(readConfig({ ...good, CLIENT_SECRET: ' ', CYCLE_SECONDS: '' })).toMatchObject({ clientSecret: null, cycleMs: 120_000 });
  });

  test('no name of this machine is an address for others unless it is allowed', () => {
    expect(readConfig(good).loopbackHosts).toEqual([]);
    expect(readConfig({ ...good, LOOPBACK_HOSTS: ' localhost, 127.0.0.1 ,[::1]' }).loopbackHosts).toEqual([
      'localhost',
      '127.0.0.1',
      '[::1]',
    ]);
    expect(complaints({ ...good, LOOPBACK_HOSTS: 'localhost,169.254.169.254' })).toHaveLength(1);
  });

  test('all mistakes are reported together, a line each, with what to write instead', () => {
    const found = complaints({ ...good, TENANT_ID: 'contoso', KEY_VAULT_URL: undefined, CYCLE_SECONDS: '1', SWEEP_SCHEDULE: '* * *' });
    expect(found).toEqual([
      'TENANT_ID is not a GUID. Write a GUID, such as 5f3c1f64-0c6b-4c3e-9a1e-6d5e8b0c7a11',
      'KEY_VAULT_URL is missing. Write an https address (http is taken for 127.0.0.1 and localhost only), such as https://contoso-tandem.vault.azure.net',
      'SWEEP_SCHEDULE is not a schedule of six fields. Write six fields: second, minute, hour, day, month, weekday, such as 0 30 * * * *',
      'CYCLE_SECONDS is not between 5 and 240. Write a whole number from 5 to 240, such as 60',
    ]);
  });

  test('of two ways to reach a service exactly one is set', () => {
    const found = complaints({ ...good, Tables__serviceUri: 'https://x.table.core.windows.net', ServiceBus__fullyQualifiedNamespace: '' });
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(/^Tables and Tables__serviceUri are both set\./);
    expect(found[1]).toMatch(/^ServiceBus and ServiceBus__fullyQualifiedNamespace are both missing\./);
  });

  test('a wrong value is never repeated, for it may be a secret in the wrong place', () => {
    const canary = 'canary-3f9a';
    const wrong = Object.fromEntries(settingNames.map((name) => [name, canary]));
    expect(complaints(wrong).join('\n')).not.toContain(canary);
  });

  test.each([
    ['http://graph.microsoft.com', false],
    ['http://127.0.0.1:4000/', true],
    ['http://localhost:4000', true],
    ['http://localhost.evil.example', false],
    ['https://user@graph.microsoft.com', false],
    ['ftp://127.0.0.1', false],
    ['nonsense', false],
  ])('plain http is for this machine only: %s', (address, accepted) => {
    const read = () => readConfig({ ...good, GRAPH_URL: address });
    if (accepted) expect(read().graphUrl).toBe(address.replace(/\/$/, ''));
    else expect(read).toThrow(TandemError);
  });

  test.each(settingNames)('the default and the example of %s are good values', (name) => {
    const setting: Setting<unknown> = settings[name];
    for (const text of [setting.default, setting.example])
      if (text !== undefined) expect(setting.parse.schema.safeParse(text).success).toBe(true);
  });

  test.each(settingsFiles())('$path is up to date (node dist/local/settings-files.js writes it)', ({ path, text }) => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});
