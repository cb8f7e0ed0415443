import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../shared/platform/config';
import { settingNames, settings } from '../../shared/platform/config-settings';
import { asEnvironment, deployedSettings, settingFindings } from './app-settings';
import { type BicepFile, bicepFile, type Properties, parseBicep, projectRoot } from './bicep';
import { declaredFunctions } from './declared-functions';

let file: BicepFile;
let deployed: Properties;
beforeAll(async () => {
  file = await bicepFile('bicep/function-app.bicep');
  deployed = deployedSettings(file);
});

test('the app settings are those that the schema requires and those of the host, name by name, both ways', () => {
  expect(settingFindings(deployed)).toEqual([]);
});

test('the app takes them, and reaches every service as its identity', () => {
  expect(readConfig(asEnvironment(deployed))).toMatchObject({
    clientSecret: null,
    managedIdentityClientId: expect.any(String),
    tables: { by: 'identity' },
    serviceBus: { by: 'identity' },
  });
});

test.each(['AzureWebJobsStorage', 'ServiceBus'])('the host reaches %s as the same identity', (connection) => {
  expect(deployed[`${connection}__credential`]).toBe('managedidentity');
  expect(deployed[`${connection}__clientId`]).toEqual(deployed.MANAGED_IDENTITY_CLIENT_ID);
  expect(deployed[connection]).toBeUndefined();
});

test('every schedule has the default of the schema, and every timer its schedule', () => {
  const schedules = Object.values(declaredFunctions().timers).map(({ schedule }) => schedule.replaceAll('%', ''));
  const byHost = settingNames.filter((name) => 'byHost' in settings[name] && settings[name].byHost === true);
  expect(schedules.sort()).toEqual([...byHost].sort());
  for (const name of byHost) expect([name, deployed[name]]).toEqual([name, settings[name].default]);
});

test('the sign-in callback under /admin is the app’s and not the host’s', () => {
  expect(deployed.AzureWebJobsFeatureFlags).toBe('DisableReservedRouteEnforcement');
});

test('further settings in main.parameters.json are settings of the schema, and no secret or key', () => {
  const { parameters } = JSON.parse(readFileSync(join(projectRoot, 'infra', 'main.parameters.json'), 'utf8'));
  const allowed = settingNames.filter((name) => !['CLIENT_SECRET', 'Tables', 'ServiceBus'].includes(name));
  expect(Object.keys(parameters.settings.value).filter((name) => !(allowed as string[]).includes(name))).toEqual([]);
});

test('a missing setting, an unknown one and a secret are found', async () => {
  const broken = await parseBicep(
    "resource s 'Microsoft.Web/sites/config@2025-03-01' = {\n parent: app\n name: 'appsettings'\n properties: { CLIENT_ID: a, CLIENT_SECRET: b, OLD: 'c' }\n}",
  );
  const found = settingFindings(deployedSettings(broken));
  expect(found).toContain('TENANT_ID is not set');
  expect(found).toContain('AzureWebJobsStorage__accountName is not set');
  expect(found).toContain('CLIENT_SECRET is set, and neither the schema nor the host needs it');
  expect(found).toContain('OLD is set, and neither the schema nor the host needs it');
});
