import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { HostProblem } from './problem';

/** App settings, as environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

const settingsFileSchema = z.looseObject({
  IsEncrypted: z.boolean().default(false),
  Values: z.record(z.string(), z.string()).default({}),
});

/**
 * The settings of a `local.settings.json` under those of the environment, which win, as in Azure Functions Core Tools.
 * @throws HostProblem `settings-file-invalid`
 */
export function withSettingsFile(file: string, environment: Environment): Environment {
  const parsed = settingsFileSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new HostProblem('settings-file-invalid', `${file}: ${z.prettifyError(parsed.error)}`);
  if (parsed.data.IsEncrypted) {
    throw new HostProblem('settings-file-invalid', `${file} is encrypted.`, 'Run "func settings decrypt" or set IsEncrypted to false.');
  }
  return { ...parsed.data.Values, ...environment };
}

/**
 * Replaces each `%NAME%` by the app setting of that name, as the host does with every string of a binding.
 * @throws HostProblem `setting-missing`
 */
export function expandSettings(text: string, environment: Environment): string {
  return text.replace(/%([^%\s]+)%/g, (_, name: string) => {
    const value = environment[name];
    if (value === undefined) {
      throw new HostProblem('setting-missing', `'%${name}%' does not resolve to a value.`, `Set the app setting ${name}.`);
    }
    return value;
  });
}

/**
 * The connection string that a binding's `connection` names. The host looks for the name with the prefix `AzureWebJobs` first.
 * Source: azure-webjobs-sdk, `IConfiguration.GetWebJobsConnectionString`.
 * @throws HostProblem `connection-missing`, or `connection-unsupported` for an identity-based connection
 */
export function connectionString(name: string, environment: Environment): string {
  const value = environment[`AzureWebJobs${name}`] || environment[`ConnectionStrings:${name}`] || environment[name];
  if (value) return value;
  if (environment[`${name}__fullyQualifiedNamespace`]) {
    throw new HostProblem(
      'connection-unsupported',
      `The connection '${name}' is identity-based, which this host does not support.`,
      `Set ${name} to a connection string.`,
    );
  }
  throw new HostProblem('connection-missing', `The connection string '${name}' is missing or empty.`, `Set the app setting ${name}.`);
}

/** True where an app setting switches something on: `true` or `1`, in any case. */
export function isSwitchedOn(name: string, environment: Environment): boolean {
  return ['true', '1'].includes((environment[name] ?? '').toLowerCase());
}

/** Feature flags of the host: a comma-separated list in `AzureWebJobsFeatureFlags`, in any case. */
export function hasFeatureFlag(flag: string, environment: Environment): boolean {
  const flags = (environment.AzureWebJobsFeatureFlags ?? '').split(',').map((text) => text.trim().toLowerCase());
  return flags.includes(flag.toLowerCase());
}
