import { type BicepFile, parseBicep, projectBicep } from './bicep';
import { houseRules } from './house-rules';

let files: BicepFile[];
beforeAll(async () => {
  files = await projectBicep();
});

test('the project has Bicep to check', () => {
  expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(['infra/main.bicep', 'bicep/function-app.bicep']));
  expect(files.flatMap(({ resources }) => resources).length).toBeGreaterThan(30);
});

test.each(Object.entries(houseRules))('every file keeps the rule %s', (_name, rule) => {
  expect(files.flatMap(rule)).toEqual([]);
});

const storage = `{
  name: 'x'
  properties: { minimumTlsVersion: 'TLS1_2', supportsHttpsTrafficOnly: true, allowSharedKeyAccess: false, allowBlobPublicAccess: false }
}`;

/** Each of these breaks one rule, so that every rule is seen to find something. */
const broken: readonly (readonly [keyof typeof houseRules, string, string])[] = [
  ['syntax', 'var a = { ...b }', 'syntax'],
  ['syntax', "param a string = 'b", 'syntax'],
  ['pinnedVersions', "resource a 'Microsoft.KeyVault/vaults@2026-03-01-preview' = { name: 'x' }", 'not a released version'],
  ['pinnedVersions', "resource a 'Microsoft.KeyVault/vaults@latest' = { name: 'x' }", 'not a released version'],
  ['pinnedVersions', "module a 'br/public:avm/res/key-vault/vault:0.1.0' = { name: 'x' }", 'not in this repository'],
  ['plainDeclarations', "resource a 'A/b@2020-01-01' = {\n  name: 'x'\n  resource c 'C@2020-01-01' = { name: 'y' }\n}", 'nested'],
  ['plainDeclarations', "resource a 'A/b/c@2020-01-01' = { name: 'x/y' }", 'has no parent'],
  ['noKeys', 'var key = account.listKeys().keys[0].value', 'listKeys'],
  ['noKeys', "var key = listKeys(account.id, '2024-01-01').keys[0].value", 'listKeys'],
  ['noKeys', "var key = vault.getSecret('x')", 'getSecret'],
  ['noKeys', "var text = 'AccountName=a;AccountKey=b'", 'holds a key'],
  ['noSecretsGoThrough', 'output connectionString string = x.properties.host', 'the output connectionString'],
  ['noSecretsGoThrough', 'output host string = x.properties.primaryKey', 'the output host'],
  ['noSecretsGoThrough', "@secure()\nparam pin string = '1234'", 'has a default'],
  ['noSecretsGoThrough', 'param clientSecret string', 'not marked'],
  [
    'safeProperties',
    `resource a 'Microsoft.Storage/storageAccounts@2025-06-01' = ${storage.replace('TLS1_2', 'TLS1_0')}`,
    'minimumTlsVersion',
  ],
  [
    'safeProperties',
    `resource a 'Microsoft.Storage/storageAccounts@2025-06-01' = ${storage.replace('KeyAccess: false', 'KeyAccess: true')}`,
    'allowSharedKeyAccess',
  ],
  [
    'safeProperties',
    "resource a 'Microsoft.ServiceBus/namespaces@2024-01-01' = { name: 'x', properties: { minimumTlsVersion: '1.2' } }",
    'disableLocalAuth',
  ],
  ['safeProperties', "resource a 'Microsoft.Insights/components@2020-02-02' = { name: 'x', properties: {} }", 'DisableLocalAuth'],
  [
    'safeProperties',
    "resource a 'Microsoft.KeyVault/vaults@2024-11-01' = if (b) { name: 'x', properties: { enableSoftDelete: true } }",
    'enablePurgeProtection',
  ],
  ['fitsFlex', "resource a 'Microsoft.Web/sites@2025-03-01' = { properties: { siteConfig: { ftpsState: 'Disabled' } } }", 'ftpsState'],
];

test.each(broken)('the rule %s finds what is wrong in: %s', async (rule, text, finding) => {
  expect(houseRules[rule](await parseBicep(text)).join('\n')).toContain(finding);
});

test('what keeps a rule passes it also on one line, in a condition and in a loop', async () => {
  const type = "'Microsoft.Storage/storageAccounts@2025-06-01'";
  const file = await parseBicep(
    `resource a ${type} = ${storage}\nresource b ${type} = if (c) ${storage}\nresource d ${type} = [for e in f: ${storage}]`,
  );
  expect(file.resources).toHaveLength(3);
  expect(Object.values(houseRules).flatMap((rule) => rule(file))).toEqual([]);
});
