import { z } from 'zod';
import { IntegrationConnection } from '../model/integration-connection';
import { IntegrationId } from '../model/integration-id';
import { IntegrationSettings } from '../model/integration-settings';
import { SafeUrl } from '../platform/safe-url';
import type { Integration } from '../storage/integrations';
import { SecretsBody } from './new-secrets';

/** The environment's own address: no path, no query. */
export const EnvironmentUrl = SafeUrl.refine(
  (url) => new URL(url).origin === url.toLowerCase(),
  'is more than the address of an environment',
).overwrite((url) => new URL(url).origin);

const base = {
  name: z.string().trim().min(1).max(200).describe('What people call the environment.'),
  baseUrl: EnvironmentUrl.describe(
    'The address of the environment, such as https://contoso.crm4.dynamics.com. It cannot be changed later.',
  ),
};

/** An integration as it is saved whole. */
export const IntegrationBody = z.strictObject({
  ...base,
  settings: IntegrationSettings.meta({ id: 'IntegrationSettings' }).prefault({}).describe('What syncs, and how.'),
  connection: IntegrationConnection.meta({ id: 'IntegrationConnection' })
    .prefault({})
    .describe('How Tandem reaches and uses the environment.'),
  secrets: SecretsBody.prefault({}).describe('What goes to Key Vault. It is never given back; what is left out stays.'),
});
export type IntegrationBody = z.output<typeof IntegrationBody>;

const id = IntegrationId.describe('An id of your choice: part of addresses, and never changed.');

/** A new integration of which everything can be said. */
export const HttpCreateBody = z.strictObject({ template: z.literal('http'), id, ...IntegrationBody.shape });

/** A new integration of which only what the connector of old asked for is said. */
export const LegacyCreateBody = z.strictObject({
  template: z.literal('legacy'),
  id,
  ...base,
  applicationId: z.guid('is not a GUID').toLowerCase().describe('The application (client) id of the app registration.'),
  key: z
    .string()
    .max(2_000)
    .regex(/^[\x21-\x7e]+$/, 'has a space or a sign that no secret has')
    .describe('The value of a client secret of that app. It goes to Key Vault.'),
  keyExpiresAt: z.iso.datetime({ offset: true }).nullable().default(null).describe('When the key ends; null where nobody said.'),
  userSignInForActions: z.boolean().default(true).describe('Whether the actions of a person are done with a sign-in of her own.'),
});

export const CreateBody = z.discriminatedUnion('template', [HttpCreateBody, LegacyCreateBody]);
export type CreateBody = z.output<typeof CreateBody>;

/** What a new integration is to be, whichever template it was asked for by. */
export function newIntegration(body: CreateBody): { readonly integration: Integration; readonly secrets: SecretsBody } {
  if (body.template === 'legacy') return fromLegacy(body);
  const { template, secrets, connection, ...rest } = body;
  return { integration: { ...rest, connection: { ...connection, template } }, secrets };
}

function fromLegacy(body: z.output<typeof LegacyCreateBody>): { readonly integration: Integration; readonly secrets: SecretsBody } {
  const { id: ofIntegration, name, baseUrl, applicationId, key, keyExpiresAt, userSignInForActions } = body;
  const connection = legacyConnection(applicationId, userSignInForActions);
  const secret = { clientSecret: key, expiresAt: keyExpiresAt };
  return {
    integration: { id: ofIntegration, name, baseUrl, settings: IntegrationSettings.parse({}), connection },
    secrets: { service: secret, ...(userSignInForActions ? { action: secret } : {}) },
  };
}

/** What the connector of old presets: one client for both sign-ins, at Entra ID, and one full load a night, between midnight and four. */
export function legacyConnection(clientId: string, userSignInForActions: boolean): IntegrationConnection {
  const signIn = { by: 'authorizationCode', clientId };
  return IntegrationConnection.parse({
    template: 'legacy',
    service: signIn,
    action: userSignInForActions ? signIn : { by: 'service' },
    fullLoad: { at: 'daily', from: '00:00', to: '04:00' },
    incrementalLoad: { at: 'manual' },
  });
}
