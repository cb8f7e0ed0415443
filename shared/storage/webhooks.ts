import type { SecretClient } from '@azure/keyvault-secrets';
import { z } from 'zod';
import { fromProperties, type Shape, toProperties } from './document';
import { joinKey } from './key';
import { readSecret } from './key-vault';
import { eraseSecret, numberedName, setNumbered } from './numbered-secrets';
import { getRow, putRow } from './rows';
import type { Tables } from './tables';

/** The webhook of one integration. */
export interface StoredWebhook {
  /** The id of the service endpoint in Dynamics. */
  readonly endpointId: string;
  readonly organizationId: string;
  /** The keyed hash of the key that its calls carry. */
  readonly digest: string;
}

/** The webhooks of integrations: what their calls are checked by. The keys themselves are in Key Vault and nowhere else. All throw TandemError. */
export interface WebhookRows {
  /** Null where none is registered. */
  get(integration: string): Promise<StoredWebhook | null>;
  put(integration: string, webhook: StoredWebhook): Promise<void>;
  /** The key in Key Vault; null where there is none. */
  key(integration: string): Promise<string | null>;
  setKey(integration: string, key: string): Promise<void>;
  /** Forgets the webhook, and overwrites and deletes its key. */
  remove(integration: string): Promise<void>;
}

/** The number stays when the key goes, because its name cannot be set again. */
interface Kept {
  readonly number: number;
  readonly version: string | null;
  readonly webhook: StoredWebhook | null;
}

const shape: Shape<Kept> = {
  version: 1,
  schema: z.object({
    number: z.int(),
    version: z.string().nullable(),
    webhook: z.object({ endpointId: z.string(), organizationId: z.string(), digest: z.string() }).nullable(),
  }),
};

const contentType = 'application/x-tandem-webhook-key';
const none: Kept = { number: 1, version: null, webhook: null };

/** Webhooks in the table `integrations`, beside the settings, so that a call of one costs one read. */
export function tableWebhooks({ secrets, tables }: { readonly secrets: SecretClient; readonly tables: Tables }): WebhookRows {
  const place = (integration: string) => ({ partitionKey: 'integration', rowKey: joinKey('webhook', integration) });
  const stem = (integration: string) => `webhook-${integration}`;

  async function kept(integration: string): Promise<Kept> {
    const { partitionKey, rowKey } = place(integration);
    const row = await getRow(await tables.table('integrations'), partitionKey, rowKey);
    return row === null ? none : fromProperties(shape, row);
  }

  async function keep(integration: string, value: Kept): Promise<void> {
    await putRow(await tables.table('integrations'), { ...place(integration), ...toProperties(shape, value) });
  }

  return {
    get: async (integration) => (await kept(integration)).webhook,
    put: async (integration, webhook) => keep(integration, { ...(await kept(integration)), webhook }),
    async key(integration) {
      const { number, version } = await kept(integration);
      return version === null ? null : readSecret(secrets, numberedName(stem(integration), number), version);
    },
    async setKey(integration, key) {
      const known = await kept(integration);
      await keep(integration, { ...known, ...(await setNumbered(secrets, stem(integration), known.number, key, contentType)) });
    },
    async remove(integration) {
      const known = await kept(integration);
      if (known.version === null && known.webhook === null) return;
      if (known.version !== null) await eraseSecret(secrets, numberedName(stem(integration), known.number));
      await keep(integration, { number: known.number + (known.version === null ? 0 : 1), version: null, webhook: null });
    },
  };
}
