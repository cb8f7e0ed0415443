import type { SecretClient } from '@azure/keyvault-secrets';
import { z } from 'zod';
import type { Clock } from '../platform/clock';
import { fromProperties, type Shape, toProperties } from '../storage/document';
import { joinKey } from '../storage/key';
import { readSecret } from '../storage/key-vault';
import { eraseSecret, numberedName, setNumbered } from '../storage/numbered-secrets';
import { getRow, putRow } from '../storage/rows';
import type { Tables } from '../storage/tables';
import { readCertificate } from './certificate';
import { daysWarned, isNews, type WarnedDays } from './secret-ends';

export const secretUses = ['service', 'action', 'certificate'] as const;
/** What a secret proves: the client of the service sign-in, that of the action sign-in, or the application by a certificate with its key (PEM). */
export type SecretUse = (typeof secretUses)[number];

/** A secret as people may know it; times in UTC ms, `expiresAt` as the admin said it. */
export interface SecretFacts {
  readonly setAt: number;
  readonly expiresAt: number | null;
  /** How near its end is. */
  readonly warning: WarnedDays | null;
}

/** The clients' own secrets of each integration. Their values are in Key Vault and nowhere else. All throw TandemError. */
export interface ClientSecrets {
  /** Saves a secret over what was there. A certificate tells by itself when it ends. Throws `bad-request` for what is no certificate with its key. */
  put(integration: string, use: SecretUse, secret: string, expiresAt: number | null): Promise<void>;
  /** The secret, for a request to the sign-in service; null where none was set. */
  read(integration: string, use: SecretUse): Promise<string | null>;
  describe(integration: string): Promise<Record<SecretUse, SecretFacts | null>>;
  /** What has to be told of an integration's secrets and was not told yet; it counts as told from now on. */
  takeWarnings(integration: string): Promise<{ readonly use: SecretUse; readonly days: WarnedDays }[]>;
  /** Overwrites and deletes one, or all of an integration. */
  remove(integration: string, use?: SecretUse): Promise<void>;
}

/** The number stays when the secret goes, because its name cannot be set again. */
interface Kept {
  readonly number: number;
  readonly version: string | null;
  readonly setAt: number;
  readonly expiresAt: number | null;
  /** The days of the last warning that was told. */
  readonly told: number | null;
}

const shape: Shape<Kept> = {
  version: 1,
  schema: z.object({
    number: z.int(),
    version: z.string().nullable(),
    setAt: z.number(),
    expiresAt: z.number().nullable(),
    told: z.number().nullable().default(null),
  }),
};

const contentType = 'application/x-tandem-client-secret';

/** Client secrets in Key Vault, under names that the table `tokens` remembers. */
export function keyVaultClientSecrets(parts: {
  readonly secrets: SecretClient;
  readonly tables: Tables;
  readonly clock: Clock;
}): ClientSecrets {
  const { secrets, tables, clock } = parts;
  const stem = (integration: string, use: SecretUse) => `client-${integration}-${use}`;

  async function kept(integration: string, use: SecretUse): Promise<Kept | null> {
    const row = await getRow(await tables.table('tokens'), integration, joinKey('client', use));
    return row === null ? null : fromProperties(shape, row);
  }

  async function keep(integration: string, use: SecretUse, value: Kept): Promise<void> {
    const row = { partitionKey: integration, rowKey: joinKey('client', use), ...toProperties(shape, value) };
    await putRow(await tables.table('tokens'), row);
  }

  async function removeOne(integration: string, use: SecretUse): Promise<void> {
    const known = await kept(integration, use);
    if (known === null || known.version === null) return;
    await eraseSecret(secrets, numberedName(stem(integration, use), known.number));
    await keep(integration, use, { ...known, number: known.number + 1, version: null });
  }

  async function factsOf(integration: string, use: SecretUse): Promise<SecretFacts | null> {
    const known = await kept(integration, use);
    return known === null || known.version === null
      ? null
      : { setAt: known.setAt, expiresAt: known.expiresAt, warning: daysWarned(known.expiresAt, clock.now()) };
  }

  return {
    async put(integration, use, secret, expiresAt) {
      const ends = use === 'certificate' ? readCertificate(secret).expiresAt : expiresAt;
      const known = await kept(integration, use);
      const place = await setNumbered(secrets, stem(integration, use), known?.number ?? 1, secret, contentType);
      await keep(integration, use, { ...place, setAt: clock.now(), expiresAt: ends, told: null });
    },
    async read(integration, use) {
      const known = await kept(integration, use);
      if (known === null || known.version === null) return null;
      return readSecret(secrets, numberedName(stem(integration, use), known.number), known.version);
    },
    async describe(integration) {
      const [service, action, certificate] = await Promise.all(secretUses.map((use) => factsOf(integration, use)));
      return { service: service ?? null, action: action ?? null, certificate: certificate ?? null };
    },
    async takeWarnings(integration) {
      const warnings: { use: SecretUse; days: WarnedDays }[] = [];
      for (const use of secretUses) {
        const known = await kept(integration, use);
        const days = known === null || known.version === null ? null : daysWarned(known.expiresAt, clock.now());
        if (known === null || days === null || !isNews(days, known.told)) continue;
        await keep(integration, use, { ...known, told: days });
        warnings.push({ use, days });
      }
      return warnings;
    },
    async remove(integration, use) {
      for (const each of use === undefined ? secretUses : [use]) await removeOne(integration, each);
    },
  };
}
