import { z } from 'zod';
import { AuthorityBundle } from '../platform/certificates';
import { SafeUrl } from '../platform/safe-url';
import { CacheFilter } from './cache-filter';

/** Parameters that the flow itself decides; an admin's own would break it or weaken it. */
const ownParameters = new Set([
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'code',
  'code_challenge',
  'code_challenge_method',
  'code_verifier',
  'grant_type',
  'nonce',
  'redirect_uri',
  'refresh_token',
  'response_mode',
  'response_type',
  'scope',
  'state',
]);

const TokenParameters = z
  .record(z.string().min(1).max(100), z.string().max(2_000))
  .refine(
    (given) => Object.keys(given).every((name) => !ownParameters.has(name.toLowerCase())),
    'names a parameter that the sign-in sets itself',
  )
  .refine((given) => Object.keys(given).length <= 20, 'has more than 20 parameters');

/** RFC 6749, 3.1 and 3.2: a query of its own stays, such as `prompt=consent`, and a fragment is not allowed. */
const SignInUrl = SafeUrl.refine((url) => !url.includes('#'), 'has a fragment').refine(
  (url) => [...new URL(url).searchParams.keys()].every((name) => !ownParameters.has(name.toLowerCase())),
  'has a parameter that the sign-in sets itself',
);

/** A sign-in by OAuth 2.0 authorization code. The client's secret is not here: it goes to Key Vault and is never read back to anybody. */
export const CodeSignIn = z
  .strictObject({
    by: z.literal('authorizationCode'),
    /** Where a person signs in; null for the one of Entra ID for Tandem's tenant. */
    authorizationUrl: SignInUrl.nullable().default(null),
    /** Where codes and refresh tokens are redeemed; null for the one of Entra ID for Tandem's tenant. */
    tokenUrl: SignInUrl.nullable().default(null),
    clientId: z.string().trim().min(1).max(200),
    clientAuthentication: z.enum(['body', 'header']).default('body'),
    /** Null for what the environment needs: its own permission, and a refresh token. */
    scope: z.string().trim().max(2_000).nullable().default(null),
    /** Extra parameters of authorization and token requests, such as `resource`. */
    tokenParameters: TokenParameters.default({}),
    /** What stands before the token in the Authorization header. */
    headerPrefix: z
      .string()
      .trim()
      .regex(/^[A-Za-z][A-Za-z0-9._-]{0,39}$/, 'is not one word')
      .default('Bearer'),
  })
  .meta({ id: 'CodeSignIn' });
export type CodeSignIn = z.output<typeof CodeSignIn>;

const Application = z.strictObject({
  /** As Tandem itself: its managed identity, or the secret in its settings. */
  by: z.literal('application'),
});

const Certificate = z.strictObject({
  /** By client credentials that a certificate proves; the certificate with its key is in Key Vault. */
  by: z.literal('certificate'),
  clientId: z.string().trim().min(1).max(200),
  tokenUrl: SignInUrl.nullable().default(null),
  scope: z.string().trim().max(2_000).nullable().default(null),
});

/** How Tandem itself signs in, for feeds, the cache and cycles. */
export const ServiceSignIn = z.discriminatedUnion('by', [Application, Certificate, CodeSignIn]);
export type ServiceSignIn = z.output<typeof ServiceSignIn>;

/** How the actions of a person are signed in: as the service, in the person's name, or with a sign-in of her own. */
export const ActionSignIn = z.discriminatedUnion('by', [z.strictObject({ by: z.literal('service') }), CodeSignIn]);
export type ActionSignIn = z.output<typeof ActionSignIn>;

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is not a time of day such as 04:00');

/** When a load of the record cache runs by itself. */
export const Schedule = z.discriminatedUnion('at', [
  z.strictObject({ at: z.literal('manual') }),
  z.strictObject({ at: z.literal('interval'), minutes: z.int().min(1).max(10_080) }),
  z
    .strictObject({
      at: z.literal('daily'),
      /** The window in which it begins, as hours and minutes of UTC; it may go over midnight. */
      from: TimeOfDay,
      to: TimeOfDay,
    })
    .refine(({ from, to }) => from !== to, { error: 'is no window: it begins when it ends', path: ['to'] }),
]);
export type Schedule = z.output<typeof Schedule>;

const TableChoice = z.strictObject({
  /** An OData filter that narrows what the record cache loads. */
  filter: CacheFilter.nullable().default(null),
  /** Columns beside those that pages need. */
  columns: z
    .array(z.string().regex(/^_?[a-z][a-z0-9_]{0,99}$/, 'is not the name of a column'))
    .max(100)
    .refine((names) => new Set(names).size === names.length, 'names a column twice')
    .default([]),
});

/** Which cards people get, and for how long. */
export const Notices = z
  .strictObject({
    toOneself: z.boolean().default(false).describe('Whether somebody is told of what she made or assigned to herself.'),
    toTeams: z.boolean().default(true).describe('Whether the members of a team are told of what becomes their team’s.'),
    hours: z.int().min(1).max(720).default(72).describe('How long a card lives.'),
  })
  .meta({ id: 'Notices' });
export type Notices = z.output<typeof Notices>;

/** How Tandem reaches and uses one environment. */
export const IntegrationConnection = z.strictObject({
  /** Both lead to the same connection; `legacy` asks for less and presets the rest. */
  template: z.enum(['http', 'legacy']).default('http'),
  /** Null for Dynamics 365 online; otherwise AD FS is allowed, and certificates of a private authority are. */
  onPremises: z
    .strictObject({
      /** PEM certificates of the authorities to trust beside the public ones; null for only those. */
      caBundle: AuthorityBundle.nullable().default(null),
    })
    .nullable()
    .default(null),
  service: ServiceSignIn.prefault({ by: 'application' }),
  action: ActionSignIn.prefault({ by: 'service' }),
  /** What all instances together may ask for; null for Tandem's own share of the service's limits. */
  rateLimit: z
    .strictObject({ requests: z.int().min(1).max(10_000), per: z.enum(['second', 'minute']) })
    .nullable()
    .default(null),
  /** How long one request may take. Node's own fetch gives up after 300 seconds without an answer. */
  timeoutSeconds: z.int().min(5).max(300).default(120),
  /** Whether each request is logged for 24 hours. */
  logRequests: z.boolean().default(false),
  /** By the names of the tables of the record cache. */
  tables: z.record(z.string().regex(/^[a-z][a-z_]{0,63}$/, 'is not the name of a table'), TableChoice).default({}),
  /** What people are told of records that become theirs. */
  notices: Notices.prefault({}),
  fullLoad: Schedule.prefault({ at: 'manual' }),
  incrementalLoad: Schedule.prefault({ at: 'interval', minutes: 5 }),
  icon: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'is not the name of an icon')
    .default('dynamics'),
});
export type IntegrationConnection = z.output<typeof IntegrationConnection>;
