import { z } from 'zod';
import { isLoopback } from './loopback';
import { SafeUrl } from './safe-url';

/** One setting, said once: the reader, the table in the docs and the sample file are all made from this. */
export interface Setting<T> {
  readonly description: string;
  /** The text that stands for an absent setting. */
  readonly default?: string;
  /** True where Tandem can do without it and there is no default. */
  readonly optional?: true;
  /** True where the Functions host reads it too, which knows no defaults. */
  readonly byHost?: true;
  /** A good value; for a secret, words that stand for one. */
  readonly example: string;
  readonly parse: Kind<T>;
}

/** How a text becomes a value. `wanted` says to a person what to write instead of a wrong one. */
export interface Kind<T> {
  readonly wanted: string;
  readonly schema: z.ZodType<T, string>;
}

const text = (wanted: string): Kind<string> => ({ wanted, schema: z.string() });

const guid: Kind<string> = { wanted: 'a GUID', schema: z.guid('is not a GUID').transform((id) => id.toLowerCase()) };

const url: Kind<string> = {
  wanted: 'an https address (http is taken for 127.0.0.1 and localhost only)',
  schema: SafeUrl,
};

const publicUrl: Kind<string> = {
  wanted: `${url.wanted} without a path`,
  schema: SafeUrl.refine((value) => new URL(value).origin === value, 'is more than the address of a site'),
};

const loopbackHosts: Kind<readonly string[]> = {
  wanted: 'names of this machine, such as localhost, with commas between them',
  schema: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((host) => host.trim())
        .filter((host) => host !== ''),
    )
    .refine((hosts) => hosts.every(isLoopback), 'has a name that is not of this machine'),
};

const schedule: Kind<string> = {
  wanted: 'six fields: second, minute, hour, day, month, weekday',
  schema: z.string().regex(/^[\dA-Za-z*/,-]+( [\dA-Za-z*/,-]+){5}$/, 'is not a schedule of six fields'),
};

/** A whole number between two others, times what turns it into the unit that the code uses. */
function whole(least: number, most: number, times = 1): Kind<number> {
  const wanted = `a whole number from ${least} to ${most}`;
  const schema = z
    .string()
    .regex(/^\d{1,9}$/, 'is not a whole number')
    .transform(Number)
    .refine((number) => number >= least && number <= most, `is not between ${least} and ${most}`)
    .transform((number) => number * times);
  return { wanted, schema };
}

const seconds = (least: number, most: number) => whole(least, most, 1_000);
const days = (least: number, most: number) => whole(least, most, 86_400_000);

function setting<T>(parse: Kind<T>, rest: Omit<Setting<T>, 'parse'>): Setting<T> {
  return { ...rest, parse };
}

function optional<T>(parse: Kind<T>, rest: Omit<Setting<T>, 'parse' | 'optional'>): Setting<T | null> {
  return { ...rest, optional: true, parse };
}

