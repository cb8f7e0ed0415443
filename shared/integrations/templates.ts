import { z } from 'zod';
import { IntegrationConnection } from '../model/integration-connection';
import { legacyConnection } from './create-body';

const Preset = z.union([z.string(), z.number(), z.boolean(), z.null(), z.record(z.string(), z.union([z.string(), z.number()]))]);
export type Preset = z.output<typeof Preset>;

const TemplateField = z.object({
  name: z.string().describe('Where it stands in the body of a new integration.'),
  says: z.string(),
  required: z.boolean(),
  secret: z.boolean().describe('Whether it goes to Key Vault and is never given back.'),
  preset: Preset.describe('What is filled in; null where nothing is.'),
});
export type TemplateField = z.output<typeof TemplateField>;

/** A way to connect an environment: what it asks for, and what it fills in. */
export const Template = z.object({
  template: z.enum(['http', 'legacy']),
  title: z.string(),
  recommended: z.boolean(),
  fields: z.array(TemplateField),
  presets: IntegrationConnection.describe(
    'The connection that it makes where nothing else is said; the client id is the application that people register.',
  ),
  redirectPaths: z.array(z.string()).describe('What the redirect addresses of that application end in, of type Web.'),
});
export type Template = z.output<typeof Template>;

/** What stands in for facts that are not known yet. */
const unknownUrl = '{baseUrl}';
const unknownClient = '{applicationId}';

/** The callbacks that clients have registered from of old. */
const redirectPaths = ['/admin/api/gwsc/auth/serverContext', '/app/api/auth/serviceAction/callback'];

export interface TemplateFacts {
  readonly authorityUrl: string;
  readonly tenantId: string;
  /** The environment's address, where it is known already. */
  readonly baseUrl: string | null;
}

/** The templates, the recommended one first, with this tenant's sign-in addresses filled in. */
export function templates(facts: TemplateFacts): readonly Template[] {
  return [httpTemplate(facts), legacyTemplate(facts)];
}

function httpTemplate(facts: TemplateFacts): Template {
  const presets = httpPresets(facts);
  const { service, timeoutSeconds, logRequests, fullLoad, incrementalLoad, icon } = presets;
  const signIn = (use: 'service' | 'action', whose: string): TemplateField[] => [
    optional(`connection.${use}.by`, `How ${whose} signs in.`, service.by),
    required(`connection.${use}.clientId`, 'The application (client) id of the app registration, where it signs in with one.', null),
    ...(service.by === 'authorizationCode'
      ? [
          optional(`connection.${use}.authorizationUrl`, 'Where a person signs in.', service.authorizationUrl),
          optional(`connection.${use}.tokenUrl`, 'Where tokens are given out.', service.tokenUrl),
          optional(
            `connection.${use}.clientAuthentication`,
            'Where the secret stands in a request: body or header.',
            service.clientAuthentication,
          ),
          optional(`connection.${use}.scope`, 'What is asked for.', service.scope),
          optional(`connection.${use}.tokenParameters`, 'Further parameters, such as resource.', service.tokenParameters),
          optional(`connection.${use}.headerPrefix`, 'What stands before the token in the Authorization header.', service.headerPrefix),
        ]
      : []),
    secret(`secrets.${use}.clientSecret`, 'The value of a client secret of that app.', false),
    optional(`secrets.${use}.expiresAt`, 'When that secret ends.', null),
  ];
  return {
    template: 'http',
    title: 'Dynamics 365, every setting',
    recommended: true,
    fields: [
      ...named(facts),
      ...signIn('service', 'Tandem itself'),
      ...signIn('action', 'a person for her own actions'),
      optional('connection.onPremises', 'Only on premises: the certificates of the authorities to trust, as PEM.', null),
      optional('connection.rateLimit', 'How many requests a second or a minute all instances together may send.', null),
      optional('connection.timeoutSeconds', 'How long one request may take.', timeoutSeconds),
      optional('connection.logRequests', 'Whether requests are logged for 24 hours.', logRequests),
      optional('connection.tables', 'By table, a filter and further columns for the record cache.', {}),
      optional('connection.fullLoad', 'When everything is loaded anew.', fullLoad),
      optional('connection.incrementalLoad', 'When changes are loaded.', incrementalLoad),
      optional('connection.icon', 'The icon that people see.', icon),
    ],
    presets,
    redirectPaths,
  };
}

/** The sign-in of the connector of old, in the endpoints of today ("Microsoft identity platform and OAuth 2.0 authorization code flow"). */
function httpPresets({ authorityUrl, tenantId, baseUrl }: TemplateFacts): IntegrationConnection {
  const signIn = {
    by: 'authorizationCode',
    clientId: unknownClient,
    authorizationUrl: `${authorityUrl}/${tenantId}/oauth2/v2.0/authorize`,
    tokenUrl: `${authorityUrl}/${tenantId}/oauth2/v2.0/token`,
    scope: `${baseUrl ?? unknownUrl}/user_impersonation offline_access`,
  };
  return IntegrationConnection.parse({ template: 'http', service: signIn, action: signIn });
}

function legacyTemplate(facts: TemplateFacts): Template {
  return {
    template: 'legacy',
    title: 'Dynamics 365, as the connector of old',
    recommended: false,
    fields: [
      ...named(facts),
      required('applicationId', 'The application (client) id of the app registration.', null),
      secret('key', 'The value of a client secret of that app.', true),
      optional('keyExpiresAt', 'When that secret ends.', null),
      optional('userSignInForActions', 'Whether the actions of a person are done with a sign-in of her own.', true),
    ],
    presets: legacyConnection(unknownClient, true),
    redirectPaths,
  };
}

function named({ baseUrl }: TemplateFacts): TemplateField[] {
  return [
    required('id', 'An id of your choice: 1 to 40 lower-case letters, digits and hyphens.', null),
    required('name', 'What people call the environment.', null),
    required('baseUrl', 'The address of the environment, without a path.', baseUrl),
  ];
}

function required(name: string, says: string, preset: Preset): TemplateField {
  return { name, says, required: true, secret: false, preset };
}

function optional(name: string, says: string, preset: Preset): TemplateField {
  return { name, says, required: false, secret: false, preset };
}

function secret(name: string, says: string, isRequired: boolean): TemplateField {
  return { name, says, required: isRequired, secret: true, preset: null };
}
