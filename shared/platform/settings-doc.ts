import { type Setting, settingNames, settings } from './config-settings';

/** The settings as a page for people, in Markdown. */
export function settingsTable(): string {
  const rows = settingNames.map((name) => {
    const setting: Setting<unknown> = settings[name];
    return `| \`${name}\` | ${setting.description} | ${need(setting)} | ${code(setting.example)} |`;
  });
  return [
    '# Settings',
    '',
    'Every setting that Tandem reads from the app settings of its Function App. This page is made from `shared/platform/config-settings.ts`.',
    '',
    '| Setting | What it is | Default | For example |',
    '|---|---|---|---|',
    ...rows,
    '',
    'Of `Tables` and `Tables__serviceUri` exactly one is set, and so it is with `ServiceBus` and `ServiceBus__fullyQualifiedNamespace`.',
    'A schedule is read by the Functions host itself, which knows no defaults, so it is always set.',
    'All mistakes are reported together when the app starts.',
    '',
  ].join('\n');
}

/** A `local.settings.json` to start from: what has to be set, for Azure Functions Core Tools on one machine. */
export function sampleSettings(): object {
  const local = new Set<string>(['CLIENT_SECRET', 'Tables', 'ServiceBus']);
  const values = settingNames
    .map((name): [string, Setting<unknown>] => [name, settings[name]])
    .filter(([name, setting]) => local.has(name) || isNeeded(setting))
    .map(([name, setting]) => [name, setting.default ?? setting.example]);
  return {
    IsEncrypted: false,
    Values: { FUNCTIONS_WORKER_RUNTIME: 'node', AzureWebJobsStorage: 'UseDevelopmentStorage=true', ...Object.fromEntries(values) },
  };
}

function isNeeded({ default: fallback, optional, byHost }: Setting<unknown>): boolean {
  return byHost === true || (fallback === undefined && optional !== true);
}

function need(setting: Setting<unknown>): string {
  if (setting.default !== undefined) return code(setting.default) + (setting.byHost === true ? ', to be **set**' : '');
  return setting.optional === true ? 'none' : '**required**';
}

function code(text: string): string {
  return `\`${text}\``;
}
