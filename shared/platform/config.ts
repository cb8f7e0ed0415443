import { type Setting, type SettingName, type SettingValues, settingNames, settings } from './config-settings';
import { errorCodes, TandemError } from './errors';

/** How to reach the storage account: with a connection string, or as the app's own identity. */
export type TablesAccess =
  | { readonly by: 'connectionString'; readonly connectionString: string }
  | { readonly by: 'identity'; readonly serviceUri: string };

/** How to reach the Service Bus namespace. */
export type ServiceBusAccess =
  | { readonly by: 'connectionString'; readonly connectionString: string }
  | { readonly by: 'identity'; readonly fullyQualifiedNamespace: string };

/** Where traces and metrics go. */
export interface TelemetryTarget {
  readonly connectionString: string;
  /** Whether they are sent as the app itself; otherwise the key in the connection string counts. */
  readonly asIdentity: boolean;
  /** Traces that this process sends a minute, on average. */
  readonly tracesPerMinute: number;
}

/** All settings as values. Durations are in ms; addresses have no slash at their end. */
export interface Config {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
  readonly managedIdentityClientId: string | null;
  readonly authorityUrl: string;
  readonly graphUrl: string;
  readonly keyVaultUrl: string;
  /** Hosts of this machine at which environments and their sign-in services may be. */
  readonly loopbackHosts: readonly string[];
  readonly tables: TablesAccess;
  readonly serviceBus: ServiceBusAccess;
  readonly apiAudience: string;
  /** Where others reach this app; null where nobody may. */
  readonly publicUrl: string | null;
  /** NCRONTAB with six fields. */
  readonly pollDynamicsSchedule: string;
  readonly pollExchangeSchedule: string;
  readonly heartbeatSchedule: string;
  readonly sweepSchedule: string;
  readonly pollPeriodMs: number;
  readonly heartbeatPeriodMs: number;
  readonly exchangeBusyMs: number;
  readonly exchangeTypicalMs: number;
  readonly exchangeQuietMs: number;
  readonly exchangeTasksMs: number;
  readonly wakeUpSlotMs: number;
  readonly requestTimeoutMs: number;
  readonly sliceActions: number;
  readonly cycleMs: number;
  readonly taskRecheckMs: number;
  readonly retryFirstMs: number;
  readonly retryMostMs: number;
  readonly calendarPastMs: number;
  readonly calendarFutureMs: number;
  readonly journalKeptMs: number;
  /** How long the audit is kept, in ms. */
  readonly auditKeptMs: number;
  readonly feedPageSize: number;
  /** Null where there are no traces and metrics. */
  readonly telemetry: TelemetryTarget | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with one setting and what to write instead; never the value itself, which may be a secret in the wrong place. */
interface Mistake {
  readonly names: string;
  readonly wrong: string;
  readonly instead: string;
}

/**
 * Reads all settings. An empty setting counts as absent.
 * @throws TandemError `settings` that names every mistake, a line each
 */
export function readConfig(env: Environment): Config {
  const mistakes: Mistake[] = [];
  const read: Partial<Record<SettingName, unknown>> = {};
  for (const name of settingNames) read[name] = readSetting(name, settings[name], textOf(env, name), mistakes);
  mistakes.push(...eitherOr(env, 'Tables', 'Tables__serviceUri'));
  mistakes.push(...eitherOr(env, 'ServiceBus', 'ServiceBus__fullyQualifiedNamespace'));
  if (mistakes.length > 0) {
    throw new TandemError(errorCodes.settings, {
      retry: 'never',
      fix: 'Correct these settings of the app and start it again.',
      detail: mistakes.map(({ names, wrong, instead }) => `${names} ${wrong}. ${instead}`).join('\n'),
    });
  }
  return configOf(read as SettingValues);
}

let remembered: Config | undefined;

/** The settings of this process, read once. Throws as `readConfig` does. */
export function config(): Config {
  remembered ??= readConfig(process.env);
  return remembered;
}

/** Sets what a library reads from the environment and can be told no other way. What somebody has set stays as it is. */
export function presetForLibraries(presets: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(presets)) process.env[name] ??= value;
}

