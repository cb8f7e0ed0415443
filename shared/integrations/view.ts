import { z } from 'zod';
import type { SecretFacts, SecretUse } from '../auth/client-secrets';
import type { IntegrationConnection } from '../model/integration-connection';
import { IntegrationId } from '../model/integration-id';
import { certificatesIn } from '../platform/certificates';
import { entityTag } from '../platform/etag';
import type { Services } from '../services';
import type { StoredIntegration } from '../storage/integrations';
import { IntegrationBody } from './create-body';

const SecretView = z
  .object({
    setAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable().describe('Null where nobody said when.'),
  })
  .nullable()
  .describe('That there is one, since when and until when; never more. Null where there is none.');

/** An integration as people see it. */
export const IntegrationView = IntegrationBody.extend({
  id: IntegrationId,
  secrets: z.object({ service: SecretView, action: SecretView, certificate: SecretView }),
  warnings: z.array(z.object({ field: z.string(), warning: z.string() })).describe('What ends within 30 days, or is missing.'),
  etag: z.string().describe('The version, for `If-Match` of a change.'),
}).meta({ id: 'Integration' });
export type IntegrationView = z.output<typeof IntegrationView>;

/** Warned this long before it ends, in ms. */
const soonMs = 30 * 86_400_000;

/** An integration with what is known of its secrets. Throws TandemError. */
export async function viewOf(
  { clientSecrets, clock }: Pick<Services, 'clientSecrets' | 'clock'>,
  { integration, etag }: StoredIntegration,
): Promise<IntegrationView> {
  const facts = await clientSecrets.describe(integration.id);
  const secrets = { service: secretView(facts.service), action: secretView(facts.action), certificate: secretView(facts.certificate) };
  return { ...integration, secrets, warnings: warningsOf(integration.connection, facts, clock.now()), etag: entityTag(etag) };
}

function secretView(facts: SecretFacts | null): IntegrationView['secrets'][SecretUse] {
  if (facts === null) return null;
  return {
    setAt: new Date(facts.setAt).toISOString(),
    expiresAt: facts.expiresAt === null ? null : new Date(facts.expiresAt).toISOString(),
  };
}

/** What an admin should see to: secrets that a sign-in needs and does not have, and what ends within 30 days. */
export function warningsOf(
  { service, action, onPremises }: IntegrationConnection,
  facts: Readonly<Record<SecretUse, SecretFacts | null>>,
  now: number,
): IntegrationView['warnings'] {
  const needed: SecretUse[] = [
    ...(service.by === 'authorizationCode' ? (['service'] as const) : []),
    ...(service.by === 'certificate' ? (['certificate'] as const) : []),
    ...(action.by === 'authorizationCode' ? (['action'] as const) : []),
  ];
  const ofSecrets = needed.flatMap((use) => {
    const known = facts[use];
    if (known === null) return [{ field: `secrets.${use}`, warning: 'is not set, and the sign-in needs it' }];
    return ending(`secrets.${use}`, known.expiresAt, now);
  });
  const bundle = onPremises?.caBundle ?? null;
  const ofBundle = bundle === null ? [] : certificatesIn(bundle);
  return [...ofSecrets, ...ofBundle.flatMap(({ subject, expiresAt }) => ending('connection.onPremises.caBundle', expiresAt, now, subject))];
}

function ending(field: string, expiresAt: number | null, now: number, subject?: string): IntegrationView['warnings'] {
  if (expiresAt === null || expiresAt > now + soonMs) return [];
  const what = subject === undefined ? '' : `${subject} `;
  return [{ field, warning: `${what}${expiresAt <= now ? 'ended' : 'ends'} on ${new Date(expiresAt).toISOString().slice(0, 10)}` }];
}
