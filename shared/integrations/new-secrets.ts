import { z } from 'zod';
import type { SecretUse } from '../auth/client-secrets';
import { badRequest } from '../platform/bad-request';
import { clientCertificateIn } from '../platform/certificates';

/** Longer than any sign-in service makes them, and with what stands around it well within the 25 KB of a secret in Key Vault. */
const longestSecret = 2_000;
const longestPem = 20_000;

const ClientSecret = z.strictObject({
  clientSecret: z
    .string()
    .max(longestSecret)
    .regex(/^[\x21-\x7e]+$/, 'has a space or a sign that no secret has')
    .describe('The value of the secret, not its id.'),
  expiresAt: z.iso
    .datetime({ offset: true })
    .nullable()
    .default(null)
    .describe('When it ends, as the sign-in service said; null where it said nothing.'),
});

/** What an admin hands over to be kept in Key Vault. It is never given back. What is left out stays as it is; null removes it. */
export const SecretsBody = z.strictObject({
  service: ClientSecret.nullish().describe('The secret of the client of the service sign-in.'),
  action: ClientSecret.nullish().describe('The secret of the client of the action sign-in.'),
  certificate: z
    .strictObject({ pem: z.string().max(longestPem).describe('The certificate of the service sign-in and its private key, as PEM.') })
    .nullish()
    .describe('It ends when the certificate does.'),
});
export type SecretsBody = z.output<typeof SecretsBody>;

/** One change of a secret; times in UTC ms. */
export type SecretChange =
  | { readonly use: SecretUse; readonly to: 'nothing' }
  | { readonly use: SecretUse; readonly to: 'value'; readonly value: string; readonly expiresAt: number | null };

/** The changes that a body asks for. Throws TandemError `bad-request` for one that has ended or proves nobody; the error holds nothing of it. */
export function secretChanges({ service, action, certificate }: SecretsBody, now: number): SecretChange[] {
  return [
    ...clientSecretChange('service', service, now),
    ...clientSecretChange('action', action, now),
    ...(certificate === undefined ? [] : [certificate === null ? gone('certificate') : certificateChange(certificate.pem, now)]),
  ];
}

function clientSecretChange(use: SecretUse, given: SecretsBody['service'], now: number): SecretChange[] {
  if (given === undefined) return [];
  if (given === null) return [gone(use)];
  const expiresAt = given.expiresAt === null ? null : Date.parse(given.expiresAt);
  if (expiresAt !== null && expiresAt <= now) throw badRequest([{ field: `body.secrets.${use}.expiresAt`, rule: 'is in the past' }]);
  return [{ use, to: 'value', value: given.clientSecret, expiresAt }];
}

const pemField = 'body.secrets.certificate.pem';

function certificateChange(pem: string, now: number): SecretChange {
  const read = clientCertificateIn(pem);
  if (typeof read === 'string') throw badRequest([{ field: pemField, rule: read }]);
  if (read.expiresAt <= now) throw badRequest([{ field: pemField, rule: 'has a certificate that has ended' }]);
  return { use: 'certificate', to: 'value', value: read.pem, expiresAt: read.expiresAt };
}

function gone(use: SecretUse): SecretChange {
  return { use, to: 'nothing' };
}
