import type { ClientSecrets, SecretUse } from '../auth/client-secrets';
import type { Log } from '../platform/telemetry';
import type { SecretChange } from './new-secrets';

/** What was there before a change, so that it can be put back. */
interface Before {
  readonly use: SecretUse;
  readonly value: string | null;
  readonly expiresAt: number | null;
}

/**
 * Changes the secrets of an integration, does `then`, and returns its outcome; where either fails, the secrets are as before. The secrets come first, because
 * a row must never ask for a secret that is not there.
 * @param mine whether the caller may still write; where not, the secrets are whoever's turn it is to look after
 * @throws what failed first; a secret that could not be put back is in the log, by its use alone
 */
export async function withSecrets<T>(
  { clientSecrets, log }: { readonly clientSecrets: ClientSecrets; readonly log: Log },
  integration: string,
  changes: readonly SecretChange[],
  mine: () => Promise<boolean>,
  then: () => Promise<T>,
): Promise<T> {
  const done: Before[] = [];
  try {
    for (const change of changes) {
      done.push(await readBefore(clientSecrets, integration, change.use));
      if (change.to === 'nothing') await clientSecrets.remove(integration, change.use);
      else await clientSecrets.put(integration, change.use, change.value, change.expiresAt);
    }
    return await then();
  } catch (error) {
    for (const before of done.reverse()) await putBack({ clientSecrets, log }, integration, before, mine);
    throw error;
  }
}

async function readBefore(clientSecrets: ClientSecrets, integration: string, use: SecretUse): Promise<Before> {
  const [value, facts] = await Promise.all([clientSecrets.read(integration, use), clientSecrets.describe(integration)]);
  return { use, value, expiresAt: facts[use]?.expiresAt ?? null };
}

async function putBack(
  { clientSecrets, log }: { readonly clientSecrets: ClientSecrets; readonly log: Log },
  integration: string,
  { use, value, expiresAt }: Before,
  mine: () => Promise<boolean>,
): Promise<void> {
  try {
    if (!(await mine())) return;
    if (value === null) await clientSecrets.remove(integration, use);
    else await clientSecrets.put(integration, use, value, expiresAt);
  } catch (error) {
    log.error('secret-not-put-back', error, { integration, use });
  }
}
