import { type Setting, settingNames, settings } from '../../shared/platform/config-settings';
import { type BicepFile, isCall, isProperties, type Properties } from './bicep';
import { type Finding, theOne } from './house-rules';

/** Settings that Tandem can do without, but in Azure it has no need to: they reach a service without a key, say how Tandem is reached, or where telemetry goes. */
const known: readonly string[] = [
  ...['MANAGED_IDENTITY_CLIENT_ID', 'Tables__serviceUri', 'ServiceBus__fullyQualifiedNamespace', 'PUBLIC_URL'],
  ...['APPLICATIONINSIGHTS_CONNECTION_STRING', 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'],
];

/** What the Functions host reads itself. */
const ofTheHost: readonly string[] = [
  ...['AzureWebJobsStorage__accountName', 'AzureWebJobsStorage__credential', 'AzureWebJobsStorage__clientId', 'AzureWebJobsFeatureFlags'],
  ...['ServiceBus__credential', 'ServiceBus__clientId'],
];

/** The app settings of a Bicep file: the object, or the first argument of the union, of its `appsettings`. */
export function deployedSettings(file: BicepFile): Properties {
  const { name, properties } = theOne(file, 'Microsoft.Web/sites/config').body;
  const own = isCall(properties) && properties.call === 'union' ? properties.with[0] : properties;
  if (name !== 'appsettings' || !isProperties(own)) throw new Error(`${file.path} has no app settings.`);
  return own;
}

/** The settings that have to be there in Azure, as the schema says. */
export function neededSettings(): string[] {
  const needed = settingNames.filter((name) => {
    const { default: fallback, optional, byHost }: Setting<unknown> = settings[name];
    return byHost === true || known.includes(name) || (fallback === undefined && optional !== true);
  });
  return [...needed, ...ofTheHost].sort();
}

/** Where the deployed settings and the schema differ, name by name. */
export function settingFindings(deployed: Properties): Finding[] {
  const names = Object.keys(deployed);
  const needed = neededSettings();
  return [
    ...needed.filter((name) => !names.includes(name)).map((name) => `${name} is not set`),
    ...names.filter((name) => !needed.includes(name)).map((name) => `${name} is set, and neither the schema nor the host needs it`),
  ];
}

/** The deployed settings as the app would meet them: literals as they are, and for what only Azure knows the example of the schema. */
export function asEnvironment(deployed: Properties): Record<string, string> {
  const examples: Readonly<Record<string, Setting<unknown>>> = settings;
  return Object.fromEntries(
    Object.entries(deployed).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : (examples[name]?.example ?? 'known in Azure'),
    ]),
  );
}
