import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableNames } from '../../shared/storage/tables';
import { type BicepFile, bicepFile, parseBicep, projectBicep, projectRoot } from './bicep';
import { theOne } from './house-rules';
import { idleFindings, moduleFindings } from './modules';

const read = (...path: string[]): string => readFileSync(join(projectRoot, ...path), 'utf8');
const json = (...path: string[]): Record<string, unknown> => JSON.parse(read(...path));

let files: BicepFile[];
let main: BicepFile;
beforeAll(async () => {
  files = await projectBicep();
  main = await bicepFile('infra/main.bicep');
});

describe('modules', () => {
  test('every module gets what it declares, and gives what is taken from it', () => {
    expect(files.flatMap((file) => moduleFindings(file, (path) => files.find((each) => each.path === path)))).toEqual([]);
  });

  test('nothing is declared in vain', () => {
    expect(idleFindings(files)).toEqual([]);
  });

  test('every module is part of the deployment', () => {
    const used = main.modules.map(({ source }) => source.replace('../', ''));
    expect(used.sort()).toEqual(
      files
        .map(({ path }) => path)
        .filter((path) => path.startsWith('bicep/'))
        .sort(),
    );
  });

  test('a wrong name, a missing one and an unknown output are found', async () => {
    const inner = await parseBicep("param a string\nparam b string = 'x'\noutput c string = concat(a, b)", 'bicep/inner.bicep');
    const outer = await parseBicep("module m '../bicep/inner.bicep' = { name: 'm', params: { z: m.outputs.d } }", 'infra/outer.bicep');
    const found = moduleFindings(outer, (path) => (path === inner.path ? inner : undefined));
    expect(found.map((finding) => finding.replace(/^\S+ \S+ /, ''))).toEqual(['has no parameter z', 'is not given a', 'has no output d']);
    expect(moduleFindings(outer, () => undefined)).toHaveLength(1);
    expect(idleFindings([await parseBicep('param idle string\noutput c string = a', 'bicep/idle.bicep')])).toHaveLength(2);
  });
});

describe('the entry', () => {
  test('deploys into a subscription, by environmentName and location', () => {
    expect(main.text).toContain("targetScope = 'subscription'");
    expect(main.parameters.map(({ name }) => name)).toEqual(expect.arrayContaining(['environmentName', 'location']));
  });

  test('every parameter can be set through main.parameters.json, and its default there is the one of the template', () => {
    const given = json('infra', 'main.parameters.json').parameters as Record<string, { value: unknown }>;
    expect(Object.keys(given).sort()).toEqual(main.parameters.map(({ name }) => name).sort());
    for (const { name, fallback } of main.parameters) {
      const value = given[name]?.value;
      if (typeof value !== 'string') expect(value).toEqual(fallback);
      else expect([name, /^\$\{[A-Z_]+(?:=(.*))?\}$/.exec(value)?.[1]]).toEqual([name, fallback?.toString()]);
    }
  });

  test('private endpoints take Service Bus Premium, which alone has them', () => {
    const serviceBus = main.modules.find(({ symbol }) => symbol === 'serviceBus');
    expect(serviceBus?.body.params).toMatchObject({ tier: { expression: "privateNetwork ? 'Premium' : serviceBusTier" } });
  });

  test('every kind of resource has its abbreviation, and none is left over', () => {
    const used = [...main.text.matchAll(/\{abbreviations\.(\w+)\}/g)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual(Object.keys(json('infra', 'abbreviations.json')).sort());
  });

  test('azd finds the function app by its tag, and the template by its path', async () => {
    const app = theOne(await bicepFile('bicep/function-app.bicep'), 'Microsoft.Web/sites');
    expect(app.body.tags).toMatchObject({ with: [expect.anything(), { 'azd-service-name': 'app' }] });
    expect(read('azure.yaml')).toMatch(/^services:\n {2}app:$/m);
    expect(read('azure.yaml')).toMatch(/path: infra\n {2}module: main$/m);
  });

  test('the app runs on Flex Consumption with Node 22, and is asked for its health', async () => {
    const file = await bicepFile('bicep/function-app.bicep');
    expect(theOne(file, 'Microsoft.Web/serverfarms').body.sku).toEqual({ name: 'FC1', tier: 'FlexConsumption' });
    expect(theOne(file, 'Microsoft.Web/sites').body.properties).toMatchObject({
      siteConfig: { healthCheckPath: '/health' },
      functionAppConfig: { runtime: { name: 'node', version: '22' } },
    });
  });
});

test('all state tables that the app uses are deployed, and no other', async () => {
  const { variables } = await bicepFile('bicep/storage.bicep');
  expect([...(variables.tables as string[])].sort()).toEqual([...tableNames].sort());
});