function readSetting(name: SettingName, setting: Setting<unknown>, text: string | undefined, mistakes: Mistake[]): unknown {
  const given = text ?? setting.default;
  const instead = `Write ${setting.parse.wanted}, such as ${setting.example}`;
  if (given === undefined) {
    if (setting.optional !== true) mistakes.push({ names: name, wrong: 'is missing', instead });
    return null;
  }
  const parsed = setting.parse.schema.safeParse(given);
  if (parsed.success) return parsed.data;
  mistakes.push({ names: name, wrong: parsed.error.issues[0]?.message ?? 'is wrong', instead });
  return null;
}

function eitherOr(env: Environment, one: SettingName, other: SettingName): Mistake[] {
  const given = [one, other].filter((name) => textOf(env, name) !== undefined);
  if (given.length === 1) return [];
  const wrong = given.length === 0 ? 'are both missing' : 'are both set';
  return [{ names: `${one} and ${other}`, wrong, instead: `Set one of them, such as ${other}=${settings[other].example}` }];
}

function textOf(env: Environment, name: SettingName): string | undefined {
  const text = env[name]?.trim();
  return text === '' ? undefined : text;
}

function telemetryOf(values: SettingValues): TelemetryTarget | null {
  const connectionString = values.APPLICATIONINSIGHTS_CONNECTION_STRING;
  if (connectionString === null) return null;
  const asIdentity = /\bAuthorization=AAD\b/i.test(values.APPLICATIONINSIGHTS_AUTHENTICATION_STRING ?? '');
  return { connectionString, asIdentity, tracesPerMinute: values.TRACES_PER_MINUTE };
}

function configOf(values: SettingValues): Config {
  return {
    tenantId: values.TENANT_ID,
    clientId: values.CLIENT_ID,
    clientSecret: values.CLIENT_SECRET,
    managedIdentityClientId: values.MANAGED_IDENTITY_CLIENT_ID,
    authorityUrl: values.AUTHORITY_URL,
    graphUrl: values.GRAPH_URL,
    keyVaultUrl: values.KEY_VAULT_URL,
    loopbackHosts: values.LOOPBACK_HOSTS ?? [],
    tables:
      values.Tables === null
        ? { by: 'identity', serviceUri: values.Tables__serviceUri ?? '' }
        : { by: 'connectionString', connectionString: values.Tables },
    serviceBus:
      values.ServiceBus === null
        ? { by: 'identity', fullyQualifiedNamespace: values.ServiceBus__fullyQualifiedNamespace ?? '' }
        : { by: 'connectionString', connectionString: values.ServiceBus },
    apiAudience: values.API_AUDIENCE ?? `api://${values.CLIENT_ID}`,
    publicUrl: values.PUBLIC_URL,
    pollDynamicsSchedule: values.POLL_DYNAMICS_SCHEDULE,
    pollExchangeSchedule: values.POLL_EXCHANGE_SCHEDULE,
    heartbeatSchedule: values.HEARTBEAT_SCHEDULE,
    sweepSchedule: values.SWEEP_SCHEDULE,
    pollPeriodMs: values.POLL_PERIOD_SECONDS,
    heartbeatPeriodMs: values.HEARTBEAT_PERIOD_SECONDS,
    exchangeBusyMs: values.EXCHANGE_BUSY_SECONDS,
    exchangeTypicalMs: values.EXCHANGE_TYPICAL_SECONDS,
    exchangeQuietMs: values.EXCHANGE_QUIET_SECONDS,
    exchangeTasksMs: values.EXCHANGE_TASKS_SECONDS,
    wakeUpSlotMs: values.WAKE_UP_SLOT_SECONDS,
    requestTimeoutMs: values.REQUEST_TIMEOUT_SECONDS,
    sliceActions: values.SLICE_ACTIONS,
    cycleMs: values.CYCLE_SECONDS,
    taskRecheckMs: values.TASK_RECHECK_SECONDS,
    retryFirstMs: values.RETRY_FIRST_SECONDS,
    retryMostMs: values.RETRY_MOST_SECONDS,
    calendarPastMs: values.CALENDAR_PAST_DAYS,
    calendarFutureMs: values.CALENDAR_FUTURE_DAYS,
    journalKeptMs: values.JOURNAL_DAYS,
    auditKeptMs: values.AUDIT_DAYS,
    feedPageSize: values.FEED_PAGE_SIZE,
    telemetry: telemetryOf(values),
  };
}