/** Every setting that Tandem reads, in the order in which people meet them. */
export const settings = {
  TENANT_ID: setting(guid, { description: 'The Entra tenant that Tandem serves.', example: '5f3c1f64-0c6b-4c3e-9a1e-6d5e8b0c7a11' }),
  CLIENT_ID: setting(guid, {
    description: "Tandem's application (client) id in that tenant.",
    example: '7a9de300-0000-4000-8000-0000000000aa',
  }),
  CLIENT_SECRET: optional(text("one of the application's client secrets"), {
    description: "The application's client secret. Only where no managed identity is at hand.",
    example: "<the application's client secret>",
  }),
  MANAGED_IDENTITY_CLIENT_ID: optional(guid, {
    description: 'The client id of the user-assigned managed identity that signs in, where there is one.',
    example: '7a9de300-0000-4000-8000-0000000000cc',
  }),
  AUTHORITY_URL: setting(url, {
    description: 'Where Entra ID answers.',
    default: 'https://login.microsoftonline.com',
    example: 'https://login.microsoftonline.us',
  }),
  GRAPH_URL: setting(url, {
    description: 'Where Microsoft Graph answers.',
    default: 'https://graph.microsoft.com',
    example: 'https://graph.microsoft.us',
  }),
  PUBLIC_URL: optional(publicUrl, {
    description:
      'The address under which others reach Tandem: Exchange and Dynamics, to tell of changes as they happen, and browsers. The redirect URIs of sign-ins to Dynamics are below it. Without it nothing is pushed and changes are found by polling, and nobody can sign in to Dynamics.',
    example: 'https://contoso-tandem.azurewebsites.net',
  }),
  LOOPBACK_HOSTS: optional(loopbackHosts, {
    description:
      'Names of the machine on which Tandem runs, with commas between them, at which environments and their sign-in services may be: stand-ins or a proxy beside it. Where absent, addresses of that machine are refused: only the app itself may ask there.',
    example: '127.0.0.1,localhost',
  }),
  KEY_VAULT_URL: setting(url, { description: 'The Key Vault that holds every secret.', example: 'https://contoso-tandem.vault.azure.net' }),
  Tables: optional(text('a storage connection string'), {
    description: 'Connection string of the storage account. Set either this or `Tables__serviceUri`.',
    example: 'UseDevelopmentStorage=true',
  }),
  Tables__serviceUri: optional(url, {
    description: 'Address of the table service, reached as the managed identity. Set either this or `Tables`.',
    example: 'https://contosotandem.table.core.windows.net',
  }),
  ServiceBus: optional(text('a Service Bus connection string'), {
    description: 'Connection string of the Service Bus namespace. Set either this or `ServiceBus__fullyQualifiedNamespace`.',
    example: 'Endpoint=sb://localhost;SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true',
  }),
  ServiceBus__fullyQualifiedNamespace: optional(
    { wanted: 'a host name', schema: z.string().regex(/^[a-z\d-]+(\.[a-z\d-]+)+$/i, 'is not a host name') },
    {
      description: 'Host name of the Service Bus namespace, reached as the managed identity. Set either this or `ServiceBus`.',
      example: 'contoso-tandem.servicebus.windows.net',
    },
  ),
  API_AUDIENCE: optional(text("the application's id URI"), {
    description: "The audience of access tokens for Tandem's own API. Where absent: `api://` and `CLIENT_ID`.",
    example: 'api://7a9de300-0000-4000-8000-0000000000aa',
  }),
  POLL_DYNAMICS_SCHEDULE: setting(schedule, {
    description: 'When the change feeds of Dynamics are asked.',
    byHost: true,
    default: '*/15 * * * * *',
    example: '*/30 * * * * *',
  }),
  POLL_EXCHANGE_SCHEDULE: setting(schedule, {
    description: 'When Tandem works out which mailboxes are due for a probe.',
    byHost: true,
    default: '*/15 * * * * *',
    example: '*/30 * * * * *',
  }),
  HEARTBEAT_SCHEDULE: setting(schedule, {
    description: 'When Tandem works out which mailboxes are due for their hourly heartbeat.',
    byHost: true,
    default: '0 */5 * * * *',
    example: '0 */10 * * * *',
  }),
  SWEEP_SCHEDULE: setting(schedule, {
    description: 'When Tandem works out which mailboxes are due for their daily sweep.',
    byHost: true,
    default: '0 0 * * * *',
    example: '0 30 * * * *',
  }),
  POLL_PERIOD_SECONDS: setting(seconds(1, 3_600), {
    description: 'The period of both poll schedules, in seconds. A poll is asked for once a period.',
    default: '15',
    example: '30',
  }),
  HEARTBEAT_PERIOD_SECONDS: setting(seconds(1, 3_600), {
    description: 'The period of the heartbeat schedule, in seconds. Each mailbox has its turn in one period of the hour.',
    default: '300',
    example: '600',
  }),
  EXCHANGE_BUSY_SECONDS: setting(seconds(1, 86_400), {
    description: 'Seconds between probes of a mailbox that changed within the hour.',
    default: '15',
    example: '30',
  }),
  EXCHANGE_TYPICAL_SECONDS: setting(seconds(1, 86_400), {
    description: 'Seconds between probes of a mailbox that changed within the day.',
    default: '60',
    example: '120',
  }),
  EXCHANGE_QUIET_SECONDS: setting(seconds(1, 86_400), {
    description:
      'Seconds between probes of a mailbox that nobody changed for days: from the second day on they become rarer with the square of its quiet, until they are this far apart. Also how often what is pushed is probed all the same.',
    default: '720',
    example: '600',
  }),
  EXCHANGE_TASKS_SECONDS: setting(seconds(1, 86_400), {
    description: 'Seconds between probes of task lists, which cannot be pushed.',
    default: '180',
    example: '240',
  }),
  WAKE_UP_SLOT_SECONDS: setting(seconds(1, 60), {
    description: 'Seconds within which looks at one mailbox become one.',
    default: '2',
    example: '5',
  }),
  REQUEST_TIMEOUT_SECONDS: setting(seconds(1, 230), {
    description: 'Seconds after which a request is given up. Requests to Dynamics have a time-out of their own, in the integration.',
    default: '30',
    example: '60',
  }),
  SLICE_ACTIONS: setting(whole(1, 90), { description: 'The most actions in one slice of a cycle.', default: '90', example: '50' }),
  CYCLE_SECONDS: setting(seconds(5, 240), {
    description: 'Seconds after which a cycle schedules itself a wake-up and lets others have their turn.',
    default: '120',
    example: '60',
  }),
  TASK_RECHECK_SECONDS: setting(seconds(1, 3_600), {
    description: 'Seconds until a task that answers nowhere is looked for once more.',
    default: '60',
    example: '120',
  }),
  RETRY_FIRST_SECONDS: setting(seconds(1, 3_600), {
    description: 'Seconds until the first retry after a passing failure; each further one waits twice as long.',
    default: '15',
    example: '30',
  }),
  RETRY_MOST_SECONDS: setting(seconds(1, 86_400), {
    description: 'The longest wait between two retries, in seconds.',
    default: '3600',
    example: '1800',
  }),
  CALENDAR_PAST_DAYS: setting(days(0, 365), { description: 'Days back that the calendar feed covers.', default: '14', example: '30' }),
  CALENDAR_FUTURE_DAYS: setting(days(1, 730), { description: 'Days ahead that the calendar feed covers.', default: '180', example: '365' }),
  JOURNAL_DAYS: setting(days(1, 3_650), { description: 'Days that the journal is kept.', default: '30', example: '90' }),
  AUDIT_DAYS: setting(days(30, 3_650), { description: 'Days that the audit of what admins did is kept.', default: '400', example: '730' }),
  APPLICATIONINSIGHTS_CONNECTION_STRING: optional(text('the connection string of an Application Insights resource'), {
    description:
      'Where traces and metrics go, beside what the Functions host itself sends there. Without it there are none, and nothing is loaded for them.',
    example:
      'InstrumentationKey=00000000-0000-4000-8000-000000000000;IngestionEndpoint=https://westeurope-5.in.applicationinsights.azure.com/',
  }),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: optional(text('`Authorization=AAD`, with `ClientId=` of a user-assigned identity before it'), {
    description: 'Whether they are sent as the app itself. Without it the key in the connection string has to do.',
    example: 'ClientId=7a9de300-0000-4000-8000-0000000000cc;Authorization=AAD',
  }),
  TRACES_PER_MINUTE: setting(whole(0, 6_000), {
    description: 'Traces that an instance sends a minute, on average; metrics count everything all the same. 0 sends none.',
    default: '2',
    example: '60',
  }),
  FEED_PAGE_SIZE: setting(whole(1, 5_000), { description: 'Rows in a page of a Dynamics change feed.', default: '500', example: '1000' }),
};

export type SettingName = keyof typeof settings;

/** The values of all settings; null where an optional one is absent. */
export type SettingValues = { readonly [Name in SettingName]: (typeof settings)[Name] extends Setting<infer Value> ? Value : never };

export const settingNames = Object.keys(settings) as readonly SettingName[];
