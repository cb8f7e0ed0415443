import { type BicepFile, isCall, type Properties, type Resource, type Value } from './bicep';

/** What is wrong and where: `path:line what`. */
export type Finding = string;

/** A preview version may go away at short notice, so each needs a reason. None is needed today. */
const previews: Readonly<Record<string, string>> = {};

/** Outputs that sound like a secret and are none, with the reason. */
const harmlessOutputs: Readonly<Record<string, string>> = {
  insightsConnectionString: 'an address and an id; local authentication is off, so it opens nothing without an Entra token',
};

const secretName =
  /secret|password|passphrase|credential$|(access|account|primary|secondary|shared|instrumentation|api)_?key|connection_?string|sas_?token/i;
const secretText = /(AccountKey|SharedAccessKey|SharedAccessSignature|client_secret|Password)\s*=/i;

export function syntax({ path, errors }: BicepFile): Finding[] {
  return errors.map(({ line, text }) => `${path}:${line} syntax: ${text}`);
}

export function pinnedVersions({ path, resources, modules }: BicepFile): Finding[] {
  const loose = resources.filter(({ type, version }) => {
    if (/^\d{4}-\d{2}-\d{2}$/.test(version)) return false;
    return previews[`${type}@${version}`] === undefined;
  });
  return [
    ...loose.map(({ line, type, version }) => `${path}:${line} ${type}@${version} is not a released version`),
    ...modules
      .filter(({ source }) => !source.startsWith('../') && !source.startsWith('./'))
      .map(({ line, source }) => `${path}:${line} the module ${source} is not in this repository`),
  ];
}

export function plainDeclarations({ path, resources, nested }: BicepFile): Finding[] {
  const slashed = resources.filter(({ type, body }) => type.split('/').length > 2 && body.parent === undefined);
  return [
    ...nested.map((line) => `${path}:${line} nested: declare it with parent`),
    ...slashed.map(({ line, symbol }) => `${path}:${line} ${symbol} has no parent`),
  ];
}

/** Nothing reads a key from Azure, and no text holds one. */
export function noKeys({ path, calls, texts }: BicepFile): Finding[] {
  return [
    ...calls
      .filter(({ name }) => /^list[A-Z]/.test(name) || name === 'getSecret')
      .map(({ name, line }) => `${path}:${line} ${name} reads a secret`),
    ...texts.filter(({ text }) => secretText.test(text)).map(({ line }) => `${path}:${line} a text holds a key or names one`),
  ];
}

/** No output and no default holds a secret; a parameter that does is marked. */
export function noSecretsGoThrough({ path, outputs, parameters }: BicepFile): Finding[] {
  const told = outputs.filter(({ name, text }) => (secretName.test(name) || secretName.test(text)) && harmlessOutputs[name] === undefined);
  const secrets = parameters.filter(
    ({ name, decorators }) => decorators.includes('secure') || (secretName.test(name) && !(name in harmlessOutputs)),
  );
  return [
    ...told.map(({ name, line }) => `${path}:${line} the output ${name} tells a secret`),
    ...secrets
      .filter(({ decorators }) => !decorators.includes('secure'))
      .map(({ name, line }) => `${path}:${line} the parameter ${name} is not marked with @secure()`),
    ...secrets
      .filter(({ fallback }) => fallback !== undefined)
      .map(({ name, line }) => `${path}:${line} the parameter ${name} has a default`),
  ];
}

type Required = readonly (readonly [property: string, value: string | boolean])[];

/** What every resource of a type has to say: TLS 1.2 or newer, no keys, nothing to be lost by mistake. */
const required: Readonly<Record<string, Required>> = {
  'Microsoft.Storage/storageAccounts': [
    ['properties.minimumTlsVersion', 'TLS1_2'],
    ['properties.supportsHttpsTrafficOnly', true],
    ['properties.allowSharedKeyAccess', false],
    ['properties.allowBlobPublicAccess', false],
  ],
  'Microsoft.ServiceBus/namespaces': [
    ['properties.minimumTlsVersion', '1.2'],
    ['properties.disableLocalAuth', true],
  ],
  'Microsoft.KeyVault/vaults': [
    ['properties.enableRbacAuthorization', true],
    ['properties.enableSoftDelete', true],
    ['properties.enablePurgeProtection', true],
  ],
  'Microsoft.Insights/components': [['properties.DisableLocalAuth', true]],
  'Microsoft.OperationalInsights/workspaces': [['properties.features.disableLocalAuth', true]],
  'Microsoft.Web/sites': [
    ['properties.httpsOnly', true],
    ['properties.siteConfig.minTlsVersion', '1.2'],
    ['properties.siteConfig.scmMinTlsVersion', '1.2'],
    ['properties.functionAppConfig.deployment.storage.authentication.type', 'UserAssignedIdentity'],
  ],
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': [['properties.allow', false]],
};

export function safeProperties({ path, resources }: BicepFile): Finding[] {
  return resources
    .filter(({ existing }) => !existing)
    .flatMap(({ type, line, body }) =>
      (required[type] ?? [])
        .filter(([property, value]) => at(body, property) !== value)
        .map(([property, value]) => `${path}:${line} ${type}: ${property} has to be ${value}`),
    );
}

/** Flex Consumption refuses or ignores these (Azure Functions docs, "Flex Consumption plan deprecations"). */
const notOnFlex = [
  ...['alwaysOn', 'ftpsState', 'linuxFxVersion', 'nodeVersion', 'preWarmedInstanceCount', 'functionAppScaleLimit'],
  ...['minimumElasticInstanceCount', 'functionsRuntimeScaleMonitoringEnabled', 'use32BitWorkerProcess', 'appSettings'],
];

export function fitsFlex({ path, resources }: BicepFile): Finding[] {
  return resources
    .filter(({ type }) => type === 'Microsoft.Web/sites')
    .flatMap(({ line, body }) =>
      notOnFlex
        .filter((name) => at(body, `properties.siteConfig.${name}`) !== undefined)
        .map((name) => `${path}:${line} Flex Consumption knows no siteConfig.${name}`),
    );
}

/** Every rule that a file can be held to by itself. */
export const houseRules = { syntax, pinnedVersions, plainDeclarations, noKeys, noSecretsGoThrough, safeProperties, fitsFlex };

/** What is at a path such as `properties.minimumTlsVersion`. */
export function at(body: Properties, path: string): Value | undefined {
  return path.split('.').reduce<Value | undefined>((value, name) => {
    const inside = isCall(value) ? value.with[0] : value;
    return typeof inside === 'object' && inside !== null && !Array.isArray(inside) ? (inside as Properties)[name] : undefined;
  }, body);
}

/** The one resource of a type. */
export function theOne(file: BicepFile, type: string): Resource {
  const found = file.resources.filter((each) => each.type === type && !each.existing);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${file.path} has ${found.length} resources of type ${type}.`);
  return only;
}
