import { type Setting, settingNames, settings } from '../../shared/platform/config-settings';
import { tandemApplication, tenantId } from '../company/people';

/** Where the app finds what it needs. */
export interface Addresses {
  readonly identity: string;
  readonly graph: string;
  readonly keyVault: string;
  /** Connection strings. */
  readonly storage: string;
  readonly serviceBus: string;
  /** Of the app itself, as browsers reach it. */
  readonly app: string;
}

/** On one machine nobody waits for a quarter of a minute, and nobody pays for the requests. */
const quick = {
  POLL_DYNAMICS_SCHEDULE: '*/2 * * * * *',
  POLL_EXCHANGE_SCHEDULE: '*/2 * * * * *',
  POLL_PERIOD_SECONDS: '2',
  EXCHANGE_BUSY_SECONDS: '2',
  EXCHANGE_TYPICAL_SECONDS: '2',
  EXCHANGE_QUIET_SECONDS: '5',
  EXCHANGE_TASKS_SECONDS: '2',
  WAKE_UP_SLOT_SECONDS: '1',
};

/**
 * All app settings of Tandem on this stack. Those without a value are empty, which counts as absent: so nothing leaks in from the environment
 * or from a `local.settings.json` that was written for a real tenant.
 */
export function appSettings(addresses: Addresses, own: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    ...defaults(),
    FUNCTIONS_WORKER_RUNTIME: 'node',
    // Current Functions hosts keep /admin for themselves without it.
    AzureWebJobsFeatureFlags: 'DisableReservedRouteEnforcement',
    AzureWebJobsStorage: addresses.storage,
    TENANT_ID: tenantId,
    CLIENT_ID: tandemApplication.clientId,
    CLIENT_SECRET: tandemApplication.clientSecret,
    API_AUDIENCE: tandemApplication.audience,
    AUTHORITY_URL: addresses.identity,
    GRAPH_URL: addresses.graph,
    KEY_VAULT_URL: addresses.keyVault,
    LOOPBACK_HOSTS: new URL(addresses.identity).hostname,
    PUBLIC_URL: addresses.app,
    Tables: addresses.storage,
    ServiceBus: addresses.serviceBus,
    ...quick,
    ...own,
  };
}

/** Schedules have to be there as text, because the host puts them in place of `%NAME%` before the app is asked. */
function defaults(): Record<string, string> {
  return Object.fromEntries(settingNames.map((name) => [name, (settings[name] as Setting<unknown>).default ?? '']));
}
